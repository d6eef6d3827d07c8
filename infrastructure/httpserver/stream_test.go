package httpserver_test

import (
	"bufio"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/labstack/echo/v4"
	"github.com/stretchr/testify/require"

	"github.com/tertulia-dev/tertulia/domain/kernel"
	"github.com/tertulia-dev/tertulia/infrastructure/httpserver"
)

// streaming adds an operation that answers with a stream.
func (e edge) streaming(write func(ctx context.Context, w io.Writer) error) {
	httpserver.Raw(e.api, http.MethodGet, "/stream", httpserver.Spec{ID: "stream", Role: kernel.Rep, Stream: true}, nil,
		func(c echo.Context) error {
			httpserver.Stream(c, "text/event-stream", write)
			return nil
		})
}

// dial asks for the stream and returns the connection with what comes on it.
func (r running) dial(t *testing.T) (*net.TCPConn, *bufio.Reader) {
	t.Helper()
	conn, err := (&net.Dialer{}).DialContext(t.Context(), "tcp", strings.TrimPrefix(r.url, "http://"))
	require.NoError(t, err)
	t.Cleanup(func() { _ = conn.Close() })
	_, err = io.WriteString(conn, "GET /stream HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer rep\r\nX-Request-Id: req-1\r\n\r\n")
	require.NoError(t, err)
	return conn.(*net.TCPConn), bufio.NewReader(conn)
}

// goodbye stops the server and returns its log: a stream that is not over by then is not in it.
func (r running) goodbye(t *testing.T) string {
	t.Helper()
	r.stop()
	require.NoError(t, <-r.done)
	return r.log.String()
}

func TestAGoodbyeWaitsForStreamsToEnd(t *testing.T) {
	t.Parallel()
	e := newEdge(t)
	told, found := make(chan struct{}), make(chan struct{})
	e.streaming(func(ctx context.Context, w io.Writer) error {
		_, _ = io.WriteString(w, "first\n")
		<-ctx.Done()
		close(told)
		<-found
		_, err := io.WriteString(w, "bye\n")
		return err
	})
	r := serve(t, e)
	_, in := r.dial(t)
	answer, err := http.ReadResponse(in, nil)
	require.NoError(t, err)
	defer func() { _ = answer.Body.Close() }()
	require.Equal(t, 200, answer.StatusCode)
	require.Equal(t, "text/event-stream", answer.Header.Get("Content-Type"))
	require.Equal(t, "req-1", answer.Header.Get("X-Request-Id"))
	require.Equal(t, "nosniff", answer.Header.Get("X-Content-Type-Options"))
	require.True(t, answer.Close, "the end of the connection is the end of the answer")
	body := bufio.NewReader(answer.Body)
	line, err := body.ReadString('\n')
	require.NoError(t, err)
	require.Equal(t, "first\n", line, "it goes out at once")

	r.stop()
	<-told
	select {
	case <-r.done:
		require.Fail(t, "the server has not waited")
	case <-time.After(50 * time.Millisecond):
	}
	close(found)
	log := r.goodbye(t)

	rest, err := io.ReadAll(body)
	require.NoError(t, err)
	require.Equal(t, "bye\n", string(rest))
	require.Equal(t, 1, strings.Count(log, `"route":"/stream"`))
	require.Regexp(t, `"request_id":"req-1","workspace":"\S+","method":"GET","route":"/stream","status":200,"ms":[5-9]\d`, log)
}

func TestAStreamEndsWhenItsClientLeaves(t *testing.T) {
	t.Parallel()
	e := newEdge(t)
	left := make(chan struct{})
	e.streaming(func(ctx context.Context, w io.Writer) error {
		_, _ = io.WriteString(w, "first\n")
		<-ctx.Done()
		close(left)
		return nil
	})
	r := serve(t, e)
	conn, in := r.dial(t)
	_, err := in.ReadString('\n')
	require.NoError(t, err)
	_, err = io.WriteString(conn, "GET /health HTTP/1.1\r\nHost: x\r\n\r\n") // nobody waits for that
	require.NoError(t, err)
	select {
	case <-left:
		require.Fail(t, "the client is still there")
	case <-time.After(50 * time.Millisecond):
	}
	require.NoError(t, conn.Close())
	<-left
	r.goodbye(t)
}

func TestAReaderWhoTakesNothingIsCutOffAndASlowOneIsNot(t *testing.T) {
	t.Parallel()
	const within, size = 500 * time.Millisecond, 4 << 20
	ended := make(chan error, 1)
	e := newEdge(t, func(o *httpserver.Options) { o.TakeWithin = within })
	e.streaming(func(_ context.Context, w io.Writer) error {
		_, err := w.Write(make([]byte, size))
		ended <- err
		return nil
	})
	r := serve(t, e)
	stalled, _ := r.dial(t)
	require.NoError(t, stalled.SetReadBuffer(4096))
	began := time.Now()
	require.ErrorContains(t, <-ended, "i/o timeout")
	require.Less(t, time.Since(began), within+time.Second)

	slow, in := r.dial(t)
	require.NoError(t, slow.SetReadBuffer(128<<10))
	began = time.Now()
	answer, err := http.ReadResponse(in, nil)
	require.NoError(t, err)
	defer func() { _ = answer.Body.Close() }()
	pace := time.NewTicker(within / 20) // all of it takes longer than one piece may
	defer pace.Stop()
	for taken := 0; taken < size; taken += 128 << 10 {
		<-pace.C
		_, err := io.CopyN(io.Discard, answer.Body, 128<<10)
		require.NoError(t, err)
	}
	require.NoError(t, <-ended)
	require.Greater(t, time.Since(began), within)
	r.goodbye(t)
}

func TestAStreamThatFailsIsLoggedAndCutsNobodyElse(t *testing.T) {
	t.Parallel()
	e := newEdge(t)
	turn := 0
	e.streaming(func(_ context.Context, w io.Writer) error {
		_, _ = io.WriteString(w, "first\n")
		if turn++; turn == 1 {
			panic("canary")
		}
		return errors.New("no more words")
	})
	r := serve(t, e)
	for range 2 {
		answer := r.get(t, "/stream", "Authorization", "Bearer rep")
		text, err := io.ReadAll(answer.Body)
		require.NoError(t, err)
		require.Equal(t, "first\n", string(text))
	}
	log := r.goodbye(t)
	require.Contains(t, log, `"msg":"panic in a handler"`)
	require.NotContains(t, log, "canary")
	require.Contains(t, log, `"error":"no more words"`)
	require.Equal(t, 2, strings.Count(log, `"msg":"request"`))
}

func TestAStreamIsWrittenWhereThereIsNoConnectionToTakeOver(t *testing.T) {
	t.Parallel()
	e := newEdge(t)
	e.streaming(func(_ context.Context, w io.Writer) error {
		_, err := io.WriteString(w, "all\n")
		return err
	})
	got := e.call(t, http.MethodGet, "/stream", "", "Authorization", "Bearer rep")
	require.Equal(t, 200, got.status)
	require.Equal(t, "all\n", got.text)
	require.Empty(t, got.header.Get("Transfer-Encoding"))
	require.Equal(t, 401, e.call(t, http.MethodGet, "/stream", "").status, "the door is the same")
}
