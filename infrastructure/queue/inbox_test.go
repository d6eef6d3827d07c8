package queue

import (
	"context"
	"math/rand/v2"
	"strconv"
	"testing"
	"time"

	"github.com/hibiken/asynq"
	"github.com/stretchr/testify/require"
	"golang.org/x/sync/errgroup"

	"github.com/tertulia-dev/tertulia/domain/fault"
	"github.com/tertulia-dev/tertulia/domain/kernel"
	"github.com/tertulia-dev/tertulia/infrastructure/postgres"
)

// received is the job of an inbound event.
type received struct {
	Provider string `json:"provider"`
	EventID  string `json:"event_id"`
}

func (received) Kind() string { return "received" }

// receiving works on inbound events: one effect an attempt, with its finish.
func receiving(f **fixture) *Registry {
	r := NewRegistry()
	Handle(r, Kind{}, func(ctx context.Context, run Run, j received) error {
		in, err := (*f).LoadInbound(ctx, run.Workspace, j.Provider, j.EventID)
		if err != nil {
			return err
		}
		return (*f).db.InTx(ctx, run.Workspace, func(ctx context.Context) error {
			if err := addEffect(ctx, string(in.Body)); err != nil {
				return err
			}
			return (*f).Finish(ctx)
		})
	})
	return r
}

func inbound(ws kernel.WorkspaceID, id string) (Inbound, received) {
	return Inbound{
		Workspace: ws, Provider: "recall", EventID: id, Type: "transcript.done",
		Headers: map[string]string{"Webhook-Id": id}, Body: []byte("body of " + id), ReceivedAt: time.Now(),
	}, received{Provider: "recall", EventID: id}
}

// deliverThrice sends every event three times in random order, from many senders, and returns how many were new, how
// many are stored, and how many effects there are in the end.
func (f *fixture) deliverThrice(t *testing.T, events int) (isNew, stored, effects int) {
	t.Helper()
	var ids []string
	for i := range events * 3 {
		ids = append(ids, strconv.Itoa(i%events))
	}
	rand.Shuffle(len(ids), func(i, j int) { ids[i], ids[j] = ids[j], ids[i] })
	fresh := make(chan bool, len(ids))
	var work errgroup.Group
	work.SetLimit(8)
	for _, id := range ids {
		work.Go(func() error {
			in, job := inbound(f.ws, id)
			first, err := f.Store(context.Background(), in, job)
			fresh <- first
			return err
		})
	}
	require.NoError(t, work.Wait())
	close(fresh)
	for first := range fresh {
		if first {
			isNew++
		}
	}
	require.Eventually(t, func() bool { return f.count(t, "jobs where state <> 'done'") == 0 }, 60*time.Second, 20*time.Millisecond)
	return isNew, f.count(t, "inbound_events"), f.count(t, "effects")
}

func TestARepeatedInboundEventIsStoredOnceAndTakesEffectOnce(t *testing.T) {
	t.Parallel()
	var f *fixture
	f = newFixture(t, receiving(&f), withRedis(startRedis(t)))
	f.effects(t)
	f.start(t)

	isNew, stored, effects := f.deliverThrice(t, 3000)

	require.Equal(t, []int{3000, 3000, 3000}, []int{isNew, stored, effects})
	require.Equal(t, 3000, f.count(t, "(select distinct job from effects) e"))
}

func TestWithoutItsKeyTheInboxWouldRepeatEffects(t *testing.T) {
	t.Parallel()
	var f *fixture
	f = newFixture(t, receiving(&f), withMini(t))
	f.effects(t)
	f.asOwner(t, "alter table inbound_events drop constraint inbound_events_once")
	f.start(t)

	isNew, stored, effects := f.deliverThrice(t, 20)

	require.Equal(t, []int{60, 60, 60}, []int{isNew, stored, effects}, "the test above would have noticed")
}

func TestAnInboundEventComesBackAsItWasStored(t *testing.T) {
	t.Parallel()
	var f *fixture
	f = newFixture(t, receiving(&f))
	in, job := inbound(f.ws, "evt_1")
	in.RequestID = "req_1"
	_, err := f.Store(WithRequestID(t.Context(), "req_1"), in, job)
	require.NoError(t, err)

	got, err := f.LoadInbound(t.Context(), f.ws, "recall", "evt_1")

	require.NoError(t, err)
	require.WithinDuration(t, time.Now(), got.ReceivedAt, time.Minute)
	got.ReceivedAt = in.ReceivedAt
	require.Equal(t, in, got)
}

func TestTwoWorkspacesMayReceiveEventsOfTheSameName(t *testing.T) {
	t.Parallel()
	var f *fixture
	f = newFixture(t, receiving(&f))
	for _, ws := range []kernel.WorkspaceID{newWorkspace(), newWorkspace()} {
		in, job := inbound(ws, "evt_1")
		isNew, err := f.Store(t.Context(), in, job)
		require.NoError(t, err)
		require.True(t, isNew)
	}
}

func TestAnEventThatWasPurgedIsNotFound(t *testing.T) {
	t.Parallel()
	var f *fixture
	f = newFixture(t, receiving(&f))
	in, job := inbound(f.ws, "evt_1")
	_, err := f.Store(t.Context(), in, job)
	require.NoError(t, err)

	n, err := f.PurgeInbound(t.Context(), time.Now().Add(time.Minute))
	require.NoError(t, err)
	require.Equal(t, 1, n)
	_, err = f.LoadInbound(t.Context(), f.ws, "recall", "evt_1")
	require.Equal(t, fault.NotFound, fault.KindOf(err))
}

func TestIntakeDoesNotWaitForADeadRedis(t *testing.T) {
	t.Parallel()
	var f *fixture
	f = newFixture(t, receiving(&f), func(c *Config) {
		c.Redis = asynq.RedisClientOpt{Network: "unix", Addr: t.TempDir() + "/nobody"}
	})
	slowest := time.Duration(0)
	for i := range 200 {
		in, job := inbound(f.ws, strconv.Itoa(i))
		begun := time.Now()
		_, err := f.Store(t.Context(), in, job)
		require.NoError(t, err)
		slowest = max(slowest, time.Since(begun))
	}
	require.Less(t, slowest, time.Second)
	require.Equal(t, 200, f.count(t, "jobs where state = 'pending'"))
}

func TestAnotherWorkspacesInboxIsOutOfReach(t *testing.T) {
	t.Parallel()
	var f *fixture
	f = newFixture(t, receiving(&f))
	in, job := inbound(f.ws, "evt_1")
	_, err := f.Store(t.Context(), in, job)
	require.NoError(t, err)

	var n int
	require.NoError(t, f.db.Read(t.Context(), newWorkspace(), func(ctx context.Context) error {
		return postgres.Conn(ctx).NewRaw("select count(*) from inbound_events").Scan(ctx, &n)
	}))
	require.Zero(t, n)
	_, err = f.LoadInbound(t.Context(), newWorkspace(), "recall", "evt_1")
	require.Equal(t, fault.NotFound, fault.KindOf(err))
}

func TestAPurgeGoesOnUntilNothingIsLeft(t *testing.T) {
	t.Parallel()
	f := newFixture(t, NewRegistry())
	const many = 2*purgeBatch + 1
	_, err := f.pool.Exec(t.Context(), `
		insert into inbound_events (workspace_id, provider, event_id, type, headers, body, received_at)
		select $1::text::uuid, 'recall', n::text, '', '{}', '', now() - interval '1 day' from generate_series(1, $2) n`, f.ws, many)
	require.NoError(t, err)
	in, _ := inbound(f.ws, "evt_new")
	_, err = f.Store(t.Context(), in, nil)
	require.NoError(t, err)

	n, err := f.PurgeInbound(t.Context(), time.Now().Add(-time.Hour))
	require.NoError(t, err)
	require.Equal(t, many, n)
	require.Equal(t, 1, f.count(t, "inbound_events"))
}
