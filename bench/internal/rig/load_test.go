package rig_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tertulia-dev/tertulia/bench/internal/rig"
)

// long is an answer that goes beyond every buffer.
func long() string { return `{"success":true,` + strings.Repeat("x", 300_000) }

func serve(t *testing.T, answer http.HandlerFunc) string {
	t.Helper()
	s := httptest.NewServer(answer)
	t.Cleanup(s.Close)
	return s.URL
}

func whole(w http.ResponseWriter) {
	w.Header().Set("Content-Length", "300016")
	_, _ = w.Write([]byte(long()))
}

func inChunks(w http.ResponseWriter) {
	for part := range strings.SplitSeq(long(), ",") {
		_, _ = w.Write([]byte(part + ","))
		w.(http.Flusher).Flush()
	}
}

func TestAnAnswerIsReadToItsEnd(t *testing.T) {
	t.Parallel()
	for name, answer := range map[string]func(http.ResponseWriter){"with a length": whole, "in chunks": inChunks} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			url := serve(t, func(w http.ResponseWriter, _ *http.Request) { answer(w) })
			c, err := rig.Dial(t.Context(), url)
			require.NoError(t, err)
			defer func() { _ = c.Close() }()
			for range 3 { // what is left of one answer would be taken for the next
				got, err := c.Do(rig.Get(url, "/", ""))
				require.NoError(t, err)
				require.Equal(t, http.StatusOK, got.Status)
				require.Equal(t, `{"success":true,`, string(got.Begin[:16]))
			}
		})
	}
}

func TestAWrongAnswerEndsTheLoad(t *testing.T) {
	t.Parallel()
	for name, answer := range map[string]http.HandlerFunc{
		"its status": func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(http.StatusInternalServerError)
			_, _ = w.Write([]byte(`{"success":true}`))
		},
		"its body": func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte(`{"success":false}`)) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			url := serve(t, answer)
			q := rig.Same(url, rig.Get(url, "/", ""))
			q.Begins = `{"success":true`
			_, err := rig.Hammer(t.Context(), q, 2, time.Minute)
			require.ErrorContains(t, err, "success")
		})
	}
}

func TestEachRequestIsAsItsConnectionRendersIt(t *testing.T) {
	t.Parallel()
	var bodies atomic.Int64
	url := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodPost && r.ContentLength == 4 {
			bodies.Add(1)
		}
		_, _ = w.Write([]byte("good"))
	})
	var rendered atomic.Int64
	l, err := rig.Hammer(t.Context(), rig.Question{Base: url, Begins: "good", Each: func() func() []byte {
		return func() []byte { rendered.Add(1); return rig.PostJSON(url, "/", []byte("four")) }
	}}, 3, 0)
	require.NoError(t, err)
	require.Len(t, l.Took, 3) // once each at least, although there was no time
	require.EqualValues(t, 3, rendered.Load())
	require.EqualValues(t, 3, bodies.Load())
}

func TestWhatWaitsBehindASlowAnswerCountsFromWhenItWasDue(t *testing.T) {
	t.Parallel()
	var asked atomic.Int64
	released := make(chan struct{})
	url := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		if asked.Add(1) == 1 {
			<-released
		}
		_, _ = w.Write([]byte("good"))
	})
	time.AfterFunc(100*time.Millisecond, func() { close(released) })
	l, err := rig.Paced(t.Context(), rig.Same(url, rig.Get(url, "/", "")), 10*time.Millisecond, 100*time.Millisecond)
	require.NoError(t, err)
	require.Len(t, l.Took, 10)
	require.Greater(t, rig.Quantile(l.Took, .5), 30*time.Millisecond) // half of them waited for the first
}
