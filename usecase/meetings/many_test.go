package meetingsuc_test

import (
	"context"
	"flag"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"golang.org/x/sync/errgroup"

	"github.com/tertulia-dev/tertulia/adapter/meetings/meetingspg"
	"github.com/tertulia-dev/tertulia/domain/meetings"
	"github.com/tertulia-dev/tertulia/infrastructure/queue"
	meetingsuc "github.com/tertulia-dev/tertulia/usecase/meetings"
	"github.com/tertulia-dev/tertulia/usecase/port"
)

// The bar is a thousand: go test ./usecase/meetings -run AskedForAtOnce -reanalyses 1000.
var reanalyses = flag.Int("reanalyses", 100, "meetings that are analysed again at once")

// Everybody asks for a new analysis of everything, twice, three workers set about it, and somebody looks all the time.
func TestManyAnalysesAskedForAtOnceAreEachMadeOnceWhileTheOldOnesStand(t *testing.T) {
	t.Parallel()
	s := newSystem(t)
	asked, before := map[meetings.ID]port.JobID{}, map[meetings.ID]meetings.AnalysisID{}
	for range *reanalyses {
		id := s.scored(t, s.ana, s.clock.Now(), 50, 50, func(m *meetings.Meeting, a *meetings.Analysis) {
			m.Customer.Email, m.CRM.State = "luis@acme.example", meetings.SyncNone
			before[m.ID] = a.ID
		})
		require.NoError(t, s.db.InTx(t.Context(), s.ws, func(ctx context.Context) error {
			return meetingspg.Transcripts{}.Add(ctx, s.ws, id, meetingsuc.StoredTranscript{
				Transcript: talk(), ID: meetings.TranscriptID(uuid.NewString()), StoredAt: s.clock.Now(),
			})
		}))
	}

	s.askForAll(t, before, asked)
	stop := s.lookAllTheTime(t)
	begun := time.Now()
	var workers errgroup.Group
	for range 3 {
		workers.Go(func() error {
			_, _, err := s.ledger.RunDue(t.Context(), 2*time.Minute)
			return err
		})
	}
	require.NoError(t, workers.Wait())
	t.Logf("%d analyses in %v", len(before), time.Since(begun))
	require.Zero(t, stop(), "a meeting without an analysis, or not COMPLETED, was seen")

	require.Equal(t, len(before), s.jobs(t, "analyze_transcript", queue.StateDone))
	require.Equal(t, len(before), s.jobs(t, "sync_hubspot", queue.StateDone))
	require.Equal(t, len(before), s.out.called("analyze"), "none twice")
	require.Equal(t, len(before), s.count(t, "analyses"))
	require.Len(t, s.out.notes, len(before))
	for id, old := range before {
		require.NotEqual(t, old, s.analysis(t, id).ID)
		require.Equal(t, 1, s.events(t, id, meetingsuc.EventReanalyzed))
	}
	written := map[meetings.ID]int{}
	for _, entry := range s.out.entries {
		written[entry.Meeting]++
	}
	for id, n := range written {
		require.Equal(t, 2, n, "a note and an engagement of %s, each once", id)
	}
}

// askForAll asks for a new analysis of every meeting twice, all at once.
func (s *system) askForAll(t *testing.T, of map[meetings.ID]meetings.AnalysisID, asked map[meetings.ID]port.JobID) {
	t.Helper()
	var people errgroup.Group
	people.SetLimit(8)
	var mu sync.Mutex
	for range 2 {
		for id := range of {
			people.Go(func() error {
				job, err := s.Reanalyze.Execute(t.Context(), meetingsuc.ReanalyzeMeetingInput{Actor: s.ana, Meeting: id})
				mu.Lock()
				defer mu.Unlock()
				if earlier, again := asked[id]; again && earlier != job {
					t.Errorf("%s has two jobs", id)
				}
				asked[id] = job
				return err
			})
		}
	}
	require.NoError(t, people.Wait())
}

// lookAllTheTime counts the meetings that are seen without an analysis, or in another state than COMPLETED, until stopped.
func (s *system) lookAllTheTime(t *testing.T) (stop func() int) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	seen := make(chan int, 1)
	go func() {
		wrong := 0
		for ctx.Err() == nil {
			var n int
			err := s.db.SystemPool().QueryRow(ctx, `select count(*) from meetings m left join analyses a on a.meeting_id = m.id
				where m.status <> 'COMPLETED' or a.id is null`).Scan(&n)
			if err == nil {
				wrong += n
			}
		}
		seen <- wrong
	}()
	return func() int {
		cancel()
		return <-seen
	}
}
