package meetingsuc_test

import (
	"context"
	"log/slog"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/tertulia-dev/tertulia/adapter/identity/identitypg"
	"github.com/tertulia-dev/tertulia/adapter/meetings/meetingspg"
	"github.com/tertulia-dev/tertulia/adapter/meetings/meetingspg/searchpg"
	"github.com/tertulia-dev/tertulia/adapter/meetings/meetingstask"
	"github.com/tertulia-dev/tertulia/adapter/meetings/recall"
	"github.com/tertulia-dev/tertulia/domain/identity"
	"github.com/tertulia-dev/tertulia/domain/kernel"
	"github.com/tertulia-dev/tertulia/domain/meetings"
	"github.com/tertulia-dev/tertulia/infrastructure/idempotency"
	"github.com/tertulia-dev/tertulia/infrastructure/postgres"
	"github.com/tertulia-dev/tertulia/infrastructure/postgres/pgtest"
	"github.com/tertulia-dev/tertulia/infrastructure/queue"
	meetingsuc "github.com/tertulia-dev/tertulia/usecase/meetings"
	"github.com/tertulia-dev/tertulia/usecase/port"
)

// watchInterval is short enough for a test to see several looks.
const watchInterval = 5 * time.Minute

// clock is moved by the test.
type clock struct{ now atomic.Pointer[time.Time] }

func (c *clock) Now() time.Time { return *c.now.Load() }

func (c *clock) forward(d time.Duration) {
	t := c.Now().Add(d)
	c.now.Store(&t)
}

type uuids struct{}

func (uuids) New() string { return uuid.Must(uuid.NewV7()).String() }

// system is the meetings on a real database and a real ledger, with vendors of the test's own.
type system struct {
	*meetingsuc.UseCases

	db     *postgres.DB
	ledger *queue.Ledger
	tx     *crashingTx
	out    *outside
	clock  *clock
	ws     kernel.WorkspaceID
	ana    kernel.Principal // a rep
	beto   kernel.Principal // another rep
	admin  kernel.Principal
	other  kernel.Principal // an admin of another workspace
}

func newSystem(t *testing.T) *system {
	t.Helper()
	s := &system{db: pgtest.New(t), out: newOutside(), clock: &clock{}}
	start := time.Date(2026, 11, 23, 15, 0, 0, 0, time.UTC)
	s.clock.now.Store(&start)
	s.tx = &crashingTx{DB: s.db}
	s.ws = s.workspace(t, "mine")
	s.ana, s.beto = s.rep(t, s.ws, "ana@example.com"), s.rep(t, s.ws, "beto@example.com")
	s.admin = s.rep(t, s.ws, "jefa@example.com")
	s.admin.Role = kernel.Admin
	s.other = s.rep(t, s.workspace(t, "theirs"), "eva@example.net")
	s.other.Role = kernel.Admin

	registry := queue.NewRegistry()
	var err error
	s.ledger, err = queue.NewLedger(queue.Config{
		DB: s.db, Registry: registry, Logger: slog.New(slog.DiscardHandler), Now: s.clock.Now,
	})
	require.NoError(t, err)
	inbox := meetingstask.NewInbox(s.ledger, recall.Events{})
	s.UseCases = meetingsuc.New(
		meetingsuc.Shared{
			Tx: s.tx, Reader: s.db, Jobs: s.ledger, Events: s.ledger, Keys: idempotency.Keys{}, Clock: s.clock, IDs: uuids{},
		},
		meetingsuc.Storage{
			Meetings: meetingspg.Meetings{}, Reads: meetingspg.Meetings{}, Transcripts: meetingspg.Transcripts{},
			Analyses: meetingspg.Analyses{}, Reps: meetingspg.Reps{}, Media: s.out, Inbox: inbox, Arrivals: inbox, Owner: s, Trail: s.ledger,
			Stored: meetingspg.Meetings{}, Usage: usageLedger(t, s.db),
			Moments: meetingsuc.MomentStorage{
				Rows: meetingspg.Meetings{}, Search: searchpg.NewSearch(s.db), Segments: searchpg.Segments{}, Clips: meetingspg.Clips{},
				Trackers: meetingspg.Trackers{},
			},
			Scorecards:  meetingspg.Scorecards{},
			Corrections: meetingspg.Corrections{}, CorrectionReads: meetingspg.Corrections{}, Coaching: meetingspg.Scorecards{},
			Playbooks: meetingspg.Playbooks{}, Chats: s.out,
		},
		meetingsuc.Vendors{Links: s.out, Notetakers: s.out, Recordings: s.out, Analyzer: s.out, Evaluators: s.out, CRM: s.out, Contacts: s.out, Owners: s.out},
		meetingsuc.Settings{MediaRetentionDays: 90, WatchInterval: watchInterval},
	)
	meetingstask.Register(registry, s.UseCases, inbox)
	return s
}

// VendorWorkspace implements meetingsuc.VendorOwner.
func (s *system) VendorWorkspace(context.Context) (kernel.WorkspaceID, error) { return s.ws, nil }

func (s *system) workspace(t *testing.T, slug string) kernel.WorkspaceID {
	t.Helper()
	w := identity.Workspace{
		ID: kernel.WorkspaceID(uuid.NewString()), Name: slug, Slug: slug, Timezone: "America/Mexico_City", Language: "es", CreatedAt: s.clock.Now(),
	}
	require.NoError(t, s.db.System(t.Context(), func(ctx context.Context) error { return identitypg.Workspaces{}.Add(ctx, w) }))
	return w.ID
}

func (s *system) rep(t *testing.T, ws kernel.WorkspaceID, email string) kernel.Principal {
	t.Helper()
	r := identity.Rep{
		ID: kernel.RepID(uuid.NewString()), Workspace: ws, Email: identity.Email(email), Name: email[:3], CreatedAt: s.clock.Now(),
	}
	require.NoError(t, s.db.InTx(t.Context(), ws, func(ctx context.Context) error {
		_, err := identitypg.Reps{}.Add(ctx, r)
		return err
	}))
	return kernel.Principal{Kind: kernel.Person, Workspace: ws, Rep: r.ID, Email: email, Name: r.Name, Role: kernel.Rep}
}

// booking is a valid request of a rep.
func (s *system) booking(actor kernel.Principal) meetingsuc.ScheduleMeetingInput {
	return meetingsuc.ScheduleMeetingInput{
		Actor: actor, MeetingURL: "https://meet.google.com/abc-defg-hij", Title: "Demo",
		Customer: meetings.Customer{ContactName: "Luis Peña", Company: "Acme", Email: "luis@acme.example"},
	}
}

// scheduled is a meeting that the rep has just started.
func (s *system) scheduled(t *testing.T, change ...func(*meetingsuc.ScheduleMeetingInput)) meetings.Meeting {
	t.Helper()
	in := s.booking(s.ana)
	for _, c := range change {
		c(&in)
	}
	m, err := s.Schedule.Execute(t.Context(), in)
	require.NoError(t, err)
	return m
}

// completed is a meeting that has been held, analysed and synced.
func (s *system) completed(t *testing.T, change ...func(*meetingsuc.ScheduleMeetingInput)) meetings.Meeting {
	t.Helper()
	m := s.scheduled(t, change...)
	s.tell(t, m, meetingsuc.AboutTranscript, "done")
	s.runJobs(t)
	m = s.get(t, m.ID)
	require.Equal(t, meetings.Completed, m.Status)
	return m
}

// tell applies an event of the meeting's notetaker.
func (s *system) tell(t *testing.T, m meetings.Meeting, about meetingsuc.Subject, code string) {
	t.Helper()
	require.NoError(t, s.ApplyEvent.Execute(t.Context(), s.ws, s.event(m, about, code)))
}

func (s *system) event(m meetings.Meeting, about meetingsuc.Subject, code string) meetingsuc.NotetakerEvent {
	return meetingsuc.NotetakerEvent{
		Subject: about, Bot: m.Bot.ID, Meeting: m.ID, Recording: "rec-1", Transcript: "tr-1",
		Report: meetings.BotEvent{Code: code, At: s.clock.Now()},
	}
}

func (s *system) get(t *testing.T, id meetings.ID) meetings.Meeting {
	t.Helper()
	var m meetings.Meeting
	require.NoError(t, s.db.Read(t.Context(), s.ws, func(ctx context.Context) (err error) {
		m, err = meetingspg.Meetings{}.Get(ctx, s.ws, id)
		return err
	}))
	return m
}

// runJobs runs what is due now.
func (s *system) runJobs(t *testing.T) (processed, failed int) {
	t.Helper()
	processed, failed, err := s.ledger.RunDue(t.Context(), 20*time.Second)
	require.NoError(t, err)
	return processed, failed
}

// live lets the time pass, and the jobs run as they come due.
func (s *system) live(t *testing.T, d, step time.Duration) {
	t.Helper()
	for end := s.clock.Now().Add(d); s.clock.Now().Before(end); s.clock.forward(step) {
		s.runJobs(t)
	}
	s.runJobs(t)
}

// count counts rows, as the system.
func (s *system) count(t *testing.T, from string, args ...any) int {
	t.Helper()
	var n int
	require.NoError(t, s.db.SystemPool().QueryRow(t.Context(), "select count(*) from "+from, args...).Scan(&n))
	return n
}

// events counts the meeting's events of a type.
func (s *system) events(t *testing.T, id meetings.ID, eventType string) int {
	t.Helper()
	return s.count(t, "events where stream = $1 and type = $2", "meeting/"+id.String(), eventType)
}

// jobs counts the jobs of a kind that are in a state.
func (s *system) jobs(t *testing.T, kind string, state queue.State) int {
	t.Helper()
	return s.count(t, "jobs where kind = $1 and state = $2", kind, string(state))
}

// crashingTx dies at one of the transactions, before it began or after it has committed: what a killed process is to
// the database.
type crashingTx struct {
	*postgres.DB

	left  atomic.Int32 // transactions until the crash; 0 is never
	after bool
}

var _ port.Transactor = (*crashingTx)(nil)

func (c *crashingTx) crashAt(n int, after bool) {
	c.after = after
	c.left.Store(int32(n))
}

func (c *crashingTx) InTx(ctx context.Context, ws kernel.WorkspaceID, fn func(ctx context.Context) error) error {
	dies := c.left.Load() > 0 && c.left.Add(-1) == 0
	if dies && !c.after {
		panic("crash before the transaction")
	}
	err := c.DB.InTx(ctx, ws, fn)
	if dies && err == nil {
		panic("crash after the transaction")
	}
	return err
}
