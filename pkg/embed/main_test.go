package embed_test

import (
	"flag"
	"log/slog"
	"os"
	"runtime"
	"strconv"
	"testing"

	"github.com/tertulia-dev/tertulia/infrastructure/telemetry"
)

// A system waits more than it computes: three of them share a processor, unless -parallel says otherwise.
func TestMain(m *testing.M) {
	flag.Parse()
	parallel := flag.Lookup("test.parallel")
	if parallel.Value.String() == parallel.DefValue {
		_ = flag.Set("test.parallel", strconv.Itoa(3*runtime.GOMAXPROCS(0)))
	}
	telemetry.AdoptRedis(slog.New(slog.DiscardHandler)) // some have a Redis that cannot be reached
	os.Exit(m.Run())
}
