package embed_test

import (
	"maps"
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tertulia-dev/tertulia/infrastructure/httpserver/matrixtest"
	"github.com/tertulia-dev/tertulia/pkg/embed/embedtest"
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
	return map[string]matrixtest.Fixture{
		"listCallBatches":         {Query: "doubtful=true&status=pending"},
		"inspectCallBatch":        {Path: batch},
		"listCallBatchRecipients": {Path: batch, Query: "status=pending"},
		"resumeCallBatch":         {Path: batch, Want: changing(http.StatusConflict)}, // the provider has all of it
	}
}
