package outbound_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/otel/trace"

	"github.com/tertulia-dev/tertulia/infrastructure/outbound"
)

func client(t *testing.T, h http.HandlerFunc, change ...func(*outbound.Options)) *outbound.Client {
	t.Helper()
	srv := httptest.NewServer(h)
	t.Cleanup(srv.Close)
	o := outbound.Options{Vendor: "acme", BaseURL: srv.URL + "/base/", Header: http.Header{"Authorization": {"Bearer key-canary"}}}
	for _, f := range change {
		f(&o)
	}
	c, err := outbound.New(o)
	require.NoError(t, err)
	return c
}

func asError(t *testing.T, err error) *outbound.Error {
	t.Helper()
	e, ok := errors.AsType[*outbound.Error](err)
	require.True(t, ok, "want *outbound.Error, got %T %v", err, err)
	return e
}

func TestACallSendsItsBodyAndDecodesTheAnswer(t *testing.T) {
	t.Parallel()
	c := client(t, func(w http.ResponseWriter, r *http.Request) {
		got, _ := io.ReadAll(r.Body)
		if r.URL.EscapedPath() != "/base/things/a%2Fb/" || r.Header.Get("Authorization") != "Bearer key-canary" ||
			r.Header.Get("Content-Type") != "application/json" || string(got) != `{"html":"<b>"}`+"\n" || r.URL.RawQuery != "q=1" {
			w.WriteHeader(http.StatusTeapot)
			return
		}
		_, _ = io.WriteString(w, `{"name":"x"}`)
	})
	var out struct{ Name string }
	err := c.JSON(t.Context(), outbound.Call{
		Operation: "make_thing", Method: http.MethodPost, Path: outbound.Path("things", "a/b", ""),
		Query: map[string][]string{"q": {"1"}}, JSON: map[string]string{"html": "<b>"},
	}, &out)
	require.NoError(t, err)
	require.Equal(t, "x", out.Name)
}

func TestAnAnswerTellsWhetherTheCallTookEffect(t *testing.T) {
	t.Parallel()
	cases := map[int]struct {
		outcome   outbound.Outcome
		retryable bool
	}{
		302: {outbound.Refused, false}, 400: {outbound.Refused, false}, 404: {outbound.Refused, false},
		408: {outbound.Unknown, true}, 409: {outbound.Refused, true}, 429: {outbound.Refused, true},
		500: {outbound.Unknown, true}, 503: {outbound.Unknown, true},
	}
	for status, want := range cases {
		c := client(t, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Retry-After", "7")
			w.Header().Set("Location", "/elsewhere")
			w.WriteHeader(status)
			_, _ = io.WriteString(w, `{"message":"ana@example.com exists"}`)
		})
		err := c.JSON(t.Context(), outbound.Call{Operation: "op", Path: "/x"}, nil)
		e := asError(t, err)
		require.Equal(t, status, e.Status)
		require.Equal(t, want.outcome, e.Outcome, status)
		require.Equal(t, want.retryable, e.Retryable(), status)
		require.Equal(t, 7*time.Second, e.RetryAfter)
		require.Contains(t, string(e.Body), "exists")
		require.NotContains(t, err.Error(), "ana@")
	}
}

func TestARefusedConnectionHasSurelySentNothing(t *testing.T) {
	t.Parallel()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	addr := l.Addr().String()
	require.NoError(t, l.Close())
	c, err := outbound.New(outbound.Options{Vendor: "acme", BaseURL: "http://" + addr})
	require.NoError(t, err)
	e := asError(t, c.JSON(t.Context(), outbound.Call{Operation: "op", Path: "/x", Query: map[string][]string{"token": {"canary"}}}, nil))
	require.Equal(t, outbound.NotSent, e.Outcome)
	require.True(t, e.Retryable())
	require.NotContains(t, e.Error(), "canary")
}

func TestALostAnswerIsAnUnknownOutcome(t *testing.T) {
	t.Parallel()
	reset := client(t, func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) })
	e := asError(t, reset.JSON(t.Context(), outbound.Call{Operation: "op", Method: http.MethodPost, Path: "/x", JSON: 1}, nil))
	require.Equal(t, outbound.Unknown, e.Outcome)

	slow := client(t, func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }, func(o *outbound.Options) { o.Timeout = 50 * time.Millisecond })
	err := slow.JSON(t.Context(), outbound.Call{Operation: "op", Path: "/x"}, nil)
	require.ErrorIs(t, err, context.DeadlineExceeded)
	require.Equal(t, outbound.Unknown, outbound.OutcomeOf(err))
}

func TestARateLimitThatCannotBeMetSendsNothing(t *testing.T) {
	t.Parallel()
	var calls atomic.Int32
	c := client(t, func(http.ResponseWriter, *http.Request) { calls.Add(1) }, func(o *outbound.Options) {
		o.Wait = func(_ context.Context, operation string) error { return errors.New("no room for " + operation) }
	})
	err := c.JSON(t.Context(), outbound.Call{Operation: "op", Path: "/x"}, nil)
	require.Equal(t, outbound.NotSent, outbound.OutcomeOf(err))
	require.ErrorContains(t, err, "no room for op")
	require.Zero(t, calls.Load())
}

func TestAnAnswerThatIsTooLongOrNotJSONIsAnErrorWithoutItsText(t *testing.T) {
	t.Parallel()
	for _, answer := range []string{`{"name":"` + strings.Repeat("canary", 50) + `"}`, `canary`} {
		c := client(t, func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, answer) },
			func(o *outbound.Options) { o.MaxAnswer = 64 })
		var out map[string]string
		e := asError(t, c.JSON(t.Context(), outbound.Call{Operation: "op", Path: "/x"}, &out))
		require.Equal(t, outbound.Unknown, e.Outcome)
		require.Equal(t, http.StatusOK, e.Status)
		require.NotContains(t, e.Error(), "canary")
	}
}

func TestAnSDKsAnswerIsCappedAndItsErrorsTellTheOutcome(t *testing.T) {
	t.Parallel()
	c := client(t, http.NotFound, func(o *outbound.Options) { o.MaxAnswer = 64 })
	get := func(url string) (*http.Response, error) {
		req, err := http.NewRequestWithContext(outbound.WithOperation(t.Context(), "op"), http.MethodGet, url, nil)
		require.NoError(t, err)
		return c.HTTP().Do(req)
	}
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, strings.Repeat("x", 100)) }))
	t.Cleanup(srv.Close)
	resp, err := get(srv.URL)
	require.NoError(t, err)
	_, err = io.ReadAll(resp.Body)
	require.Error(t, err)
	require.NoError(t, resp.Body.Close())

	_, err = get("http://127.0.0.1:1/")
	e := asError(t, err)
	require.Equal(t, outbound.NotSent, e.Outcome)
	require.Equal(t, "op", e.Operation)
}

func TestAPathCannotLeaveItsEndpoint(t *testing.T) {
	t.Parallel()
	var calls atomic.Int32
	c := client(t, func(http.ResponseWriter, *http.Request) { calls.Add(1) })
	for _, path := range []string{outbound.Path("a", "..", "b"), outbound.Path("a", "", "b"), outbound.Path("a", ".")} {
		err := c.JSON(t.Context(), outbound.Call{Operation: "op", Path: path}, nil)
		require.Equal(t, outbound.NotSent, outbound.OutcomeOf(err), path)
	}
	require.Zero(t, calls.Load())
}

func TestAnotherAddressGetsNoCredential(t *testing.T) {
	t.Parallel()
	var seen atomic.Value
	other := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { seen.Store(r.Header.Clone()) }))
	t.Cleanup(other.Close)
	c := client(t, func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, other.URL, http.StatusFound) })

	require.Equal(t, http.StatusFound, outbound.StatusOf(c.JSON(t.Context(), outbound.Call{Operation: "op", Path: "/x"}, nil)))
	require.Nil(t, seen.Load(), "a redirect must not be followed")
	require.NoError(t, c.JSON(t.Context(), outbound.Call{Operation: "op", URL: other.URL}, nil))
	require.Empty(t, seen.Load().(http.Header).Get("Authorization"))
}

func TestACallCarriesTheTraceOnwards(t *testing.T) {
	t.Parallel()
	var got string
	c := client(t, func(_ http.ResponseWriter, r *http.Request) { got = r.Header.Get("Traceparent") })
	ctx := trace.ContextWithRemoteSpanContext(t.Context(), trace.NewSpanContext(trace.SpanContextConfig{
		TraceID: trace.TraceID{0xab, 15: 0xcd}, SpanID: trace.SpanID{1}, TraceFlags: trace.FlagsSampled,
	}))
	require.NoError(t, c.JSON(ctx, outbound.Call{Operation: "op", Path: "/x"}, nil))
	require.Contains(t, got, "ab0000000000000000000000000000cd")
}

func TestTwoVendorsShareOneHistogramWithoutPrivateLabels(t *testing.T) {
	t.Parallel()
	reg := prometheus.NewRegistry()
	var logs bytes.Buffer
	share := func(vendor string) func(*outbound.Options) {
		return func(o *outbound.Options) {
			o.Vendor, o.Registerer = vendor, reg
			o.Logger = slog.New(slog.NewTextHandler(&logs, &slog.HandlerOptions{Level: slog.LevelDebug}))
		}
	}
	ok := func(http.ResponseWriter, *http.Request) {}
	for _, vendor := range []string{"one", "two"} {
		c := client(t, ok, share(vendor))
		require.NoError(t, c.JSON(t.Context(), outbound.Call{Operation: "op", Path: "/canary", Query: map[string][]string{"email": {"canary"}}}, nil))
	}
	families, err := reg.Gather()
	require.NoError(t, err)
	require.Len(t, families, 1)
	require.Len(t, families[0].GetMetric(), 2)
	require.NotContains(t, families[0].String(), "canary")
	require.NotContains(t, logs.String(), "canary")
	require.Contains(t, logs.String(), "operation=op")
}

func TestNoClientIsMadeOfABrokenConfiguration(t *testing.T) {
	t.Parallel()
	for _, o := range []outbound.Options{{}, {Vendor: "acme", BaseURL: "ftp://x"}, {Vendor: "acme", BaseURL: "acme.com"}} {
		_, err := outbound.New(o)
		require.Error(t, err)
	}
}

func TestARawAnswerIsReturnedWhateverItIs(t *testing.T) {
	t.Parallel()
	answer := "plain, not JSON"
	c := client(t, func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, answer) })
	got, err := c.Raw(t.Context(), outbound.Call{Operation: "get_thing", Path: outbound.Path("things")})
	require.NoError(t, err)
	require.Equal(t, answer, string(got))
}

func TestARawAnswerIsBoundedToo(t *testing.T) {
	t.Parallel()
	c := client(t, func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, strings.Repeat("x", 65)) },
		func(o *outbound.Options) { o.MaxAnswer = 64 })
	_, err := c.Raw(t.Context(), outbound.Call{Operation: "get_thing", Path: outbound.Path("things")})
	require.Equal(t, outbound.Unknown, asError(t, err).Outcome)
	require.Equal(t, 200, asError(t, err).Status)
}
