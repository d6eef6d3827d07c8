package heap

import (
	"os"
	"os/exec"
	"runtime"
	"runtime/metrics"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestASmallHeapGetsRoomAndALargeOneGrowsAsEver(t *testing.T) {
	t.Parallel()
	require.Equal(t, 6300, percent(0), "a heap that was never collected")
	require.Equal(t, 300, percent(16<<20))
	require.Equal(t, 100, percent(32<<20))
	require.Equal(t, 100, percent(1<<30))
}

const childVariable = "HEAP_TEST_CHILD"

// The setting is the whole process's: it is tried in processes of their own.
func TestTheSettingFollowsTheHeap(t *testing.T) {
	t.Parallel()
	for _, gogc := range []string{"", "70"} {
		child := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestAsAProcess$") //nolint:gosec // this very binary
		child.Env = append(os.Environ(), childVariable+"=yes", "GOGC="+gogc)
		out, err := child.CombinedOutput()
		require.NoError(t, err, "GOGC=%s: %s", gogc, out)
	}
}

func TestAsAProcess(t *testing.T) { //nolint:paralleltest // alone in its process
	if os.Getenv(childVariable) == "" {
		t.Skip("a child of TestTheSettingFollowsTheHeap")
	}
	GiveRoom()
	if os.Getenv("GOGC") == "70" {
		requirePercent(t, make([]byte, 15<<20), 70, 70)
		return
	}
	requirePercent(t, make([]byte, 15<<20), 240, 330)
	requirePercent(t, make([]byte, 90<<20), 100, 100)
	requirePercent(t, make([]byte, 15<<20), 240, 330)
}

// requirePercent holds that the setting gets between two bounds while something is kept: the collection is over a moment before
// its end is told.
func requirePercent(t *testing.T, kept []byte, low, high uint64) {
	t.Helper()
	sample := []metrics.Sample{{Name: "/gc/gogc:percent"}}
	require.Eventually(t, func() bool {
		runtime.GC()
		metrics.Read(sample)
		now := sample[0].Value.Uint64()
		return now >= low && now <= high
	}, 10*time.Second, time.Millisecond)
	runtime.KeepAlive(kept)
}
