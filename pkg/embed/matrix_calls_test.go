package embed_test

import (
	"maps"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tertulia-dev/tertulia/infrastructure/httpserver/matrixtest"
	"github.com/tertulia-dev/tertulia/pkg/embed/embedtest"
	"github.com/tertulia-dev/tertulia/pkg/tertulia"
)

// noReps are the answers to people for whom only an administrator, or a key that acts for the workspace, may act. The door
// cannot tell such a key from others: the use case decides.
func noReps() map[string][]int {
	return map[string][]int{
		"another rep": {http.StatusForbidden}, "owner": {http.StatusForbidden}, "key for the owner": {http.StatusForbidden},
	}
}

// changing is noReps with what those who may act are answered where the state of things leads to something else than success.
func changing(status int) map[string][]int {
	want := noReps()
	maps.Copy(want, map[string][]int{"key for nobody": {status}, "admin": {status}})
	return want
}

// callFixtures calls each operation on batches that the original did not have.
func (m *matrix) callFixtures(t *testing.T) map[string]matrixtest.Fixture {
	t.Helper()
	answer := m.Do(t, http.MethodPost, "/api/batch-calling/submit", aBatch, "X-API-Key", embedtest.ServiceKey)
	require.Equal(t, http.StatusOK, answer.Status, answer.Body)
	batch := map[string]string{"id": dataOf(t, answer)["id"].(string)}
	fixtures := map[string]matrixtest.Fixture{
		"listCallBatches":         {Query: "doubtful=true&status=pending"},
		"inspectCallBatch":        {Path: batch},
		"listCallBatchRecipients": {Path: batch, Query: "status=pending"},
		"resumeCallBatch":         {Path: batch, Want: changing(http.StatusConflict)}, // the provider has all of it
	}
	maps.Copy(fixtures, m.campaignFixtures(t))
	return fixtures
}

// campaignFixtures calls each operation on campaigns, and on the do-not-call list.
func (m *matrix) campaignFixtures(t *testing.T) map[string]matrixtest.Fixture {
	t.Helper()
	c, err := m.Admin.Campaigns.Create(t.Context(), tertulia.CreateCampaignRequest{Name: "Matriz", AgentID: "agent_1", PhoneNumberID: "phnum_1"})
	require.NoError(t, err)
	_, err = m.Admin.Campaigns.AddRecipients(t.Context(), c.ID, strings.NewReader("telefono\n+525512345678\n"), tertulia.FileQuery{})
	require.NoError(t, err)
	campaign, person := map[string]string{"id": c.ID}, map[string]string{"id": c.ID, "position": "0"}
	file := map[string]string{"Content-Type": "text/csv"}
	const making, number, people = `{"name":"Otra","agentId":"agent_1","phoneNumberId":"phnum_1"}`, "+525587654321", "telefono\n+525587654321\n"
	anew := func(t *testing.T, _ string) {
		m.Exec(t, "update call_batches set status = 'draft', stopped_at = null where public_id = $1", c.ID)
	}
	motion := func(status int) matrixtest.Fixture { return matrixtest.Fixture{Path: campaign, Want: changing(status)} }
	listed := func(t *testing.T, _ string) {
		m.Exec(t, `insert into do_not_call (workspace_id, phone, added_at) select id, $1, now() from workspaces on conflict do nothing`, number)
	}
	return map[string]matrixtest.Fixture{
		"createCallCampaign": {Body: making, Want: noReps()}, "listCallCampaigns": {Query: "status=draft"},
		"getCallCampaign":               {Path: campaign},
		"updateCallCampaign":            {Path: campaign, Body: `{"name":"Otra"}`, Want: noReps()},
		"addCallCampaignRecipients":     {Path: campaign, Body: people, Header: file, Want: noReps(), Before: anew},
		"previewCallCampaignRecipients": {Path: campaign, Body: people, Header: file, Want: noReps()},
		"listCallCampaignRecipients":    {Path: campaign, Query: "waiting=true"},
		"getCallCampaignRecipient":      {Path: person},
		"preflightCallCampaign":         {Path: campaign},
		"startCallCampaign":             motion(http.StatusBadRequest), // nobody has declared consent
		"pauseCallCampaign":             motion(http.StatusConflict), "resumeCallCampaign": motion(http.StatusConflict),
		"retryCallCampaign":       {Path: campaign, Body: `{}`, Want: changing(http.StatusConflict)},
		"getCallCampaignProgress": {Path: campaign}, "exportCallCampaign": {Path: campaign},
		"cancelCallCampaign": {Path: campaign, Want: noReps(), Before: anew},
		"followCallCampaign": {Path: campaign, Before: func(t *testing.T, _ string) { // one that is over ends its stream
			m.Exec(t, "update call_batches set status = 'cancelled' where public_id = $1", c.ID)
		}},
		"listDoNotCall": {}, "addDoNotCall": {Body: `{"phones":["` + number + `"]}`, Want: noReps()},
		"removeDoNotCall": {Body: `{"phone":"` + number + `"}`, Before: listed, Want: noReps()},
		"importDoNotCall": {Body: people, Header: file, Want: noReps()},
	}
}
