package agentsuc

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/tertulia-dev/tertulia/domain/agents"
	"github.com/tertulia-dev/tertulia/domain/kernel"
)

// RunSettings are how answers are made. Zero values are replaced by the defaults named here.
type RunSettings struct {
	Grace  time.Duration // for which nobody may follow an answer before it is cancelled; 500 ms
	Lease  time.Duration // after which an answer counts as interrupted whose process says nothing; 20 s
	Keep   time.Duration // between two times at which what there is of answers is stored; 1 s
	Within time.Duration // of one answer, however it comes; 10 minutes
	// Report is told what went wrong with an answer, for the log; nil tells nobody.
	Report func(ctx context.Context, ws kernel.WorkspaceID, id agents.MessageID, err error)
}

func (s RunSettings) withDefaults() RunSettings {
	if s.Grace <= 0 {
		s.Grace = 500 * time.Millisecond
	}
	if s.Lease <= 0 {
		s.Lease = 20 * time.Second
	}
	if s.Keep <= 0 {
		s.Keep = time.Second
	}
	if s.Within <= 0 {
		s.Within = 10 * time.Minute
	}
	if s.Report == nil {
		s.Report = func(context.Context, kernel.WorkspaceID, agents.MessageID, error) {}
	}
	return s
}

// Why an answer that is being made ends before its time.
var (
	errAbandoned   = errors.New("nobody follows the answer any more")
	errRemoved     = errors.New("the chat was begun anew")
	errInterrupted = errors.New("the process ends")
)

// Runner makes answers. An answer belongs to the process that was asked; it goes on while somebody follows it, through
// whatever process, and what there is of it is stored as it grows.
type Runner struct {
	Shared
	ChatVendors
	models   *models
	chats    Chats
	messages ChatMessages
	runs     Runs
	usage    UsageLedger
	settings RunSettings

	mu      sync.Mutex
	live    map[agents.MessageID]*liveRun
	keeping bool // while the keeper runs
	closed  bool // while Stop waits
	busy    sync.WaitGroup
}

func newRunner(p Shared, s ChatStorage, v ChatVendors, usage UsageLedger, m *models, settings RunSettings) *Runner {
	return &Runner{
		Shared: p, ChatVendors: v, models: m, chats: s.Chats, messages: s.Messages, runs: s.Runs, usage: usage,
		settings: settings.withDefaults(), live: map[agents.MessageID]*liveRun{},
	}
}

// start begins to make an answer that is stored under a lease. It returns at once.
func (r *Runner) start(ctx context.Context, plan answerPlan) {
	ctx, stop := context.WithCancelCause(context.WithoutCancel(ctx))
	run := &liveRun{workspace: plan.answer.Workspace, chat: plan.chat.ID, message: plan.answer.ID, stop: stop}
	run.leaving = time.AfterFunc(r.settings.Grace, func() { r.abandoned(ctx, run) })
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.closed {
		stop(errInterrupted)
	}
	r.live[run.message] = run
	r.busy.Go(func() {
		defer stop(nil)
		r.answer(ctx, run, plan)
		r.forget(run)
	})
	if !r.keeping {
		r.keeping = true
		go r.keep() // not among those that Stop waits for: it ends by itself
	}
}

func (r *Runner) find(id agents.MessageID) (*liveRun, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	run, ok := r.live[id]
	return run, ok
}

func (r *Runner) forget(run *liveRun) {
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.live, run.message)
}

// cancelChat ends what this process is saying in a chat.
func (r *Runner) cancelChat(id agents.ChatID, cause error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, run := range r.live {
		if run.chat == id {
			run.stop(cause)
		}
	}
}

// Stop ends every answer that is being made, as interrupted, and waits until they are stored, or for ctx.
func (r *Runner) Stop(ctx context.Context) error {
	defer func() {
		r.mu.Lock()
		defer r.mu.Unlock()
		r.closed = false
	}()
	r.mu.Lock()
	r.closed = true
	for _, run := range r.live {
		run.stop(errInterrupted)
	}
	r.mu.Unlock()
	ended := make(chan struct{})
	go func() { r.busy.Wait(); close(ended) }()
	select {
	case <-ended:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// askWithin bounds the question whether somebody follows through another process: the provider is to be told in time.
const askWithin = 250 * time.Millisecond

// abandoned cancels an answer that nobody follows, unless somebody does through another process.
func (r *Runner) abandoned(ctx context.Context, run *liveRun) {
	if run.isFollowed() {
		return
	}
	asking, cancel := context.WithTimeout(ctx, askWithin)
	defer cancel()
	watched := false
	err := r.Reader.Read(asking, run.workspace, func(ctx context.Context) (err error) {
		watched, err = r.runs.IsWatched(ctx, run.workspace, run.message)
		return err
	})
	switch {
	case err == nil && watched:
		run.await(attendInterval)
	case !run.isFollowed():
		run.stop(errAbandoned)
	}
}

// keep stores what there is of this process' answers by now and renews their leases, until none is left.
func (r *Runner) keep() {
	ticks := time.NewTicker(r.settings.Keep)
	defer ticks.Stop()
	for renewed := time.Now(); ; <-ticks.C {
		runs := r.running()
		if len(runs) == 0 {
			return
		}
		all := time.Since(renewed) > r.settings.Lease/4
		if all {
			renewed = time.Now()
		}
		r.keepAll(runs, all)
	}
}

// running returns the answers that are being made; when there is none, the keeper is told to end.
func (r *Runner) running() []*liveRun {
	r.mu.Lock()
	defer r.mu.Unlock()
	runs := make([]*liveRun, 0, len(r.live))
	for _, run := range r.live {
		runs = append(runs, run)
	}
	r.keeping = len(runs) > 0
	return runs
}

// keptAtOnce bounds one statement.
const keptAtOnce = 200

// keepAll stores those answers that have grown, or all, a workspace at a time.
func (r *Runner) keepAll(runs []*liveRun, all bool) {
	grown := map[kernel.WorkspaceID][]agents.Message{}
	byID := map[agents.MessageID]*liveRun{}
	for _, run := range runs {
		m, more := run.progress()
		if !more && !all {
			continue
		}
		byID[m.ID] = run
		list := append(grown[m.Workspace], m)
		if len(list) == keptAtOnce {
			r.keepSome(m.Workspace, list, byID)
			list = nil
		}
		grown[m.Workspace] = list
	}
	for ws, list := range grown {
		if len(list) > 0 {
			r.keepSome(ws, list, byID)
		}
	}
}

// keepSome stores answers of one workspace. One that is not there any more is ended; one that could not be stored is stored
// the next time, as long as its lease lasts.
func (r *Runner) keepSome(ws kernel.WorkspaceID, list []agents.Message, byID map[agents.MessageID]*liveRun) {
	ctx, cancel := context.WithTimeout(context.Background(), r.settings.Lease/2)
	defer cancel()
	var kept []agents.MessageID
	err := r.Tx.InTx(ctx, ws, func(ctx context.Context) (err error) {
		kept, err = r.runs.Keep(ctx, ws, list, r.settings.Lease)
		return err
	})
	if err != nil {
		r.settings.Report(ctx, ws, list[0].ID, err)
		return
	}
	there := make(map[agents.MessageID]bool, len(kept))
	for _, id := range kept {
		there[id] = true
	}
	for _, m := range list {
		if there[m.ID] {
			byID[m.ID].stored(len(m.Frames))
		} else {
			byID[m.ID].stop(errRemoved)
		}
	}
}
