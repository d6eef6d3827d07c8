package billinguc_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/tertulia-dev/tertulia/adapter/billing/billingpg"
	"github.com/tertulia-dev/tertulia/adapter/identity/identitypg"
	"github.com/tertulia-dev/tertulia/domain/billing"
	"github.com/tertulia-dev/tertulia/domain/fault"
	"github.com/tertulia-dev/tertulia/domain/identity"
	"github.com/tertulia-dev/tertulia/domain/kernel"
	"github.com/tertulia-dev/tertulia/infrastructure/postgres"
	"github.com/tertulia-dev/tertulia/infrastructure/postgres/pgtest"
	billinguc "github.com/tertulia-dev/tertulia/usecase/billing"
)

type clock struct{ now time.Time }

func (c *clock) Now() time.Time { return c.now }

type uuids struct{}

func (uuids) New() string { return uuid.Must(uuid.NewV7()).String() }

// visible lets everybody read every meeting but one.
type visible struct{ but string }

func (v visible) CanRead(_ context.Context, _ kernel.Principal, meeting string) error {
	if meeting == v.but {
		return fault.New(fault.Forbidden, fault.ForbiddenCode)
	}
	return nil
}

type system struct {
	*billinguc.UseCases

	db            *postgres.DB
	clock         *clock
	admin, other  kernel.Principal
	hidden        string
	ws, elsewhere kernel.WorkspaceID
}

func newSystem(t *testing.T) *system {
	t.Helper()
	s := &system{db: pgtest.New(t), clock: &clock{now: time.Date(2026, 11, 23, 15, 0, 0, 0, time.UTC)}, hidden: uuid.NewString()}
	s.ws, s.elsewhere = s.workspace(t, "mine"), s.workspace(t, "theirs")
	s.admin = kernel.Principal{Kind: kernel.Person, Workspace: s.ws, Role: kernel.Admin}
	s.other = kernel.Principal{Kind: kernel.Person, Workspace: s.elsewhere, Role: kernel.Admin}
	prices, err := billing.Published()
	require.NoError(t, err)
	record := billinguc.NewRecordUsage(s.db, billingpg.Ledger{}, prices, uuids{})
	s.UseCases = billinguc.New(record, s.db, billingpg.Ledger{}, visible{but: s.hidden}, s.clock)
	return s
}

func (s *system) workspace(t *testing.T, slug string) kernel.WorkspaceID {
	t.Helper()
	w := identity.Workspace{
		ID: kernel.WorkspaceID(uuid.NewString()), Name: slug, Slug: slug, Timezone: "America/Mexico_City", Language: "es", CreatedAt: s.clock.now,
	}
	require.NoError(t, s.db.System(t.Context(), func(ctx context.Context) error { return identitypg.Workspaces{}.Add(ctx, w) }))
	return w.ID
}

// hour is an hour of a notetaker.
func (s *system) hour(meeting string) billing.Usage {
	return billing.Usage{
		Meeting: meeting, Activity: billing.Recording, Kind: billing.Notetaker, Resource: "recall.ai", Quantity: 3600,
		Source: uuid.NewString(), At: s.clock.now,
	}
}

func (s *system) record(t *testing.T, ws kernel.WorkspaceID, entries ...billing.Usage) {
	t.Helper()
	require.NoError(t, s.Record.Execute(t.Context(), ws, entries...))
}

func (s *system) month(t *testing.T, actor kernel.Principal, name string) billinguc.Month {
	t.Helper()
	m, err := s.Queries.OfMonth(t.Context(), actor, name, 0)
	require.NoError(t, err)
	return m
}

func TestASourceIsEnteredOnceAKindHoweverOftenItIsRecorded(t *testing.T) {
	t.Parallel()
	s := newSystem(t)
	entry := s.hour(uuid.NewString())
	transcription := entry
	transcription.Kind = billing.Transcription
	for range 3 {
		s.record(t, s.ws, entry, transcription)
	}
	require.Equal(t, billing.Micros(650_000), s.month(t, s.admin, "").Total)
	require.Zero(t, s.month(t, s.other, "").Total)
}

func TestWhatNoPriceIsKnownOfIsEnteredBesideWhatHasOne(t *testing.T) {
	t.Parallel()
	s := newSystem(t)
	priced, unknown := s.hour(uuid.NewString()), s.hour("")
	unknown.Kind, unknown.Resource = billing.ModelInput, "house\x00-model"
	s.record(t, s.ws, priced, unknown, s.hour(""))
	m := s.month(t, s.admin, "")
	require.Equal(t, billing.Micros(1_000_000), m.Total)
	require.Len(t, m.Lines, 2)
	require.Equal(t, "house-model", m.Lines[1].Resource, "Postgres knows no NUL")
	require.Nil(t, m.Lines[1].Price)
	require.Equal(t, int64(7200), m.Lines[0].Quantity)
	require.NotNil(t, m.Lines[0].Price)
}

func TestAnEntryGoesTheWayOfTheTransactionItBelongsTo(t *testing.T) {
	t.Parallel()
	s := newSystem(t)
	undone := errors.New("undone")
	err := s.db.InTx(t.Context(), s.ws, func(ctx context.Context) error {
		require.NoError(t, s.Record.Execute(ctx, s.ws, s.hour("")))
		return undone
	})
	require.ErrorIs(t, err, undone)
	require.Empty(t, s.month(t, s.admin, "").Lines)
}

func TestAMonthEndsAtMidnightInTheWorkspacesZone(t *testing.T) {
	t.Parallel()
	s := newSystem(t)
	for _, at := range []string{"2026-11-01T05:59:59Z", "2026-11-01T06:00:00Z", "2026-12-01T05:59:59Z", "2026-12-01T06:00:00Z"} {
		entry := s.hour(uuid.NewString())
		var err error
		entry.At, err = time.Parse(time.RFC3339, at)
		require.NoError(t, err)
		s.record(t, s.ws, entry)
	}
	for month, hours := range map[string]int{"2026-10": 1, "2026-11": 2, "2026-12": 1, "2027-01": 0} {
		got := s.month(t, s.admin, month)
		require.Equal(t, billing.Micros(500_000*hours), got.Total, month)
		require.Equal(t, hours, got.Average.Meetings, month)
	}
	require.Equal(t, "2026-11", s.month(t, s.admin, "").Month)
}

func TestWhatHasNoPriceIsShownWithout(t *testing.T) {
	t.Parallel()
	s := newSystem(t)
	meeting := uuid.NewString()
	unknown := s.hour(meeting)
	unknown.Kind, unknown.Resource = billing.ModelInput, "house-model"
	s.record(t, s.ws, s.hour(meeting), unknown)
	m := s.month(t, s.admin, "")
	require.True(t, m.Unpriced)
	require.Equal(t, billing.Micros(500_000), m.Total)
	lines, err := s.Queries.OfMeeting(t.Context(), s.admin, meeting)
	require.NoError(t, err)
	require.Len(t, lines, 2)
	require.Nil(t, lines[1].Price)
	require.EqualValues(t, 3600, lines[1].Quantity)
}

func TestTheDearestMeetingsComeFirstAndKeptOnesDoNotCountAsHeld(t *testing.T) {
	t.Parallel()
	s := newSystem(t)
	short, long, kept := uuid.NewString(), uuid.NewString(), uuid.NewString()
	stored := billing.Usage{
		Meeting: kept, Activity: billing.Keeping, Kind: billing.Storage, Resource: "media", Quantity: 30_000_000_000, Source: "kept", At: s.clock.now,
	}
	s.record(t, s.ws, s.hour(short), s.hour(long), s.hour(long), stored)
	m := s.month(t, s.admin, "2026-11")
	require.Equal(t, billing.Average{Meetings: 2, Amount: 1_500_000, Seconds: 3 * 3600}, m.Average)
	require.Equal(t, billing.Micros(1_521_000), m.Total)
	require.Equal(t, []string{long, short, kept}, []string{m.Dearest[0].Meeting, m.Dearest[1].Meeting, m.Dearest[2].Meeting})
	limited, err := s.Queries.OfMonth(t.Context(), s.admin, "2026-11", 1)
	require.NoError(t, err)
	require.Len(t, limited.Dearest, 1)

	s.clock.now = s.clock.now.Add(time.Hour)
	seen, err := s.Queries.Measured(t.Context(), s.ws)
	require.NoError(t, err)
	require.Equal(t, billinguc.Measured{Days: 90, PerMeeting: 750_000, PerHour: 500_000, Found: true}, seen)
	s.clock.now = s.clock.now.AddDate(0, 0, 91)
	seen, err = s.Queries.Measured(t.Context(), s.ws)
	require.NoError(t, err)
	require.False(t, seen.Found)
}

func TestAMonthIsForAdminsAndAMeetingForThoseWhoSeeIt(t *testing.T) {
	t.Parallel()
	s := newSystem(t)
	rep := s.admin
	rep.Role = kernel.Rep
	_, err := s.Queries.OfMonth(t.Context(), rep, "", 0)
	require.Equal(t, fault.ForbiddenCode, fault.CodeOf(err))
	_, err = s.Queries.OfMeeting(t.Context(), s.admin, s.hidden)
	require.Equal(t, fault.ForbiddenCode, fault.CodeOf(err))
	_, err = s.Queries.OfMonth(t.Context(), s.admin, "2026-13", 0)
	require.Equal(t, fault.Validation, fault.CodeOf(err))
}
