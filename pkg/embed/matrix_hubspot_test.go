package embed_test

import (
	"net/http"

	"github.com/tertulia-dev/tertulia/infrastructure/httpserver/matrixtest"
	"github.com/tertulia-dev/tertulia/pkg/embed/embedtest"
)

// hubspotFixtures call the operations about HubSpot, whose account is the default workspace's alone.
func (m *matrix) hubspotFixtures() map[string]matrixtest.Fixture {
	meeting, rep := map[string]string{"id": m.meeting}, map[string]string{"id": m.rep}
	elsewhere := map[string][]int{"other workspace": {http.StatusServiceUnavailable}}
	return map[string]matrixtest.Fixture{
		"syncMeetingToHubspot": {Path: meeting}, "previewHubspotSync": {Path: meeting},
		"listHubspotCandidates":      {Path: meeting, Query: "q=ana"},
		"searchHubspotContacts":      {Query: "q=ana", Want: elsewhere},
		"getMyHubspotOwner":          {Want: elsewhere},
		"listHubspotOwnerCandidates": {Query: "q=" + embedtest.RepEmail, Want: elsewhere},
		"chooseMyHubspotOwner":       {Body: `{"hubspotOwnerId":"7001"}`, Want: elsewhere},
		"deleteMeeting":              {Path: map[string]string{"id": m.doomed}},
		"assignHubspotOwner":         {Path: rep, Body: `{"hubspotOwnerId":"7001"}`, Want: elsewhere},
	}
}
