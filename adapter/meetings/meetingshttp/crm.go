package meetingshttp

import (
	"context"
	"net/http"

	"github.com/tertulia-dev/tertulia/domain/fault"
	"github.com/tertulia-dev/tertulia/domain/kernel"
	"github.com/tertulia-dev/tertulia/domain/meetings"
	"github.com/tertulia-dev/tertulia/infrastructure/httpserver"
	"github.com/tertulia-dev/tertulia/pkg/tertulia"
	meetingsuc "github.com/tertulia-dev/tertulia/usecase/meetings"
)

const crmTag = "hubspot"

type syncOutput struct {
	Body tertulia.SyncHubspotAnswer
}

// registerSync: POST /api/meetings/{id}/sync-hubspot.
func registerSync(api *httpserver.API, uc *meetingsuc.RequestSync) {
	httpserver.Post(api, "/api/meetings/{id}/sync-hubspot", httpserver.Spec{
		ID: "syncMeetingToHubspot", Tag: crmTag, Summary: "Write a meeting to HubSpot",
		Description: "A note and a meeting engagement, on the contact and its open deal. What an earlier sync wrote is updated, never doubled; a sync that is pending is answered again.",
		Role:        kernel.Rep, Status: http.StatusAccepted,
		Errors: errorsOfOne(meetings.NotASalesMeeting, meetings.InvalidState, meetings.HubspotNotConfigured),
	}, func(ctx context.Context, in *OneMeeting) (*syncOutput, error) {
		id, err := in.meeting()
		if err != nil {
			return nil, err
		}
		job, err := uc.Execute(ctx, in.Principal, id)
		if err != nil {
			return nil, err
		}
		return &syncOutput{Body: tertulia.SyncHubspotAnswer{JobID: string(job), MeetingID: id.String(), Status: "pending"}}, nil
	})
}

// registerCRM: what HubSpot knows, and what it would be told.
func registerCRM(api *httpserver.API, q *meetingsuc.CRMQueries, v view) {
	registerPreview(api, q, v)
	registerCandidates(api, q)
	registerContactSearch(api, q)
}

type previewOutput struct {
	Body tertulia.HubspotPreview
}

// registerPreview: GET /api/meetings/{id}/hubspot/preview.
func registerPreview(api *httpserver.API, q *meetingsuc.CRMQueries, v view) {
	httpserver.Get(api, "/api/meetings/{id}/hubspot/preview", httpserver.Spec{
		ID: "previewHubspotSync", Tag: crmTag, Summary: "What a sync would write to HubSpot now",
		Description: "Made by the same code as the sync. HubSpot is not touched.",
		Role:        kernel.Rep, ActAs: httpserver.ServiceAllowed,
		Errors: errorsOfOne(meetings.NotASalesMeeting, meetings.InvalidState, meetings.HubspotNotConfigured),
	}, func(ctx context.Context, in *OneMeeting) (*previewOutput, error) {
		id, err := in.meeting()
		if err != nil {
			return nil, err
		}
		p, err := q.Preview(ctx, in.Principal, id)
		if err != nil {
			return nil, err
		}
		return &previewOutput{Body: tertulia.HubspotPreview{
			MeetingID: id.String(), ContactID: httpserver.OrNull(p.Note.ContactID), OwnerID: httpserver.OrNull(p.Note.OwnerID),
			ContactEmail: httpserver.OrNull(p.Meeting.Customer.Email),
			Note:         tertulia.HubspotPreviewRecord{HTML: p.Note.Body, Properties: p.Properties.Note},
			Meeting:      tertulia.HubspotPreviewRecord{HTML: p.Engagement.Body, Properties: p.Properties.Engagement},
			Hubspot:      v.toAPICRM(p.Meeting.CRM, httpserver.Language(ctx)),
		}}, nil
	})
}

type contactsOutput struct {
	Body tertulia.HubspotContactList
}

// CandidatesInput is a search for one meeting's contact.
type CandidatesInput struct {
	OneMeeting
	tertulia.HubspotSearch
}

// registerCandidates: GET /api/meetings/{id}/hubspot/candidates.
func registerCandidates(api *httpserver.API, q *meetingsuc.CRMQueries) {
	httpserver.Get(api, "/api/meetings/{id}/hubspot/candidates", httpserver.Spec{
		ID: "listHubspotCandidates", Tag: crmTag, Summary: "Contacts among whom the customer may be",
		Description: "For when the e-mail matched nobody: put the chosen one's id into the meeting's hubspotContactId, then sync. Without `q` the customer's name is looked for, then its company.",
		Role:        kernel.Rep, ActAs: httpserver.ServiceAllowed,
		Errors: errorsOfOne(meetings.HubspotNotConfigured, meetings.HubspotError),
	}, func(ctx context.Context, in *CandidatesInput) (*contactsOutput, error) {
		id, err := in.meeting()
		if err != nil {
			return nil, err
		}
		return contactsAnswer(q.Candidates(ctx, in.Principal, id, in.Q, in.Limit))
	})
}

type contactSearchInput struct {
	httpserver.Caller
	tertulia.HubspotSearch
}

// registerContactSearch: GET /api/hubspot/contacts/search.
func registerContactSearch(api *httpserver.API, q *meetingsuc.CRMQueries) {
	httpserver.Get(api, "/api/hubspot/contacts/search", httpserver.Spec{
		ID: "searchHubspotContacts", Tag: crmTag, Summary: "Search HubSpot's contacts",
		Role: kernel.Rep, Errors: []fault.Code{fault.MissingParam, meetings.HubspotNotConfigured, meetings.HubspotError},
	}, func(ctx context.Context, in *contactSearchInput) (*contactsOutput, error) {
		return contactsAnswer(q.Search(ctx, in.Principal, in.Q, in.Limit))
	})
}

func contactsAnswer(contacts []meetingsuc.CRMContact, err error) (*contactsOutput, error) {
	if err != nil {
		return nil, err
	}
	out := contactsOutput{Body: tertulia.HubspotContactList{Data: make([]tertulia.HubspotContact, len(contacts))}}
	for i, c := range contacts {
		out.Body.Data[i] = tertulia.HubspotContact{ID: c.ID, Name: c.Name, Email: c.Email, Company: c.Company, Phone: c.Phone}
	}
	return &out, nil
}
