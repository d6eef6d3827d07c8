package elevenlabs_test

import (
	"bytes"
	"fmt"
	"net/http"
	"net/http/httptest"
	"runtime"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tertulia-dev/tertulia/infrastructure/sandbox/core"
	"github.com/tertulia-dev/tertulia/infrastructure/sandbox/elevenlabs"
)

// tenThousand is a body of 1.9 MB, the nth of its kind.
func tenThousand(n int) []byte {
	var b bytes.Buffer
	b.WriteString(`{"call_name":"Campaña","agent_id":"agent_1","agent_phone_number_id":"phnum_1","recipients":[`)
	for i := range 10_000 {
		if i > 0 {
			b.WriteByte(',')
		}
		fmt.Fprintf(&b, `{"id":"0193d2a4-7c1e-7000-8000-%012d","phone_number":"%s","conversation_initiation_client_data":{"dynamic_variables":{"nombre":"Juan","monto":299.99,"empresa":"Del Valle"}}}`,
			n*10_000+i, phone(n*10_000+i))
	}
	b.WriteString(`]}`)
	return b.Bytes()
}

func ask(d http.Handler, method, path string, body []byte) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, path, bytes.NewReader(body))
	r.Header.Set("xi-api-key", "sandbox-key")
	got := httptest.NewRecorder()
	d.ServeHTTP(got, r)
	return got
}

// Not parallel: it weighs the heap.
func TestFiftyThousandRecipientsNeedLittle(t *testing.T) {
	heap := func() uint64 {
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return m.HeapAlloc
	}
	before, began := heap(), time.Now()
	d := elevenlabs.New(core.NewEnv(core.Env{}), elevenlabs.Options{})
	for n := range 5 {
		require.Equal(t, 200, ask(d, "POST", batches+"/submit", tenThousand(n)).Code)
	}
	require.Eventually(t, func() bool {
		list := ask(d, "GET", batches+"/workspace", nil).Body.Bytes()
		return bytes.Count(list, []byte(`"status":"completed"`)) == 5
	}, time.Minute, 10*time.Millisecond)
	used := (heap() - before) >> 20
	t.Logf("five batches of ten thousand: %s, %d MB", time.Since(began).Round(time.Millisecond), used)
	require.Less(t, used, uint64(100), "megabytes")
	dialled := httptest.NewRecorder()
	d.Control().ServeHTTP(dialled, httptest.NewRequest(http.MethodGet, "/dialled", http.NoBody))
	require.Equal(t, 50_000, bytes.Count(dialled.Body.Bytes(), []byte(`"phone_number"`)))
	require.NoError(t, d.Close())
}

func BenchmarkSubmitTenThousand(b *testing.B) {
	body := tenThousand(0)
	for b.Loop() {
		b.StopTimer()
		d := elevenlabs.New(core.NewEnv(core.Env{}), elevenlabs.Options{})
		b.StartTimer()
		if ask(d, "POST", batches+"/submit", body).Code != 200 {
			b.Fatal()
		}
		b.StopTimer()
		_ = d.Close()
		b.StartTimer()
	}
}
