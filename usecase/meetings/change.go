package meetingsuc

import (
	"context"
	"reflect"

	"github.com/tertulia-dev/tertulia/domain/kernel"
	"github.com/tertulia-dev/tertulia/domain/meetings"
	"github.com/tertulia-dev/tertulia/usecase/port"
)

// changer is the one way in which a stored meeting changes: under its row's lock, with the event of what became true.
type changer struct {
	tx       port.Transactor
	meetings Meetings
	events   port.Events
	jobs     port.Jobs
	clock    port.Clock
}

// change lets fn alter the meeting and stores it. What fn enqueues, and the end of the job that this runs in if last is
// told, belong to the same transaction. It returns the meeting as stored. A meeting that fn leaves as it was is not written.
func (c *changer) change(ctx context.Context, ws kernel.WorkspaceID, id meetings.ID, fn func(ctx context.Context, m *meetings.Meeting) error) (meetings.Meeting, error) {
	var stored meetings.Meeting
	err := c.tx.InTx(ctx, ws, func(ctx context.Context) error {
		m, err := c.meetings.Lock(ctx, ws, id)
		if err != nil {
			return err
		}
		before := m
		if err := fn(ctx, &m); err != nil {
			return err
		}
		stored = m
		if reflect.DeepEqual(m, before) {
			return nil
		}
		if m.Status != before.Status {
			if err := c.record(ctx, m, EventOf(m.Status)); err != nil {
				return err
			}
		}
		m.UpdatedAt = c.clock.Now()
		stored = m
		return c.meetings.Save(ctx, m)
	})
	if err != nil {
		return meetings.Meeting{}, err
	}
	return stored, nil
}

// adopt notes the notetaker that was sent to a meeting, however we came to know of it: the first one stays. One that was
// sent to a meeting cancelled meanwhile is called off.
func (c *changer) adopt(ctx context.Context, m *meetings.Meeting, bot meetings.BotID) error {
	if m.Bot.ID != "" {
		return nil
	}
	m.Bot.ID, m.Bot.State = bot, meetings.BotCreated
	if m.Status == meetings.Cancelled {
		_, err := c.jobs.Enqueue(ctx, m.Workspace, ReleaseNotetaker{Meeting: m.ID})
		return err
	}
	return c.record(ctx, *m, EventScheduled)
}

// record stores an event of the meeting.
func (c *changer) record(ctx context.Context, m meetings.Meeting, eventType string) error {
	return c.events.Record(ctx, port.Event{
		Workspace: m.Workspace, Stream: m.Stream(), Type: eventType,
		Payload: MeetingEvent{
			Meeting: m.ID, Status: m.Status, Type: m.Type, Title: m.Title, Company: m.Customer.Company,
			Contact: m.Customer.ContactName, SalesRep: m.SalesRep, CreatedBy: m.CreatedBy, Code: m.Failure.Code,
		},
	})
}

// finish ends the job that ctx runs in, in a transaction of its own: there was nothing to change.
func (c *changer) finish(ctx context.Context, ws kernel.WorkspaceID) error {
	return c.tx.InTx(ctx, ws, c.jobs.Finish)
}
