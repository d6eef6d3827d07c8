// Package meetingsbridge shows agents the meetings that they are asked about.
package meetingsbridge

import (
	"context"

	"github.com/tertulia-dev/tertulia/domain/agents"
	"github.com/tertulia-dev/tertulia/domain/kernel"
	"github.com/tertulia-dev/tertulia/domain/meetings"
	agentsuc "github.com/tertulia-dev/tertulia/usecase/agents"
	meetingsuc "github.com/tertulia-dev/tertulia/usecase/meetings"
)

var _ agentsuc.Meetings = Meetings{}

// Meetings implements agentsuc.Meetings over the meetings' queries.
type Meetings struct{ queries *meetingsuc.Queries }

// New makes the bridge.
func New(uc *meetingsuc.UseCases) Meetings { return Meetings{queries: uc.Queries} }

// Visible implements agentsuc.Meetings.
func (b Meetings) Visible(ctx context.Context, actor kernel.Principal, id agentsuc.MeetingID) (agentsuc.Meeting, error) {
	row, err := b.queries.Row(ctx, actor, meetings.ID(id))
	if err != nil {
		return agentsuc.Meeting{}, err
	}
	return agentsuc.Meeting{ID: id, Type: agents.MeetingType(row.Type)}, nil
}
