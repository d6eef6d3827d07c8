package batchcallsuc_test

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/tertulia-dev/tertulia/adapter/batchcalls/batchcallspg"
	"github.com/tertulia-dev/tertulia/adapter/batchcalls/batchcallstask"
	"github.com/tertulia-dev/tertulia/adapter/batchcalls/phonemeta"
	"github.com/tertulia-dev/tertulia/adapter/identity/identitypg"
	"github.com/tertulia-dev/tertulia/domain/batchcalls"
	"github.com/tertulia-dev/tertulia/domain/identity"
	"github.com/tertulia-dev/tertulia/domain/kernel"
	"github.com/tertulia-dev/tertulia/infrastructure/idempotency"
	"github.com/tertulia-dev/tertulia/infrastructure/postgres"
	"github.com/tertulia-dev/tertulia/infrastructure/postgres/pgtest"
	"github.com/tertulia-dev/tertulia/infrastructure/queue"
	batchcallsuc "github.com/tertulia-dev/tertulia/usecase/batchcalls"
)

// waitLimit is for how long due jobs may run.
const waitLimit = time.Minute

// clock stands still until a test moves it.
type clock struct{ ahead atomic.Int64 }

func (c *clock) Now() time.Time {
	return time.Date(2026, 11, 23, 15, 0, 0, 0, time.UTC).Add(time.Duration(c.ahead.Load()))
}

type uuids struct{}

func (uuids) New() string { return uuid.Must(uuid.NewV7()).String() }

type owner struct{ ws kernel.WorkspaceID }

func (o owner) VendorWorkspace(context.Context) (kernel.WorkspaceID, error) { return o.ws, nil }

// paused stops the process for a while once a batch is stored.
type paused struct {
	batchcallsuc.Submissions

	s *system
}

// Begin implements batchcallsuc.Submissions.
func (p *paused) Begin(ctx context.Context, i batchcallsuc.Intent) (batchcallsuc.Begun, error) {
	begun, err := p.Submissions.Begin(ctx, i)
	p.s.clock.ahead.Add(int64(p.s.pause))
	return begun, err
}

// events reads what tests write: the news itself.
type events struct{}

func (events) Decode(body []byte) (n batchcallsuc.CallNews, matters bool, err error) {
	return n, true, json.Unmarshal(body, &n)
}

// system is batch calls on a real database and ledger.
type system struct {
	*batchcallsuc.UseCases

	campaigns *batchcallsuc.CampaignUseCases
	others    []*batchcallsuc.CampaignUseCases // of further processes
	agents    *voices
	db        *postgres.DB
	ledger    *queue.Ledger
	clock     *clock
	settings  batchcallsuc.Settings
	pause     time.Duration // of a process, between what it has stored and its request
	line      *line

	chunksRead atomic.Int64 // rows
	swept      func()       // happens between a sweep's look and what it does
	admin      kernel.Principal
	other      kernel.Principal // an admin of another workspace
}

func newSystem(t *testing.T) *system { return newSystemOf(t, batchcallsuc.Settings{}) }

// inPairs asks for two people at a time.
func inPairs() batchcallsuc.Settings { return batchcallsuc.Settings{ChunkSize: 2} }

func newSystemOf(t *testing.T, settings batchcallsuc.Settings) *system {
	t.Helper()
	s := &system{db: pgtest.New(t), clock: &clock{}, agents: &voices{}, settings: settings}
	s.line = newLine(s.clock.Now)
	s.admin = kernel.Principal{Kind: kernel.Service, Workspace: s.workspace(t, "mine"), Role: kernel.Admin}
	s.other = kernel.Principal{Kind: kernel.Service, Workspace: s.workspace(t, "theirs"), Role: kernel.Admin}
	s.UseCases = s.process(t)
	return s
}

// process is another server and worker on the same database.
func (s *system) process(t *testing.T) *batchcallsuc.UseCases {
	t.Helper()
	registry := queue.NewRegistry()
	ledger, err := queue.NewLedger(queue.Config{DB: s.db, Registry: registry, Logger: slog.New(slog.DiscardHandler), Now: s.clock.Now})
	require.NoError(t, err)
	inbox := batchcallstask.NewInbox(ledger, events{})
	submissions := batchcallspg.NewSubmissions(s.db, ledger, s.clock, batchcallsuc.WatchPause)
	uc := batchcallsuc.New(batchcallsuc.Shared{
		Tx: s.db, Reader: s.db, Jobs: ledger, Events: ledger, IDs: uuids{}, Clock: s.clock,
	}, batchcallsuc.Storage{
		Submissions: &paused{submissions, s}, Batches: batchcallspg.Batches{}, Recipients: batchcallspg.Recipients{},
		Chunks: counted{&s.chunksRead, batchcallspg.Chunks{}}, ChunkReads: counted{&s.chunksRead, batchcallspg.Chunks{}},
		Calls: batchcallspg.Recipients{}, Fingerprints: submissions, Outcomes: batchcallspg.Outcomes{}, Inbox: inbox,
		Reads:     batchcallspg.BatchReads{},
		Campaigns: s.campaignStorage(),
	}, s.line, owner{s.admin.Workspace}, s.settings)
	batchcallstask.Register(registry, uc, inbox)
	campaigns := batchcallsuc.NewCampaigns(uc, s.agents, phonemeta.New())
	batchcallstask.RegisterCampaigns(registry, campaigns)
	if s.ledger == nil {
		s.ledger, s.campaigns = ledger, campaigns
	} else {
		s.others = append(s.others, campaigns)
	}
	return uc
}

func (s *system) campaignStorage() batchcallsuc.CampaignStorage {
	all := batchcallspg.NewCampaignStorage(idempotency.Keys{})
	all.Retention = interrupted{all.Retention, s}
	return all
}

func (s *system) workspace(t *testing.T, slug string) kernel.WorkspaceID {
	t.Helper()
	w := identity.Workspace{
		ID: kernel.WorkspaceID(uuid.NewString()), Name: slug, Slug: slug, Timezone: "UTC", Language: "es", CreatedAt: s.clock.Now(),
	}
	require.NoError(t, s.db.System(t.Context(), func(ctx context.Context) error { return identitypg.Workspaces{}.Add(ctx, w) }))
	return w.ID
}

// pass lets time go by, and runs what comes due, in steps as long as the watch's pause.
func (s *system) pass(t *testing.T, d time.Duration) {
	t.Helper()
	for end := s.clock.Now().Add(d); s.clock.Now().Before(end); {
		s.clock.ahead.Add(int64(batchcallsuc.WatchPause))
		s.run(t)
	}
}

// wait is pass in steps of three minutes, for long whiles.
func (s *system) wait(t *testing.T, d time.Duration) {
	t.Helper()
	for end := s.clock.Now().Add(d); s.clock.Now().Before(end); {
		s.clock.ahead.Add(int64(3 * time.Minute))
		s.run(t)
	}
}

// run runs what is due.
func (s *system) run(t *testing.T) {
	t.Helper()
	require.Zero(t, s.runSome(t))
}

// runSome is run where jobs may fail, to be tried again; it returns how many did.
func (s *system) runSome(t *testing.T) int {
	t.Helper()
	_, failed, err := s.ledger.RunDue(t.Context(), waitLimit)
	require.NoError(t, err)
	return failed
}

// passSome is pass where jobs may fail.
func (s *system) passSome(t *testing.T, d time.Duration) {
	t.Helper()
	for end := s.clock.Now().Add(d); s.clock.Now().Before(end); {
		s.clock.ahead.Add(int64(batchcallsuc.WatchPause))
		s.runSome(t)
	}
}

type jsonRaw = json.RawMessage

func encode(t *testing.T, v any) []byte {
	t.Helper()
	raw, err := json.Marshal(v)
	require.NoError(t, err)
	return raw
}

// phone makes the number of the nth person.
func phone(n int) batchcalls.Phone { return batchcalls.Phone(fmt.Sprintf("+5255%08d", n)) }

// people makes the recipients from up to, but not including, to.
func people(from, to int) []batchcallsuc.SubmitRecipient {
	all := make([]batchcallsuc.SubmitRecipient, 0, to-from)
	for n := from; n < to; n++ {
		all = append(all, batchcallsuc.SubmitRecipient{Phone: phone(n), Body: fmt.Appendf(nil, `{"phone_number":%q}`, phone(n))})
	}
	return all
}

// order is a submission to people whose body is like no other's.
func (s *system) order(from, to int) batchcallsuc.SubmitInput {
	return batchcallsuc.SubmitInput{
		Actor: s.admin, Name: "Campaña", Agent: "agent_1", PhoneNumber: "phnum_1", Recipients: people(from, to),
		BodyHash: fmt.Sprintf("%d-%d", from, to),
	}
}

// statuses lists the statuses of a batch's recipients, in order.
func (s *system) statuses(t *testing.T, b batchcalls.Batch) []batchcalls.CallStatus {
	t.Helper()
	var all []batchcalls.CallStatus
	require.NoError(t, s.Queries.Recipients(t.Context(), b, func(r batchcalls.Recipient) error {
		all = append(all, r.Status)
		return nil
	}))
	return all
}

// chunk returns a chunk of a batch as it is stored.
func (s *system) chunk(t *testing.T, b batchcalls.Batch, ordinal int) batchcalls.Chunk {
	t.Helper()
	var chunks []batchcalls.Chunk
	require.NoError(t, s.db.Read(t.Context(), b.Workspace, func(ctx context.Context) (err error) {
		chunks, err = batchcallspg.Chunks{}.Of(ctx, batchcallsuc.BatchRef{Workspace: b.Workspace, ID: b.ID})
		return err
	}))
	return chunks[ordinal]
}

// now returns a batch as it is now.
func (s *system) now(t *testing.T, b batchcalls.Batch) batchcalls.Batch {
	t.Helper()
	b, err := s.Queries.Get(t.Context(), s.admin, b.PublicID)
	require.NoError(t, err)
	return b
}
