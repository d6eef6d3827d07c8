package batchcallshttp

import (
	"context"

	"golang.org/x/sync/semaphore"
)

// Bounds of what is worked on at once. A body takes several times its length while it is read, stored and sent on, and two
// processors are no faster with eight of them than with two.
const (
	smallBody = 64 << 10 // waits for nobody
	deskRoom  = 4 << 20
)

// desk is where large submissions wait for each other.
type desk struct{ room *semaphore.Weighted }

func newDesk() desk { return desk{semaphore.NewWeighted(deskRoom)} }

// enter waits until a body of that length may be worked on. An error says that ctx has ended before.
func (d desk) enter(ctx context.Context, length int) (leave func(), err error) {
	if length <= smallBody {
		return func() {}, nil
	}
	weight := min(int64(length), deskRoom)
	if err := d.room.Acquire(ctx, weight); err != nil {
		return nil, err
	}
	return func() { d.room.Release(weight) }, nil
}
