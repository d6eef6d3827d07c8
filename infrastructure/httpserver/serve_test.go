package httpserver_test

import (
	"bufio"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"testing"
	"time"

	"github.com/labstack/echo/v4"
	"github.com/stretchr/testify/require"

	"github.com/tertulia-dev/tertulia/infrastructure/httpserver"
)

func TestHealthHasExactlyTheShapeThatClientsPollFor(t *testing.T) {
	t.Parallel()
	got := newEdge(t).call(t, http.MethodGet, "/health", "")
	require.Equal(t, 200, got.status)
	require.JSONEq(t, `{"status":"ok","timestamp":"2026-11-21T10:00:00.000Z","service":"call-manager"}`, got.text)
}

func TestReadyNamesTheCheckThatFailsAndKeepsItsCause(t *testing.T) {
	t.Parallel()
	e := newEdge(t, func(o *httpserver.Options) {
		o.Checks = map[string]httpserver.Check{
			"postgres": func(context.Context) error { return nil },
			"redis":    func(context.Context) error { return errors.New("dial 10.0.0.7") },
		}
	})
	got := e.call(t, http.MethodGet, "/ready", "")
	require.Equal(t, 503, got.status)
	require.JSONEq(t, `{"ready":false,"checks":{"server":"ok","postgres":"ok","redis":"failing"}}`, got.text)

	e = newEdge(t)
	require.Equal(t, 200, e.call(t, http.MethodGet, "/ready", "").status)
}

// running is an edge behind a real listener.
type running struct {
	edge
	url  string
	stop context.CancelFunc
	done chan error
}

func serve(t *testing.T, e edge) running {
	t.Helper()
	ln, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	require.NoError(t, err)
	ctx, cancel := context.WithCancel(t.Context())
	r := running{edge: e, url: "http://" + ln.Addr().String(), stop: cancel, done: make(chan error, 1)}
	go func() { r.done <- e.api.ServeListener(ctx, ln) }()
	return r
}

func (r running) get(t *testing.T, path string, headers ...string) *http.Response {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, r.url+path, nil)
	require.NoError(t, err)
	for i := 0; i+1 < len(headers); i += 2 {
		req.Header.Set(headers[i], headers[i+1])
	}
	res, err := http.DefaultClient.Do(req)
	require.NoError(t, err)
	t.Cleanup(func() { _ = res.Body.Close() })
	return res
}

func TestAGoodbyeEndsStreamsAndFinishesRequests(t *testing.T) {
	t.Parallel()
	e := newEdge(t)
	entered, release := make(chan struct{}), make(chan struct{})
	httpserver.Get(e.api, "/slow", httpserver.Spec{ID: "slow", Credential: httpserver.Public},
		func(context.Context, *struct{}) (*echoOutput, error) {
			close(entered)
			<-release
			return &echoOutput{}, nil
		})
	httpserver.Raw(e.api, http.MethodGet, "/stream", httpserver.Spec{ID: "stream", Credential: httpserver.Public, Stream: true}, nil,
		func(c echo.Context) error {
			_, _ = io.WriteString(c.Response(), "first\n")
			c.Response().Flush()
			<-c.Request().Context().Done()
			_, _ = io.WriteString(c.Response(), "bye\n")
			return nil
		})
	r := serve(t, e)
	stream := bufio.NewReader(r.get(t, "/stream").Body)
	line, err := stream.ReadString('\n')
	require.NoError(t, err)
	require.Equal(t, "first\n", line)
	slow := make(chan int, 1)
	go func() { slow <- r.get(t, "/slow").StatusCode }()
	<-entered

	r.stop()

	line, err = stream.ReadString('\n')
	require.NoError(t, err)
	require.Equal(t, "bye\n", line)
	require.Equal(t, 503, r.call(t, http.MethodGet, "/ready", "").status, "not ready while draining")
	close(release)
	require.Equal(t, 200, <-slow)
	require.NoError(t, <-r.done)
}

func TestAStreamOutlivesTheDeadlinesOfEarlierRequestsOnItsConnection(t *testing.T) {
	t.Parallel()
	e := newEdge(t, func(o *httpserver.Options) { o.RequestTimeout = 20 * time.Millisecond })
	httpserver.Raw(e.api, http.MethodPost, "/stream", httpserver.Spec{ID: "stream", Credential: httpserver.Public, Stream: true}, nil,
		func(c echo.Context) error {
			select { // both deadlines of the body are long gone by then
			case <-time.After(100 * time.Millisecond):
				return c.String(200, "alive")
			case <-c.Request().Context().Done():
				return c.Request().Context().Err()
			}
		})
	r := serve(t, e)
	defer func() { r.stop(); require.NoError(t, <-r.done) }()
	_, _ = io.Copy(io.Discard, r.get(t, "/health").Body)
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, r.url+"/stream", http.NoBody)
	require.NoError(t, err)
	req.Body, req.ContentLength = io.NopCloser(&oneByte{}), 1
	res, err := http.DefaultClient.Do(req)
	require.NoError(t, err)
	defer func() { _ = res.Body.Close() }()
	text, err := io.ReadAll(res.Body)
	require.NoError(t, err)
	require.Equal(t, "alive", string(text))
}

// oneByte is a body of one byte.
type oneByte struct{ read bool }

func (b *oneByte) Read(p []byte) (int, error) {
	if b.read {
		return 0, io.EOF
	}
	b.read, p[0] = true, '1'
	return 1, nil
}

func TestABodyThatNeverComesIsATimeout(t *testing.T) {
	t.Parallel()
	r := serve(t, newEdge(t, func(o *httpserver.Options) { o.RequestTimeout = 30 * time.Millisecond }))
	defer func() { r.stop(); require.NoError(t, <-r.done) }()
	conn, err := (&net.Dialer{}).DialContext(t.Context(), "tcp", r.url[len("http://"):])
	require.NoError(t, err)
	defer func() { _ = conn.Close() }()
	_, err = io.WriteString(conn, "POST /api/things/1 HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer rep\r\nContent-Length: 10\r\n\r\n{")
	require.NoError(t, err)
	res, err := http.ReadResponse(bufio.NewReader(conn), nil)
	require.NoError(t, err)
	defer func() { _ = res.Body.Close() }()
	require.Equal(t, 408, res.StatusCode)
}
