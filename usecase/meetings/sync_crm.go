package meetingsuc

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/tertulia-dev/tertulia/domain/fault"
	"github.com/tertulia-dev/tertulia/domain/kernel"
	"github.com/tertulia-dev/tertulia/domain/meetings"
	"github.com/tertulia-dev/tertulia/usecase/port"
)

// SyncCRM writes a completed sales meeting to the customer's CRM: a note and a meeting engagement, on the contact and its
// open deal, in the name of the rep's owner there. Run again it updates what it wrote; it never writes twice.
type SyncCRM struct {
	*changer
	*crmReader
	contacts CRMContacts
	owners   CRMOwners
}

// SyncCRMInput is one try at one meeting.
type SyncCRMInput struct {
	Workspace kernel.WorkspaceID
	Meeting   meetings.ID
	Job       port.JobID // whose try it is: another job's has to wait
	Last      bool       // a failure is final: the meeting shows it
}

// Execute writes one meeting. An error means that it is worth trying again. Without a CRM, or without a contact there, the
// meeting shows why it was skipped; what the CRM will not take, why it failed.
func (uc *SyncCRM) Execute(ctx context.Context, in SyncCRMInput) error {
	s, err := uc.load(ctx, in.Workspace, in.Meeting)
	if err != nil {
		return fmt.Errorf("sync crm: %w", err)
	}
	if !s.isAnalysed {
		return uc.finish(ctx, in.Workspace)
	}
	if s.meeting, s.isFirst, err = uc.begin(ctx, in); err != nil {
		return fmt.Errorf("sync crm: %w", err)
	}
	state := s.meeting.CRM
	state.BusyBy, state.BusyUntil = "", nil
	err = uc.sync(ctx, &state, s)
	if code := fault.CodeOf(err); code == meetings.HubspotNotConfigured || code == meetings.HubspotNoContact {
		state, err = state.Stop(meetings.SyncSkipped, code, nil), nil
	}
	if isFinal(err, in.Last) {
		code, params := whyRefused(err)
		state = state.Stop(meetings.SyncFailed, code, params)
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

// begin keeps another job's sync of the meeting away while this one is at it: a reanalysis may have asked for it. It is
// stored before anything is sent, so that whoever comes after a crash looks for what was written.
func (uc *SyncCRM) begin(ctx context.Context, in SyncCRMInput) (m meetings.Meeting, first bool, err error) {
	now := uc.clock.Now()
	m, err = uc.change(ctx, in.Workspace, in.Meeting, func(_ context.Context, m *meetings.Meeting) error {
		var ok bool
		if first, ok = m.CRM.Begin(string(in.Job), now, now.Add(syncLease)); !ok {
			return fault.New(fault.Unavailable, fault.UnavailableCode)
		}
		return nil
	})
	return m, first, err
}

// whyRefused is what a meeting shows of the error that ended its sync.
func whyRefused(err error) (fault.Code, map[string]string) {
	if f, ok := errors.AsType[*fault.Error](err); ok && f.Code == meetings.HubspotPropertyRefused {
		return f.Code, f.Params
	}
	return meetings.HubspotRefused, nil
}

// sync speaks to the CRM and notes in state what exists there, also when it fails half-way.
func (uc *SyncCRM) sync(ctx context.Context, state *meetings.CRMSync, s syncing) error {
	if err := uc.ready(ctx, s.meeting.Workspace); err != nil {
		return err
	}
	to, err := uc.lookUp(ctx, s)
	if err != nil {
		return err
	}
	state.ContactID, state.DealID = to.contact, to.deal
	note, engagement := s.entries(to)
	if err := save(ctx, uc.crm.SaveNote, note, &state.NoteID); err != nil {
		return err
	}
	if err := save(ctx, uc.crm.SaveEngagement, engagement, &state.EngagementID); err != nil {
		return err
	}
	now := uc.clock.Now()
	*state = state.Stop(meetings.SyncSynced, "", nil)
	state.SyncedAt, state.Unmatched = &now, ""
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

// lookUp asks the CRM for what the entries are tied to.
func (uc *SyncCRM) lookUp(ctx context.Context, s syncing) (to crmTarget, err error) {
	if to.contact, err = uc.contact(ctx, s.meeting.Customer); err != nil {
		return crmTarget{}, err
	}
	if s.rep.ID != "" {
		if to.owner, err = uc.owners.OwnerOf(ctx, s.meeting.Workspace, s.rep.ID); err != nil {
			return crmTarget{}, err
		}
	}
	to.deal, _, err = uc.crm.OpenDeal(ctx, to.contact)
	return to, err
}

// contact returns whom to attach the entries to: the contact that was named, else the one with the customer's address.
func (uc *SyncCRM) contact(ctx context.Context, c meetings.Customer) (string, error) {
	if c.HubspotContactID != "" {
		return c.HubspotContactID, nil
	}
	id, found, err := uc.contacts.FindContact(ctx, c.Email)
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
		if state.Reason == meetings.HubspotNoContact && m.CRM.TellUnmatched(m.Customer) {
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
