// Package meetingsuc holds what can be done with sales meetings: schedule, read, change, analyse, hand to the CRM.
// See README.md for the model, its states and its invariants.
package meetingsuc

import (
	"context"
	"time"

	"github.com/tertulia-dev/tertulia/domain/kernel"
	"github.com/tertulia-dev/tertulia/domain/meetings"
)

// Meetings keeps meetings. Every method stays inside the given workspace and runs in the caller's transaction or read.
type Meetings interface {
	// Add stores a new meeting.
	Add(ctx context.Context, m meetings.Meeting) error
	// Get returns one meeting. NotFound MEETING_NOT_FOUND.
	Get(ctx context.Context, ws kernel.WorkspaceID, id meetings.ID) (meetings.Meeting, error)
	// Lock returns one meeting and holds its row until the transaction ends. NotFound MEETING_NOT_FOUND.
	Lock(ctx context.Context, ws kernel.WorkspaceID, id meetings.ID) (meetings.Meeting, error)
	// Save stores a meeting whose row the transaction holds, as its next version.
	Save(ctx context.Context, m meetings.Meeting) error
	// Remove deletes a meeting, with all that hangs on it.
	Remove(ctx context.Context, ws kernel.WorkspaceID, id meetings.ID) error
}

// MeetingReads answers the lists.
type MeetingReads interface {
	// List returns one page of what the filter lets through, newest first, and how many it lets through in all.
	List(ctx context.Context, ws kernel.WorkspaceID, f ListFilter) ([]MeetingRow, int, error)
	// Row returns one meeting as the list shows it. NotFound MEETING_NOT_FOUND.
	Row(ctx context.Context, ws kernel.WorkspaceID, id meetings.ID) (MeetingRow, error)
	// Detail returns one meeting with its transcript and its analysis, without links. NotFound MEETING_NOT_FOUND.
	Detail(ctx context.Context, ws kernel.WorkspaceID, id meetings.ID) (Detail, error)
	// FindByNotetaker returns the meeting that a notetaker was sent to.
	FindByNotetaker(ctx context.Context, ws kernel.WorkspaceID, id meetings.BotID) (meetings.ID, bool, error)
	// WithExpiredMedia returns up to limit meetings that hold media stored before t.
	WithExpiredMedia(ctx context.Context, ws kernel.WorkspaceID, t time.Time, limit int) ([]meetings.ID, error)
}

// Transcripts keeps the transcript of a meeting.
type Transcripts interface {
	// Add stores the meeting's transcript, unless it has one already.
	Add(ctx context.Context, ws kernel.WorkspaceID, meeting meetings.ID, t StoredTranscript) error
	// Find returns the meeting's transcript, if there is one.
	Find(ctx context.Context, ws kernel.WorkspaceID, meeting meetings.ID) (StoredTranscript, bool, error)
	// Exists reports whether the meeting has a transcript, without reading it.
	Exists(ctx context.Context, ws kernel.WorkspaceID, meeting meetings.ID) (bool, error)
}

// StoredTranscript is a transcript under the ID by which its analyses name it.
type StoredTranscript struct {
	meetings.Transcript

	ID       meetings.TranscriptID
	StoredAt time.Time
}

// Analyses keeps the current analysis of a meeting.
type Analyses interface {
	// Add stores the analysis, unless the meeting has one, and reports whether it did.
	Add(ctx context.Context, ws kernel.WorkspaceID, a meetings.Analysis) (bool, error)
	// Replace stores the analysis in place of the meeting's earlier one.
	Replace(ctx context.Context, ws kernel.WorkspaceID, a meetings.Analysis) error
	// Find returns the current analysis, if there is one.
	Find(ctx context.Context, ws kernel.WorkspaceID, meeting meetings.ID) (meetings.Analysis, bool, error)
}

// Reps knows the sales reps; identity owns them.
type Reps interface {
	// FindByEmail returns the rep with that address.
	FindByEmail(ctx context.Context, ws kernel.WorkspaceID, email string) (Rep, bool, error)
	// Find returns the rep with that ID.
	Find(ctx context.Context, ws kernel.WorkspaceID, id kernel.RepID) (Rep, bool, error)
}

// Rep is what a meeting needs to know of a rep.
type Rep struct {
	ID      kernel.RepID
	Name    string
	Email   string
	OwnerID string // the rep's owner in the CRM, where one was chosen
}

// Inbox keeps what vendors send until it has been worked on.
type Inbox interface {
	// Receive stores an event together with the job that works on it, unless the event was stored before. When it returns
	// nil the sender may be told that all is well. It waits for nothing but the database.
	Receive(ctx context.Context, ws kernel.WorkspaceID, in InboundEvent) error
}

// Trail is what the ledger keeps of what has happened and was done.
type Trail interface {
	// Forget deletes, in the caller's transaction, the events of a stream ("": none) and every job whose payload names the
	// ID, except those that are running.
	Forget(ctx context.Context, ws kernel.WorkspaceID, stream, id string) error
}

// Chats knows what people talk with agents about meetings; agents own it.
type Chats interface {
	// Forget sees to it, in the caller's transaction, which holds the meeting's row and removes it afterwards, that nobody
	// outside keeps what was said about the meeting.
	Forget(ctx context.Context, ws kernel.WorkspaceID, id meetings.ID) error
}

// VendorOwner knows whose account at the notetaker vendor it is.
type VendorOwner interface {
	VendorWorkspace(ctx context.Context) (kernel.WorkspaceID, error)
}

// InboundEvent is one webhook of the notetaker vendor, verified and as it came in.
type InboundEvent struct {
	ID        string // the vendor's, the same however often it is delivered
	Body      []byte
	RequestID string
}
