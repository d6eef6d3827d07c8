package httpserver

import (
	"context"
	"io"
	"net"
	"net/http"
	"time"

	"github.com/labstack/echo/v4"
)

// stream is an answer that begins when the layers around its handler have returned.
type stream struct {
	write func(ctx context.Context, w io.Writer) error
	seen  sighting
}

// Stream has write make the answer of an operation with Spec.Stream, once its handler has returned nil: 200, with the
// headers that were set by then. What is written goes out at once. The context ends when the client has left or the server
// drains; a client that takes nothing for Options.TakeWithin is cut off, and then the writer fails. An error that write
// returns is logged. It is called exactly once.
//
// A stream on a connection of our own server has two small goroutines and nothing else: not the stack of the layers, nor
// net/http's buffers. The end of the connection is the end of its answer.
func Stream(c echo.Context, contentType string, write func(ctx context.Context, w io.Writer) error) {
	header := c.Response().Header()
	header.Set(echo.HeaderContentType, contentType)
	header.Set(echo.HeaderCacheControl, "no-store")
	header.Set("X-Accel-Buffering", "no") // nginx would hold the pieces back
	visitOf(c.Request().Context()).stream = &stream{write: write}
}

// startStream begins the visit's stream: here, or, on a connection that is our own, beside the request that it outlives.
func (a *API) startStream(w http.ResponseWriter, r *http.Request, v *visit) {
	conn, own := r.Context().Value(connKey{}).(net.Conn)
	hijacker, able := w.(http.Hijacker)
	if !own || !able {
		w.WriteHeader(http.StatusOK)
		wire := http.NewResponseController(w)
		ctx, leave := context.WithCancel(r.Context())
		defer leave()
		a.runStream(ctx, leave, v, &pieces{to: w, wire: wire, flush: wire.Flush, within: a.opts.TakeWithin})
		return
	}
	w.Header().Set("Transfer-Encoding", "identity") // net/http adds no frames of its own, and Connection: close
	w.WriteHeader(http.StatusOK)
	ctx, leave := context.WithCancel(context.WithoutCancel(r.Context()))
	a.streams.Add(1) // before the server stops waiting for the connection
	if _, _, err := hijacker.Hijack(); err != nil {
		leave() // the connection has failed
	}
	go func() {
		defer a.streams.Done()
		defer func() { _ = conn.Close() }()
		a.runStream(ctx, leave, v, &pieces{to: conn, wire: conn, within: a.opts.TakeWithin})
	}()
	go untilGone(conn, leave)
}

// runStream has the stream written, and notes its end.
func (a *API) runStream(ctx context.Context, leave context.CancelFunc, v *visit, w io.Writer) {
	defer leave()
	defer context.AfterFunc(a.draining, leave)()
	defer a.endStream(ctx, v)
	if err := v.stream.write(ctx, w); err != nil {
		_ = a.failure(ctx, err) // for the log: the answer has begun
	}
}

func (a *API) endStream(ctx context.Context, v *visit) {
	if p := recover(); p != nil {
		a.logPanic(ctx)
	}
	a.note(ctx, v, v.stream.seen)
}

// untilGone reads what a client may still send, which is nothing, until it has left.
func untilGone(conn net.Conn, leave context.CancelFunc) {
	defer leave()
	var unasked [16]byte
	for {
		if _, err := conn.Read(unasked[:]); err != nil {
			return
		}
	}
}

// pieces writes a stream in pieces that are small enough for any client that reads at all to take one in time.
type pieces struct {
	to     io.Writer
	wire   interface{ SetWriteDeadline(t time.Time) error }
	flush  func() error // nil where nothing is held back
	within time.Duration
}

// pieceSize is half of what the system keeps: one piece fits in beside the one before.
const pieceSize = maxUnread / 2

// Write implements io.Writer.
func (p *pieces) Write(raw []byte) (written int, err error) {
	for written < len(raw) && err == nil {
		_ = p.wire.SetWriteDeadline(time.Now().Add(p.within)) // unsupported outside a real connection
		n := 0
		n, err = p.to.Write(raw[written:min(len(raw), written+pieceSize)])
		written += n
		if err == nil && p.flush != nil {
			err = p.flush()
		}
	}
	return written, err
}
