package embed_test

import (
	"flag"
	"os"
	"runtime"
	"strconv"
	"testing"
)

// A system waits more than it computes: three of them share a processor, unless -parallel says otherwise.
func TestMain(m *testing.M) {
	flag.Parse()
	parallel := flag.Lookup("test.parallel")
	if parallel.Value.String() == parallel.DefValue {
		_ = flag.Set("test.parallel", strconv.Itoa(3*runtime.GOMAXPROCS(0)))
	}
	os.Exit(m.Run())
}
