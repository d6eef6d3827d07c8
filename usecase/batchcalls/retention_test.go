package batchcallsuc_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tertulia-dev/tertulia/domain/batchcalls"
	"github.com/tertulia-dev/tertulia/domain/fault"
	"github.com/tertulia-dev/tertulia/domain/kernel"
	batchcallsuc "github.com/tertulia-dev/tertulia/usecase/batchcalls"
)

// interrupted lets something happen once a sweep has looked for what is due.
type interrupted struct {
	batchcallsuc.Retention

	s *system
}

// Due implements batchcallsuc.Retention.
func (i interrupted) Due(ctx context.Context, ws kernel.WorkspaceID, before time.Time, limit int) ([]batchcalls.BatchID, error) {
	due, err := i.Retention.Due(ctx, ws, before, limit)
	if happens := i.s.swept; happens != nil {
		i.s.swept = nil
		happens()
	}
	return due, err
}

// day is what retention counts in.
const day = 24 * time.Hour

// sweep erases what has lain for long enough, and returns of how many batches.
func (s *system) sweep(t *testing.T, ws kernel.WorkspaceID) int {
	t.Helper()
	n, err := s.Sweep.Execute(t.Context(), ws)
	require.NoError(t, err)
	return n
}

// people returns a batch's recipients as they are listed.
func (s *system) people(t *testing.T, b batchcalls.Batch) []batchcallsuc.Call {
	t.Helper()
	calls, _, err := s.Queries.Calls(t.Context(), s.admin, b.PublicID, batchcallsuc.CallFilter{}, firstPage)
	require.NoError(t, err)
	return calls
}

func TestWhatIsPersonalOfABatchIsErasedSomeDaysAfterItsEnd(t *testing.T) {
	t.Parallel()
	s := newSystemOf(t, batchcallsuc.Settings{ChunkSize: 2, RetentionDays: 30})
	over, err := s.Submit.Execute(t.Context(), s.order(0, 3))
	require.NoError(t, err)
	later := s.order(10, 12)
	later.ScheduledAt = s.clock.Now().Add(60 * day)
	waiting, err := s.Submit.Execute(t.Context(), later)
	require.NoError(t, err)
	s.run(t)
	for _, id := range []string{"btcal_vendor0", "btcal_vendor2"} {
		s.line.finish(id, batchcalls.CallCompleted)
	}
	s.pass(t, time.Minute)
	require.Equal(t, batchcalls.Completed, s.now(t, over.Batch).Status)
	before := s.now(t, over.Batch).Version

	s.shift(29 * day)
	require.Zero(t, s.sweep(t, s.admin.Workspace))
	require.Equal(t, phone(0), s.people(t, over.Batch)[0].Phone)
	s.shift(2 * day)
	require.Zero(t, s.sweep(t, s.other.Workspace), "each workspace is swept by itself")
	require.Equal(t, 1, s.sweep(t, s.admin.Workspace))
	require.Zero(t, s.sweep(t, s.admin.Workspace), "once")

	for i, c := range s.people(t, over.Batch) {
		require.Empty(t, c.Phone)
		require.Empty(t, c.Conversation)
		require.JSONEq(t, `{}`, string(c.Body))
		require.Equal(t, batchcalls.CallCompleted, c.Status, "how calls ended stays")
		require.Equal(t, over.Batch.ID.RecipientRef(i), c.PublicRef())
	}
	require.Greater(t, s.now(t, over.Batch).Version, before, "whoever has kept an answer asks anew")
	require.Equal(t, phone(10), s.people(t, waiting.Batch)[0].Phone, "what is not over is kept")
}

func TestABatchIsKeptForEverWhereNothingElseIsSaid(t *testing.T) {
	t.Parallel()
	s := newSystem(t)
	done, err := s.Submit.Execute(t.Context(), s.order(0, 1))
	require.NoError(t, err)
	s.line.finish("btcal_vendor0", batchcalls.CallCompleted)
	s.pass(t, time.Minute)
	s.shift(3650 * day)
	require.Zero(t, s.sweep(t, s.admin.Workspace))
	require.Equal(t, phone(0), s.people(t, done.Batch)[0].Phone)
}

func TestWhoWasErasedIsNotSentAgain(t *testing.T) {
	t.Parallel()
	s := newSystemOf(t, batchcallsuc.Settings{RetentionDays: 1})
	s.line.breaks(refused)
	done, err := s.Submit.Execute(t.Context(), s.order(0, 2))
	require.NoError(t, err)
	require.Equal(t, batchcalls.Failed, done.Batch.Status)
	s.shift(2 * day)
	require.Equal(t, 1, s.sweep(t, s.admin.Workspace))
	_, err = s.Resume.Execute(t.Context(), batchcallsuc.ResumeInput{Actor: s.admin, PublicID: done.Batch.PublicID})
	require.Equal(t, batchcalls.NothingToResume, fault.CodeOf(err))
	s.run(t)
	require.Equal(t, 1, s.line.asked)
}

func TestACampaignIsKeptForAsLongAsABatchUnlessItSaysOtherwise(t *testing.T) {
	t.Parallel()
	s := newSystemOf(t, batchcallsuc.Settings{RetentionDays: 30})
	set := s.campaigns.Create.Defaults()
	require.Equal(t, 30, set.RetentionDays)
	set.Consent.Kind = batchcalls.Express
	erased := s.start(t, set, mexican(0))
	set.RetentionDays = 0
	kept := s.start(t, set, mexican(1))
	s.line.end(batchcalls.CallCompleted)
	s.pass(t, 3*time.Minute)
	s.shift(40 * day)
	require.Zero(t, s.sweep(t, s.admin.Workspace), "a campaign is erased by itself")
	s.run(t)
	require.NotZero(t, s.progress(t, erased).Campaign.PurgedAt)
	require.Zero(t, s.progress(t, kept).Campaign.PurgedAt)
}

func TestABatchThatAPersonResumesWhileItIsSweptIsKept(t *testing.T) {
	t.Parallel()
	s := newSystemOf(t, batchcallsuc.Settings{RetentionDays: 1})
	s.line.breaks(refused)
	done, err := s.Submit.Execute(t.Context(), s.order(0, 2))
	require.NoError(t, err)
	s.shift(2 * day)
	s.swept = func() {
		_, err := s.Resume.Execute(t.Context(), batchcallsuc.ResumeInput{Actor: s.admin, PublicID: done.Batch.PublicID})
		require.NoError(t, err)
	}
	require.Zero(t, s.sweep(t, s.admin.Workspace))
	s.run(t)
	most, n := s.line.times()
	require.Equal(t, []int{1, 2}, []int{most, n}, "who was not erased is called")
	require.Equal(t, phone(0), s.people(t, done.Batch)[0].Phone)
}
