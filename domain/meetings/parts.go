package meetings

import (
	"time"

	"github.com/tertulia-dev/tertulia/domain/fault"
)

// BotState is how sure we are that a notetaker exists.
type BotState string

// Bot states. The intent is stored as requested before the vendor is asked, so that a crash leaves requested or unknown
// behind, which a reconciler settles by looking for the meeting's ID in the vendor's metadata.
const (
	BotNone      BotState = "none"
	BotRequested BotState = "requested"
	BotUnknown   BotState = "unknown" // the vendor was asked and did not answer
	BotCreated   BotState = "created"
	BotRefused   BotState = "refused"
	BotGone      BotState = "gone" // deleted, left or done
)

// Bot is the notetaker of a meeting: at most one, whatever is retried.
type Bot struct {
	ID             BotID
	IdempotencyKey string // sent with the create request; kept while the outcome is unknown, fresh after a 507
	State          BotState
	NeedsPassword  bool   // a password came with the request; it lives in no row, so only that request can use it
	LastCode       string // the last code that the vendor reported, for people who look
}

// IsUnsettled reports whether a reconciler has to find out what became of the request.
func (b Bot) IsUnsettled() bool { return b.State == BotRequested || b.State == BotUnknown }

// MediaState is where one media file is on its way into our store.
type MediaState string

// Media states.
const (
	MediaNone    MediaState = "none"
	MediaPending MediaState = "pending"
	MediaReady   MediaState = "ready"
	MediaFailed  MediaState = "failed"
	MediaDeleted MediaState = "deleted" // retention is over
)

// Media is one stored file of a meeting.
type Media struct {
	State    MediaState
	Key      string        // in the blob store
	Duration time.Duration // 0 when unknown
	Bytes    int64
	StoredAt *time.Time
}

// IsReady reports whether a signed URL can be made.
func (m Media) IsReady() bool { return m.State == MediaReady && m.Key != "" }

// SyncState is where a meeting is on its way into the CRM.
type SyncState string

// Sync states.
const (
	SyncNone    SyncState = "none"
	SyncPending SyncState = "pending"
	SyncSynced  SyncState = "synced"
	SyncSkipped SyncState = "skipped" // Reason says why
	SyncFailed  SyncState = "failed"  // Reason says why
)

// CRMSync is what became of the push into the CRM.
type CRMSync struct {
	State        SyncState
	Reason       fault.Code
	Params       map[string]string // of the reason's sentence
	ContactID    string
	DealID       string
	NoteID       string
	EngagementID string
	SyncedAt     *time.Time
	Unmatched    string     // the customer of whom people were told that the CRM has no contact
	Untried      bool       // nothing was ever sent to the CRM, so that nothing can be found there
	BusyBy       string     // which job is writing it: two at once would write two notes
	BusyUntil    *time.Time // when it is taken for dead
}

// Await returns the state in which a job is to write the meeting. What is known to exist in the CRM stays known.
func (s CRMSync) Await() CRMSync {
	s.Untried = s.Untried || s.State == SyncNone
	s.State, s.Reason, s.Params = SyncPending, "", nil
	return s
}

// Stop returns the state in which a meeting stays, and why it was not written if it was not.
func (s CRMSync) Stop(state SyncState, reason fault.Code, params map[string]string) CRMSync {
	s.State, s.Reason, s.Params = state, reason, params
	return s
}

// TellUnmatched reports whether people have yet to hear that the CRM has no contact for the customer, and notes that they
// have: once for each customer, however often it is tried again.
func (s *CRMSync) TellUnmatched(c Customer) bool {
	who := c.Email
	if who == "" {
		who = c.ContactName
	}
	isNews := s.Unmatched != who
	s.Unmatched = who
	return isNews
}

// Begin gives a job the one place at the CRM that a meeting has, until a time, and reports whether it was free or the
// job's own. From then on something may have been sent: first tells whether this is the first time.
func (s *CRMSync) Begin(job string, now, until time.Time) (first, ok bool) {
	if s.BusyUntil != nil && now.Before(*s.BusyUntil) && s.BusyBy != job {
		return false, false
	}
	first = s.Untried
	s.BusyBy, s.BusyUntil, s.Untried = job, &until, false
	return first, true
}
