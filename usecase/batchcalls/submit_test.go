package batchcallsuc_test

import (
	"context"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"github.com/tertulia-dev/tertulia/domain/batchcalls"
	"github.com/tertulia-dev/tertulia/domain/fault"
	"github.com/tertulia-dev/tertulia/infrastructure/postgres"
	batchcallsuc "github.com/tertulia-dev/tertulia/usecase/batchcalls"
)

func TestABatchIsSubmittedAndFollowedToItsEnd(t *testing.T) {
	t.Parallel()
	s := newSystem(t)
	done, err := s.Submit.Execute(t.Context(), s.order(0, 3))
	require.NoError(t, err)
	require.Nil(t, done.Refusal)
	require.Equal(t, batchcalls.Pending, done.Batch.Status)
	require.JSONEq(t, `{"agent_name":"Ana"}`, string(done.Batch.Head))
	require.Equal(t, done.Batch.Version, s.now(t, done.Batch).Version)

	s.line.finish("btcal_vendor0", batchcalls.CallCompleted)
	s.pass(t, 15*time.Second)

	b := s.now(t, done.Batch)
	require.Equal(t, batchcalls.Completed, b.Status)
	require.Equal(t, 3, b.Finished)
	require.Equal(t, []batchcalls.CallStatus{"completed", "completed", "completed"}, s.statuses(t, b))
	byVendorID, err := s.Queries.Get(t.Context(), s.admin, "btcal_vendor0")
	require.NoError(t, err)
	require.Equal(t, b.ID, byVendorID.ID)
}

func TestABatchWhoseTimeHasNotComeIsAskedAboutRarely(t *testing.T) {
	t.Parallel()
	s := newSystem(t)
	in := s.order(0, 3)
	in.ScheduledAt = s.clock.Now().Add(5*time.Hour + 10*time.Minute)
	done, err := s.Submit.Execute(t.Context(), in)
	require.NoError(t, err)

	s.wait(t, 5*time.Hour+9*time.Minute)
	require.Equal(t, 5, s.line.polled, "once an hour, lest it was cancelled elsewhere")

	s.pass(t, time.Minute+5*time.Second)
	require.Equal(t, 6, s.line.polled, "and when they should begin")
	s.line.finish("btcal_vendor0", batchcalls.CallCompleted)
	s.pass(t, 15*time.Second)
	require.Equal(t, batchcalls.Completed, s.now(t, done.Batch).Status, "from then on as often as any other")
}

func TestOneNumberIsOnePerson(t *testing.T) {
	t.Parallel()
	s := newSystem(t)
	in := s.order(0, 2)
	in.Recipients = append(in.Recipients, people(1, 2)...)
	done, err := s.Submit.Execute(t.Context(), in)
	require.NoError(t, err)
	require.Equal(t, []batchcallsuc.Duplicate{{Index: 2, First: 1}}, done.Duplicates)
	require.Equal(t, 2, done.Batch.Total)
	most, n := s.line.times()
	require.Equal(t, []int{1, 2}, []int{most, n})
}

func TestTheSameSubmittedAtOnceByManyProcessesIsOneBatch(t *testing.T) {
	t.Parallel()
	s := newSystem(t)
	processes := []*batchcallsuc.UseCases{s.UseCases, s.process(t), s.process(t)}
	var (
		all sync.WaitGroup
		mu  sync.Mutex
		ids = map[string]int{}
	)
	for i := range 60 {
		all.Go(func() {
			done, err := processes[i%3].Submit.Execute(t.Context(), s.order(0, 5))
			require.NoError(t, err)
			mu.Lock()
			defer mu.Unlock()
			ids[done.Batch.PublicID]++
		})
	}
	all.Wait()
	require.Len(t, ids, 1)
	most, n := s.line.times()
	require.Equal(t, []int{1, 5}, []int{most, n})
}

func TestTheSameBodyIsAnotherBatchAfterTenMinutesOrWhenForced(t *testing.T) {
	t.Parallel()
	s := newSystem(t)
	first, err := s.Submit.Execute(t.Context(), s.order(0, 1))
	require.NoError(t, err)
	again, err := s.Submit.Execute(t.Context(), s.order(0, 1))
	require.NoError(t, err)
	require.True(t, again.Repeated)
	require.Equal(t, first.Batch.ID, again.Batch.ID)

	forced := s.order(0, 1)
	forced.Force = true
	done, err := s.Submit.Execute(t.Context(), forced)
	require.NoError(t, err)
	require.False(t, done.Repeated)
	s.clock.ahead.Add(int64(10 * time.Minute))
	later, err := s.Submit.Execute(t.Context(), s.order(0, 1))
	require.NoError(t, err)
	require.False(t, later.Repeated)
}

func TestWhatNeedNotBeKnownAgainIsForgotten(t *testing.T) {
	t.Parallel()
	s := newSystem(t)
	keyed := s.order(0, 1)
	keyed.Key = "k1"
	for _, in := range []batchcallsuc.SubmitInput{keyed, s.order(1, 2)} {
		_, err := s.Submit.Execute(t.Context(), in)
		require.NoError(t, err)
	}
	s.clock.ahead.Add(int64(11 * time.Minute))
	s.run(t)
	again, err := s.Submit.Execute(t.Context(), keyed)
	require.NoError(t, err)
	require.True(t, again.Repeated, "a key is known for longer than a body")
	var left []string
	require.NoError(t, s.db.Read(t.Context(), s.admin.Workspace, func(ctx context.Context) (err error) {
		left, err = postgres.Collect(ctx, pgx.RowTo[string], `select fingerprint from call_fingerprints`)
		return err
	}))
	require.Len(t, left, 1)
	require.Contains(t, left[0], "k1")
}

func TestAKeyIsHeldAgainstItsBody(t *testing.T) {
	t.Parallel()
	s := newSystem(t)
	in := s.order(0, 1)
	in.Key = "k1"
	first, err := s.Submit.Execute(t.Context(), in)
	require.NoError(t, err)
	s.clock.ahead.Add(int64(time.Hour))
	again, err := s.Submit.Execute(t.Context(), in)
	require.NoError(t, err)
	require.Equal(t, first.Batch.ID, again.Batch.ID)
	other := s.order(1, 2)
	other.Key = "k1"
	_, err = s.Submit.Execute(t.Context(), other)
	require.Equal(t, fault.IdempotencyKeyReused, fault.CodeOf(err))
	other.Actor = s.other
	_, err = s.Submit.Execute(t.Context(), other)
	require.NoError(t, err, "another workspace's keys are its own")
}

func TestWhatWasRefusedMayBeSubmittedAgain(t *testing.T) {
	t.Parallel()
	s := newSystem(t)
	s.line.breaks(refused)
	done, err := s.Submit.Execute(t.Context(), s.order(0, 2))
	require.NoError(t, err)
	require.Equal(t, 401, done.Refusal.Status)
	require.Equal(t, batchcalls.Failed, done.Batch.Status)
	require.Equal(t, []batchcalls.CallStatus{"failed", "failed"}, s.statuses(t, done.Batch))
	again, err := s.Submit.Execute(t.Context(), s.order(0, 2))
	require.NoError(t, err)
	require.False(t, again.Repeated)
	require.Nil(t, again.Refusal)
}

func TestWhoMustNotBeCalledIsNotDialled(t *testing.T) {
	t.Parallel()
	s := newSystem(t)
	require.NoError(t, s.db.InTx(t.Context(), s.admin.Workspace, func(ctx context.Context) error {
		_, err := postgres.Exec(ctx, `insert into do_not_call (workspace_id, phone, added_at) values ($1, $2, $3), ($1, $4, $3)`,
			s.admin.Workspace, string(phone(1)), s.clock.Now(), string(phone(7)))
		return err
	}))
	done, err := s.Submit.Execute(t.Context(), s.order(0, 3))
	require.NoError(t, err)
	require.Equal(t, 1, done.Batch.Excluded)
	require.Equal(t, []batchcalls.CallStatus{"pending", "do_not_call", "pending"}, s.statuses(t, done.Batch))
	require.NotContains(t, s.line.dialled, string(phone(1)))

	nobody, err := s.Submit.Execute(t.Context(), s.order(7, 8))
	require.NoError(t, err)
	require.Nil(t, nobody.Refusal)
	require.Equal(t, batchcalls.Cancelled, s.now(t, nobody.Batch).Status)
	require.Equal(t, 1, s.line.asked)
}

func TestALargeBatchIsSeveralOfTheProviders(t *testing.T) {
	t.Parallel()
	s := newSystem(t)
	done, err := s.Submit.Execute(t.Context(), s.order(0, 25_000))
	require.NoError(t, err)
	require.Equal(t, 1, s.line.asked)
	s.run(t)
	require.Equal(t, 3, s.line.asked)
	most, n := s.line.times()
	require.Equal(t, []int{1, 25_000}, []int{most, n})
	for i := range 3 {
		s.line.finish([]string{"btcal_vendor0", "btcal_vendor1", "btcal_vendor2"}[i], batchcalls.CallVoicemail)
	}
	s.pass(t, 20*time.Second)
	b := s.now(t, done.Batch)
	require.Equal(t, batchcalls.Completed, b.Status)
	require.Equal(t, 25_000, b.Finished)
}

func TestTheRestOfARefusedBatchIsNotSent(t *testing.T) {
	t.Parallel()
	s := newSystem(t)
	s.line.breaks(refused)
	done, err := s.Submit.Execute(t.Context(), s.order(0, 10_001))
	require.NoError(t, err)
	require.NotNil(t, done.Refusal)
	s.pass(t, 5*time.Minute)
	require.Equal(t, 1, s.line.asked)
	require.Equal(t, batchcalls.Failed, s.now(t, done.Batch).Status)
}

func TestALaterChunkWaitsForAProviderThatIsBusy(t *testing.T) {
	t.Parallel()
	s := newSystem(t)
	s.line.breaks(fine, busy)
	done, err := s.Submit.Execute(t.Context(), s.order(0, 10_001))
	require.NoError(t, err)
	s.run(t)
	require.Equal(t, 2, s.line.asked)
	s.pass(t, 50*time.Second)
	require.Equal(t, 2, s.line.asked, "it was asked to wait a minute")
	s.pass(t, 20*time.Second)
	require.Equal(t, 3, s.line.asked)
	most, n := s.line.times()
	require.Equal(t, []int{1, 10_001}, []int{most, n})
	require.Equal(t, batchcalls.Pending, s.now(t, done.Batch).Status)
}

func TestALaterChunkLeavesOutWhoHasComeOntoTheList(t *testing.T) {
	t.Parallel()
	s := newSystem(t)
	s.line.breaks(fine, busy)
	done, err := s.Submit.Execute(t.Context(), s.order(0, 10_002))
	require.NoError(t, err)
	s.run(t)
	s.avoid(t, string(phone(10_001)))
	s.pass(t, 80*time.Second)
	require.Equal(t, 3, s.line.asked)
	require.NotContains(t, s.line.calls(), string(phone(10_001)))
	require.Contains(t, s.line.calls(), string(phone(10_000)))
	require.Equal(t, 1, s.now(t, done.Batch).Excluded)
}
