package recall_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tertulia-dev/tertulia/adapter/meetings/recall"
	"github.com/tertulia-dev/tertulia/domain/fault"
	"github.com/tertulia-dev/tertulia/domain/meetings"
	client "github.com/tertulia-dev/tertulia/infrastructure/vendors/recall"
)

// region serves one bot whose recordings are given as JSON, with %s for its own address, and the files beside it.
func region(t *testing.T, recordings string, files map[string]string) *recall.Recordings {
	t.Helper()
	mux := http.NewServeMux()
	srv := httptest.NewServer(mux)
	t.Cleanup(srv.Close)
	mux.HandleFunc("/api/v1/bot/", func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprintf(w, `{"id":"b1","recordings":[%s]}`, strings.ReplaceAll(recordings, "%s", srv.URL))
	})
	for path, body := range files {
		mux.HandleFunc(path, func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte(body)) })
	}
	c, err := client.New(client.Options{BaseURL: srv.URL, APIKey: "k"})
	require.NoError(t, err)
	return recall.NewRecordings(c)
}

func recording(id, startedAt, transcript string) string {
	return fmt.Sprintf(`{"id":%q,"started_at":%q,"media_shortcuts":{"transcript":{"id":"t-%s","status":{"code":%q},"data":{"download_url":"%%s/%s"}}}}`,
		id, startedAt, id, transcript, id)
}

const (
	firstFile  = `[{"participant":null,"words":[{"text":"Hola","start_timestamp":{"relative":1.5},"end_timestamp":{"relative":2}}]}]`
	secondFile = `[{"participant":{"id":100,"name":"Ana","is_host":true,"email":"ana@example.com"},"language_code":"es","words":[
		{"text":"Seguimos","start_timestamp":{"relative":0.25},"end_timestamp":null},{"text":"aquí","start_timestamp":null,"end_timestamp":{"relative":0.75}}]}]`
)

func TestALaterRecordingIsMovedBehindTheFirst(t *testing.T) {
	t.Parallel()
	r := region(t, recording("r2", "2026-11-21T10:10:00Z", "done")+","+recording("r1", "2026-11-21T10:00:00Z", "done"),
		map[string]string{"/r1": firstFile, "/r2": secondFile})

	got, err := r.Transcript(t.Context(), "b1")

	require.NoError(t, err)
	require.Equal(t, meetings.Transcript{Utterances: []meetings.Utterance{
		{Words: []meetings.Word{{Text: "Hola", Start: 1500, End: 2000}}},
		{
			Speaker: meetings.Speaker{ID: "100", Name: "Ana", Email: "ana@example.com", IsHost: true}, Language: "es",
			Words: []meetings.Word{{Text: "Seguimos", Start: 600_250, End: meetings.NoTime}, {Text: "aquí", Start: meetings.NoTime, End: 600_750}},
		},
	}}, got)
}

func TestHalfAConversationIsNoTranscript(t *testing.T) {
	t.Parallel()
	files := map[string]string{"/r1": firstFile, "/r2": secondFile}
	for _, state := range []string{"processing", "waiting", ""} {
		r := region(t, recording("r1", "2026-11-21T10:00:00Z", "done")+","+recording("r2", "2026-11-21T10:10:00Z", state), files)
		_, err := r.Transcript(t.Context(), "b1")
		require.Equal(t, fault.Unavailable, fault.KindOf(err), state)
	}
	for _, state := range []string{"failed", "deleted"} {
		r := region(t, recording("r1", "2026-11-21T10:00:00Z", "done")+","+recording("r2", "2026-11-21T10:10:00Z", state), files)
		got, err := r.Transcript(t.Context(), "b1")
		require.NoError(t, err, state)
		require.Len(t, got.Utterances, 1, "what will never come is not waited for")
	}
	_, err := region(t, `{"id":"r1","media_shortcuts":{"transcript":null}}`, nil).Transcript(t.Context(), "b1")
	require.Equal(t, fault.Unavailable, fault.KindOf(err))
}

func TestATranscriptThatBreaksOffIsAnErrorAndNoHalf(t *testing.T) {
	t.Parallel()
	r := region(t, recording("r1", "2026-11-21T10:00:00Z", "done"), map[string]string{"/r1": firstFile[:len(firstFile)-1]})

	got, err := r.Transcript(t.Context(), "b1")

	require.Error(t, err)
	require.Empty(t, got.Utterances)
	require.NotContains(t, err.Error(), "Hola")
}
