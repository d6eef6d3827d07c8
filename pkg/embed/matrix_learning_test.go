package embed_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tertulia-dev/tertulia/infrastructure/httpserver/matrixtest"
)

// learningFixtures calls each operation on votes and corrections.
func (m *matrix) learningFixtures() map[string]matrixtest.Fixture {
	const correction, analysis = "0193d2a4-7b1e-7c3a-9f00-5a6b7c8d9e01", "0193d2a4-7b1e-7c3a-9f00-5a6b7c8d9e02"
	meeting := map[string]string{"id": m.meeting}
	there := func(t *testing.T, _ string) {
		_, err := m.Admin.Agents.List(t.Context()) // makes the agents
		require.NoError(t, err)
		m.Exec(t, "delete from agent_feedback")
		m.Exec(t, "delete from agent_lessons")
		m.Exec(t, `insert into agent_feedback (id, workspace_id, meeting_id, author_id, agent_key, source, source_ref, vote, correction, review, created_at, updated_at)
			values ($1, $2, $3, $4, $5, 'analysis', $6, 'dislike', 'no fue así', 'pending', now(), now())`,
			correction, m.Workspace, m.meeting, m.rep, assistant, analysis)
	}
	return map[string]matrixtest.Fixture{
		"voteOnAgent": {
			Path: meeting, Body: `{"source":"analysis","source_ref":"` + analysis + `","vote":"like"}`,
			Want: map[string][]int{"owner": {404}, "key for the owner": {404}, "admin": {404}}, // a meeting that is to come has no analysis
		},
		"withdrawVote": {Path: meeting, Query: "source=analysis&source_ref=" + analysis},
		"listMyVotes":  {Path: meeting}, "listCorrections": {},
		"reviewCorrection": {Path: map[string]string{"id": correction}, Body: `{"status":"rejected","reason":"no aplica"}`, Before: there},
	}
}
