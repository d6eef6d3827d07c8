package queue

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"time"

	"github.com/hibiken/asynq"
)

// Worker runs jobs as Redis delivers them, one Asynq server a class.
type Worker struct {
	*runner
	servers []*asynq.Server
	slots   map[Class]chan struct{} // as many as handlers of the class may run at once
}

// NewWorker makes a worker of the ledger's kinds. All of them must be registered by now.
func NewWorker(l *Ledger) *Worker {
	w := &Worker{runner: newRunner(l), slots: map[Class]chan struct{}{}}
	w.door = &door{isBusy: wakesLate}
	for class, n := range l.cfg.Tuning.Concurrency {
		w.slots[class] = make(chan struct{}, n)
	}
	return w
}

// Start begins to take deliveries. Redis need not be there yet.
func (w *Worker) Start() error {
	if w.cfg.Redis == nil {
		return errors.New("start worker: there is no Redis to take deliveries from")
	}
	w.runner.start()
	for _, class := range Classes() {
		poll := w.cfg.Tuning.Poll
		if class == Bulk {
			poll *= 5
		}
		server := asynq.NewServer(w.cfg.Redis, asynq.Config{
			Concurrency:       w.cfg.Tuning.Concurrency[class],
			Queues:            map[string]int{string(class): 1},
			TaskCheckInterval: poll,
			ShutdownTimeout:   time.Second, // its tasks have ended by then
			Logger:            asynqLog{w.cfg.Logger},
			LogLevel:          asynq.ErrorLevel,
		})
		if err := server.Start(asynq.HandlerFunc(w.process)); err != nil {
			w.Stop(context.Background()) // of the classes that have started: nothing runs yet
			return fmt.Errorf("start worker of %s jobs: %w", class, err)
		}
		w.servers = append(w.servers, server)
	}
	if w.cfg.Direct {
		w.here.Store(w)
	}
	return nil
}

// Stop takes no more jobs, waits for the running ones until ctx ends, then cancels them and hands them back to the
// ledger, which takes at most Grace longer.
func (w *Worker) Stop(ctx context.Context) {
	w.here.CompareAndSwap(w, nil)
	w.each((*asynq.Server).Stop)
	w.drain(ctx)
	w.each((*asynq.Server).Shutdown)
	w.close()
}

// each does it to all servers at once: with Redis away each of them takes its time.
func (w *Worker) each(do func(*asynq.Server)) {
	var all sync.WaitGroup
	for _, server := range w.servers {
		all.Go(func() { do(server) })
	}
	all.Wait()
}

// quickly is how long a packet may take before the rest of it goes back to the ledger, for others to take.
const quickly = 250 * time.Millisecond

// process is what Asynq calls. A failure is shown in Asynq's archive and retried by the ledger.
func (w *Worker) process(_ context.Context, task *asynq.Task) error {
	k, err := w.cfg.Registry.find(task.Type())
	if err != nil {
		return fmt.Errorf("%w: %w", err, asynq.SkipRetry) // left pending: a newer binary may know it
	}
	w.makeRoom(k)
	if err := w.unpack(k, jobsOf(task.Payload())); err != nil {
		return fmt.Errorf("%s: %w", describe(err, nil), asynq.SkipRetry)
	}
	return nil
}

// unpack runs the jobs of a packet side by side as far as the class has free slots, and one after the other in the
// packet's own slot otherwise.
func (w *Worker) unpack(k *kind, ids []string) error {
	slots := w.slots[k.Class]
	slots <- struct{}{}
	defer func() { <-slots }()
	errs := make([]error, len(ids))
	var aside sync.WaitGroup
	begun := time.Now()
	for i, id := range ids {
		if i > 0 && time.Since(begun) > quickly {
			w.giveBack(ids[i:])
			break
		}
		if i < len(ids)-1 {
			select {
			case slots <- struct{}{}:
				aside.Go(func() {
					defer func() { <-slots }()
					errs[i] = w.deliver(k, id)
				})
				continue
			default:
			}
		}
		errs[i] = w.deliver(k, id)
	}
	aside.Wait()
	return errors.Join(errs...)
}

// giveBack makes undelivered jobs due at once.
func (w *Worker) giveBack(ids []string) {
	ctx, cancel := context.WithTimeout(context.Background(), pushDeadline)
	defer cancel()
	if err := w.recall(ctx, ids); err != nil {
		w.cfg.Logger.Warn("give back jobs", "jobs", len(ids), "error", err) // they are pushed again after the transit time
	}
}

// asynqLog passes Asynq's complaints on.
type asynqLog struct{ log *slog.Logger }

func (l asynqLog) Debug(args ...any) { l.pass(slog.LevelDebug, args) }
func (l asynqLog) Info(args ...any)  { l.pass(slog.LevelInfo, args) }
func (l asynqLog) Warn(args ...any)  { l.pass(slog.LevelWarn, args) }
func (l asynqLog) Error(args ...any) { l.pass(slog.LevelError, args) }
func (l asynqLog) Fatal(args ...any) { l.pass(slog.LevelError, args) } // the process goes on: jobs are in Postgres

func (l asynqLog) pass(level slog.Level, args []any) {
	l.log.Log(context.Background(), level, "asynq", "message", strings.TrimSpace(fmt.Sprintln(args...)))
}
