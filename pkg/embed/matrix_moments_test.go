package embed_test

import (
	"net/http"
	"testing"

	"github.com/tertulia-dev/tertulia/infrastructure/httpserver"
	"github.com/tertulia-dev/tertulia/infrastructure/httpserver/matrixtest"
)

// momentFixtures calls the operations on what was said.
func (m *matrix) momentFixtures() map[string]matrixtest.Fixture {
	meeting := map[string]string{"id": m.meeting}
	clip := map[string]string{"id": m.meeting, "clip": "0198c5f2-7a10-7cc3-9d4e-5b8f3f6a1c20"}
	held := func(t *testing.T, _ string) {
		m.Exec(t, `update meetings set audio = audio || '{"durationNs": 600000000000}' where id = $1`, m.meeting)
		m.Exec(t, "delete from clips where meeting_id = $1", m.meeting)
	}
	clipped := func(t *testing.T, caller string) {
		held(t, caller)
		m.Exec(t, `insert into clips (id, workspace_id, meeting_id, title, start_ms, end_ms, created_at)
			select $2, workspace_id, id, 'Pedro García', 0, 5000, now() from meetings where id = $1`, m.meeting, clip["clip"])
	}
	tracker := map[string]string{"id": "0198c5f2-7a10-7cc3-9d4e-5b8f3f6a1c21"}
	tracked := func(t *testing.T, _ string) {
		m.Exec(t, "delete from trackers")
		m.Exec(t, `insert into trackers (id, workspace_id, name, terms, side, revision, created_at, updated_at)
			values ($1, $2, 'Pedro García', '["precio"]', 'any', 1, now(), now())`, tracker["id"], m.Workspace)
	}
	return map[string]matrixtest.Fixture{
		"listTrackers": {Before: tracked}, "getTrackerTrend": {Path: tracker, Before: tracked},
		"addTracker":    {Body: `{"name":"Precio","terms":["precio"]}`, Before: tracked},
		"updateTracker": {Path: tracker, Body: `{"name":"Garantía"}`, Before: tracked},
		"removeTracker": {Path: tracker, Before: tracked}, "getMeetingTrackers": {Path: meeting},
		"addClip":          {Path: meeting, Body: `{"title":"Precio","start_ms":0,"end_ms":5000}`, Before: held},
		"listClips":        {Path: meeting, Before: clipped},
		"removeClip":       {Path: clip, Before: clipped},
		"searchMeetings":   {Query: "q=cotizaci%C3%B3n"},
		"getTranscriptVTT": {Path: meeting}, "getTranscriptSRT": {Path: meeting},
		"getTranscriptText": {Path: meeting}, "getTranscriptMarkdown": {Path: meeting},
	}
}

// admittedToMoments are the statuses of those who pass, nil for an operation on something else: the meeting of the matrix
// has not been held yet.
func admittedToMoments(op httpserver.Operation) []int {
	switch op.ID {
	case "getTranscriptVTT", "getTranscriptSRT", "getTranscriptText", "getTranscriptMarkdown", "getMeetingTrackers":
		return []int{http.StatusConflict}
	default:
		return nil
	}
}
