package queue

import "time"

// How a job of the Bulk class makes room for the more urgent.
const (
	nap       = 5 * time.Millisecond
	overslept = 500 * time.Microsecond
	mostNaps  = int(2 * time.Second / nap) // then it goes on, whatever the machine does
)

// yieldToUrgent returns when the machine has processor time to spare, or has had none for two seconds. What is in the Bulk
// class is not waited for, and would otherwise take its even share from what is.
func (r *runner) yieldToUrgent(isBusy func() bool) {
	for range mostNaps {
		if !isBusy() || r.isClosing() {
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
