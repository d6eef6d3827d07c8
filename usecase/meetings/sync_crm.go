package meetingsuc

import (
	"context"
	"fmt"
	"time"

	"github.com/tertulia-dev/tertulia/domain/fault"
	"github.com/tertulia-dev/tertulia/domain/kernel"
	"github.com/tertulia-dev/tertulia/domain/meetings"
	"github.com/tertulia-dev/tertulia/usecase/port"
)

// SyncCRM writes a completed sales meeting to the customer's CRM: a note and a meeting engagement, on the contact and its
// open deal. Run again it updates what it wrote; it never writes twice.
type SyncCRM struct {
	*changer
	reader   port.Reader
	analyses Analyses
	reps     Reps
	crm      CRM
}

// syncing is what is written: a meeting, its analysis and its rep.
type syncing struct {
	meeting    meetings.Meeting
	analysis   meetings.Analysis
	isAnalysed bool
	rep        Rep
}

// SyncCRMInput is one try at one meeting.
type SyncCRMInput struct {
	Workspace kernel.WorkspaceID
	Meeting   meetings.ID
	Job       port.JobID // whose try it is: another job's has to wait
	Last      bool       // a failure is final: the meeting shows it
}

// Execute writes one meeting. An error means that it is worth trying again. Without a CRM, or without a contact there, the meeting shows why it was skipped.
func (uc *SyncCRM) Execute(ctx context.Context, in SyncCRMInput) error {
	s, err := uc.load(ctx, in.Workspace, in.Meeting)
	if err != nil {
		return fmt.Errorf("sync crm: %w", err)
	}
	if !s.isAnalysed {
		return uc.finish(ctx, in.Workspace)
	}
	if s.meeting, err = uc.begin(ctx, in); err != nil {
		return fmt.Errorf("sync crm: %w", err)
	}
	state := s.meeting.CRM
	state.BusyBy, state.BusyUntil = "", nil
	err = uc.sync(ctx, &state, s)
	if code := fault.CodeOf(err); code == meetings.HubspotNotConfigured || code == meetings.HubspotNoContact {
		state.State, state.Reason, err = meetings.SyncSkipped, code, nil
	}
	if isFinal(err, in.Last) {
		state.State, state.Reason = meetings.SyncFailed, meetings.HubspotRefused
	}
	if storeErr := uc.storeSync(whatever(ctx), in, state, err == nil); storeErr != nil {
		return fmt.Errorf("sync crm: %w", storeErr)
	}
	if err != nil {
		return fmt.Errorf("sync crm: %w", err)
	}
	return nil
}

// syncLease is longer than one attempt may take, so that only a dead one leaves it behind.
const syncLease = 6 * time.Minute

// begin keeps another job's sync of the meeting away while this one is at it: a reanalysis may have asked for it.
func (uc *SyncCRM) begin(ctx context.Context, in SyncCRMInput) (meetings.Meeting, error) {
	now := uc.clock.Now()
	return uc.change(ctx, in.Workspace, in.Meeting, func(_ context.Context, m *meetings.Meeting) error {
		if !m.CRM.Begin(string(in.Job), now, now.Add(syncLease)) {
			return fault.New(fault.Unavailable, fault.UnavailableCode)
		}
		return nil
	})
}

func (uc *SyncCRM) load(ctx context.Context, ws kernel.WorkspaceID, id meetings.ID) (s syncing, err error) {
	err = uc.reader.Read(ctx, ws, func(ctx context.Context) error {
		if s.meeting, err = uc.meetings.Get(ctx, ws, id); err != nil {
			return err
		}
		if s.analysis, s.isAnalysed, err = uc.analyses.Find(ctx, ws, id); err != nil {
			return err
		}
		s.rep, _, err = uc.reps.Find(ctx, ws, s.meeting.SalesRep)
		return err
	})
	return s, err
}

// sync speaks to the CRM and notes in state what exists there, also when it fails half-way.
func (uc *SyncCRM) sync(ctx context.Context, state *meetings.CRMSync, s syncing) error {
	m := s.meeting
	entry := CRMEntry{
		Meeting: m.ID, Title: meetings.EngagementTitle(m), URL: m.URL, OwnerID: s.rep.OwnerID,
		StartsAt: m.OccursAt(), EndsAt: m.OccursAt().Add(m.Duration()),
	}
	var err error
	if entry.ContactID, err = uc.contact(ctx, m.Customer); err != nil {
		return err
	}
	if entry.OwnerID == "" && s.rep.Email != "" {
		if entry.OwnerID, _, err = uc.crm.FindOwner(ctx, s.rep.Email); err != nil {
			return err
		}
	}
	if entry.DealID, _, err = uc.crm.OpenDeal(ctx, entry.ContactID); err != nil {
		return err
	}
	state.ContactID, state.DealID = entry.ContactID, entry.DealID
	entry.Body = meetings.RenderNote(m, s.analysis)
	if err := save(ctx, uc.crm.SaveNote, entry, &state.NoteID); err != nil {
		return err
	}
	entry.Body = meetings.RenderEngagement(m, s.analysis)
	if err := save(ctx, uc.crm.SaveEngagement, entry, &state.EngagementID); err != nil {
		return err
	}
	now := uc.clock.Now()
	state.State, state.Reason, state.SyncedAt = meetings.SyncSynced, "", &now
	return nil
}

// save writes one entry and notes its ID, also when only its making has succeeded.
func save(ctx context.Context, write func(context.Context, CRMEntry) (string, error), e CRMEntry, id *string) error {
	e.EarlierID = *id
	saved, err := write(ctx, e)
	if saved != "" {
		*id = saved
	}
	return err
}

// contact returns whom to attach the entries to: the contact that was named, else the one with the customer's address.
func (uc *SyncCRM) contact(ctx context.Context, c meetings.Customer) (string, error) {
	if c.HubspotContactID != "" {
		return c.HubspotContactID, nil
	}
	id, found, err := uc.crm.FindContact(ctx, c.Email)
	if err != nil {
		return "", err
	}
	if !found {
		return "", fault.New(fault.NotFound, meetings.HubspotNoContact)
	}
	return id, nil
}

func (uc *SyncCRM) storeSync(ctx context.Context, in SyncCRMInput, state meetings.CRMSync, isDone bool) error {
	_, err := uc.change(ctx, in.Workspace, in.Meeting, func(ctx context.Context, m *meetings.Meeting) error {
		m.CRM = state
		if state.Reason == meetings.HubspotNoContact {
			if err := uc.record(ctx, *m, EventCRMUnmatched); err != nil {
				return err
			}
		}
		if isDone {
			return uc.jobs.Finish(ctx)
		}
		return nil
	})
	return err
}
