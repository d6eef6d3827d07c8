// Package meetingstask runs the jobs of meetings.
package meetingstask

import (
	"context"
	"time"

	"github.com/tertulia-dev/tertulia/domain/fault"
	"github.com/tertulia-dev/tertulia/domain/meetings"
	"github.com/tertulia-dev/tertulia/infrastructure/queue"
	meetingsuc "github.com/tertulia-dev/tertulia/usecase/meetings"
)

// Attempts and pauses. A vendor's outage of some hours is outlasted; a notetaker that comes later than that is no use.
const (
	sendAttempts     = 60
	sendPause        = 30 * time.Second
	analyseAttempts  = 8
	analyseTimeout   = 10 * time.Minute
	downloadAttempts = 12
	downloadTimeout  = time.Hour
	syncAttempts     = 12
	eraseAttempts    = 24 * 12 // a day: a notetaker in a call has to leave it first, and vendors have outages
	erasePause       = 5 * time.Minute
	eventsAtOnce     = 2 // more would take the transcripts' places
	downloadsAtOnce  = 2 // of audio and of video each: they fill the line as it is, and nobody waits for them
	indexingAtOnce   = 1 // more would only take the analyses' places at the database
	syncsAtOnce      = 4 // they wait for the CRM's rate limit; more of them would take the analyses' places
)

// Register registers the handlers of every job of meetings.
func Register(r *queue.Registry, uc *meetingsuc.UseCases, inbox *Inbox) {
	apply := func(ctx context.Context, run queue.Run, job meetingsuc.RecallEvent) error {
		if job.Topic != "" {
			return gone(uc.ApplyEvent.ExecuteWaiting(ctx, run.Workspace, job.Topic))
		}
		event, err := inbox.load(ctx, run.Workspace, job.Event)
		if err != nil {
			return err
		}
		return gone(uc.ApplyEvent.Execute(ctx, run.Workspace, event))
	}
	queue.Handle(r, queue.Kind{Class: queue.Urgent, Concurrency: eventsAtOnce, Gathers: true}, apply)
	queue.Handle(r, queue.Kind{Class: queue.Urgent}, func(ctx context.Context, run queue.Run, job meetingsuc.RecallTranscript) error {
		return apply(ctx, run, meetingsuc.RecallEvent(job))
	})
	queue.Handle(r, queue.Kind{Class: queue.Urgent, MaxAttempts: sendAttempts, Backoff: every(sendPause)},
		func(ctx context.Context, run queue.Run, job meetingsuc.SendNotetaker) error {
			return gone(uc.FinishSending.Execute(ctx, run.Workspace, job.Meeting, run.Last()))
		})
	queue.Handle(r, queue.Kind{MaxAttempts: sendAttempts}, func(ctx context.Context, run queue.Run, job meetingsuc.ReleaseNotetaker) error {
		return gone(uc.CallOff.Execute(ctx, run.Workspace, job.Meeting))
	})
	queue.Handle(r, queue.Kind{MaxAttempts: sendAttempts}, func(ctx context.Context, run queue.Run, job meetingsuc.WatchMeeting) error {
		return gone(uc.LookAfter.Execute(ctx, run.Workspace, job.Meeting, job.Round))
	})
	queue.Handle(r, queue.Kind{Class: queue.Bulk}, func(ctx context.Context, run queue.Run, job meetingsuc.MeterNotetaker) error {
		return gone(uc.Meter.Execute(ctx, run.Workspace, job.Meeting))
	})
	registerPipeline(r, uc)
	registerMoments(r, uc.Moments)
}

func registerPipeline(r *queue.Registry, uc *meetingsuc.UseCases) {
	queue.Handle(r, queue.Kind{MaxAttempts: analyseAttempts, Timeout: analyseTimeout},
		func(ctx context.Context, run queue.Run, job meetingsuc.AnalyzeTranscript) error {
			return gone(uc.Analyze.Execute(ctx, meetingsuc.AnalyzeInput{
				Workspace: run.Workspace, Meeting: job.Meeting, Again: job.Again, Subtype: job.Subtype, Last: run.Last(),
			}))
		})
	download := queue.Kind{Class: queue.Bulk, Concurrency: downloadsAtOnce, MaxAttempts: downloadAttempts, Timeout: downloadTimeout}
	queue.Handle(r, download, func(ctx context.Context, run queue.Run, job meetingsuc.DownloadAudio) error {
		return gone(uc.Download.Execute(ctx, run.Workspace, job.Meeting, meetingsuc.Audio, run.Last()))
	})
	queue.Handle(r, download, func(ctx context.Context, run queue.Run, job meetingsuc.DownloadVideo) error {
		return gone(uc.Download.Execute(ctx, run.Workspace, job.Meeting, meetingsuc.Video, run.Last()))
	})
	queue.Handle(r, queue.Kind{Class: queue.Bulk, MaxAttempts: eraseAttempts, Backoff: every(erasePause)},
		func(ctx context.Context, run queue.Run, job meetingsuc.EraseMeeting) error {
			return uc.Erase.Execute(ctx, run.Workspace, job)
		})
	queue.Handle(r, queue.Kind{MaxAttempts: syncAttempts, Concurrency: syncsAtOnce}, func(ctx context.Context, run queue.Run, job meetingsuc.SyncHubSpot) error {
		return gone(uc.SyncCRM.Execute(ctx, meetingsuc.SyncCRMInput{
			Workspace: run.Workspace, Meeting: job.Meeting, Job: run.ID, Last: run.Last(),
		}))
	})
}

// gone ends the job of a meeting that is not there any more: nobody waits for it.
func gone(err error) error {
	if fault.CodeOf(err) == meetings.MeetingNotFound {
		return nil
	}
	return err
}

func every(d time.Duration) func(int) time.Duration {
	return func(int) time.Duration { return d }
}
