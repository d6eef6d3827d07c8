package queue

import (
	"context"
	"fmt"
	"runtime/debug"
	"sync"
	"time"

	"github.com/google/uuid"
	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/trace"
)

const tracerName = "github.com/tertulia-dev/tertulia/infrastructure/queue"

// runner claims jobs, runs them and writes down what became of them. A Worker feeds it from Redis, RunDue from Postgres.
type runner struct {
	*Ledger
	worker  string                           // names this runner on the rows it holds
	claims  map[Class]*batcher[claimRequest] // of each class by itself: nobody waits for the claims of the less urgent
	results *batcher[result]
	tracer  trace.Tracer

	work    context.Context // of every handler
	stop    context.CancelCauseFunc
	beat    sync.WaitGroup
	endBeat context.CancelFunc
	active  sync.WaitGroup

	mu     sync.Mutex
	holds  map[*hold]struct{}
	busy   map[*kind]int
	parked map[*kind][]string // delivered while their kind was at its limit
	tally  tally

	closing bool
	door    *door // of the Bulk class; nil: who feeds the runner does not care
}

// tally counts attempts.
type tally struct{ processed, failed int }

func newRunner(l *Ledger) *runner {
	r := &runner{
		Ledger: l, worker: uuid.NewString(), tracer: otel.Tracer(tracerName),
		holds: map[*hold]struct{}{}, busy: map[*kind]int{}, parked: map[*kind][]string{}, claims: map[Class]*batcher[claimRequest]{},
	}
	for _, class := range Classes() {
		r.claims[class] = newBatcher(200, r.claimBatch)
	}
	r.results = newBatcher(500, r.writeResults)
	return r
}

func (r *runner) start() {
	r.work, r.stop = context.WithCancelCause(context.Background())
	for _, claims := range r.claims {
		claims.start()
	}
	r.results.start()
	ctx, cancel := context.WithCancel(context.Background())
	r.endBeat = cancel
	r.beat.Go(func() { r.heartbeat(ctx) })
}

// drain refuses deliveries from now on and waits for the running handlers until ctx ends; then it ends theirs, and their
// jobs are handed back.
func (r *runner) drain(ctx context.Context) {
	r.mu.Lock()
	r.closing = true
	clear(r.parked)
	r.mu.Unlock()
	idle := make(chan struct{})
	go func() { r.active.Wait(); close(idle) }()
	select {
	case <-idle:
	case <-ctx.Done():
		r.stop(errShutdown)
		<-idle // at most Grace away: attempt abandons who does not listen
	}
}

// close writes the last results. drain comes before it.
func (r *runner) close() {
	r.stop(errShutdown)
	for _, claims := range r.claims {
		claims.stop()
	}
	r.results.stop()
	r.endBeat()
	r.beat.Wait()
}

// deliver runs the job unless its kind is at its limit: then it waits here, without occupying one of Asynq's slots.
func (r *runner) deliver(k *kind, id string) error {
	if !r.admit(k, id) {
		return nil
	}
	defer r.release(k)
	return r.claimAndRun(k, id)
}

// mostParked bounds what waits here of one kind. The feeder brings again whatever is turned away.
const mostParked = 1000

func (r *runner) admit(k *kind, id string) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.closing {
		return false
	}
	if k.Concurrency > 0 && r.busy[k] >= k.Concurrency {
		if len(r.parked[k]) < mostParked {
			r.parked[k] = append(r.parked[k], id)
		}
		return false
	}
	r.busy[k]++
	r.active.Add(1)
	return true
}

// release passes the slot on to a parked job, if there is one.
func (r *runner) release(k *kind) {
	r.mu.Lock()
	defer r.mu.Unlock()
	defer r.active.Done()
	r.busy[k]--
	waiting := r.parked[k]
	if len(waiting) == 0 {
		return
	}
	next := waiting[0]
	r.parked[k] = waiting[1:]
	r.busy[k]++
	r.active.Add(1)
	go func() {
		defer r.release(k)
		r.makeRoom(k)
		_ = r.claimAndRun(k, next) // its outcome is in the ledger
	}()
}

func (r *runner) claimAndRun(k *kind, id string) error {
	request := claimRequest{id: id, answer: make(chan *hold, 1)}
	r.claims[k.Class].in <- request
	h := <-request.answer
	if h == nil {
		return nil
	}
	return r.run(h)
}

// run makes one attempt and hands its result to the ledger. The error is for Asynq's eyes only.
func (r *runner) run(h *hold) error {
	ctx, cancel := context.WithCancelCause(r.work)
	defer cancel(nil)
	h.cancel = cancel
	ctx, cancelTimeout := context.WithTimeoutCause(ctx, h.kind.Timeout, errTimeout)
	defer cancelTimeout()
	ctx, span := r.tracer.Start(h.enter(ctx, !r.cfg.unfenced), "job "+h.kind.name, trace.WithSpanKind(trace.SpanKindConsumer))
	defer span.End()

	r.mu.Lock()
	r.holds[h] = struct{}{}
	r.mu.Unlock()
	begun := time.Now()
	err := r.attempt(ctx, h)
	r.mu.Lock()
	delete(r.holds, h)
	r.mu.Unlock()

	outcome := r.settle(h, err, context.Cause(ctx))
	r.metrics.runs.WithLabelValues(h.kind.name, outcome).Inc()
	r.metrics.duration.WithLabelValues(h.kind.name).Observe(time.Since(begun).Seconds())
	r.mu.Lock()
	r.tally.processed++
	if err != nil {
		r.tally.failed++
	}
	r.mu.Unlock()
	if err != nil {
		span.SetStatus(codes.Error, outcome)
		r.cfg.Logger.WarnContext(ctx, "job failed", "kind", h.kind.name, "job", h.id, "workspace", h.Workspace,
			"attempt", h.Attempt, "outcome", outcome, "error", describe(err, context.Cause(ctx)))
	}
	return err
}

// attempt calls the handler and gives up on one that goes on after its context has ended: its job waits for the end of
// the lease, and the fence keeps what the handler begins after that from counting.
func (r *runner) attempt(ctx context.Context, h *hold) error {
	returned := make(chan error, 1)
	go func() { returned <- r.call(ctx, h) }()
	select {
	case err := <-returned:
		return err
	case <-ctx.Done():
	}
	patience := time.NewTimer(r.cfg.Tuning.Grace)
	defer patience.Stop()
	select {
	case err := <-returned:
		return err
	case <-patience.C:
		r.metrics.deaf.Inc()
		return errDeaf
	}
}

func (r *runner) call(ctx context.Context, h *hold) (err error) {
	defer func() {
		if p := recover(); p != nil {
			r.cfg.Logger.ErrorContext(ctx, "job panicked", "kind", h.kind.name, "job", h.id, "stack", string(debug.Stack()))
			err = panicError(p)
		}
	}()
	return h.kind.call(ctx, h.Run, h.payload)
}

// panicError keeps a panic's own words only where they come from the runtime: others may hold private values.
func panicError(p any) error {
	if err, ok := p.(interface{ RuntimeError() }); ok {
		return fmt.Errorf("handler panicked: %v", err)
	}
	return fmt.Errorf("handler panicked with a %T", p)
}

// settle queues the result of an attempt and names its outcome.
func (r *runner) settle(h *hold, err, cause error) string {
	if h.finished.Load() {
		return string(StateDone)
	}
	v, lost := judge(err, cause, h.kind, h.Run)
	if lost {
		return "lost"
	}
	r.results.in <- result{id: h.id, generation: h.generation, verdict: v, text: describe(err, cause)}
	switch {
	case v.untaken:
		return "handed back"
	case v.state == StatePending:
		return "retry"
	default:
		return string(v.state)
	}
}
