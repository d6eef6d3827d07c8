package embed_test

import (
	"net/http"
	"testing"

	"github.com/tertulia-dev/tertulia/infrastructure/httpserver/matrixtest"
)

// performanceFixtures calls the reports on Rep, which another rep may not read, and the report on everybody.
func (m *matrix) performanceFixtures() map[string]matrixtest.Fixture {
	ofRep := matrixtest.Fixture{
		Path: map[string]string{"id": m.rep}, Want: map[string][]int{"another rep": {http.StatusForbidden}},
	}
	return map[string]matrixtest.Fixture{
		"getSalesRepPerformance": ofRep, "getSalesRepBreakdown": ofRep, "getSalesRepWeekly": ofRep, "getSalesRepCoaching": ofRep, "getTeamPerformance": {},
	}
}

// correctionFixtures calls the operations on transcript corrections.
func (m *matrix) correctionFixtures() map[string]matrixtest.Fixture {
	const id = "0199a5b0-0000-7000-8000-000000000001"
	stored := func(t *testing.T, _ string) {
		m.Exec(t, `insert into transcript_corrections (id, workspace_id, wrong, correct, key, active, created_at, updated_at)
			values ($1, $2, 'clik', 'Clic', 'clik', true, now(), now()) on conflict do nothing`, id, string(m.Workspace))
	}
	one := map[string]string{"id": id}
	return map[string]matrixtest.Fixture{
		"listTranscriptCorrections":  {Before: stored},
		"createTranscriptCorrection": {Body: `{"wrong":"balans","right":"Balance"}`},
		"updateTranscriptCorrection": {Path: one, Body: `{"active":false}`, Before: stored},
		"deleteTranscriptCorrection": {Path: one, Before: stored},
	}
}
