// Package n8n has a workflow make the call's link, in the rep's calendar.
package n8n

import (
	"context"

	"github.com/tertulia-dev/tertulia/domain/fault"
	"github.com/tertulia-dev/tertulia/domain/meetings"
	"github.com/tertulia-dev/tertulia/infrastructure/vendors/n8n"
	meetingsuc "github.com/tertulia-dev/tertulia/usecase/meetings"
)

// defaultMinutes is how long a meeting is booked for: nobody is asked.
const defaultMinutes = 60

// Links implements meetingsuc.LinkMaker.
type Links struct{ client *n8n.Client }

// NewLinks makes links. With a nil client none can be made.
func NewLinks(client *n8n.Client) *Links { return &Links{client: client} }

// MakeLink asks the workflow. Whatever is wrong with it or its answer, the caller can only be told that there is no link.
func (l *Links) MakeLink(ctx context.Context, r meetingsuc.LinkRequest) (string, error) {
	if l.client == nil {
		return "", fault.New(fault.Upstream, meetings.N8NError)
	}
	url, err := l.client.CreateMeet(ctx, n8n.CreateMeet{
		MeetingID: r.MeetingID.String(), Title: r.Title, ScheduledAt: r.ScheduledAt, DurationMinutes: defaultMinutes,
		SalesRepEmail: r.RepEmail, Attendees: r.Attendees,
	})
	if err != nil {
		return "", fault.Wrap(fault.Upstream, meetings.N8NError, err)
	}
	return url, nil
}
