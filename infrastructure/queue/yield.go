package queue

import (
	"sync"
	"time"
)

// How jobs of the Bulk class make room for the more urgent.
const (
	nap       = 5 * time.Millisecond
	overslept = 500 * time.Microsecond
	quietNaps = 10                     // in time, one after the other: a machine that is busy has its moments, too
	mostNaps  = 40                     // then the one that waits goes in, whatever the machine does
	staysOpen = 100 * time.Millisecond // for everybody, once the machine was found to have room
)

// door is where the jobs of the Bulk class wait until the machine has processor time to spare: what is in the class is
// not waited for, and would otherwise take its even share from what is. On a machine that is busy for good they go in
// one every 200 ms, so that none of them starves.
type door struct {
	isBusy func() bool // the machine, in the moment that this takes

	turn      sync.Mutex // of the one that looks whether there is room
	openUntil time.Time
}

// pass returns when a job may begin, or the worker is closing.
func (d *door) pass(isClosing func() bool) {
	d.turn.Lock()
	defer d.turn.Unlock()
	if time.Now().Before(d.openUntil) {
		return
	}
	quiet := 0
	for range mostNaps {
		if quiet++; d.isBusy() {
			quiet = 0
		}
		if isClosing() {
			return
		}
		if quiet == quietNaps {
			d.openUntil = time.Now().Add(staysOpen)
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

// makeRoom has a job wait for its turn when it is of the Bulk class, be it fresh from Redis or parked.
func (r *runner) makeRoom(k *kind) {
	if r.door != nil && k.Class == Bulk {
		r.door.pass(r.isClosing)
	}
}

func (r *runner) isClosing() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.closing
}
