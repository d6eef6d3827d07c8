package recall_test

import (
	"io"
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tertulia-dev/tertulia/infrastructure/sandbox/sandboxtest"
)

func TestTheSameIdempotencyKeyMakesOneNotetakerForAnHour(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	first := w.call("POST", "/bot/", request(nil), "Idempotency-Key", "k1")
	again := w.call("POST", "/bot", request(nil), "Idempotency-Key", "k1")
	require.Equal(t, first.raw, again.raw)
	require.EqualValues(t, 1, w.call("GET", "/bot/", nil).body["count"])

	w.AdvanceClock(time.Hour)
	later := w.call("POST", "/bot/", request(nil), "Idempotency-Key", "k1")
	require.NotEqual(t, first.body["id"], later.body["id"])
}

func TestAKept507IsAnsweredAgainUntilTheKeyChanges(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.RecallSettings(object{"pool": 0})
	require.Equal(t, 507, w.call("POST", "/bot/", request(nil), "Idempotency-Key", "k1").status)
	w.RecallSettings(object{"pool": 10})
	require.Equal(t, 507, w.call("POST", "/bot/", request(nil), "Idempotency-Key", "k1").status)
	require.Equal(t, 201, w.call("POST", "/bot/", request(nil), "Idempotency-Key", "k2").status)
}

func TestALostAnswerIsFoundAgainWithTheSameKey(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.Fault(sandboxtest.Fault{Vendor: "recall", Method: "POST", Path: "/api/v1/bot/", Drop: "after"})
	q, err := http.NewRequestWithContext(t.Context(), http.MethodPost, w.URL("recall")+"/api/v1/bot/",
		http.NoBody)
	require.NoError(t, err)
	q.Header.Set("Authorization", "Token sandbox-key")
	_, err = http.DefaultClient.Do(q)
	require.Error(t, err)

	w.Fault(sandboxtest.Fault{Vendor: "recall", Method: "POST", Path: "/api/v1/bot/", Drop: "after", Status: 502})
	a := w.call("POST", "/bot/", request(nil), "Idempotency-Key", "k1")
	require.Equal(t, 502, a.status)
	require.EqualValues(t, 1, w.call("GET", "/bot/?metadata__meeting_id=m1", nil).body["count"], "it acted")
	a = w.call("POST", "/bot/", request(nil), "Idempotency-Key", "k1")
	require.Equal(t, 201, a.status)
	require.EqualValues(t, 1, w.call("GET", "/bot/?metadata__meeting_id=m1", nil).body["count"])
}

func TestRequestsWithTheSameKeyAtOnceMakeOneNotetaker(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	statuses := make([]int, 20)
	var all sync.WaitGroup
	for i := range statuses {
		all.Go(func() { statuses[i] = w.call("POST", "/bot/", request(nil), "Idempotency-Key", "k1").status })
	}
	all.Wait()
	for _, status := range statuses {
		require.Contains(t, []int{201, 409}, status)
	}
	require.Contains(t, statuses, 201)
	require.EqualValues(t, 1, w.call("GET", "/bot/", nil).body["count"])
}

func TestAKeyInFlightIsAConflict(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	body, hold := io.Pipe()
	q, err := http.NewRequestWithContext(t.Context(), http.MethodPost, w.URL("recall")+"/api/v1/bot/", body)
	require.NoError(t, err)
	q.Header.Set("Authorization", "Token sandbox-key")
	q.Header.Set("Idempotency-Key", "k1")
	answered := make(chan int, 1)
	go func() {
		got, err := http.DefaultClient.Do(q)
		if err != nil {
			answered <- 0
			return
		}
		_ = got.Body.Close()
		answered <- got.StatusCode
	}()
	require.Eventually(t, func() bool { return w.Calls("recall", "POST /api/v1/bot") == 1 }, patient, time.Millisecond)
	_, err = io.WriteString(hold, `{"meeting_url":"`+meet+`"`)
	require.NoError(t, err)
	require.Equal(t, 409, w.call("POST", "/bot/", request(nil), "Idempotency-Key", "k1").status)

	_, err = io.WriteString(hold, `}`)
	require.NoError(t, err)
	require.NoError(t, hold.Close())
	require.Equal(t, 201, <-answered)
}
