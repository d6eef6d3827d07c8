package embed_test

import "github.com/tertulia-dev/tertulia/infrastructure/httpserver/matrixtest"

// agentFixtures calls each operation on agents.
func (m *matrix) agentFixtures() map[string]matrixtest.Fixture {
	meeting := map[string]string{"id": m.meeting}
	return map[string]matrixtest.Fixture{
		"listMeetingAgents": {Path: meeting},
		"listAgents":        {},
	}
}
