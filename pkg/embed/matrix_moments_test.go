package embed_test

import (
	"net/http"

	"github.com/tertulia-dev/tertulia/infrastructure/httpserver"
	"github.com/tertulia-dev/tertulia/infrastructure/httpserver/matrixtest"
)

// momentFixtures calls the operations on what was said.
func (m *matrix) momentFixtures() map[string]matrixtest.Fixture {
	meeting := map[string]string{"id": m.meeting}
	return map[string]matrixtest.Fixture{
		"searchMeetings":   {Query: "q=cotizaci%C3%B3n"},
		"getTranscriptVTT": {Path: meeting}, "getTranscriptSRT": {Path: meeting},
		"getTranscriptText": {Path: meeting}, "getTranscriptMarkdown": {Path: meeting},
	}
}

// admittedToMoments are the statuses of those who pass, nil for an operation on something else: the meeting of the matrix
// has not been held yet.
func admittedToMoments(op httpserver.Operation) []int {
	switch op.ID {
	case "getTranscriptVTT", "getTranscriptSRT", "getTranscriptText", "getTranscriptMarkdown":
		return []int{http.StatusConflict}
	default:
		return nil
	}
}
