package meetingsuc

import (
	"context"
	"fmt"

	"github.com/tertulia-dev/tertulia/domain/kernel"
	"github.com/tertulia-dev/tertulia/domain/meetings"
	"github.com/tertulia-dev/tertulia/usecase/port"
)

// Subject is what an event of the vendor is about.
type Subject string

// Subjects. Others are of no interest.
const (
	AboutBot        Subject = "bot"
	AboutRecording  Subject = "recording"
	AboutTranscript Subject = "transcript"
	AboutVideo      Subject = "video_mixed"
	AboutAudio      Subject = "audio_mixed"
)

// NotetakerEvent is one webhook of the notetaker vendor, decoded.
type NotetakerEvent struct {
	Subject    Subject
	Bot        meetings.BotID // may be empty
	Meeting    meetings.ID    // from the notetaker's metadata; may be empty
	Recording  meetings.RecordingID
	Transcript meetings.TranscriptID
	Report     meetings.BotEvent // its code is "done", "failed", … for what is not about the bot
}

// Matters reports whether the event can change a meeting. Half of what the vendor sends cannot.
func (e NotetakerEvent) Matters() bool {
	switch e.Subject {
	case AboutBot:
		return true
	case AboutTranscript:
		return e.Report.Code == "done" || e.Report.Code == "failed"
	case AboutRecording, AboutVideo, AboutAudio:
		return e.Report.Code == "done"
	default:
		return false
	}
}

// ApplyNotetakerEvent lets a meeting follow what the vendor reports. Events may come twice, late and in any order.
type ApplyNotetakerEvent struct {
	*changer
	reader      port.Reader
	reads       MeetingReads
	transcripts Transcripts
	notetakers  Notetakers
}

// Execute applies one event. An event of a notetaker that is not the meeting's changes nothing.
func (uc *ApplyNotetakerEvent) Execute(ctx context.Context, ws kernel.WorkspaceID, e NotetakerEvent) error {
	id, found, err := uc.meetingOf(ctx, ws, e)
	if err != nil {
		return fmt.Errorf("apply notetaker event: %w", err)
	}
	if !found {
		return uc.finish(ctx, ws)
	}
	if e.Subject == AboutBot && isEnd(e.Report.Code) {
		if e.Report.HasMedia, err = uc.hasMedia(ctx, e.Bot); err != nil {
			return fmt.Errorf("apply notetaker event: %w", err)
		}
	}
	_, err = uc.change(ctx, ws, id, func(ctx context.Context, m *meetings.Meeting) error {
		if err := uc.apply(ctx, m, e); err != nil {
			return err
		}
		return uc.jobs.Finish(ctx)
	})
	if err != nil {
		return fmt.Errorf("apply notetaker event: %w", err)
	}
	return nil
}

// meetingOf finds the meeting by the metadata that we sent along, else by the notetaker.
func (uc *ApplyNotetakerEvent) meetingOf(ctx context.Context, ws kernel.WorkspaceID, e NotetakerEvent) (id meetings.ID, found bool, err error) {
	if e.Meeting != "" {
		return e.Meeting, true, nil
	}
	if e.Bot == "" {
		return "", false, nil
	}
	err = uc.reader.Read(ctx, ws, func(ctx context.Context) error {
		id, found, err = uc.reads.FindByNotetaker(ctx, ws, e.Bot)
		return err
	})
	return id, found, err
}

// isEnd reports whether an event may end a meeting that in truth has been recorded.
func isEnd(code string) bool { return code == "fatal" || code == "call_ended" }

// hasMedia asks the vendor before a failure is believed.
func (uc *ApplyNotetakerEvent) hasMedia(ctx context.Context, bot meetings.BotID) (bool, error) {
	if bot == "" {
		return false, nil
	}
	progress, err := uc.notetakers.Progress(ctx, bot)
	return progress.HasRecording, ignoreNotFound(err)
}

// apply changes the meeting and enqueues what the event makes possible.
func (uc *ApplyNotetakerEvent) apply(ctx context.Context, m *meetings.Meeting, e NotetakerEvent) error {
	if e.Bot != "" {
		if err := uc.adopt(ctx, m, e.Bot); err != nil { // the answer that told us of it may be lost
			return err
		}
		if e.Bot != m.Bot.ID {
			return nil
		}
	}
	if e.Report.At.IsZero() {
		e.Report.At = uc.clock.Now() // the vendor did not say when
	}
	done := e.Report.Code == "done"
	switch {
	case e.Subject == AboutBot:
		m.Bot.LastCode = e.Report.Code
		e.Report.HasMedia = e.Report.HasMedia || m.Recording.ID != ""
		if t, ok := e.Report.Transition(); ok {
			*m, _ = m.Apply(t)
		}
		if done {
			return uc.notetakerGone(ctx, m)
		}
	case e.Subject == AboutTranscript && done:
		return uc.transcriptReady(ctx, m, e.Transcript)
	case e.Subject == AboutTranscript && e.Report.Code == "failed" && m.Recording.Transcript == "":
		*m, _ = m.Apply(meetings.Fail(e.Report.At, meetings.TranscriptFailed))
	case e.Subject == AboutRecording && done:
		m.Recording.ID = e.Recording
		return uc.mediaReady(ctx, m, Audio, Video)
	case e.Subject == AboutVideo && done:
		return uc.mediaReady(ctx, m, Video)
	case e.Subject == AboutAudio && done:
		return uc.mediaReady(ctx, m, Audio)
	}
	return nil
}

// notetakerGone notes that the notetaker has shut down, and has its time metered, once.
func (uc *ApplyNotetakerEvent) notetakerGone(ctx context.Context, m *meetings.Meeting) error {
	if m.Bot.State == meetings.BotGone || m.Bot.ID == "" {
		return nil
	}
	m.Bot.State = meetings.BotGone
	_, err := uc.jobs.Enqueue(ctx, m.Workspace, MeterNotetaker{Meeting: m.ID})
	return err
}

// transcriptReady starts the one automatic analysis of a transcript: not when it has been started, unless that has failed,
// and not when the transcript is ours already.
func (uc *ApplyNotetakerEvent) transcriptReady(ctx context.Context, m *meetings.Meeting, id meetings.TranscriptID) error {
	isStarted := id != "" && id == m.Recording.Transcript && m.Status != meetings.Failed
	if isStarted || m.Status == meetings.Cancelled {
		return nil
	}
	m.Recording.Transcript = id
	known, err := uc.transcripts.Exists(ctx, m.Workspace, m.ID)
	if err != nil || known {
		return err
	}
	*m, _ = m.Apply(meetings.TranscriptArrived(uc.clock.Now()))
	_, err = uc.jobs.Enqueue(ctx, m.Workspace, AnalyzeTranscript{Meeting: m.ID})
	return err
}

// mediaReady starts the download of what has not been downloaded.
func (uc *ApplyNotetakerEvent) mediaReady(ctx context.Context, m *meetings.Meeting, kinds ...MediaKind) error {
	if m.Status == meetings.Cancelled {
		return nil
	}
	for _, kind := range kinds {
		media := mediaOf(m, kind)
		if media.State != meetings.MediaNone {
			continue
		}
		media.State = meetings.MediaPending
		if _, err := uc.jobs.Enqueue(ctx, m.Workspace, downloadJob(m.ID, kind)); err != nil {
			return err
		}
	}
	return nil
}

func mediaOf(m *meetings.Meeting, kind MediaKind) *meetings.Media {
	if kind == Video {
		return &m.Video
	}
	return &m.Audio
}

func downloadJob(id meetings.ID, kind MediaKind) port.Job {
	if kind == Video {
		return DownloadVideo{Meeting: id}
	}
	return DownloadAudio{Meeting: id}
}
