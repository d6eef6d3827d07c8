package embed_test

import (
	"net/http"

	"github.com/tertulia-dev/tertulia/infrastructure/httpserver/matrixtest"
)

// performanceFixtures calls the reports on Rep, which another rep may not read, and the report on everybody.
func (m *matrix) performanceFixtures() map[string]matrixtest.Fixture {
	ofRep := matrixtest.Fixture{
		Path: map[string]string{"id": m.rep}, Want: map[string][]int{"another rep": {http.StatusForbidden}},
	}
	return map[string]matrixtest.Fixture{
		"getSalesRepPerformance": ofRep, "getSalesRepBreakdown": ofRep, "getSalesRepWeekly": ofRep, "getTeamPerformance": {},
	}
}
