package meetingsuc

import (
	"context"
	"fmt"
	"slices"
	"strings"

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

// Topic names what an event is about: events of one topic are of one meeting. Empty when the event does not say.
func (e NotetakerEvent) Topic() string {
	if e.Meeting != "" {
		return "meeting/" + e.Meeting.String()
	}
	if e.Bot != "" && !strings.Contains(e.Bot.String(), "\x00") {
		return "bot/" + e.Bot.String()
	}
	return ""
}

// Arrival is an event as the inbox keeps it.
type Arrival struct {
	ID    string // the vendor's
	Event NotetakerEvent
}

// Arrivals are the events in the inbox that nobody has worked on.
type Arrivals interface {
	// Waiting returns those of a topic, in the order in which they came; of very many, the first.
	Waiting(ctx context.Context, ws kernel.WorkspaceID, topic string) ([]Arrival, error)
	// Take marks events of a topic as worked on, in the caller's transaction, and returns the IDs of those that nobody else had taken.
	Take(ctx context.Context, ws kernel.WorkspaceID, topic string, ids []string) ([]string, error)
}

// ApplyNotetakerEvent lets a meeting follow what the vendor reports. Events may come twice, late and in any order.
type ApplyNotetakerEvent struct {
	*changer
	reader      port.Reader
	reads       MeetingReads
	transcripts Transcripts
	notetakers  Notetakers
	arrivals    Arrivals
}

// Execute applies one event and finishes the job that it runs in. An event of a notetaker that is not the meeting's changes
// nothing.
func (uc *ApplyNotetakerEvent) Execute(ctx context.Context, ws kernel.WorkspaceID, e NotetakerEvent) error {
	alone := []NotetakerEvent{e}
	id, found, err := uc.meetingOf(ctx, ws, e)
	if err == nil && !found {
		return uc.finish(ctx, ws)
	}
	if err == nil {
		err = uc.prove(ctx, alone)
	}
	if err == nil {
		_, err = uc.change(ctx, ws, id, uc.applying(alone[0]), uc.finishing)
	}
	if err != nil {
		return fmt.Errorf("apply notetaker event: %w", err)
	}
	return nil
}

// ExecuteWaiting applies all events of a topic that wait, in one transaction, each once, and finishes the job that it runs
// in.
func (uc *ApplyNotetakerEvent) ExecuteWaiting(ctx context.Context, ws kernel.WorkspaceID, topic string) error {
	for {
		waiting, err := uc.arrivals.Waiting(ctx, ws, topic)
		isLast := len(waiting) < ManyArrivals // whatever has come meanwhile has brought a job of its own
		if err == nil && len(waiting) > 0 {
			err = uc.applyAll(ctx, ws, topic, waiting, isLast)
		}
		if err != nil {
			return fmt.Errorf("apply notetaker events: %w", err)
		}
		if isLast {
			return nil
		}
	}
}

// ManyArrivals is how many waiting events may be the first of more.
const ManyArrivals = 100

func (uc *ApplyNotetakerEvent) applyAll(ctx context.Context, ws kernel.WorkspaceID, topic string, waiting []Arrival, isLast bool) error {
	ids, events := make([]string, len(waiting)), make([]NotetakerEvent, len(waiting))
	for i, a := range waiting {
		ids[i], events[i] = a.ID, a.Event
	}
	id, found, err := uc.meetingOf(ctx, ws, events[0])
	if err != nil {
		return err
	}
	if !found {
		return uc.tx.InTx(ctx, ws, func(ctx context.Context) error {
			_, err := uc.arrivals.Take(ctx, ws, topic, ids)
			return err
		})
	}
	if err := uc.prove(ctx, events); err != nil {
		return err
	}
	var taken []string
	steps := []step{func(ctx context.Context, _ *meetings.Meeting) (err error) {
		taken, err = uc.arrivals.Take(ctx, ws, topic, ids)
		return err
	}}
	for i, e := range events {
		steps = append(steps, func(ctx context.Context, m *meetings.Meeting) error {
			if !slices.Contains(taken, ids[i]) {
				return nil
			}
			return uc.apply(ctx, m, e)
		})
	}
	if isLast {
		steps = append(steps, uc.finishing)
	}
	_, err = uc.change(ctx, ws, id, steps...)
	return err
}

// finishing is the last step: the job ends with what it has changed.
func (uc *ApplyNotetakerEvent) finishing(ctx context.Context, _ *meetings.Meeting) error {
	return uc.jobs.Finish(ctx)
}

func (uc *ApplyNotetakerEvent) applying(e NotetakerEvent) step {
	return func(ctx context.Context, m *meetings.Meeting) error { return uc.apply(ctx, m, e) }
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

// prove notes with every end in doubt whether the call was recorded all the same. What was made of a recording proves it;
// else the vendor is asked, before a failure is believed.
func (uc *ApplyNotetakerEvent) prove(ctx context.Context, events []NotetakerEvent) error {
	isProof := func(e NotetakerEvent) bool { return e.Subject != AboutBot && e.Report.Code == "done" }
	for i := range events {
		e := &events[i]
		if e.Subject != AboutBot || !e.Report.IsInDoubt() {
			continue
		}
		e.Report.HasMedia = slices.ContainsFunc(events, func(other NotetakerEvent) bool { return other.Bot == e.Bot && isProof(other) })
		if e.Report.HasMedia || e.Bot == "" {
			continue
		}
		progress, err := uc.notetakers.Progress(ctx, e.Bot)
		if ignoreNotFound(err) != nil {
			return err
		}
		e.Report.HasMedia = progress.HasRecording
	}
	return nil
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
	return uc.jobs.Add(ctx, m.Workspace, MeterNotetaker{Meeting: m.ID})
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
	return uc.jobs.Add(ctx, m.Workspace, AnalyzeTranscript{Meeting: m.ID})
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
		if err := uc.jobs.Add(ctx, m.Workspace, downloadJob(m.ID, kind)); err != nil {
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
