package meetingsuc

import (
	"context"

	"github.com/tertulia-dev/tertulia/domain/fault"
	"github.com/tertulia-dev/tertulia/domain/kernel"
	"github.com/tertulia-dev/tertulia/domain/meetings"
	"github.com/tertulia-dev/tertulia/usecase/port"
)

// crmReader reads what is written to the CRM, for the sync and for its preview alike.
type crmReader struct {
	reader   port.Reader
	meetings Meetings
	analyses Analyses
	reps     Reps
	account  VendorOwner
	crm      CRM
}

// ready returns nil when the workspace has a CRM. The one that is configured is that of the workspace whose the vendors'
// accounts are: to others it is as if there were none.
func (r *crmReader) ready(ctx context.Context, ws kernel.WorkspaceID) error {
	owner, err := r.account.VendorWorkspace(ctx)
	if err != nil {
		return err
	}
	if owner != ws {
		return fault.New(fault.Unavailable, meetings.HubspotNotConfigured)
	}
	return r.crm.Ready()
}

// syncing is what is written: a meeting, its analysis and its rep.
type syncing struct {
	meeting    meetings.Meeting
	analysis   meetings.Analysis
	isAnalysed bool
	rep        Rep
	isFirst    bool // nothing was ever sent to the CRM
}

func (r *crmReader) load(ctx context.Context, ws kernel.WorkspaceID, id meetings.ID) (s syncing, err error) {
	err = r.reader.Read(ctx, ws, func(ctx context.Context) error {
		if s.meeting, err = r.meetings.Get(ctx, ws, id); err != nil {
			return err
		}
		if s.analysis, s.isAnalysed, err = r.analyses.Find(ctx, ws, id); err != nil {
			return err
		}
		s.rep, _, err = r.reps.Find(ctx, ws, s.meeting.SalesRep)
		return err
	})
	return s, err
}

// check returns nil when there is something to write. Conflict NOT_A_SALES_MEETING, or INVALID_STATE without an analysis.
func (s syncing) check() error {
	switch {
	case !s.meeting.Type.IsSales():
		return fault.New(fault.Conflict, meetings.NotASalesMeeting)
	case !s.isAnalysed:
		return meetings.WrongState(s.meeting.Status)
	default:
		return nil
	}
}

// crmTarget is what the entries are tied to: IDs of the CRM, "" where there is none.
type crmTarget struct{ contact, owner, deal string }

// entries are the note and the engagement as they are written.
func (s syncing) entries(to crmTarget) (note, engagement CRMEntry) {
	m := s.meeting
	note = CRMEntry{
		Meeting: m.ID, Title: meetings.EngagementTitle(m), URL: m.URL,
		StartsAt: m.OccursAt(), EndsAt: m.OccursAt().Add(m.Duration()),
		ContactID: to.contact, OwnerID: to.owner, DealID: to.deal, IsFirst: s.isFirst,
	}
	engagement = note
	note.Body, engagement.Body = meetings.RenderNote(m, s.analysis), meetings.RenderEngagement(m, s.analysis)
	return note, engagement
}
