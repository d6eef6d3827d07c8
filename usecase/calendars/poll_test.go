package calendarsuc_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/tertulia-dev/tertulia/adapter/calendars/calendarspg"
	"github.com/tertulia-dev/tertulia/adapter/calendars/calendarstask"
	"github.com/tertulia-dev/tertulia/adapter/identity/identitypg"
	"github.com/tertulia-dev/tertulia/domain/calendars"
	"github.com/tertulia-dev/tertulia/domain/fault"
	"github.com/tertulia-dev/tertulia/domain/identity"
	"github.com/tertulia-dev/tertulia/domain/kernel"
	"github.com/tertulia-dev/tertulia/infrastructure/postgres"
	"github.com/tertulia-dev/tertulia/infrastructure/postgres/pgtest"
	"github.com/tertulia-dev/tertulia/infrastructure/queue"
	calendarsuc "github.com/tertulia-dev/tertulia/usecase/calendars"
)

type clock struct{ now time.Time }

func (c *clock) Now() time.Time { return c.now }

type uuids struct{}

func (uuids) New() string { return uuid.Must(uuid.NewV7()).String() }

// calendar is a scripted calendar.
type calendar struct {
	mu     sync.Mutex
	events []calendars.Occurrence
}

func (c *calendar) Read(context.Context, calendarsuc.ReadRequest) (calendarsuc.Reading, bool, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return calendarsuc.Reading{Occurrences: c.events}, true, nil
}

// vendor books as meetings do: one meeting a key.
type vendor struct {
	mu     sync.Mutex
	byKey  map[string]string
	live   map[string]time.Time
	during func()      // runs while a booking is made
	failed func() bool // whether the answer is lost
}

func (v *vendor) FindLink(texts []string) (string, bool) { return texts[0], true }

func (v *vendor) Book(_ context.Context, r calendarsuc.BookRequest) (string, bool, error) {
	if v.during != nil {
		v.during()
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	id, again := v.byKey[r.Key]
	if !again {
		id = uuid.NewString()
		v.byKey[r.Key], v.live[id] = id, r.Starts
	}
	if v.failed != nil && v.failed() {
		return "", false, fault.New(fault.Unavailable, fault.UnavailableCode)
	}
	_, isLive := v.live[id]
	return id, !isLive, nil
}

func (v *vendor) Cancel(_ context.Context, _ kernel.WorkspaceID, meeting string) error {
	v.mu.Lock()
	defer v.mu.Unlock()
	delete(v.live, meeting)
	return nil
}

// booked lists when calls are booked.
func (v *vendor) booked() []string {
	v.mu.Lock()
	defer v.mu.Unlock()
	list := []string{}
	for _, at := range v.live {
		list = append(list, at.Format(time.TimeOnly))
	}
	return list
}

// system is the calendars on a real database and ledger.
type system struct {
	*calendarsuc.UseCases

	db       *postgres.DB
	clock    *clock
	calendar *calendar
	vendor   *vendor
	rep      kernel.Principal
	feed     calendars.Feed
}

func newSystem(t *testing.T) *system {
	t.Helper()
	s := &system{
		db: pgtest.New(t), clock: &clock{now: time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)}, calendar: &calendar{},
		vendor: &vendor{byKey: map[string]string{}, live: map[string]time.Time{}},
	}
	ws, rep := kernel.WorkspaceID(uuid.NewString()), kernel.RepID(uuid.NewString())
	require.NoError(t, s.db.System(t.Context(), func(ctx context.Context) error {
		return identitypg.Workspaces{}.Add(ctx, identity.Workspace{ID: ws, Name: "x", Slug: "x", Timezone: "UTC", Language: "es", CreatedAt: s.clock.now})
	}))
	require.NoError(t, s.db.InTx(t.Context(), ws, func(ctx context.Context) error {
		_, err := identitypg.Reps{}.Add(ctx, identity.Rep{ID: rep, Workspace: ws, Email: "bruno@andamio.example", Name: "Bruno", CreatedAt: s.clock.now})
		return err
	}))
	s.rep = kernel.Principal{Kind: kernel.Person, Workspace: ws, Rep: rep, Role: kernel.Rep}
	registry := queue.NewRegistry()
	ledger, err := queue.NewLedger(queue.Config{DB: s.db, Registry: registry, Logger: slog.New(slog.DiscardHandler), Now: s.clock.Now})
	require.NoError(t, err)
	s.UseCases = calendarsuc.New(
		calendarsuc.Shared{Tx: s.db, Reader: s.db, Jobs: ledger, Clock: s.clock, IDs: uuids{}},
		calendarsuc.Storage{Feeds: calendarspg.Feeds{}, Reads: calendarspg.Feeds{}, Events: calendarspg.Events{}, Bookings: calendarspg.Events{}},
		s.calendar, s.vendor)
	calendarstask.Register(registry, s.Poll)
	s.feed, err = s.Add.Execute(t.Context(), calendarsuc.AddFeedInput{Actor: s.rep, URL: "https://calendar.example/secret.ics"})
	require.NoError(t, err)
	return s
}

// has makes the calendar hold calls at the given hours of the day.
func (s *system) has(hours ...int) {
	s.calendar.mu.Lock()
	defer s.calendar.mu.Unlock()
	s.calendar.events = nil
	for i, hour := range hours {
		s.calendar.events = append(s.calendar.events, calendars.Occurrence{
			UID: fmt.Sprint(i), Title: "Propuesta", Texts: []string{"https://meet.google.com/abc-defg-hij"},
			Starts: time.Date(2026, 11, 23, hour, 0, 0, 0, time.UTC),
		})
	}
}

func (s *system) poll(t *testing.T) error {
	t.Helper()
	return s.Poll.Execute(t.Context(), s.feed.Workspace, s.feed.ID, false)
}

func TestPollsAtTheSameTimeBookEachCallOnce(t *testing.T) {
	t.Parallel()
	s := newSystem(t)
	for round, hours := range [][]int{{12, 14, 16}, {13, 14, 17}, {14}, {}} { // booked, some moved, some gone, all gone
		s.has(hours...)
		var together sync.WaitGroup
		failed := make([]error, 8)
		for i := range failed {
			together.Go(func() { failed[i] = s.poll(t) })
		}
		together.Wait()
		require.NoError(t, errors.Join(failed...))
		want := []string{}
		for _, hour := range hours {
			want = append(want, fmt.Sprintf("%d:00:00", hour))
		}
		require.ElementsMatch(t, want, s.vendor.booked(), "round %d", round)
	}
}

func TestABookingWhoseAnswerIsLostIsFinishedBeforeTheCallIsMoved(t *testing.T) {
	t.Parallel()
	s := newSystem(t)
	s.has(12)
	lost := true
	s.vendor.failed = func() bool { return lost }
	require.Error(t, s.poll(t))
	require.Error(t, s.poll(t))
	require.Len(t, s.vendor.booked(), 1)

	lost = false
	s.has(15)
	require.NoError(t, s.poll(t))
	require.Equal(t, []string{"15:00:00"}, s.vendor.booked())
}

func TestAFeedThatIsRemovedWhileItsCallIsBookedLeavesNothingBehind(t *testing.T) {
	t.Parallel()
	s := newSystem(t)
	s.has(12)
	s.vendor.during = sync.OnceFunc(func() {
		_, err := s.Remove.Execute(t.Context(), s.rep, s.feed.ID)
		require.NoError(t, err)
	})
	require.NoError(t, s.poll(t))
	require.Empty(t, s.vendor.booked())
	rows, err := s.Queries.Mine(t.Context(), s.rep)
	require.NoError(t, err)
	require.Empty(t, rows)
}

func TestACallThatIsFoundLateIsJoinedForAQuarterOfAnHour(t *testing.T) {
	t.Parallel()
	s := newSystem(t)
	s.clock.now = time.Date(2026, 11, 23, 12, 14, 0, 0, time.UTC)
	s.has(12, 11)
	require.NoError(t, s.poll(t))
	require.Equal(t, []string{"12:00:00"}, s.vendor.booked())
	s.clock.now = s.clock.now.Add(10 * time.Minute)
	s.has()
	require.NoError(t, s.poll(t))
	require.Equal(t, []string{"12:00:00"}, s.vendor.booked(), "what has begun is not called off because it leaves the calendar's window")
}
