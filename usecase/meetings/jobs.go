package meetingsuc

import (
	"cmp"
	"fmt"

	"github.com/tertulia-dev/tertulia/domain/meetings"
)

// SendNotetaker finishes what the request that scheduled a meeting could not.
type SendNotetaker struct {
	Meeting meetings.ID `json:"meeting"`
}

// Kind implements port.Job.
func (SendNotetaker) Kind() string { return "send_notetaker" }

// Unique allows one pending attempt a meeting.
func (j SendNotetaker) Unique() string { return j.Meeting.String() }

// ReleaseNotetaker calls off the notetaker of a meeting that was cancelled.
type ReleaseNotetaker struct {
	Meeting meetings.ID `json:"meeting"`
}

// Kind implements port.Job.
func (ReleaseNotetaker) Kind() string { return "release_notetaker" }

// Unique allows one pending release a meeting.
func (j ReleaseNotetaker) Unique() string { return j.Meeting.String() }

// WatchMeeting asks the vendor how a meeting fares, in case webhooks were lost, until nothing more can come.
type WatchMeeting struct {
	Meeting meetings.ID `json:"meeting"`
	Round   int         `json:"round"`
}

// Kind implements port.Job.
func (WatchMeeting) Kind() string { return "watch_meeting" }

// Unique allows one pending look a meeting.
func (j WatchMeeting) Unique() string { return j.Meeting.String() }

// RecallEvent works on what webhooks of the notetaker vendor have told about a meeting: on everything that waits.
type RecallEvent struct {
	Event string `json:"event"`           // the vendor's event ID, under which the inbox keeps it
	Topic string `json:"topic,omitempty"` // see NotetakerEvent; empty: the event stands alone
}

// Kind implements port.Job.
func (RecallEvent) Kind() string { return "recall_event" }

// Unique allows one pending run a topic.
func (j RecallEvent) Unique() string { return cmp.Or(j.Topic, j.Event) }

// RecallTranscript does the same when what was told is that the transcript is there: somebody waits for it.
type RecallTranscript RecallEvent

// Kind implements port.Job.
func (RecallTranscript) Kind() string { return "recall_transcript" }

// Unique allows one pending run a topic.
func (j RecallTranscript) Unique() string { return RecallEvent(j).Unique() }

// AnalyzeTranscript analyses a meeting's transcript, fetching it first where needed.
type AnalyzeTranscript struct {
	Meeting meetings.ID      `json:"meeting"`
	Again   bool             `json:"again,omitempty"` // a person asked: analyse even if the transcript has been analysed
	Subtype meetings.Subtype `json:"subtype,omitempty"`
}

// Kind implements port.Job.
func (AnalyzeTranscript) Kind() string { return "analyze_transcript" }

// Unique allows one pending analysis a meeting, chosen subtype and asker: one that a person asks for is not taken for the
// automatic one, which does nothing where there is an analysis.
func (j AnalyzeTranscript) Unique() string {
	return fmt.Sprintf("%s/%s/%t", j.Meeting, j.Subtype, j.Again)
}

// DownloadAudio copies a meeting's audio into our storage.
type DownloadAudio struct {
	Meeting meetings.ID `json:"meeting"`
}

// Kind implements port.Job.
func (DownloadAudio) Kind() string { return "download_audio" }

// Unique allows one pending download a meeting.
func (j DownloadAudio) Unique() string { return j.Meeting.String() }

// DownloadVideo copies a meeting's video into our storage.
type DownloadVideo struct {
	Meeting meetings.ID `json:"meeting"`
}

// Kind implements port.Job.
func (DownloadVideo) Kind() string { return "download_video" }

// Unique allows one pending download a meeting.
func (j DownloadVideo) Unique() string { return j.Meeting.String() }

// EraseMeeting deletes what is left of a deleted meeting outside our rows.
type EraseMeeting struct {
	Meeting     meetings.ID    `json:"meeting"`
	Bot         meetings.BotID `json:"bot,omitempty"`
	MayBeComing bool           `json:"may_be_coming,omitempty"` // a notetaker was being sent, under a name that we do not know
}

// Kind implements port.Job.
func (EraseMeeting) Kind() string { return "erase_meeting" }

// SyncHubSpot writes a completed meeting to the CRM.
type SyncHubSpot struct {
	Meeting meetings.ID `json:"meeting"`
}

// Kind implements port.Job.
func (SyncHubSpot) Kind() string { return "sync_hubspot" }

// Unique allows one pending sync a meeting.
func (j SyncHubSpot) Unique() string { return j.Meeting.String() }
