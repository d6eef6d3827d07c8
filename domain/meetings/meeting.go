// Package meetings holds the rules of a sales meeting: what a meeting is, which states it lives through, who may see
// it, what its transcript says, what can be measured in it, and what an analysis of it must look like.
// It knows no vendor's client, no table and no route.
package meetings

import (
	"time"

	"github.com/tertulia-dev/tertulia/domain/fault"
	"github.com/tertulia-dev/tertulia/domain/kernel"
)

type (
	// ID names a meeting.
	ID string
	// AnalysisID names an analysis.
	AnalysisID string
	// BotID names a notetaker, in the vendor's words.
	BotID string
	// RecordingID names a recording, in the vendor's words.
	RecordingID string
	// TranscriptID names a transcript: the vendor's where it is the vendor's, ours where we keep it.
	TranscriptID string
)

// String returns the canonical UUID text.
func (id ID) String() string { return string(id) }

// String returns the canonical UUID text.
func (id AnalysisID) String() string { return string(id) }

// String returns the vendor's text.
func (id BotID) String() string { return string(id) }

// String returns the vendor's text.
func (id RecordingID) String() string { return string(id) }

// String returns the vendor's text.
func (id TranscriptID) String() string { return string(id) }

// Meeting is one conversation that a notetaker attends. Its status follows Transition; media and CRM sync run beside
// it with states of their own.
type Meeting struct {
	ID        ID
	Workspace kernel.WorkspaceID
	SalesRep  kernel.RepID // whose sale it is; empty for a non-sales meeting
	CreatedBy kernel.RepID // who asked for the notetaker; empty for a service acting as the workspace

	URL      string // as given; a password that came beside it is never part of it
	Platform Platform
	Title    string
	Type     Type
	Subtype  Subtype // empty until given or detected; only sales meetings have one
	Customer Customer
	Language string // ISO 639-1 of the transcript, empty until known

	Status  Status
	Failure Failure // set while Status is Failed

	ScheduledAt     *time.Time // UTC; nil when the meeting was started at once
	ScheduledOffset int        // the client's offset from UTC, in seconds
	StartedAt       *time.Time // when recording began
	EndedAt         *time.Time // when the call ended

	Bot       Bot
	Recording Recording
	Video     Media
	Audio     Media
	CRM       CRMSync

	CreatedAt time.Time
	UpdatedAt time.Time
	Version   int64 // given by the repository under the row's lock
}

// Failure is why a meeting is FAILED. The sentence is rendered at the edge from code and params.
type Failure struct {
	Code   fault.Code
	Params map[string]string
}

// IsZero reports whether there is no failure.
func (f Failure) IsZero() bool { return f.Code == "" }

// Recording names what the vendor holds for us. URLs are never kept: they expire.
type Recording struct {
	ID         RecordingID
	Transcript TranscriptID
}

// Owns reports whether the rep's name is on the meeting, as seller or as the one who asked for it.
func (m Meeting) Owns(rep kernel.RepID) bool {
	return rep != "" && (m.SalesRep == rep || m.CreatedBy == rep)
}

// Responsible is the rep who speaks for us in the call: the seller, else whoever asked for the notetaker.
func (m Meeting) Responsible() kernel.RepID {
	if m.SalesRep != "" {
		return m.SalesRep
	}
	return m.CreatedBy
}

// Stream is the name under which the meeting's events are kept.
func (m Meeting) Stream() string { return "meeting/" + m.ID.String() }

// OccursAt is when the meeting began, else when it is due, else when it was made: the key of lists and date filters.
func (m Meeting) OccursAt() time.Time {
	switch {
	case m.StartedAt != nil:
		return *m.StartedAt
	case m.ScheduledAt != nil:
		return *m.ScheduledAt
	default:
		return m.CreatedAt
	}
}

// ScheduledText returns the scheduled time as the client gave it, in RFC 3339 with its own offset; "" when there is none.
func (m Meeting) ScheduledText() string {
	if m.ScheduledAt == nil {
		return ""
	}
	return m.ScheduledAt.In(time.FixedZone("", m.ScheduledOffset)).Format(time.RFC3339Nano)
}

// Duration is the length of the recording, 0 until both ends are known.
func (m Meeting) Duration() time.Duration {
	switch {
	case m.Video.Duration > 0:
		return m.Video.Duration
	case m.Audio.Duration > 0:
		return m.Audio.Duration
	case m.StartedAt != nil && m.EndedAt != nil && m.EndedAt.After(*m.StartedAt):
		return m.EndedAt.Sub(*m.StartedAt)
	default:
		return 0
	}
}
