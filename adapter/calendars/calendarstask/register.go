// Package calendarstask runs the jobs of calendars.
package calendarstask

import (
	"context"

	"github.com/tertulia-dev/tertulia/infrastructure/queue"
	calendarsuc "github.com/tertulia-dev/tertulia/usecase/calendars"
)

const (
	attempts = 5 // then it is the next poll's turn
	atOnce   = 4 // a feed that drips must not take the places of what people wait for
)

// Register registers the handler of polls.
func Register(r *queue.Registry, poll *calendarsuc.PollFeed) {
	queue.Handle(r, queue.Kind{Class: queue.Bulk, MaxAttempts: attempts, Concurrency: atOnce},
		func(ctx context.Context, run queue.Run, job calendarsuc.PollCalendarFeed) error {
			return poll.Execute(ctx, run.Workspace, job.Feed, run.Last())
		})
}
