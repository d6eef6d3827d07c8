package agentshttp_test

import (
	"fmt"
	"net"
	"os"
	"runtime"
	"runtime/debug"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// crowd is who listens, and what is asked of the server.
type crowd struct {
	streams, stalled int
	late             time.Duration // the 99th percentile of a piece's age
}

// newCrowd is a small one on a machine that has other things to do, or, by hand and at the product's own pace:
// CHAT_STREAMS=2000 CHAT_STALLED=50 CHAT_PACE=1s go test -run Stall -v ./adapter/agents/agentshttp
func newCrowd() crowd {
	streams, err := strconv.Atoi(os.Getenv("CHAT_STREAMS"))
	if err != nil {
		return crowd{streams: 300, stalled: 5, late: 1500 * time.Millisecond}
	}
	stalled, _ := strconv.Atoi(os.Getenv("CHAT_STALLED"))
	return crowd{streams: streams, stalled: stalled, late: 500 * time.Millisecond}
}

// pace is how long a model takes for a piece of an answer: CHAT_PACE, 200 ms.
func pace() time.Duration {
	if d, err := time.ParseDuration(os.Getenv("CHAT_PACE")); err == nil {
		return d
	}
	return 200 * time.Millisecond
}

const (
	flood    = "mucho" // the question that is answered with more than a socket holds
	patience = 20 * time.Second
)

// taken is the memory that a process has, in bytes: what it uses, and what the system gives it.
type taken struct{ heap, stack, resident int64 }

// since is what has come since then, of so many each.
func (m taken) since(then taken, n int) taken {
	share := func(now, then int64) int64 { return (now - then) / int64(n) }
	return taken{share(m.heap, then.heap), share(m.stack, then.stack), share(m.resident, then.resident)}
}

func inUse(t *testing.T) taken {
	t.Helper()
	for range 4 { // what pools hold goes with the second; a stack halves with each
		runtime.GC()
	}
	debug.FreeOSMemory()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	var size, resident int64
	if raw, err := os.ReadFile("/proc/self/statm"); err == nil { // Linux has it
		_, err = fmt.Sscan(string(raw), &size, &resident) // in pages
		require.NoError(t, err)
	}
	return taken{heap: int64(m.HeapAlloc), stack: int64(m.StackInuse), resident: resident * int64(os.Getpagesize())}
}

func TestReadersWhoStallAreCutOffAndSlowNobody(t *testing.T) {
	t.Parallel()
	c := newCrowd()
	h := newHall(t, c.streams)
	before := inUse(t)
	leave := h.seat(t, c.stalled, c.streams)
	during := inUse(t)
	each := during.since(before, c.streams-c.stalled)
	began := time.Now()
	for person := range c.stalled {
		conn, err := ask(h.addr, h.meeting.String(), person, flood)
		require.NoError(t, err)
		defer conn.Close() // and nobody reads
		require.NoError(t, conn.(*net.TCPConn).SetReadBuffer(4096))
	}
	require.Eventually(t, func() bool { return h.model.flooding.Load() == int64(c.stalled) }, patience, 10*time.Millisecond)
	require.Eventually(t, func() bool { return h.model.ended.Load() == int64(c.stalled) }, patience, 50*time.Millisecond,
		"the answers of those who stall are cancelled, since nobody follows them any more")
	cut := time.Since(began)
	close(h.model.home)
	heard := leave()
	t.Logf("%d streams, %d stalled: p50 %v, p99 %v of %d pieces; stalled cut after %v; %d B of heap and %d B of stack a stream, resident %d B",
		c.streams, c.stalled, heard.P50, heard.P99, heard.Pieces, cut, each.heap, each.stack, each.resident)
	require.Less(t, heard.P99, c.late)
	require.Less(t, cut, 10*time.Second, "since they asked")
	require.Less(t, each.heap+each.stack, int64(40_000))
}
