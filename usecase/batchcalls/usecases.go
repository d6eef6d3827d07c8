package batchcallsuc

import "github.com/tertulia-dev/tertulia/usecase/port"

// UseCases are batch calls as the adapters see them.
type UseCases struct {
	Submit  *SubmitBatch
	Cancel  *CancelBatch
	Resume  *ResumeBatch
	Watch   *WatchOpenChunks
	Send    *SendStoredChunks
	Poll    *PollOpenBatch
	Find    *FindDoubtfulChunk
	Receive *ReceiveWebhook
	Apply   *ApplyCallEvent
	Sweep   *SweepBatches
	Queries *Queries
}

// Shared is what every capability stands on.
type Shared struct {
	Tx     port.Transactor
	Reader port.Reader
	Jobs   port.Jobs
	Events port.Events
	IDs    port.IDs
	Clock  port.Clock
}

// Storage is where batches are kept.
type Storage struct {
	Submissions  Submissions
	Batches      Batches
	Chunks       Chunks
	ChunkReads   ChunkReads
	Recipients   Recipients
	Calls        Calls
	Fingerprints Fingerprints
	Outcomes     Outcomes
	Inbox        Inbox
	Reads        BatchReads
	Campaigns    CampaignStorage
}

// New builds the use cases.
func New(p Shared, s Storage, provider Provider, owner VendorOwner, t Settings) *UseCases {
	t = t.withDefaults()
	k := &books{
		tx: p.Tx, jobs: p.Jobs, events: p.Events, batches: s.Batches, chunks: s.Chunks, looks: s.ChunkReads, people: s.Recipients, calls: s.Calls, prints: s.Fingerprints,
		campaigns: s.Campaigns, provider: provider, now: p.Clock.Now, settings: t,
	}
	f := finder{books: k, reader: p.Reader, owner: owner, ids: p.IDs}
	d := dispatcher{provider: provider, now: p.Clock.Now, settings: t}
	return &UseCases{
		Submit:  &SubmitBatch{store: s.Submissions, books: k, dispatch: d, owner: owner, ids: p.IDs, settings: t},
		Cancel:  &CancelBatch{books: k, finder: f},
		Resume:  &ResumeBatch{books: k, finder: f},
		Watch:   &WatchOpenChunks{books: k},
		Send:    &SendStoredChunks{books: k, dispatch: d},
		Poll:    &PollOpenBatch{books: k},
		Find:    &FindDoubtfulChunk{books: k},
		Receive: &ReceiveWebhook{inbox: s.Inbox, owner: owner},
		Apply:   &ApplyCallEvent{books: k, outcomes: s.Outcomes},
		Sweep:   &SweepBatches{books: k},
		Queries: &Queries{finder: f, reads: s.Reads},
	}
}
