package queue

import (
	"context"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/tertulia-dev/tertulia/usecase/port"
)

func TestWhatIsForgottenIsOnlyWhatNamesIt(t *testing.T) {
	t.Parallel()
	r, other := NewRegistry(), newWorkspace()
	Handle(r, Kind{}, func(context.Context, Run, note) error { return nil })
	f := newFixture(t, r)
	about, another := uuid.NewString(), uuid.NewString()
	done := f.enqueue(t, note{Text: about})
	f.runDue(t)
	pending, running := f.enqueue(t, note{Text: about}), f.enqueue(t, note{Text: about})
	f.exec(t, "update jobs set state = 'running' where id = $1", string(running))
	elsewhere, else2 := f.enqueueIn(t, other, note{Text: about}), f.enqueue(t, note{Text: another})
	for _, stream := range []string{"meeting/" + about, "meeting/" + another} {
		require.NoError(t, f.db.InTx(t.Context(), f.ws, func(ctx context.Context) error {
			return f.Record(ctx, port.Event{Workspace: f.ws, Stream: stream, Type: "meeting.completed", Payload: note{}})
		}))
	}

	require.NoError(t, f.db.InTx(t.Context(), f.ws, func(ctx context.Context) error {
		return f.Forget(ctx, f.ws, "meeting/"+about, about)
	}))

	for id, left := range map[port.JobID]int{done: 0, pending: 0, running: 1, elsewhere: 1, else2: 1} {
		require.Equal(t, left, f.count(t, "jobs where id = $1", string(id)))
	}
	require.Equal(t, 0, f.count(t, "events where stream = $1", "meeting/"+about))
	require.Equal(t, 1, f.count(t, "events where stream = $1", "meeting/"+another))
	for _, everything := range []string{"", "%", "e"} {
		require.Error(t, f.db.InTx(t.Context(), f.ws, func(ctx context.Context) error { return f.Forget(ctx, f.ws, "", everything) }))
	}
}
