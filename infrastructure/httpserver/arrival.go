package httpserver

import (
	"bytes"
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"net/http"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/tertulia-dev/tertulia/domain/fault"
)

// nameKey notes the idempotency key with the hash of the body that it stands for.
func nameKey(c *Caller, r *http.Request, body []byte) error {
	c.IdempotencyKey = r.Header.Get("Idempotency-Key")
	if c.IdempotencyKey == "" {
		return nil
	}
	if len(c.IdempotencyKey) > 255 {
		var f fault.Fields
		f.Add("Idempotency-Key", fault.TooLong, "max", "255")
		return f.Err()
	}
	sum := sha256.Sum256(body)
	c.BodyHash = hex.EncodeToString(sum[:])
	return nil
}

// takeBody reads the whole body, at most the operation's limit, and leaves it readable again.
func (a *API) takeBody(c echo.Context, spec Spec) ([]byte, error) {
	r, limit := c.Request(), cmp.Or(spec.BodyLimit, a.opts.BodyLimit)
	if r.Body == nil || r.Body == http.NoBody {
		return nil, nil
	}
	if r.ContentLength > limit {
		return nil, fault.New(fault.TooLarge, fault.PayloadTooLarge).With("max", byteSize(limit))
	}
	r.Body = http.MaxBytesReader(c.Response(), r.Body, limit)
	if spec.UnreadBody {
		return nil, nil
	}
	body, err := io.ReadAll(r.Body)
	if err != nil { // the deadline stays: net/http reads what is left of a body before it lets go of the connection
		return nil, &unreadable{cause: err}
	}
	_ = http.NewResponseController(c.Response()).SetReadDeadline(time.Time{}) // or a long answer is cancelled when it passes
	r.Body = io.NopCloser(bytes.NewReader(body))
	return body, nil
}

// setDeadline bounds the request: an ordinary one in time, a stream by the server's drain. The connection's deadlines are
// set for each request, since they outlive the request; outside a real connection they are not supported.
func (a *API) setDeadline(c echo.Context, spec Spec) (leave func()) {
	wire := http.NewResponseController(c.Response())
	r, timeout := c.Request(), cmp.Or(spec.Timeout, a.opts.RequestTimeout)
	if r.Body != http.NoBody && !(spec.Stream && spec.UnreadBody) {
		_ = wire.SetReadDeadline(time.Now().Add(timeout))
	}
	if spec.Stream {
		_ = wire.SetWriteDeadline(time.Time{})
		boundUnread(r.Context())
		ctx, cancel := context.WithCancel(r.Context())
		stop := context.AfterFunc(a.draining, cancel)
		c.SetRequest(r.WithContext(ctx))
		return func() { stop(); cancel() }
	}
	_ = wire.SetWriteDeadline(time.Now().Add(timeout + writeGrace))
	ctx, cancel := context.WithTimeout(r.Context(), timeout)
	c.SetRequest(r.WithContext(ctx))
	return cancel
}

type connKey struct{}

// maxUnread is how many bytes of a stream the system keeps for a reader who does not read. Left to itself it takes
// megabytes, and for as long as it does, nobody notices that the reader has stalled.
const maxUnread = 32 << 10

// boundUnread applies maxUnread to the request's connection, where it is a plain one.
func boundUnread(ctx context.Context) {
	if c, ok := ctx.Value(connKey{}).(interface{ SetWriteBuffer(bytes int) error }); ok {
		_ = c.SetWriteBuffer(maxUnread) // a connection that refuses is about to end
	}
}

// clearDeadline takes back what an earlier request has left on the connection; only a body has to come in time.
func (a *API) clearDeadline(c echo.Context) {
	wire := http.NewResponseController(c.Response())
	_ = wire.SetWriteDeadline(time.Time{})
	if c.Request().Body != http.NoBody {
		_ = wire.SetReadDeadline(time.Now().Add(a.opts.RequestTimeout))
	}
}

// writeGrace is what a client has to take an answer that was made in the last moment.
const writeGrace = 5 * time.Second
