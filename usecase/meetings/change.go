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

// step alters a meeting whose row is held.
type step = func(ctx context.Context, m *meetings.Meeting) error

// change lets steps alter the meeting, one after the other, and stores it. What they enqueue, and the end of the job that
// this runs in if last is told, belong to the same transaction. A status that a step leads to has its event, also when the
// next leads on. It returns the meeting as stored. A meeting that stays as it was is not written.
func (c *changer) change(ctx context.Context, ws kernel.WorkspaceID, id meetings.ID, steps ...step) (meetings.Meeting, error) {
	var stored meetings.Meeting
	err := c.tx.InTx(ctx, ws, func(ctx context.Context) error {
		m, err := c.meetings.Lock(ctx, ws, id)
		if err != nil {
			return err
		}
		before := m
		for _, do := range steps {
			if err := c.step(ctx, &m, do); err != nil {
				return err
			}
		}
		stored = m
		if reflect.DeepEqual(m, before) {
			return nil
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

func (c *changer) step(ctx context.Context, m *meetings.Meeting, do step) error {
	before := m.Status
	if err := do(ctx, m); err != nil || m.Status == before {
		return err
	}
	return c.record(ctx, *m, EventOf(m.Status))
}

// adopt notes the notetaker that was sent to a meeting, however we came to know of it: the first one stays. One that was
// sent to a meeting cancelled meanwhile is called off.
func (c *changer) adopt(ctx context.Context, m *meetings.Meeting, bot meetings.BotID) error {
	if m.Bot.ID != "" {
		return nil
	}
	m.Bot.ID, m.Bot.State = bot, meetings.BotCreated
	if m.Status == meetings.Cancelled {
		return c.jobs.Add(ctx, m.Workspace, ReleaseNotetaker{Meeting: m.ID})
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
