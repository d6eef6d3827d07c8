package meetingsuc

import (
	"context"
	"fmt"

	"github.com/tertulia-dev/tertulia/domain/kernel"
	"github.com/tertulia-dev/tertulia/domain/meetings"
	"github.com/tertulia-dev/tertulia/usecase/port"
)

// RequestSync has a meeting written to the CRM, whatever became of earlier tries: what they have left there is updated. A
// sync that is still pending is answered again.
//
// Allowed: who may change the meeting.
// Errors: NotFound MEETING_NOT_FOUND, Forbidden, Conflict NOT_A_SALES_MEETING or, without an analysis, INVALID_STATE;
// Unavailable HUBSPOT_NOT_CONFIGURED.
type RequestSync struct {
	*changer
	*crmReader
}

// Execute returns the job that will do it.
func (uc *RequestSync) Execute(ctx context.Context, actor kernel.Principal, id meetings.ID) (job port.JobID, err error) {
	_, err = uc.change(ctx, actor.Workspace, id, func(ctx context.Context, m *meetings.Meeting) error {
		if err := meetings.CanWrite(actor, *m); err != nil {
			return err
		}
		if err := uc.ready(ctx, m.Workspace); err != nil {
			return err
		}
		_, isAnalysed, err := uc.analyses.Find(ctx, m.Workspace, m.ID)
		if err != nil {
			return err
		}
		if err := (syncing{meeting: *m, isAnalysed: isAnalysed}).check(); err != nil {
			return err
		}
		m.CRM = m.CRM.Await()
		job, err = uc.jobs.Enqueue(ctx, m.Workspace, SyncHubSpot{Meeting: m.ID})
		return err
	})
	if err != nil {
		return "", fmt.Errorf("sync meeting: %w", err)
	}
	return job, nil
}
