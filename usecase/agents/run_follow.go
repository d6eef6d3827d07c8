package agentsuc

import (
	"context"
	"time"

	"github.com/tertulia-dev/tertulia/domain/agents"
	"github.com/tertulia-dev/tertulia/domain/kernel"
)

// Following hands out the frames of an answer to one reader.
type Following interface {
	// Next returns the frames after the last one that it gave, waiting at most so long for one; none when nothing came. After
	// the frame that IsLast nothing follows. It fails when ctx ends.
	Next(ctx context.Context, patience time.Duration) ([]agents.Frame, error)
	// Close leaves. An answer that nobody follows is cancelled.
	Close()
}

// How an answer is followed that another process makes: how often it is looked at, and for how long a look counts.
const (
	lookInterval   = 250 * time.Millisecond
	attendInterval = time.Second
	watchFor       = 3 * time.Second
)

// follow begins to follow an answer after its nth frame: here where it is made here, in the database otherwise.
func (r *Runner) follow(ws kernel.WorkspaceID, id agents.MessageID, n int) Following {
	if run, ok := r.find(id); ok {
		run.join()
		return &liveFollowing{run: run, n: n, grace: r.settings.Grace}
	}
	return &storedFollowing{runner: r, ws: ws, id: id, n: n}
}

// liveFollowing follows an answer that this process makes.
type liveFollowing struct {
	run   *liveRun
	n     int
	grace time.Duration
}

// Next implements Following.
func (f *liveFollowing) Next(ctx context.Context, patience time.Duration) ([]agents.Frame, error) {
	frames, news := f.run.after(f.n)
	if len(frames) == 0 && news != nil {
		timer := time.NewTimer(patience)
		defer timer.Stop()
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-timer.C:
			return nil, nil
		case <-news:
		}
		frames, _ = f.run.after(f.n)
	}
	if len(frames) > 0 {
		f.n = frames[len(frames)-1].Number
	}
	return frames, nil
}

// Close implements Following.
func (f *liveFollowing) Close() { f.run.leave(f.grace) }

// storedFollowing follows an answer as it is stored: one that has ended, or that another process makes.
type storedFollowing struct {
	runner  *Runner
	ws      kernel.WorkspaceID
	id      agents.MessageID
	n       int
	watched time.Time
}

// Next implements Following.
func (f *storedFollowing) Next(ctx context.Context, patience time.Duration) ([]agents.Frame, error) {
	for deadline := time.Now().Add(patience); ; {
		frames, err := f.look(ctx)
		if err != nil || len(frames) > 0 {
			return frames, err
		}
		left := time.Until(deadline)
		if left <= 0 {
			return nil, nil
		}
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-time.After(min(left, lookInterval)):
		}
	}
}

// look reads the answer, and sees to it that it goes on, or that it ends when its process has.
func (f *storedFollowing) look(ctx context.Context) ([]agents.Frame, error) {
	var m agents.Message
	var found bool
	err := f.runner.Reader.Read(ctx, f.ws, func(ctx context.Context) (err error) {
		m, found, err = f.runner.messages.Find(ctx, f.ws, f.id)
		return err
	})
	if err != nil {
		return nil, err
	}
	if !found { // the chat was begun anew meanwhile
		f.n++
		return []agents.Frame{{Number: f.n, Code: agents.RunCancelled}}, nil
	}
	if m.Status == agents.MessageRunning && time.Since(f.watched) > attendInterval {
		f.watched = time.Now()
		if err := f.watch(ctx, m.Chat); err != nil {
			return nil, err
		}
	}
	frames := m.FramesAfter(f.n)
	if len(frames) > 0 {
		f.n = frames[len(frames)-1].Number
	}
	return frames, nil
}

func (f *storedFollowing) watch(ctx context.Context, chat agents.ChatID) error {
	return f.runner.Tx.InTx(ctx, f.ws, func(ctx context.Context) error {
		if err := f.runner.runs.EndInterrupted(ctx, f.ws, chat, f.runner.Clock.Now()); err != nil {
			return err
		}
		return f.runner.runs.Watch(ctx, f.ws, f.id, watchFor)
	})
}

// Close implements Following.
func (f *storedFollowing) Close() {}
