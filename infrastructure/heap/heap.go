// Package heap gives a process with little in memory room before it collects its garbage.
//
// Go collects when the heap has grown by what was alive in it. A server that keeps 15 MB alive, and makes as much garbage
// in a few dozen requests, spends a fifth of its processor time on that.
package heap

import (
	"os"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
)

// floor is how large a heap is let grow before it is collected, however little of it is alive, in bytes.
const floor = 64 << 20

// goDefault is Go's own percentage: a heap that keeps more than half the floor alive is collected as ever.
const goDefault = 100

// GiveRoom has the collector wait, from now on, until the heap has 64 MB, or twice what is alive when that is more. A GOGC
// in the environment wins: then it does nothing. For main functions: it is a setting of the whole process.
func GiveRoom() {
	if os.Getenv("GOGC") == "" {
		adjust()
	}
}

// adjust sets the percentage by what is alive, and does so again after the next collection, which it learns of by the end of
// an object that nobody keeps.
func adjust() {
	debug.SetGCPercent(percent(alive()))
	type sentinel struct{ _ [16]byte } // with a tiny one's neighbours it might live on
	runtime.AddCleanup(new(sentinel), func(struct{}) { adjust() }, struct{}{})
}

// percent is how much of what is alive may be allocated before the next collection.
func percent(alive uint64) int {
	alive = max(alive, 1<<20)
	return max(goDefault, int(floor*100/alive)-100)
}

// alive is what the last collection left, in bytes.
func alive() uint64 {
	sample := []metrics.Sample{{Name: "/gc/heap/live:bytes"}}
	metrics.Read(sample)
	return sample[0].Value.Uint64()
}
