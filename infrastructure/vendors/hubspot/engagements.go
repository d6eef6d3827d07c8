package hubspot

import (
	"context"
	"net/http"
	"strings"
	"time"

	"github.com/tertulia-dev/tertulia/infrastructure/outbound"
)

// MaxNoteBody is how many characters a note's body may have, markup included.
const MaxNoteBody = 65_536

// Note is a note on a contact's timeline.
type Note struct {
	ID        string
	At        time.Time // where it stands on the timeline; required on create
	Body      string    // HTML, at most MaxNoteBody characters
	OwnerID   string
	ContactID string // associated on create; unknown when read
	DealID    string // likewise
}

// Properties are the note's as HubSpot gets them, by name.
func (n Note) Properties() map[string]string {
	p := properties{}
	p.put("hs_timestamp", instant(n.At))
	p.put("hs_note_body", n.Body)
	p.put("hubspot_owner_id", n.OwnerID)
	return p
}

// CreateNote stores a note and returns its ID. After an unknown outcome, SearchNotes before repeating.
func (c *Client) CreateNote(ctx context.Context, n Note) (id string, err error) {
	return c.create(ctx, "create_note", "notes", n.Properties(), link{n.ContactID, noteToContact}, link{n.DealID, noteToDeal})
}

// UpdateNote changes the fields that are set. Errors: IsNotFound.
func (c *Client) UpdateNote(ctx context.Context, n Note) error {
	return c.update(ctx, "update_note", "notes", n.ID, n.Properties())
}

// SearchNotes returns notes whose body has the marker, a word of its own such as a UUID. A note made seconds ago may not
// be found yet.
func (c *Client) SearchNotes(ctx context.Context, marker string) ([]Note, error) {
	found, err := c.searchBody(ctx, "search_notes", "notes", "hs_note_body", marker, "hs_timestamp", "hubspot_owner_id")
	if err != nil {
		return nil, err
	}
	notes := make([]Note, len(found))
	for i, o := range found {
		notes[i] = Note{ID: o.ID, At: instantOf(o.get("hs_timestamp")), Body: o.get("hs_note_body"), OwnerID: o.get("hubspot_owner_id")}
	}
	return notes, nil
}

// Meeting is a meeting on a contact's timeline.
type Meeting struct {
	ID          string
	Start, End  time.Time
	Title       string
	Body        string // HTML
	Outcome     string // as in "COMPLETED"
	ExternalURL string
	OwnerID     string
	ContactID   string // associated on create; unknown when read
	DealID      string // likewise
}

// Properties are the meeting's as HubSpot gets them, by name.
func (m Meeting) Properties() map[string]string {
	p := properties{}
	p.put("hs_timestamp", instant(m.Start))
	p.put("hs_meeting_start_time", instant(m.Start))
	p.put("hs_meeting_end_time", instant(m.End))
	p.put("hs_meeting_title", m.Title)
	p.put("hs_meeting_body", m.Body)
	p.put("hs_meeting_outcome", m.Outcome)
	p.put("hs_meeting_external_url", m.ExternalURL)
	p.put("hubspot_owner_id", m.OwnerID)
	return p
}

// CreateMeeting stores a meeting and returns its ID. After an unknown outcome, SearchMeetings before repeating.
func (c *Client) CreateMeeting(ctx context.Context, m Meeting) (id string, err error) {
	return c.create(ctx, "create_meeting", "meetings", m.Properties(), link{m.ContactID, meetingToContact}, link{m.DealID, meetingToDeal})
}

// UpdateMeeting changes the fields that are set. Errors: IsNotFound.
func (c *Client) UpdateMeeting(ctx context.Context, m Meeting) error {
	return c.update(ctx, "update_meeting", "meetings", m.ID, m.Properties())
}

// SearchMeetings returns meetings whose body has the marker, as SearchNotes does.
func (c *Client) SearchMeetings(ctx context.Context, marker string) ([]Meeting, error) {
	found, err := c.searchBody(ctx, "search_meetings", "meetings", "hs_meeting_body", marker, "hs_meeting_title",
		"hs_meeting_start_time", "hs_meeting_end_time", "hs_meeting_outcome", "hs_meeting_external_url", "hubspot_owner_id")
	if err != nil {
		return nil, err
	}
	meetings := make([]Meeting, len(found))
	for i, o := range found {
		meetings[i] = Meeting{
			ID: o.ID, Start: instantOf(o.get("hs_meeting_start_time")), End: instantOf(o.get("hs_meeting_end_time")),
			Title: o.get("hs_meeting_title"), Body: o.get("hs_meeting_body"), Outcome: o.get("hs_meeting_outcome"),
			ExternalURL: o.get("hs_meeting_external_url"), OwnerID: o.get("hubspot_owner_id"),
		}
	}
	return meetings, nil
}

// searchBody keeps only what truly has the marker: HubSpot cuts text into tokens, so that a search may find too much.
func (c *Client) searchBody(ctx context.Context, operation, objectType, body, marker string, also ...string) ([]object, error) {
	found, err := c.search(ctx, operation, objectType, search{
		FilterGroups: []filterGroup{{[]filter{{body, "CONTAINS_TOKEN", marker}}}},
		Properties:   append([]string{body}, also...), Limit: maxBatch,
	})
	var genuine []object
	for _, o := range found {
		if strings.Contains(o.get(body), marker) {
			genuine = append(genuine, o)
		}
	}
	return genuine, err
}

// Associate ties two records with HubSpot's default kind of association, as in ("notes", id, "deals", id). Doing so again
// changes nothing.
func (c *Client) Associate(ctx context.Context, fromType, fromID, toType, toID string) error {
	return c.out.JSON(ctx, outbound.Call{
		Operation: "associate", Method: http.MethodPut,
		Path: c.objects(fromType, fromID, "associations", "default", toType, toID),
	}, nil)
}

func instant(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format("2006-01-02T15:04:05.000Z")
}

func instantOf(s string) time.Time {
	t, _ := time.Parse(time.RFC3339, s) // zero when HubSpot has none
	return t
}
