package embed_test

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tertulia-dev/tertulia/infrastructure/httpserver/matrixtest"
)

// agentFileFixtures calls each operation on agents' files.
func (m *matrix) agentFileFixtures() map[string]matrixtest.Fixture {
	const file = "0193d2a4-7b1e-7c3a-9f00-5a6b7c8d9e0f"
	const keeper = "correo_seguimiento" // its store is not the provider's, who therefore cannot be asked with it
	agent := map[string]string{"key": keeper}
	there := func(t *testing.T, _ string) {
		_, err := m.Admin.Agents.List(t.Context()) // makes the agents
		require.NoError(t, err)
		m.Exec(t, "update agents set store_id = 'vs_matrix' where workspace_id = $1 and key = $2", m.Workspace, keeper)
		m.Exec(t, "delete from agent_files where id = $1", file)
		m.Exec(t, `insert into agent_files (id, workspace_id, store_id, agent_key, name, type, state, created_at, updated_at)
			values ($1, $2, 'vs_matrix', $3, 'a.md', 'md', 'ready', now(), now())`, file, m.Workspace, keeper)
	}
	return map[string]matrixtest.Fixture{
		"listAgentFiles": {Path: agent},
		"addAgentFile": {
			Path: agent, Body: "hola", Header: map[string]string{"X-Filename": "a.md", "Content-Type": "text/markdown"},
			Want: map[string][]int{"admin": {http.StatusCreated, http.StatusBadGateway}},
		},
		"removeAgentFile": {
			Path: map[string]string{"key": keeper, "fileId": file}, Before: there,
			Want: map[string][]int{"other workspace": {http.StatusNotFound}},
		},
		"shareAgentFiles": {Path: map[string]string{"key": "coach_ventas"}, Body: `{"agent":null}`},
	}
}
