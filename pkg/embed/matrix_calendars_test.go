package embed_test

import (
	"net/http"
	"testing"

	"github.com/tertulia-dev/tertulia/infrastructure/httpserver"
	"github.com/tertulia-dev/tertulia/infrastructure/httpserver/matrixtest"
)

// calendarFixtures calls the operations on a rep's calendars.
func (m *matrix) calendarFixtures() map[string]matrixtest.Fixture {
	return map[string]matrixtest.Fixture{
		"listCalendarFeeds": {}, "addCalendarFeed": {Body: `{"url":"https://example.com/a.ics"}`, Before: func(t *testing.T, _ string) {
			m.Exec(t, "delete from calendar_feeds where url like '%a.ics'")
		}},
		"removeCalendarFeed": {Path: map[string]string{"id": m.feed}},
	}
}

// admittedToCalendars are the statuses of those who pass, nil for an operation on something else: a feed is its owner's
// only, and gone once its owner has removed it.
func admittedToCalendars(op httpserver.Operation) []int {
	if op.ID == "removeCalendarFeed" {
		return []int{http.StatusOK, http.StatusNotFound}
	}
	return nil
}
