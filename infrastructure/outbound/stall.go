package outbound

import (
	"context"
	"errors"
	"io"
	"time"
)

var errStalled = errors.New("nothing moved within the timeout")

// stall cancels a call in which no byte has moved for a while: a stream may last hours, but never be silent.
type stall struct {
	timer  *time.Timer
	after  time.Duration
	cancel context.CancelCauseFunc
}

func watchStall(ctx context.Context, after time.Duration) (context.Context, *stall) {
	ctx, cancel := context.WithCancelCause(ctx)
	return ctx, &stall{
		timer: time.AfterFunc(after, func() { cancel(errStalled) }), after: after, cancel: cancel,
	}
}

func (s *stall) moved() { s.timer.Reset(s.after) }

func (s *stall) stop() {
	s.timer.Stop()
	s.cancel(nil)
}

// reader notes every read of r as movement.
func (s *stall) reader(r io.Reader) io.Reader { return &watchedReader{r: r, watch: s} }

type watchedReader struct {
	r     io.Reader
	watch *stall
}

func (w *watchedReader) Read(p []byte) (int, error) {
	n, err := w.r.Read(p)
	w.watch.moved()
	return n, err
}

type watchedBody struct {
	io.Reader
	body  io.Closer
	watch *stall
}

func (b *watchedBody) Close() error {
	b.watch.stop()
	return b.body.Close()
}
