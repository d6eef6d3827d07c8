package queue

import (
	"context"
	"sync/atomic"
	"time"

	"github.com/tertulia-dev/tertulia/infrastructure/postgres"
)

// hold is a claimed job in the hands of this worker.
type hold struct {
	Run
	kind        *kind
	id          string
	generation  int
	payload     []byte
	traceparent string

	finished atomic.Bool // done in the handler's own transaction, which has committed
	cancel   context.CancelCauseFunc
	renewed  time.Time // when the lease was last taken or renewed; the heartbeat loop owns it
}

type holdKey struct{}

// enter makes ctx the context of the job: of its origin, fenced by its claim.
func (h *hold) enter(ctx context.Context, fence bool) context.Context {
	ctx = withOrigin(ctx, h.RequestID, h.traceparent)
	ctx = context.WithValue(ctx, holdKey{}, h)
	if fence {
		ctx = postgres.WithFence(ctx, "select tertulia_hold_job($1, $2)", h.id, h.generation)
	}
	return ctx
}

// Unfenced returns a context whose transactions do not depend on the job: they may be of any workspace, where the fence
// cannot see the job's row, and a lost lease does not refuse them. It is for work that two may do at once.
func Unfenced(ctx context.Context) context.Context { return postgres.WithFence(ctx, "") }

// holdOf returns the job that ctx runs in, nil outside one.
func holdOf(ctx context.Context) *hold {
	h, _ := ctx.Value(holdKey{}).(*hold)
	return h
}
