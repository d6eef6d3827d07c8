package batchcallsuc_test

import (
	"context"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tertulia-dev/tertulia/adapter/batchcalls/batchcallspg"
	"github.com/tertulia-dev/tertulia/domain/batchcalls"
	"github.com/tertulia-dev/tertulia/infrastructure/postgres"
	"github.com/tertulia-dev/tertulia/infrastructure/postgres/pgtest"
	batchcallsuc "github.com/tertulia-dev/tertulia/usecase/batchcalls"
)

func TestPeopleAreCalledWhenItIsAFitTimeWhereTheyAre(t *testing.T) {
	t.Parallel()
	s := newSystem(t) // 15:00 UTC: 9:00 in Mexico City, 16:00 in Madrid
	set := settings()
	set.Window = batchcalls.Window{Start: 10 * 60, End: 15 * 60, Days: batchcalls.EveryDay}
	c := s.start(t, set, mexican(1), madrid(1))
	require.Empty(t, s.line.calls())
	p := s.progress(t, c)
	require.Equal(t, batchcalls.HeldWindow, p.Campaign.Waiting)
	require.Equal(t, time.Date(2026, 11, 23, 16, 0, 0, 0, time.UTC), p.Campaign.NextLook)

	s.shift(59 * time.Minute)
	s.pass(t, 30*time.Second)
	require.Empty(t, s.line.calls())
	s.pass(t, time.Minute)
	require.Equal(t, map[string]int{mexican(1): 1}, s.line.calls())
	s.line.end(batchcalls.CallCompleted)
	s.pass(t, time.Minute)

	s.shift(time.Date(2026, 11, 24, 9, 0, 0, 0, time.UTC).Sub(s.clock.Now()))
	s.pass(t, 30*time.Second)
	require.Equal(t, map[string]int{mexican(1): 1, madrid(1): 1}, s.line.calls(), "it is ten in Madrid the day after")
}

func TestATollFreeNumberIsCalledWhenItIsAFitTimeInEveryZoneOfItsCode(t *testing.T) {
	t.Parallel()
	s := newSystem(t)
	const tollFree = "+18003569377" // rings nobody knows where between Guam and Newfoundland
	c := s.start(t, settings(), tollFree)
	opens, closes := time.Date(2026, 11, 23, 22, 0, 0, 0, time.UTC), time.Date(2026, 11, 24, 0, 30, 0, 0, time.UTC)
	p := s.progress(t, c)
	require.Equal(t, batchcalls.HeldWindow, p.Campaign.Waiting)
	require.Equal(t, opens, p.Campaign.NextLook, "8:00 in Guam")
	s.shift(closes.Add(-time.Minute).Sub(s.clock.Now())) // too late for a call of two minutes
	s.pass(t, 30*time.Second)
	require.Empty(t, s.line.calls(), "21:00 in Saint John's")
	s.shift(opens.Add(day).Sub(s.clock.Now()))
	s.pass(t, 30*time.Second)
	require.Equal(t, map[string]int{tollFree: 1}, s.line.calls())

	set := settings()
	set.Window = batchcalls.Window{Start: 9 * 60, End: 18 * 60, Days: batchcalls.EveryDay}
	c = s.draft(t, set, tollFree)
	_, err := s.campaigns.Start.Execute(t.Context(), s.ref(c))
	require.Equal(t, []string{"window:NEVER_OPEN"}, fieldsOf(t, err), "a window that no moment fits is told before the start")
}

func TestADayWithAChangeOfTheClockKeepsTheWindow(t *testing.T) {
	t.Parallel()
	s := newSystem(t)
	s.shift(time.Date(2027, 3, 27, 22, 0, 0, 0, time.UTC).Sub(s.clock.Now())) // the night in which Madrid goes to summer time
	c := s.start(t, settings(), madrid(1))
	require.Equal(t, time.Date(2027, 3, 28, 6, 0, 0, 0, time.UTC), s.progress(t, c).Campaign.NextLook, "8:00 is an hour earlier by then")
}

func TestAnEntryOnTheListKeepsAWaitingPersonFromBeingCalled(t *testing.T) {
	t.Parallel()
	s := newSystem(t)
	s.avoid(t, mexican(0))
	set := settings()
	set.Limits.MaxConcurrent, set.Limits.ChunkSize = 1, 1
	c := s.draft(t, set)
	added := s.add(t, c, many(0, 3)...)
	require.Equal(t, []int{2}, added.DNCLines)
	_, err := s.campaigns.Start.Execute(t.Context(), s.ref(c))
	require.NoError(t, err)
	s.run(t)
	s.avoid(t, mexican(2)) // while the second is on the line
	s.line.end(batchcalls.CallCompleted)
	s.pass(t, 3*time.Minute)
	require.Equal(t, map[string]int{mexican(1): 1}, s.line.calls())
	p := s.progress(t, c)
	require.Equal(t, batchcalls.Completed, p.Campaign.Status)
	require.Equal(t, map[batchcalls.CallStatus]int{"completed": 1, "do_not_call": 2}, p.Counts.ByStatus)
	require.Equal(t, 2, p.Campaign.Excluded)
	require.NoError(t, s.db.InTx(t.Context(), c.Workspace, func(ctx context.Context) error {
		chunks, err := batchcallspg.Chunks{}.Of(ctx, batchcallsuc.BatchRef{Workspace: c.Workspace, ID: c.ID})
		require.Len(t, chunks, 1, "no request was made for whom is on the list")
		return err
	}))
}

func TestAnEntryBetweenTheDecisionAndTheRequestKeepsThePersonOut(t *testing.T) {
	t.Parallel()
	s := newSystem(t)
	c := s.stored(t, settings(), many(0, 2)...)
	s.avoid(t, mexican(1))
	s.run(t)
	require.Equal(t, map[string]int{mexican(0): 1}, s.line.calls())
	s.line.end(batchcalls.CallCompleted)
	s.pass(t, 3*time.Minute)
	p := s.progress(t, c)
	require.Equal(t, batchcalls.Completed, p.Campaign.Status)
	require.Equal(t, 1, p.Counts.ByStatus[batchcalls.CallExcluded])
	require.Equal(t, 1, p.Campaign.Excluded)
}

// stored is a campaign whose first chunk is stored, and whose process ended before it was sent.
func (s *system) stored(t *testing.T, set batchcalls.Settings, phones ...string) batchcalls.CampaignState {
	t.Helper()
	c := s.draft(t, set, phones...)
	c, err := s.campaigns.Start.Execute(t.Context(), s.ref(c))
	require.NoError(t, err)
	require.NoError(t, s.campaigns.Turn.Execute(t.Context(), batchcallsuc.BatchRef{Workspace: c.Workspace, ID: c.ID}))
	require.Equal(t, len(phones), s.progress(t, c).Campaign.Live)
	require.Empty(t, s.line.calls())
	return c
}

func TestACrashBetweenMarkAndSendCallsEverybodyOnce(t *testing.T) {
	t.Parallel()
	s := newSystem(t)
	c := s.stored(t, settings(), many(0, 3)...)
	require.NoError(t, s.db.System(t.Context(), func(ctx context.Context) error {
		_, err := postgres.Exec(ctx, `delete from jobs where kind = 'send_call_chunks'`) // it is as if it had never been
		return err
	}))
	s.pass(t, 3*time.Minute)
	most, n := s.line.times()
	require.Equal(t, []int{1, 3}, []int{most, n})
	require.Equal(t, 3, s.progress(t, c).Campaign.Live)
}

func TestWhatWasStoredAndNotSentIsNotSentAfterTheWindow(t *testing.T) {
	t.Parallel()
	s := newSystem(t)
	c := s.stored(t, settings(), many(0, 3)...)
	s.shift(13 * time.Hour) // nobody was at work; it is 22:00 in Mexico City
	s.pass(t, time.Minute)
	require.Empty(t, s.line.calls())
	p := s.progress(t, c)
	require.Equal(t, 3, p.Counts.Waiting)
	require.Zero(t, p.Campaign.Live)
	people, _, err := s.campaigns.Queries.Recipients(t.Context(), s.ref(c), batchcallsuc.PeopleFilter{Waiting: true}, firstPage)
	require.NoError(t, err)
	require.Zero(t, people[0].Attempts, "it does not count as an attempt")
	s.shift(10 * time.Hour)
	s.pass(t, 30*time.Second)
	most, n := s.line.times()
	require.Equal(t, []int{1, 3}, []int{most, n})
}

func TestWhatTheProviderHasNotDialledIsTakenBackWhenTheWindowCloses(t *testing.T) {
	t.Parallel()
	s := newSystem(t)
	set := settings()
	set.Window = batchcalls.Window{Start: 8 * 60, End: 9*60 + 10, Days: batchcalls.EveryDay}
	c := s.start(t, set, many(0, 3)...)
	s.line.move(batchcalls.CallInProgress, mexican(0))
	s.pass(t, 9*time.Minute+25*time.Second)
	require.Equal(t, batchcalls.InProgress, s.line.find("btcal_vendor0").Status)
	s.pass(t, 30*time.Second) // a moment before it closes
	require.Equal(t, batchcalls.Cancelled, s.line.find("btcal_vendor0").Status)
	p := s.progress(t, c)
	require.Equal(t, 2, p.Counts.Waiting)
	require.Equal(t, 1, p.Campaign.Live, "a call that runs goes on")
	s.told(t, c, 0, batchcalls.CallCompleted, 900)

	s.shift(23 * time.Hour)
	s.pass(t, 30*time.Second)
	require.Equal(t, map[string]int{mexican(0): 1, mexican(1): 2, mexican(2): 2}, s.line.calls())
	calls, err := s.campaigns.Queries.Calls(t.Context(), s.ref(c), 1)
	require.NoError(t, err)
	require.Equal(t, 1, calls.Person.Attempts)
	require.Len(t, calls.Attempts, 1)
	s.line.end(batchcalls.CallCompleted)
	s.pass(t, 3*time.Minute)
	require.Equal(t, batchcalls.Completed, s.progress(t, c).Campaign.Status)
}

func TestTwoDispatchersAtOnceCallEverybodyOnce(t *testing.T) {
	t.Parallel()
	s := newSystem(t)
	s.process(t)
	set := settings()
	set.Limits.ChunkSize = 7
	c := s.draft(t, set, many(0, 60)...)
	_, err := s.campaigns.Start.Execute(t.Context(), s.ref(c))
	require.NoError(t, err)
	ref := batchcallsuc.BatchRef{Workspace: c.Workspace, ID: c.ID}
	var turns sync.WaitGroup
	require.NoError(t, s.db.InTx(t.Context(), c.Workspace, func(ctx context.Context) error {
		_, err := batchcallspg.Batches{}.Lock(ctx, ref)
		for _, process := range []*batchcallsuc.CampaignUseCases{s.campaigns, s.others[0]} {
			turns.Go(func() { // on a busy machine one may wait for longer than a statement may take, and tries again as its job would
				require.Eventually(t, func() bool { return process.Turn.Execute(t.Context(), ref) == nil }, waitLimit, time.Millisecond)
			})
		}
		require.Eventually(t, func() bool { return pgtest.Waiting(t, s.db) == 2 }, waitLimit, time.Millisecond, "both are at it")
		return err
	}))
	turns.Wait()
	require.Equal(t, 7, s.progress(t, c).Campaign.Live)
	for range 10 {
		s.run(t)
	}
	most, n := s.line.times()
	require.Equal(t, []int{1, 60}, []int{most, n})
	for _, size := range s.line.sizes() {
		require.LessOrEqual(t, size, 7)
	}
}

func TestNoMoreThanAllowedAreOnTheLine(t *testing.T) {
	t.Parallel()
	s := newSystem(t)
	set := settings()
	set.Limits.MaxConcurrent, set.Limits.ChunkSize = 4, 3
	c := s.start(t, set, many(0, 10)...)
	require.Equal(t, []int{3, 1}, s.line.sizes())
	p := s.progress(t, c)
	require.Equal(t, 4, p.Campaign.Live)
	require.Equal(t, batchcalls.HeldCap, p.Campaign.Waiting)
	s.told(t, c, 0, batchcalls.CallCompleted, 30)
	require.Equal(t, []int{3, 1, 1}, s.line.sizes(), "what has ended makes room at once")
	s.line.end(batchcalls.CallCompleted)
	s.pass(t, 2*time.Minute) // nobody tells of the others: the poller finds out
	require.Len(t, s.line.calls(), 9)
}

func TestNoMoreCallsBeginInASecondThanAllowed(t *testing.T) {
	t.Parallel()
	s := newSystem(t)
	set := settings()
	set.Limits.CallsPerSecond = 2
	c := s.start(t, set, many(0, 5)...)
	require.Equal(t, []int{2}, s.line.sizes())
	require.Equal(t, batchcalls.HeldRate, s.progress(t, c).Campaign.Waiting)
	s.shift(time.Second)
	s.run(t)
	require.Equal(t, []int{2, 2}, s.line.sizes())
	s.shift(time.Second)
	s.run(t)
	require.Equal(t, []int{2, 2, 1}, s.line.sizes())
}

func TestThePersonIsNotCalledByTwoCampaignsAtOnceNorTooOftenADay(t *testing.T) {
	t.Parallel()
	s := newSystem(t)
	set := settings()
	set.Limits.DailyCalls = 1
	first := s.start(t, set, mexican(1))
	second := s.start(t, settings(), mexican(1))
	require.Equal(t, 1, s.line.calls()[mexican(1)])
	require.NotEmpty(t, s.progress(t, second).Campaign.Waiting)
	s.line.end(batchcalls.CallNoAnswer)
	s.pass(t, 90*time.Second)
	require.Equal(t, 2, s.line.calls()[mexican(1)], "the second campaign has no daily limit")
	s.line.end(batchcalls.CallNoAnswer)
	s.pass(t, 3*time.Minute)
	_, again, err := s.campaigns.Retry.Execute(t.Context(), batchcallsuc.RetryRecipientsInput{CampaignRef: s.ref(first)})
	require.NoError(t, err)
	require.Equal(t, 1, again)
	s.pass(t, 2*time.Minute)
	require.Equal(t, 2, s.line.calls()[mexican(1)])
	s.shift(24 * time.Hour)
	s.pass(t, time.Minute)
	require.Equal(t, 3, s.line.calls()[mexican(1)])
}

func TestPeopleOfNoCountryAndBadRowsAreToldByLine(t *testing.T) {
	t.Parallel()
	s := newSystem(t)
	c := s.draft(t, settings(), mexican(0))
	csv := "telefono\n" + mexican(1) + "\nno\n" + mexican(1) + "\n" + mexican(0) + "\n+80012345678\n"
	in := batchcallsuc.AddRecipientsInput{CampaignRef: s.ref(c), File: strings.NewReader(csv)}
	seen, err := s.campaigns.Preview.Execute(t.Context(), in)
	require.NoError(t, err)
	require.Len(t, seen.Rows, 3)
	require.Equal(t, 1, s.progress(t, c).Campaign.Total, "a preview stores nothing")
	in.File = strings.NewReader(csv)
	added, err := s.campaigns.AddRecipients.Execute(t.Context(), in)
	require.NoError(t, err)
	require.Equal(t, []int{1, 1, 2, 1}, []int{added.Added, added.Known, added.Bad, added.Repeated})
	require.Equal(t, []int{5}, added.KnownLines)
	require.Equal(t, []batchcalls.Duplicate{{Line: 4, FirstLine: 2}}, added.Duplicates)
	require.Equal(t, []int{3, 6}, []int{added.Problems[0].Line, added.Problems[1].Line})
	require.Equal(t, batchcalls.NoZone, added.Problems[1].Rule)
}
