package meetingsuc

import (
	"context"
	"errors"
	"io"
	"time"

	"github.com/tertulia-dev/tertulia/domain/kernel"
	"github.com/tertulia-dev/tertulia/domain/meetings"
)

// LinkMaker makes a meeting URL where the caller brings none.
type LinkMaker interface {
	// MakeLink returns a Google Meet URL. Upstream N8N_ERROR when none can be had.
	MakeLink(ctx context.Context, r LinkRequest) (string, error)
}

// LinkRequest is what a calendar needs to make a meeting.
type LinkRequest struct {
	MeetingID   meetings.ID
	Title       string
	ScheduledAt time.Time
	RepEmail    string
	Attendees   []string
}

// Notetakers sends notetakers to calls and tells how they fare.
//
// Every method may fail with Upstream or Unavailable, to be tried again later. A failure of Send whose outcome is in
// doubt wraps ErrOutcomeUnknown: the notetaker may exist.
type Notetakers interface {
	// Send sends a notetaker, at most one per key. ErrNoCapacity asks for a fresh key; a fault of kind Invalid means that
	// the vendor will never take this request.
	Send(ctx context.Context, r NotetakerRequest) (meetings.BotID, error)
	// FindByMeeting returns the notetaker that was sent to a meeting, whatever became of the answer.
	FindByMeeting(ctx context.Context, id meetings.ID) (meetings.BotID, bool, error)
	// Progress tells what the notetaker has lived through so far. NotFound when the vendor knows no such one.
	Progress(ctx context.Context, id meetings.BotID) (Progress, error)
	// Release calls the notetaker off, or out of the call when it is already there. Releasing twice is no error.
	Release(ctx context.Context, id meetings.BotID) error
	// Erase has the vendor delete everything that the notetaker recorded. That there is nothing is no error. Unavailable
	// NOTETAKER_IN_CALL until it has shut down.
	Erase(ctx context.Context, id meetings.BotID) error
}

// NotetakerRequest is one notetaker to send. URL may hold the meeting's password and is never stored or logged.
type NotetakerRequest struct {
	Workspace kernel.WorkspaceID
	Meeting   meetings.ID
	URL       string
	JoinAt    time.Time // zero: now
	Key       string
}

// ErrOutcomeUnknown says that a vendor may have done what it was asked to do.
var ErrOutcomeUnknown = errors.New("outcome unknown")

// ErrNoCapacity says that the vendor has no notetaker to spare just now. The same key would get the same answer.
var ErrNoCapacity = errors.New("no notetaker to spare")

// Progress is a notetaker's life so far, oldest event first, and what can be fetched from it.
type Progress struct {
	Events           []meetings.BotEvent
	IsOver           bool                  // the notetaker has shut down: nothing more will be recorded
	HasRecording     bool                  // something was recorded, ready or not
	Transcript       meetings.TranscriptID // that is ready; "" while there is none
	TranscriptFailed bool                  // there will be none
	IsTranscribing   bool                  // the vendor says that it is making one
	VideoReady       bool
	AudioReady       bool
}

// Recordings fetches what a notetaker recorded. NotFound when there is nothing (any more), Unavailable when not yet.
type Recordings interface {
	// Transcript returns what was said, over all recordings of the notetaker in order.
	Transcript(ctx context.Context, id meetings.BotID) (meetings.Transcript, error)
	// Open streams the video or the audio. The caller closes the body.
	Open(ctx context.Context, id meetings.BotID, kind MediaKind) (Recording, error)
	// URL returns the vendor's own short-lived URL of the audio or video. It is handed out, never stored.
	URL(ctx context.Context, id meetings.BotID, kind MediaKind) (string, error)
}

// Recording is a media file on its way.
type Recording struct {
	Body        io.ReadCloser
	Bytes       int64 // -1 when the vendor does not say
	ContentType string
}

// MediaKind is what is recorded.
type MediaKind string

// Kinds of media.
const (
	Video MediaKind = "video"
	Audio MediaKind = "audio"
)

// MediaStore keeps audio and video. Keys are ours; URLs are made on demand and end.
type MediaStore interface {
	Put(ctx context.Context, key, contentType string, size int64, r io.Reader) (int64, error)
	SignedURL(ctx context.Context, key string, ttl time.Duration) (string, error)
	Delete(ctx context.Context, key string) error
}

// Analyzer reads a transcript and judges it. It measures nothing: metrics are computed.
type Analyzer interface {
	// Analyze returns an analysis that has passed the domain's checks. Upstream or Unavailable to be tried again;
	// Invalid ANALYSIS_REFUSED when the model will not.
	//
	// Both methods: an error wraps ErrModelGone when the provider answers for the model no more, and is a *SpentError when
	// the model was paid for it.
	Analyze(ctx context.Context, r AnalysisRequest) (meetings.Analysis, error)
	// Detect tells the stage of a sale; an empty one leaves it to Analyze.
	Detect(ctx context.Context, r AnalysisRequest, d Detector) (Detection, error)
}

// Detection is the stage that was detected, and what that took.
type Detection struct {
	Subtype meetings.Subtype
	Model   string
	Usage   meetings.Usage
}

// AnalysisRequest is one transcript to judge.
type AnalysisRequest struct {
	Meeting    meetings.Meeting
	Transcript meetings.Transcript
	Rep        meetings.RepIdentity
	Subtype    meetings.Subtype // empty: to be detected
	Evaluator  Evaluator
	Playbook   meetings.Playbook
}

// CRM is the customer's CRM. Without credentials every call fails with Unavailable HUBSPOT_NOT_CONFIGURED; a write that
// it will never take with Invalid HUBSPOT_REFUSED or HUBSPOT_PROPERTY_REFUSED.
type CRM interface {
	// Ready returns nil when there are credentials. It calls nobody.
	Ready() error
	// Preview returns the properties that SaveNote and SaveEngagement would write. It calls nobody.
	Preview(note, engagement CRMEntry) CRMPreview
	// OpenDeal returns the contact's open deal, if there is exactly one.
	OpenDeal(ctx context.Context, contactID string) (id string, found bool, err error)
	// SaveNote writes the meeting's note and returns its ID, which may be known even when the saving fails half-way: an
	// earlier one, by ID or found by the meeting's ID in its text, is updated and never doubled. Searches are few, so the
	// first entry of all is not searched for.
	SaveNote(ctx context.Context, e CRMEntry) (string, error)
	// SaveEngagement does the same for the meeting engagement.
	SaveEngagement(ctx context.Context, e CRMEntry) (string, error)
}

// CRMContacts finds people in the CRM. Errors as of CRM.
type CRMContacts interface {
	// FindContact returns the contact with that e-mail address.
	FindContact(ctx context.Context, email string) (id string, found bool, err error)
	// SearchContacts returns up to limit contacts whose name, address, company or phone number matches the text. Somebody
	// waits for it: Upstream HUBSPOT_ERROR whatever went wrong.
	SearchContacts(ctx context.Context, text string, limit int) ([]CRMContact, error)
}

// CRMContact is a person in the CRM.
type CRMContact struct {
	ID, Name, Email, Company, Phone string
}

// CRMOwners knows in whose name a rep's entries are written.
type CRMOwners interface {
	// OwnerOf returns the ID of the rep's owner in the CRM, "" when there is none. It may ask the CRM. Errors as of CRM.
	OwnerOf(ctx context.Context, ws kernel.WorkspaceID, rep kernel.RepID) (string, error)
}

// CRMPreview is what would be written: values by the names of the CRM's properties.
type CRMPreview struct{ Note, Engagement map[string]string }

// CRMEntry is a note or an engagement.
type CRMEntry struct {
	Meeting   meetings.ID
	EarlierID string
	IsFirst   bool // nothing was ever written for the meeting: there is nothing to look for
	Title     string
	Body      string // HTML
	StartsAt  time.Time
	EndsAt    time.Time
	URL       string
	OwnerID   string
	ContactID string
	DealID    string
}
