package hubspot

import (
	"context"

	"github.com/tertulia-dev/tertulia/infrastructure/vendors/hubspot"
	meetingsuc "github.com/tertulia-dev/tertulia/usecase/meetings"
)

// object is one of HubSpot's engagement objects, as far as saving one without doubling it goes.
type object struct {
	name   string // in association paths
	find   func(ctx context.Context) (id string, err error)
	create func(ctx context.Context) (id string, err error)
	update func(ctx context.Context, id string) error
}

// Preview returns the properties that SaveNote and SaveEngagement would write.
func (c *CRM) Preview(note, engagement meetingsuc.CRMEntry) meetingsuc.CRMPreview {
	return meetingsuc.CRMPreview{Note: noteOf(note).Properties(), Engagement: meetingOf(engagement).Properties()}
}

func noteOf(e meetingsuc.CRMEntry) hubspot.Note {
	return hubspot.Note{At: e.StartsAt, Body: e.Body, OwnerID: e.OwnerID, ContactID: e.ContactID, DealID: e.DealID}
}

func meetingOf(e meetingsuc.CRMEntry) hubspot.Meeting {
	return hubspot.Meeting{
		Start: e.StartsAt, End: e.EndsAt, Title: e.Title, Body: e.Body, Outcome: "COMPLETED",
		ExternalURL: e.URL, OwnerID: e.OwnerID, ContactID: e.ContactID, DealID: e.DealID,
	}
}

// SaveNote writes the meeting's note.
func (c *CRM) SaveNote(ctx context.Context, e meetingsuc.CRMEntry) (string, error) {
	note := noteOf(e)
	return c.save(ctx, e, object{
		name: "notes",
		find: func(ctx context.Context) (string, error) {
			return first(ctx, c.client.SearchNotes, e, func(n hubspot.Note) string { return n.ID })
		},
		create: func(ctx context.Context) (string, error) { return c.client.CreateNote(ctx, note) },
		update: func(ctx context.Context, id string) error {
			note.ID = id
			return c.client.UpdateNote(ctx, note)
		},
	})
}

// SaveEngagement writes the meeting engagement.
func (c *CRM) SaveEngagement(ctx context.Context, e meetingsuc.CRMEntry) (string, error) {
	meeting := meetingOf(e)
	return c.save(ctx, e, object{
		name: "meetings",
		find: func(ctx context.Context) (string, error) {
			return first(ctx, c.client.SearchMeetings, e, func(m hubspot.Meeting) string { return m.ID })
		},
		create: func(ctx context.Context) (string, error) { return c.client.CreateMeeting(ctx, meeting) },
		update: func(ctx context.Context, id string) error {
			meeting.ID = id
			return c.client.UpdateMeeting(ctx, meeting)
		},
	})
}

// save updates the entry that is known, else the one that an earlier try has left behind, and ties it to the contact, which
// may have been chosen since, and to the deal; else it makes one, which is tied in the same call.
func (c *CRM) save(ctx context.Context, e meetingsuc.CRMEntry, o object) (string, error) {
	if err := c.Ready(); err != nil {
		return "", err
	}
	id, isNew, err := c.write(ctx, e, o)
	if err != nil {
		return "", failure(err)
	}
	if isNew {
		return id, nil
	}
	if err := c.client.Associate(ctx, o.name, id, "contacts", e.ContactID); err != nil {
		return id, failure(err)
	}
	if e.DealID != "" {
		if err := c.client.Associate(ctx, o.name, id, "deals", e.DealID); err != nil {
			return id, failure(err)
		}
	}
	return id, nil
}

func (c *CRM) write(ctx context.Context, e meetingsuc.CRMEntry, o object) (id string, isNew bool, err error) {
	if id = e.EarlierID; id != "" {
		err := o.update(ctx, id)
		if !hubspot.IsNotFound(err) {
			return id, false, err
		}
	}
	if e.EarlierID != "" || !e.IsFirst {
		if id, err = o.find(ctx); err != nil {
			return "", false, err
		}
		if id != "" {
			return id, false, o.update(ctx, id)
		}
	}
	id, err = o.create(ctx)
	return id, true, err
}

// first returns the ID of the entry that bears the meeting's ID, "" when there is none.
func first[T any](ctx context.Context, search func(context.Context, string) ([]T, error), e meetingsuc.CRMEntry, id func(T) string) (string, error) {
	found, err := search(ctx, e.Meeting.String())
	if err != nil || len(found) == 0 {
		return "", err
	}
	return id(found[0]), nil
}
