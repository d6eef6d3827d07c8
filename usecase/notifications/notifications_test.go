package notificationsuc_test

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/tertulia-dev/tertulia/adapter/identity/identitypg"
	"github.com/tertulia-dev/tertulia/adapter/notifications/meetingsbridge"
	"github.com/tertulia-dev/tertulia/adapter/notifications/notificationspg"
	"github.com/tertulia-dev/tertulia/adapter/notifications/notificationstask"
	"github.com/tertulia-dev/tertulia/domain/fault"
	"github.com/tertulia-dev/tertulia/domain/identity"
	"github.com/tertulia-dev/tertulia/domain/kernel"
	"github.com/tertulia-dev/tertulia/domain/notifications"
	"github.com/tertulia-dev/tertulia/infrastructure/postgres"
	"github.com/tertulia-dev/tertulia/infrastructure/postgres/pgtest"
	"github.com/tertulia-dev/tertulia/infrastructure/queue"
	notificationsuc "github.com/tertulia-dev/tertulia/usecase/notifications"
	"github.com/tertulia-dev/tertulia/usecase/port"
)

type clock struct{ now time.Time }

func (c *clock) Now() time.Time { return c.now }

type uuids struct{}

func (uuids) New() string { return uuid.Must(uuid.NewV7()).String() }

// system is the notifications on a real database and ledger.
type system struct {
	*notificationsuc.UseCases

	db        *postgres.DB
	ledger    *queue.Ledger
	clock     *clock
	ana, beto kernel.Principal
	other     kernel.Principal // a rep of another workspace
}

func newSystem(t *testing.T) *system {
	t.Helper()
	s := &system{db: pgtest.New(t), clock: &clock{now: time.Date(2026, 11, 23, 15, 0, 0, 0, time.UTC)}}
	mine, theirs := s.workspace(t, "mine"), s.workspace(t, "theirs")
	s.ana, s.beto, s.other = s.rep(t, mine, "ana@example.com"), s.rep(t, mine, "beto@example.com"), s.rep(t, theirs, "eva@example.net")
	s.UseCases = notificationsuc.New(s.db, s.db, notificationspg.Notifications{}, uuids{}, s.clock)
	registry := queue.NewRegistry()
	notificationstask.Register(registry, s.Notify, meetingsbridge.Bridge{})
	var err error
	s.ledger, err = queue.NewLedger(queue.Config{
		DB: s.db, Registry: registry, Logger: slog.New(slog.DiscardHandler), Now: s.clock.Now,
	})
	require.NoError(t, err)
	return s
}

func (s *system) workspace(t *testing.T, slug string) kernel.WorkspaceID {
	t.Helper()
	w := identity.Workspace{
		ID: kernel.WorkspaceID(uuid.NewString()), Name: slug, Slug: slug, Timezone: "UTC", Language: "es", CreatedAt: s.clock.now,
	}
	require.NoError(t, s.db.System(t.Context(), func(ctx context.Context) error { return identitypg.Workspaces{}.Add(ctx, w) }))
	return w.ID
}

func (s *system) rep(t *testing.T, ws kernel.WorkspaceID, email identity.Email) kernel.Principal {
	t.Helper()
	r := identity.Rep{ID: kernel.RepID(uuid.NewString()), Workspace: ws, Email: email, Name: "x", CreatedAt: s.clock.now}
	require.NoError(t, s.db.InTx(t.Context(), ws, func(ctx context.Context) error {
		_, err := identitypg.Reps{}.Add(ctx, r)
		return err
	}))
	return kernel.Principal{Kind: kernel.Person, Workspace: ws, Rep: r.ID, Role: kernel.Rep}
}

func (s *system) tell(t *testing.T, reps ...kernel.Principal) notificationsuc.NotifyInput {
	t.Helper()
	in := notificationsuc.NotifyInput{
		Workspace: reps[0].Workspace, Event: uuid.NewString(), Type: notifications.MeetingCompleted, Params: map[string]string{"title": "Demo"},
	}
	for _, r := range reps {
		in.Reps = append(in.Reps, r.Rep)
	}
	s.clock.now = s.clock.now.Add(time.Second)
	require.NoError(t, s.Notify.Execute(t.Context(), in))
	return in
}

// seen is what a rep sees.
func (s *system) seen(t *testing.T, p kernel.Principal) (list []notifications.Notification, unread int) {
	t.Helper()
	list, unread, err := s.Queries.Latest(t.Context(), p)
	require.NoError(t, err)
	return list, unread
}

func TestAnEventTellsEachRepOnceHoweverOftenItIsDelivered(t *testing.T) {
	t.Parallel()
	s := newSystem(t)
	in := s.tell(t, s.ana, s.beto, s.ana)
	require.NoError(t, s.Notify.Execute(t.Context(), in))

	for _, p := range []kernel.Principal{s.ana, s.beto} {
		list, unread := s.seen(t, p)
		require.Len(t, list, 1)
		require.Equal(t, 1, unread)
		require.Equal(t, map[string]string{"title": "Demo"}, list[0].Params)
		require.Equal(t, s.clock.now, list[0].CreatedAt.UTC())
	}
	list, unread := s.seen(t, s.other)
	require.Empty(t, list)
	require.Zero(t, unread)
}

func TestTheNewestTwentyAreShownAndAllUnreadAreCounted(t *testing.T) {
	t.Parallel()
	s := newSystem(t)
	for range notificationsuc.Latest + 5 {
		s.tell(t, s.ana)
	}
	list, unread := s.seen(t, s.ana)
	require.Len(t, list, notificationsuc.Latest)
	require.Equal(t, notificationsuc.Latest+5, unread)
	require.Equal(t, s.clock.now, list[0].CreatedAt.UTC(), "newest first")
}

func TestMarkingReadIsOnesOwnAndKeepsItsTime(t *testing.T) {
	t.Parallel()
	s := newSystem(t)
	s.tell(t, s.ana)
	list, _ := s.seen(t, s.ana)

	for _, stranger := range []kernel.Principal{s.beto, s.other} {
		_, err := s.MarkRead.Execute(t.Context(), stranger, list[0].ID)
		require.Equal(t, notifications.NotFound, fault.CodeOf(err))
	}
	first, err := s.MarkRead.Execute(t.Context(), s.ana, list[0].ID)
	require.NoError(t, err)
	require.NotNil(t, first.ReadAt)
	s.clock.now = s.clock.now.Add(time.Hour)
	again, err := s.MarkRead.Execute(t.Context(), s.ana, list[0].ID)
	require.NoError(t, err)
	require.Equal(t, first.ReadAt, again.ReadAt)
	_, unread := s.seen(t, s.ana)
	require.Zero(t, unread)
}

func TestReadOnesAreDeletedAndOthersPeoplesStay(t *testing.T) {
	t.Parallel()
	s := newSystem(t)
	s.tell(t, s.ana, s.beto)
	s.tell(t, s.ana, s.beto)
	marked, err := s.MarkAllRead.Execute(t.Context(), s.ana)
	require.NoError(t, err)
	require.Equal(t, 2, marked)
	marked, err = s.MarkAllRead.Execute(t.Context(), s.ana)
	require.NoError(t, err)
	require.Zero(t, marked)
	s.tell(t, s.ana)

	deleted, err := s.DeleteRead.Execute(t.Context(), s.ana)
	require.NoError(t, err)
	require.Equal(t, 2, deleted)
	deleted, err = s.DeleteRead.Execute(t.Context(), s.ana)
	require.NoError(t, err)
	require.Zero(t, deleted)
	list, unread := s.seen(t, s.ana)
	require.Len(t, list, 1)
	require.Equal(t, 1, unread)
	list, unread = s.seen(t, s.beto)
	require.Len(t, list, 2)
	require.Equal(t, 2, unread)
}

func TestWhatHappensToAMeetingReachesItsPeople(t *testing.T) {
	t.Parallel()
	s := newSystem(t)
	record := func(eventType string, payload string) {
		require.NoError(t, s.db.InTx(t.Context(), s.ana.Workspace, func(ctx context.Context) error {
			return s.ledger.Record(ctx, port.Event{
				Workspace: s.ana.Workspace, Stream: "meeting/1", Type: eventType, Payload: json.RawMessage(payload),
			})
		}))
	}
	people := fmt.Sprintf(`"sales_rep":%q,"created_by":%q`, s.ana.Rep, s.beto.Rep)
	record("meeting.scheduled", `{`+people+`}`)
	record("meeting.completed", `{"title":"Demo",`+people+`}`)
	record("meeting.failed", `{"code":"EMPTY_TRANSCRIPT","company":"Acme","contact":"Luis",`+people+`}`)
	record("meeting.crm_unmatched", fmt.Sprintf(`{"contact":"Luis","sales_rep":%q,"created_by":%q}`, s.ana.Rep, s.ana.Rep))
	record("meeting.completed", `{"sales_rep":{}}`) // nobody can read that: it is kept as a dead job

	for range 2 {
		_, _, err := s.ledger.RunDue(t.Context(), 10*time.Second)
		require.NoError(t, err)
	}

	list, _ := s.seen(t, s.ana)
	told := map[notifications.Type]map[string]string{}
	for _, n := range list {
		told[n.Type] = n.Params
	}
	require.Len(t, list, 3)
	require.Equal(t, map[notifications.Type]map[string]string{
		notifications.MeetingCompleted: {"title": "Demo"},
		notifications.MeetingFailed:    {"code": "EMPTY_TRANSCRIPT", "customer": "Acme"},
		notifications.CRMNoMatch:       {"customer": "Luis"},
	}, told)
	list, _ = s.seen(t, s.beto)
	require.Len(t, list, 2, "the unmatched meeting is not beto's")
	jobs, _, err := s.ledger.List(t.Context(), queue.Filter{Workspace: s.ana.Workspace, State: queue.StateDead}, kernel.Page{})
	require.NoError(t, err)
	require.Len(t, jobs, 1)
}

func TestWhatOthersSaidIsToldWithoutItsNULs(t *testing.T) {
	t.Parallel()
	s := newSystem(t)
	require.NoError(t, s.Notify.Execute(t.Context(), notificationsuc.NotifyInput{
		Workspace: s.ana.Workspace, Event: uuid.NewString(), Type: notifications.MeetingCompleted, Reps: []kernel.RepID{s.ana.Rep},
		Params: map[string]string{"title": "De\x00mo", "code": `\u0000`},
	}))
	list, _ := s.seen(t, s.ana)
	require.Equal(t, map[string]string{"title": "Demo", "code": `\u0000`}, list[0].Params)
}

func TestNobodyIsToldOfAMeetingThatWasDeleted(t *testing.T) {
	t.Parallel()
	s := newSystem(t)
	require.NoError(t, s.Notify.Execute(t.Context(), notificationsuc.NotifyInput{
		Workspace: s.ana.Workspace, Event: uuid.NewString(), Type: notifications.MeetingCompleted, Meeting: uuid.NewString(),
		Reps: []kernel.RepID{s.ana.Rep},
	}), "and its job has ended, not failed")
	list, unread, err := s.Queries.Latest(t.Context(), s.ana)
	require.NoError(t, err)
	require.Empty(t, list)
	require.Zero(t, unread)
}
