package meetingspg_test

import (
	"context"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"github.com/tertulia-dev/tertulia/adapter/identity/identitypg"
	"github.com/tertulia-dev/tertulia/adapter/meetings/meetingspg"
	"github.com/tertulia-dev/tertulia/domain/fault"
	"github.com/tertulia-dev/tertulia/domain/identity"
	"github.com/tertulia-dev/tertulia/domain/kernel"
	"github.com/tertulia-dev/tertulia/domain/meetings"
	"github.com/tertulia-dev/tertulia/infrastructure/postgres"
	"github.com/tertulia-dev/tertulia/infrastructure/postgres/pgtest"
	meetingsuc "github.com/tertulia-dev/tertulia/usecase/meetings"
)

var (
	at    = time.Date(2026, 11, 21, 12, 0, 0, 123_456_000, time.UTC)
	store = meetingspg.Meetings{}
)

// house is a database with two tenants, each with a rep of the same name.
type house struct {
	db           *postgres.DB
	mine, theirs kernel.WorkspaceID
	ana, eva     identity.Rep
}

func newHouse(t *testing.T) house {
	t.Helper()
	h := house{db: pgtest.New(t)}
	for slug, c := range map[string]struct {
		ws  *kernel.WorkspaceID
		rep *identity.Rep
	}{"mine": {&h.mine, &h.ana}, "theirs": {&h.theirs, &h.eva}} {
		w := identity.Workspace{ID: kernel.WorkspaceID(uuid.NewString()), Name: slug, Slug: slug, Timezone: "UTC", Language: "es", CreatedAt: at}
		*c.ws = w.ID
		*c.rep = identity.Rep{
			ID: kernel.RepID(uuid.NewString()), Workspace: w.ID, Email: "ana@example.com", Name: "Ana", CreatedAt: at, HubspotOwnerID: "7",
		}
		require.NoError(t, h.db.System(t.Context(), func(ctx context.Context) error { return identitypg.Workspaces{}.Add(ctx, w) }))
		h.in(t, w.ID, func(ctx context.Context) error { _, err := identitypg.Reps{}.Add(ctx, *c.rep); return err })
	}
	return h
}

// in runs fn in a transaction of a workspace.
func (h house) in(t *testing.T, ws kernel.WorkspaceID, fn func(ctx context.Context) error) {
	t.Helper()
	require.NoError(t, h.db.InTx(t.Context(), ws, fn))
}

// whole is a meeting with every field set.
func (h house) whole() meetings.Meeting {
	value := 50000.5
	return meetings.Meeting{
		ID: meetings.ID(uuid.NewString()), Workspace: h.mine, SalesRep: h.ana.ID, CreatedBy: h.ana.ID,
		URL: "https://meet.google.com/abc-defg-hij", Platform: meetings.GoogleMeet, Title: "Demo 'ñ'", Type: meetings.Sales, Subtype: meetings.Negotiation,
		Customer: meetings.Customer{ContactName: "Luis", Company: "Acme", Email: "l@acme.test", Phone: "+52 55", DealValue: &value, DealCurrency: "MXN", HubspotContactID: "1"},
		Language: "es", Status: meetings.Failed, Failure: meetings.Failure{Code: meetings.NotetakerFailed, Params: map[string]string{"subCode": "x"}},
		ScheduledAt: &at, ScheduledOffset: -21600, StartedAt: &at, EndedAt: &at,
		Bot:       meetings.Bot{ID: "bot", IdempotencyKey: uuid.NewString(), State: meetings.BotCreated, NeedsPassword: true, LastCode: "done"},
		Recording: meetings.Recording{ID: "rec", Transcript: "tr"},
		Video:     meetings.Media{State: meetings.MediaReady, Key: "v", Duration: time.Minute, Bytes: 1 << 40, StoredAt: &at},
		Audio:     meetings.Media{State: meetings.MediaPending},
		CRM:       meetings.CRMSync{State: meetings.SyncSkipped, Reason: meetings.HubspotNoContact, ContactID: "1", DealID: "2", NoteID: "3", EngagementID: "4", SyncedAt: &at},
		CreatedAt: at, UpdatedAt: at, Version: 1,
	}
}

func TestAMeetingComesBackAsItWasStoredWhicheverWayItIsRead(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	bare := meetings.Meeting{
		ID: meetings.ID(uuid.NewString()), Workspace: h.mine, Type: meetings.General, Status: meetings.Joining, Version: 1,
		Bot: meetings.Bot{IdempotencyKey: uuid.NewString(), State: meetings.BotRequested}, CreatedAt: at, UpdatedAt: at,
	}
	for _, m := range []meetings.Meeting{h.whole(), bare} {
		h.in(t, h.mine, func(ctx context.Context) error {
			require.NoError(t, store.Add(ctx, m))
			for name, read := range map[string]func() (meetings.Meeting, error){
				"get":    func() (meetings.Meeting, error) { return store.Get(ctx, h.mine, m.ID) },
				"lock":   func() (meetings.Meeting, error) { return store.Lock(ctx, h.mine, m.ID) },
				"row":    func() (meetings.Meeting, error) { r, err := store.Row(ctx, h.mine, m.ID); return r.Meeting, err },
				"detail": func() (meetings.Meeting, error) { d, err := store.Detail(ctx, h.mine, m.ID); return d.Row.Meeting, err },
			} {
				got, err := read()
				require.NoError(t, err, name)
				require.Equal(t, m, got, name)
			}
			m.Title, m.CRM.NoteID = "changed", "9"
			require.NoError(t, store.Save(ctx, m))
			m.Version++
			got, err := store.Get(ctx, h.mine, m.ID)
			require.Equal(t, m, got)
			return err
		})
	}
}

func TestAnotherWorkspaceSeesAndChangesNothing(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	m := h.whole()
	h.in(t, h.mine, func(ctx context.Context) error {
		require.NoError(t, store.Add(ctx, m))
		require.NoError(t, meetingspg.Transcripts{}.Add(ctx, h.mine, m.ID, meetingsuc.StoredTranscript{ID: meetings.TranscriptID(uuid.NewString()), StoredAt: at}))
		return meetingspg.Analyses{}.Replace(ctx, h.mine, meetings.Analysis{ID: meetings.AnalysisID(uuid.NewString()), Meeting: m.ID, CreatedAt: at})
	})
	// Not even when a mistake asks for the row by the other workspace's name: security holds below the WHERE.
	for _, asked := range []kernel.WorkspaceID{h.theirs, h.mine} {
		h.in(t, h.theirs, func(ctx context.Context) error {
			for name, read := range map[string]func() error{
				"get":    func() error { _, err := store.Get(ctx, asked, m.ID); return err },
				"lock":   func() error { _, err := store.Lock(ctx, asked, m.ID); return err },
				"row":    func() error { _, err := store.Row(ctx, asked, m.ID); return err },
				"detail": func() error { _, err := store.Detail(ctx, asked, m.ID); return err },
			} {
				require.Equal(t, meetings.MeetingNotFound, fault.CodeOf(read()), name)
			}
			rows, total, err := store.List(ctx, asked, meetingsuc.ListFilter{SeesAll: true, Page: 1, Limit: 10})
			require.NoError(t, err)
			require.Empty(t, rows)
			require.Zero(t, total)
			_, found, err := store.FindByNotetaker(ctx, asked, "bot")
			require.NoError(t, err)
			require.False(t, found)
			due, err := store.WithExpiredMedia(ctx, asked, at.Add(time.Hour), 10)
			require.NoError(t, err)
			require.Empty(t, due)
			found, err = meetingspg.Transcripts{}.Exists(ctx, asked, m.ID)
			require.NoError(t, err)
			require.False(t, found)
			_, found, err = meetingspg.Analyses{}.Find(ctx, asked, m.ID)
			require.NoError(t, err)
			require.False(t, found)
			stolen := m
			stolen.Workspace, stolen.Title = asked, "stolen"
			require.NoError(t, store.Save(ctx, stolen))
			return store.Remove(ctx, asked, m.ID)
		})
	}
	require.Error(t, h.db.InTx(t.Context(), h.theirs, func(ctx context.Context) error {
		planted := h.whole()
		planted.Bot.ID = "planted"
		return store.Add(ctx, planted)
	}))
	h.in(t, h.mine, func(ctx context.Context) error {
		got, err := store.Get(ctx, h.mine, m.ID)
		require.Equal(t, m, got)
		return err
	})
}

func TestANotetakerBelongsToOneMeeting(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	first, second := h.whole(), h.whole()
	h.in(t, h.mine, func(ctx context.Context) error { return store.Add(ctx, first) })
	require.Error(t, h.db.InTx(t.Context(), h.mine, func(ctx context.Context) error { return store.Add(ctx, second) }))
	h.in(t, h.mine, func(ctx context.Context) error {
		id, found, err := store.FindByNotetaker(ctx, h.mine, "bot")
		require.True(t, found)
		require.Equal(t, first.ID, id)
		return err
	})
}

func TestTheFirstTranscriptStaysAndTheLastAnalysisDoes(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	m := h.whole()
	h.in(t, h.mine, func(ctx context.Context) error {
		require.NoError(t, store.Add(ctx, m))
		said := meetings.Transcript{Utterances: []meetings.Utterance{{Words: []meetings.Word{{Text: "Hola", Start: 1, End: 2}}}}}
		for _, tr := range []meetings.Transcript{said, {}} {
			stored := meetingsuc.StoredTranscript{Transcript: tr, ID: meetings.TranscriptID(uuid.NewString()), StoredAt: at}
			require.NoError(t, meetingspg.Transcripts{}.Add(ctx, h.mine, m.ID, stored))
		}
		kept, found, err := meetingspg.Transcripts{}.Find(ctx, h.mine, m.ID)
		require.True(t, found)
		require.Equal(t, said, kept.Transcript)
		for _, summary := range []string{"one", "two"} {
			a := meetings.Analysis{ID: meetings.AnalysisID(uuid.NewString()), Meeting: m.ID, Summary: summary, CreatedAt: at}
			require.NoError(t, meetingspg.Analyses{}.Replace(ctx, h.mine, a))
		}
		last, found, findErr := meetingspg.Analyses{}.Find(ctx, h.mine, m.ID)
		require.NoError(t, findErr)
		require.True(t, found)
		require.Equal(t, "two", last.Summary)

		require.NoError(t, store.Remove(ctx, h.mine, m.ID))
		_, found, _ = meetingspg.Transcripts{}.Find(ctx, h.mine, m.ID)
		require.False(t, found, "what hangs on a meeting goes with it")
		return err
	})
}

func TestRepsAreTheWorkspacesOwnAndFoundInAnyCase(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.in(t, h.mine, func(ctx context.Context) error {
		want := meetingsuc.Rep{ID: h.ana.ID, Name: "Ana", Email: "ana@example.com", OwnerID: "7"}
		got, found, err := meetingspg.Reps{}.FindByEmail(ctx, h.mine, "ANA@Example.com")
		require.NoError(t, err)
		require.True(t, found)
		require.Equal(t, want, got)
		got, found, err = meetingspg.Reps{}.Find(ctx, h.mine, h.ana.ID)
		require.NoError(t, err)
		require.True(t, found)
		require.Equal(t, want, got)
		for _, id := range []kernel.RepID{"", h.eva.ID} {
			_, found, err = meetingspg.Reps{}.Find(ctx, h.mine, id)
			require.NoError(t, err)
			require.False(t, found)
		}
		return nil
	})
}

func TestRetentionGoesByTheOldestFileThatIsStillHeld(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	m := h.whole()
	old := at.Add(-48 * time.Hour)
	m.Audio = meetings.Media{State: meetings.MediaReady, Key: "a", StoredAt: &old}
	h.in(t, h.mine, func(ctx context.Context) error {
		require.NoError(t, store.Add(ctx, m))
		due := func(before time.Time) []meetings.ID {
			ids, err := store.WithExpiredMedia(ctx, h.mine, before, 10)
			require.NoError(t, err)
			return ids
		}
		require.Empty(t, due(old))
		require.Equal(t, []meetings.ID{m.ID}, due(old.Add(time.Second)))
		m.Audio.State = meetings.MediaDeleted
		require.NoError(t, store.Save(ctx, m))
		require.Empty(t, due(at))
		require.Len(t, due(at.Add(time.Second)), 1)
		return nil
	})
}

func TestEverythingThatHangsOnAMeetingGoesWithIt(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	rows, err := h.db.SystemPool().Query(t.Context(), `select conrelid::regclass::text || '.' || conname from pg_constraint
		where contype = 'f' and confrelid = 'meetings'::regclass and confdeltype not in ('c', 'n')`)
	require.NoError(t, err)
	keeping, err := pgx.CollectRows(rows, pgx.RowTo[string])
	require.NoError(t, err)
	require.Empty(t, keeping, "these would keep a meeting from being deleted")
}
