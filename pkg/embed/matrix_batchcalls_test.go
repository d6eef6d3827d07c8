package embed_test

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tertulia-dev/tertulia/infrastructure/httpserver/matrixtest"
	"github.com/tertulia-dev/tertulia/pkg/embed/embedtest"
)

// aBatch is a body that is submitted, for years ahead.
const aBatch = `{"call_name":"Matriz","agent_id":"agent_1","agent_phone_number_id":"phnum_1","scheduled_time_unix":1893456000,
	"recipients":[{"phone_number":"+15550100001"}],"force":true}`

func (m *matrix) batchCallFixtures(t *testing.T) map[string]matrixtest.Fixture {
	t.Helper()
	submit := func() string {
		answer := m.Do(t, http.MethodPost, "/api/batch-calling/submit", aBatch, "X-API-Key", embedtest.ServiceKey)
		require.Equal(t, http.StatusOK, answer.Status, answer.Body)
		return dataOf(t, answer)["id"].(string)
	}
	theirs := map[string][]int{"other workspace": {http.StatusInternalServerError}} // the original's status for what is not there
	waiting, stopped := map[string]string{"batchId": submit()}, map[string]string{"batchId": ""}
	return map[string]matrixtest.Fixture{
		"submitCallBatch": {Body: aBatch},
		"getCallBatch":    {Path: waiting, Want: theirs},
		"cancelCallBatch": {
			Path: stopped, Want: map[string][]int{"other workspace": {http.StatusNotFound}},
			Before: func(*testing.T, string) { stopped["batchId"] = submit() },
		},
		"receiveElevenLabsWebhook": {Body: `{}`},
	}
}
