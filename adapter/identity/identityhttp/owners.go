package identityhttp

import (
	"context"
	"strings"

	"github.com/tertulia-dev/tertulia/domain/fault"
	"github.com/tertulia-dev/tertulia/domain/identity"
	"github.com/tertulia-dev/tertulia/domain/kernel"
	"github.com/tertulia-dev/tertulia/infrastructure/httpserver"
	"github.com/tertulia-dev/tertulia/pkg/tertulia"
	identityuc "github.com/tertulia-dev/tertulia/usecase/identity"
)

const crmTag = "hubspot"

// registerOwners: what ties a rep to its owner in HubSpot.
func registerOwners(api *httpserver.API, uc *identityuc.UseCases) {
	registerMyOwner(api, uc.OwnerLinks)
	registerOwnerCandidates(api, uc.OwnerLinks)
	registerChooseMyOwner(api, uc.ChooseOwner)
	registerAssignOwner(api, uc.ChooseOwner)
}

type ownerOutput struct {
	Body tertulia.HubspotOwnerLink
}

// crmErrors are the codes of every operation that asks HubSpot.
func crmErrors(more ...fault.Code) []fault.Code {
	return append([]fault.Code{identity.HubspotNotConfigured, identity.HubspotError}, more...)
}

// registerMyOwner: GET /api/me/hubspot/owner.
func registerMyOwner(api *httpserver.API, links *identityuc.OwnerLinks) {
	httpserver.Get(api, "/api/me/hubspot/owner", httpserver.Spec{
		ID: "getMyHubspotOwner", Tag: crmTag, Summary: "The caller's owner in HubSpot",
		Description: "In whose name notes and meetings are written there. It is looked up by the rep's e-mail the first time, unless somebody has chosen one.",
		Role:        kernel.Rep, Errors: crmErrors(),
	}, func(ctx context.Context, in *callerInput) (*ownerOutput, error) {
		return ownerAnswer(links.Mine(ctx, in.Principal))
	})
}

type ownerCandidatesInput struct {
	httpserver.Caller
	tertulia.HubspotOwnerFilter
}

type ownerCandidatesOutput struct {
	Body tertulia.HubspotOwnerList
}

// registerOwnerCandidates: GET /api/me/hubspot/owner/candidates.
func registerOwnerCandidates(api *httpserver.API, links *identityuc.OwnerLinks) {
	httpserver.Get(api, "/api/me/hubspot/owner/candidates", httpserver.Spec{
		ID: "listHubspotOwnerCandidates", Tag: crmTag, Summary: "HubSpot's owners, to choose among",
		Role: kernel.Rep, Errors: crmErrors(),
	}, func(ctx context.Context, in *ownerCandidatesInput) (*ownerCandidatesOutput, error) {
		owners, err := links.Candidates(ctx, in.Principal, in.Q, in.Limit)
		if err != nil {
			return nil, err
		}
		out := ownerCandidatesOutput{Body: tertulia.HubspotOwnerList{Data: httpserver.Each(owners, toAPIOwner)}}
		return &out, nil
	})
}

type chooseOwnerInput struct {
	httpserver.Caller

	Body tertulia.ChooseHubspotOwnerRequest
}

// registerChooseMyOwner: PATCH /api/me/hubspot/owner.
func registerChooseMyOwner(api *httpserver.API, uc *identityuc.ChooseOwner) {
	httpserver.Patch(api, "/api/me/hubspot/owner", httpserver.Spec{
		ID: "chooseMyHubspotOwner", Tag: crmTag, Summary: "Choose one's owner in HubSpot",
		Description: "null takes the choice back: the e-mail decides again.",
		Role:        kernel.Rep, Errors: crmErrors(identity.HubspotOwnerNotFound),
	}, func(ctx context.Context, in *chooseOwnerInput) (*ownerOutput, error) {
		return chooseOwner(ctx, uc, in.Principal, "", in.Body)
	})
}

type assignOwnerInput struct {
	httpserver.Caller

	ID   string `path:"id" doc:"The rep's ID." example:"8c1b6e2f-0f3c-7d51-9a63-c1f2e3a4b5c6"`
	Body tertulia.ChooseHubspotOwnerRequest
}

// registerAssignOwner: PATCH /api/sales-reps/{id}/hubspot-owner.
func registerAssignOwner(api *httpserver.API, uc *identityuc.ChooseOwner) {
	httpserver.Patch(api, "/api/sales-reps/{id}/hubspot-owner", httpserver.Spec{
		ID: "assignHubspotOwner", Tag: crmTag, Summary: "Choose a rep's owner in HubSpot",
		Description: "null takes the choice back: the rep's e-mail decides again.",
		Role:        kernel.Admin, Errors: crmErrors(fault.ForbiddenCode, identity.SalesRepNotFound, identity.HubspotOwnerNotFound),
	}, func(ctx context.Context, in *assignOwnerInput) (*ownerOutput, error) {
		id, err := repID(in.ID)
		if err != nil {
			return nil, err
		}
		return chooseOwner(ctx, uc, in.Principal, id, in.Body)
	})
}

// chooseOwner tells null, which clears, from an absent or empty field, which is a mistake.
func chooseOwner(ctx context.Context, uc *identityuc.ChooseOwner, p kernel.Principal, rep kernel.RepID, body tertulia.ChooseHubspotOwnerRequest) (*ownerOutput, error) {
	owner, isGiven := body.HubspotOwnerID.Get()
	var f fault.Fields
	f.Require(body.HubspotOwnerID.Set, "hubspotOwnerId", fault.Required)
	f.Require(!isGiven || strings.TrimSpace(owner) != "", "hubspotOwnerId", fault.Required)
	if err := f.Err(); err != nil {
		return nil, err
	}
	return ownerAnswer(uc.Execute(ctx, identityuc.ChooseOwnerInput{Principal: p, Rep: rep, Owner: owner}))
}

func ownerAnswer(link identityuc.OwnerLink, err error) (*ownerOutput, error) {
	if err != nil {
		return nil, err
	}
	out := ownerOutput{Body: tertulia.HubspotOwnerLink{
		HubspotOwnerID: httpserver.OrNull(link.ID), Source: tertulia.HubspotOwnerSource(link.Source),
	}}
	if link.Owner != nil {
		owner := toAPIOwner(*link.Owner)
		out.Body.Owner = &owner
	}
	return &out, nil
}

func toAPIOwner(o identity.Owner) tertulia.HubspotOwner {
	return tertulia.HubspotOwner{ID: o.ID, Email: o.Email.String(), Name: o.Name}
}
