package meetingsuc

import (
	"context"
	"fmt"

	"github.com/tertulia-dev/tertulia/domain/fault"
	"github.com/tertulia-dev/tertulia/domain/kernel"
	"github.com/tertulia-dev/tertulia/domain/meetings"
)

// CRMQueries reads the CRM, and shows what a sync would write there.
//
// Errors of every method: Unavailable HUBSPOT_NOT_CONFIGURED; those that search: Upstream HUBSPOT_ERROR.
type CRMQueries struct {
	*crmReader
	contacts CRMContacts
}

// SyncPreview is what a sync would write now.
type SyncPreview struct {
	Meeting    meetings.Meeting
	Note       CRMEntry
	Engagement CRMEntry
	Properties CRMPreview
}

// Preview returns what a sync would write now: the sync's own rendering, with what is known of the CRM without asking it.
// Errors: NotFound MEETING_NOT_FOUND, Forbidden, Conflict NOT_A_SALES_MEETING or, without an analysis, INVALID_STATE.
func (q *CRMQueries) Preview(ctx context.Context, actor kernel.Principal, id meetings.ID) (SyncPreview, error) {
	s, err := q.of(ctx, actor, id)
	if err == nil {
		err = s.check()
	}
	if err != nil {
		return SyncPreview{}, fmt.Errorf("preview sync: %w", err)
	}
	to := crmTarget{contact: s.meeting.Customer.HubspotContactID, owner: s.rep.OwnerID}
	if earlier := s.meeting.CRM; to.contact == "" || to.contact == earlier.ContactID {
		to.contact, to.deal = earlier.ContactID, earlier.DealID
	}
	p := SyncPreview{Meeting: s.meeting}
	p.Note, p.Engagement = s.entries(to)
	p.Properties = q.crm.Preview(p.Note, p.Engagement)
	return p, nil
}

// Candidates returns up to limit contacts among whom the meeting's customer may be: those that match the text; without
// one, those that match the customer's name, else its company. Errors: NotFound MEETING_NOT_FOUND, Forbidden.
func (q *CRMQueries) Candidates(ctx context.Context, actor kernel.Principal, id meetings.ID, text string, limit int) ([]CRMContact, error) {
	s, err := q.of(ctx, actor, id)
	if err != nil {
		return nil, fmt.Errorf("find candidates: %w", err)
	}
	texts := []string{meetings.TidyText(text)}
	if texts[0] == "" {
		texts = []string{s.meeting.Customer.ContactName, s.meeting.Customer.Company}
	}
	for _, text := range texts {
		found, err := q.search(ctx, text, limit)
		if err != nil || len(found) > 0 {
			return found, err
		}
	}
	return nil, nil
}

// Search returns up to limit contacts that match the text. Every rep may ask. Errors: Invalid MISSING_PARAM; Forbidden.
func (q *CRMQueries) Search(ctx context.Context, actor kernel.Principal, text string, limit int) ([]CRMContact, error) {
	if actor.Role < kernel.Rep {
		return nil, fault.New(fault.Forbidden, fault.ForbiddenCode)
	}
	if text = meetings.TidyText(text); text == "" {
		return nil, fault.New(fault.Invalid, fault.MissingParam).With("name", "q")
	}
	if err := q.ready(ctx, actor.Workspace); err != nil {
		return nil, fmt.Errorf("search contacts: %w", err)
	}
	return q.search(ctx, text, limit)
}

// of returns a meeting that the actor may see, where there is a CRM.
func (q *CRMQueries) of(ctx context.Context, actor kernel.Principal, id meetings.ID) (syncing, error) {
	s, err := q.load(ctx, actor.Workspace, id)
	if err == nil {
		err = meetings.CanRead(actor, s.meeting)
	}
	if err == nil {
		err = q.ready(ctx, actor.Workspace)
	}
	return s, err
}

func (q *CRMQueries) search(ctx context.Context, text string, limit int) ([]CRMContact, error) {
	if text == "" {
		return nil, nil
	}
	found, err := q.contacts.SearchContacts(ctx, text, kernel.Page{Limit: limit}.Size())
	if err != nil {
		return nil, fmt.Errorf("search contacts: %w", err)
	}
	return found, nil
}
