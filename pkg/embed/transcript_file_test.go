package embed_test

import (
	"mime"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tertulia-dev/tertulia/pkg/embed/embedtest"
	"github.com/tertulia-dev/tertulia/pkg/tertulia"
)

func TestATranscriptIsTakenAwayInEveryFormat(t *testing.T) {
	t.Parallel()
	s := embedtest.New(t)
	id := s.Scheduled(t, embedtest.Talk())
	first := s.Until(t, id, tertulia.Completed).Transcript.RawTranscript[0]
	for format, want := range map[tertulia.TranscriptFormat]struct{ contentType, begins, holds string }{
		tertulia.TranscriptVTT:      {"text/vtt", "WEBVTT\n\n1\n00:00:", "<v " + first.Speaker + ">"},
		tertulia.TranscriptSRT:      {"application/x-subrip", "1\n00:00:", first.Speaker + ": "},
		tertulia.TranscriptText:     {"text/plain", "[00:0", "] " + first.Speaker + ": " + first.Text},
		tertulia.TranscriptMarkdown: {"text/markdown", "# Propuesta\n\n", "Distribuidora del Valle"},
	} {
		file, err := s.Rep.Meetings.TranscriptFile(t.Context(), id, format)
		require.NoError(t, err)
		require.True(t, strings.HasPrefix(string(file), want.begins), "%s: %.80s", format, file)
		require.Contains(t, string(file), want.holds, format)

		answer := s.Do(t, http.MethodGet, "/api/meetings/"+id+"/transcript."+string(format), "", "X-API-Key", embedtest.ServiceKey)
		require.Equal(t, http.StatusOK, answer.Status)
		require.Equal(t, want.contentType+"; charset=utf-8", answer.Header.Get("Content-Type"))
		disposition, parameters, err := mime.ParseMediaType(answer.Header.Get("Content-Disposition"))
		require.NoError(t, err)
		require.Equal(t, "attachment", disposition)
		require.Regexp(t, `^propuesta-\d{4}-\d\d-\d\d\.`+string(format)+"$", parameters["filename"])
	}
	_, err := s.OtherRep.Meetings.TranscriptFile(t.Context(), id, tertulia.TranscriptVTT)
	requireCode(t, err, http.StatusForbidden, tertulia.CodeForbidden)
	_, err = s.Other.Meetings.TranscriptFile(t.Context(), id, tertulia.TranscriptVTT)
	requireCode(t, err, http.StatusNotFound, tertulia.CodeMeetingNotFound)
}
