package meetingstask

import (
	"context"
	"encoding/json"

	"github.com/tertulia-dev/tertulia/infrastructure/queue"
	meetingsuc "github.com/tertulia-dev/tertulia/usecase/meetings"
	"github.com/tertulia-dev/tertulia/usecase/port"
)

// registerMoments registers what is found in the words of meetings: the index of those from before, and the counts of
// trackers, of which every analysis makes new ones.
func registerMoments(r *queue.Registry, uc *meetingsuc.Moments) {
	queue.Handle(r, queue.Kind{Class: queue.Bulk, Concurrency: indexingAtOnce}, func(ctx context.Context, run queue.Run, job meetingsuc.IndexTranscript) error {
		return uc.IndexOne.Execute(ctx, run.Workspace, job.Meeting)
	})
	queue.Handle(r, queue.Kind{Class: queue.Bulk}, func(ctx context.Context, run queue.Run, job meetingsuc.IndexTranscripts) error {
		return uc.IndexMissing.Execute(ctx, run.Workspace, job.After)
	})
	queue.Handle(r, queue.Kind{Class: queue.Bulk, Concurrency: indexingAtOnce}, func(ctx context.Context, run queue.Run, job meetingsuc.RereadTranscripts) error {
		return uc.Reread.Execute(ctx, run.Workspace, job.After)
	})
	queue.Handle(r, queue.Kind{Class: queue.Bulk}, func(ctx context.Context, run queue.Run, job meetingsuc.CountMentions) error {
		return uc.CountTrackers.Meeting(ctx, run.Workspace, job.Meeting)
	})
	queue.Handle(r, queue.Kind{Class: queue.Bulk}, func(ctx context.Context, run queue.Run, job meetingsuc.CountTracker) error {
		return uc.CountTrackers.Tracker(ctx, run.Workspace, job)
	})
	r.Subscribe("trackers", []string{meetingsuc.EventCompleted, meetingsuc.EventReanalyzed}, func(e queue.Recorded) port.Job {
		var event meetingsuc.MeetingEvent
		if err := json.Unmarshal(e.Payload, &event); err != nil {
			return nil // it is our own: what cannot be read is told of by the notifications' bridge
		}
		return meetingsuc.CountMentions{Meeting: event.Meeting}
	})
}
