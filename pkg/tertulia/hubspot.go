package tertulia

import (
	"context"
	"net/http"
	"net/url"
)

// Hubspot is what the workspace's HubSpot account knows. CodeHubspotNotConfigured where there is none.
type Hubspot struct{ c *Client }

// SearchContacts returns the contacts that match search.Q. CodeMissingParam without one.
func (h Hubspot) SearchContacts(ctx context.Context, search HubspotSearch, opts ...CallOption) (HubspotContactList, error) {
	return call[HubspotContactList](ctx, h.c, request{
		method: http.MethodGet, path: "/api/hubspot/contacts/search", query: queryOf(search),
	}, opts)
}

// Owner returns the caller's owner, which is looked up by the caller's e-mail unless somebody has chosen one.
func (h Hubspot) Owner(ctx context.Context, opts ...CallOption) (HubspotOwnerLink, error) {
	return call[HubspotOwnerLink](ctx, h.c, request{method: http.MethodGet, path: "/api/me/hubspot/owner"}, opts)
}

// OwnerCandidates returns the owners that the filter chooses.
func (h Hubspot) OwnerCandidates(ctx context.Context, filter HubspotOwnerFilter, opts ...CallOption) (HubspotOwnerList, error) {
	return call[HubspotOwnerList](ctx, h.c, request{
		method: http.MethodGet, path: "/api/me/hubspot/owner/candidates", query: queryOf(filter),
	}, opts)
}

// ChooseOwner sets the caller's owner; Null[string]() takes the choice back. CodeHubspotOwnerNotFound for one that HubSpot
// does not have.
func (h Hubspot) ChooseOwner(ctx context.Context, owner Nullable[string], opts ...CallOption) (HubspotOwnerLink, error) {
	return call[HubspotOwnerLink](ctx, h.c, request{
		method: http.MethodPatch, path: "/api/me/hubspot/owner", body: ChooseHubspotOwnerRequest{HubspotOwnerID: owner},
	}, opts)
}

// AssignOwner sets another rep's owner, as ChooseOwner does. Administrators only.
func (h Hubspot) AssignOwner(ctx context.Context, rep string, owner Nullable[string], opts ...CallOption) (HubspotOwnerLink, error) {
	return call[HubspotOwnerLink](ctx, h.c, request{
		method: http.MethodPatch, path: "/api/sales-reps/" + url.PathEscape(rep) + "/hubspot-owner",
		body: ChooseHubspotOwnerRequest{HubspotOwnerID: owner},
	}, opts)
}

// Sync writes the meeting to HubSpot, also when that was done before: what is there is updated. A pending sync is answered
// again. CodeInvalidState until there is an analysis.
func (h Hubspot) Sync(ctx context.Context, meeting string, opts ...CallOption) (SyncHubspotAnswer, error) {
	return call[SyncHubspotAnswer](ctx, h.c, request{
		method: http.MethodPost, path: meetingPath(meeting, "/sync-hubspot"), idempotencyKey: freshKey(),
	}, opts)
}

// Preview returns what Sync would write now.
func (h Hubspot) Preview(ctx context.Context, meeting string, opts ...CallOption) (HubspotPreview, error) {
	return call[HubspotPreview](ctx, h.c, request{method: http.MethodGet, path: meetingPath(meeting, "/hubspot/preview")}, opts)
}

// Candidates returns the contacts among whom the meeting's customer may be: those that match search.Q, else the customer's
// own name, else its company.
func (h Hubspot) Candidates(ctx context.Context, meeting string, search HubspotSearch, opts ...CallOption) (HubspotContactList, error) {
	return call[HubspotContactList](ctx, h.c, request{
		method: http.MethodGet, path: meetingPath(meeting, "/hubspot/candidates"), query: queryOf(search),
	}, opts)
}
