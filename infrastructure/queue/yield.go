package queue

import "time"

// How a job of the Bulk class makes room for the more urgent.
const (
	nap       = 5 * time.Millisecond
	overslept = 500 * time.Microsecond
	quietNaps = 10 // in time, one after the other: a machine that is busy has its moments, too
	mostNaps  = int(2 * time.Second / nap)
)

// makeRoom has a job of the Bulk class, be it fresh from Redis or parked, wait until the machine has processor time to spare,
// or has had none for some two seconds: then it begins, whatever the machine does. What is in the class is not waited for,
// and would otherwise take its even share from what is.
func (r *runner) makeRoom(k *kind) {
	if r.isBusy == nil || k.Class != Bulk {
		return
	}
	quiet := 0
	for range mostNaps {
		if quiet++; r.isBusy() {
			quiet = 0
		}
		if quiet == quietNaps || r.isClosing() {
			return
		}
	}
}

// wakesLate sleeps for a moment and reports whether the machine is busy: who sleeps on a busy one is woken late.
func wakesLate() bool {
	begun := time.Now()
	time.Sleep(nap)
	return time.Since(begun) > nap+overslept
}

func (r *runner) isClosing() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.closing
}
