package recall_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tertulia-dev/tertulia/infrastructure/outbound"
	"github.com/tertulia-dev/tertulia/infrastructure/vendors/recall"
)

// fake serves a Recall region and returns a client of it.
func fake(t *testing.T, h http.Handler) (*recall.Client, string) {
	t.Helper()
	srv := httptest.NewServer(h)
	t.Cleanup(srv.Close)
	c, err := recall.New(recall.Options{BaseURL: srv.URL, APIKey: "sandbox-key"})
	require.NoError(t, err)
	return c, srv.URL
}

func answer(status int, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}
}

func TestANewBotIsAskedForEverythingWeNeed(t *testing.T) {
	t.Parallel()
	var request *http.Request
	var body []byte
	c, _ := fake(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		request = r
		body, _ = io.ReadAll(r.Body)
		answer(201, `{"id":"b1","meeting_url":{"meeting_id":"abc","platform":"google_meet"},"metadata":{"meeting_id":"m1"}}`)(w, r)
	}))
	at := time.Date(2026, 11, 22, 9, 0, 0, 0, time.FixedZone("", -6*3600))
	bot, err := c.CreateBot(t.Context(), recall.CreateBot{
		MeetingURL: "https://zoom.us/j/1?pwd=x", BotName: "Notetaker", JoinAt: &at, Metadata: map[string]string{"meeting_id": "m1"},
	}, "key-1")
	require.NoError(t, err)
	require.Equal(t, "b1", bot.ID)
	require.Equal(t, recall.MeetingURL{Platform: "google_meet", MeetingID: "abc"}, bot.MeetingURL)

	require.Equal(t, "POST /api/v1/bot/", request.Method+" "+request.URL.Path)
	require.Equal(t, "Token sandbox-key", request.Header.Get("Authorization"))
	require.Equal(t, "key-1", request.Header.Get("Idempotency-Key"))
	require.JSONEq(t, `{
		"meeting_url":"https://zoom.us/j/1?pwd=x","bot_name":"Notetaker","join_at":"2026-11-22T15:00:00Z","metadata":{"meeting_id":"m1"},
		"recording_config":{
			"transcript":{"provider":{"recallai_streaming":{"mode":"prioritize_accuracy","language_code":"auto"}},
				"diarization":{"use_separate_streams_when_available":true}},
			"video_mixed_mp4":{},"audio_mixed_mp3":{},"participant_events":{},"meeting_metadata":{},
			"retention":{"type":"timed","hours":168}}}`, string(body))
}

func TestRefusalsAreTold(t *testing.T) {
	t.Parallel()
	create := func(c *recall.Client) error {
		_, err := c.CreateBot(t.Context(), recall.CreateBot{MeetingURL: "https://x"}, "k")
		return err
	}
	remove := func(c *recall.Client) error { return c.DeleteBot(t.Context(), "b1") }
	cases := map[string]struct {
		status  int
		body    string
		call    func(*recall.Client) error
		is      func(error) bool
		outcome outbound.Outcome
		code    string
	}{
		"pool empty":     {507, `{"code":"x","detail":"y"}`, create, recall.IsPoolEmpty, outbound.Refused, "adhoc_pool_empty"},
		"in flight":      {409, `{"detail":"y"}`, create, recall.IsInFlight, outbound.Unknown, "idempotent_request_in_flight"},
		"field map":      {400, `{"meeting_url":["canary"]}`, create, func(error) bool { return true }, outbound.Refused, "invalid_fields"},
		"late delete":    {405, `{"code":"method_not_allowed"}`, remove, recall.IsDispatched, outbound.Refused, "method_not_allowed"},
		"late delete II": {400, `{"code":"cannot_delete_bot","detail":"y"}`, remove, recall.IsDispatched, outbound.Refused, "cannot_delete_bot"},
		"gone":           {404, `{"code":"not_found","detail":"y"}`, remove, recall.IsNotFound, outbound.Refused, "not_found"},
		"server error":   {502, `<html>`, create, func(err error) bool { return !recall.IsPoolEmpty(err) }, outbound.Unknown, ""},
	}
	for name, want := range cases {
		c, _ := fake(t, answer(want.status, want.body))
		err := want.call(c)
		var e *outbound.Error
		require.ErrorAs(t, err, &e, name)
		require.True(t, want.is(err), name)
		require.Equal(t, want.outcome, e.Outcome, name)
		require.Equal(t, want.code, e.Code, name)
		require.NotContains(t, e.Error(), "canary", name)
	}
	c, _ := fake(t, answer(507, ""))
	var e *outbound.Error
	require.ErrorAs(t, create(c), &e)
	require.Equal(t, 30*time.Second, e.RetryAfter)
}

func TestAListIsReadToItsEndWithoutLeavingTheHost(t *testing.T) {
	t.Parallel()
	c, _ := fake(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		q := r.URL.Query()
		if q.Get("metadata__meeting_id") != "m1" {
			w.WriteHeader(http.StatusBadRequest)
			return
		}
		page := map[string]any{"results": []map[string]string{{"id": "first"}}, "next": "https://evil.example/api/v1/bot/?page=2&metadata__meeting_id=m1"}
		if q.Get("page") == "2" {
			page = map[string]any{"results": []map[string]string{{"id": "second"}}, "next": nil}
		}
		_ = json.NewEncoder(w).Encode(page)
	}))
	var ids []string
	for bot, err := range c.ListBots(t.Context(), map[string]string{"meeting_id": "m1"}) {
		require.NoError(t, err)
		ids = append(ids, bot.ID)
	}
	require.Equal(t, []string{"first", "second"}, ids)
}

func TestABrokenPageEndsTheListWithItsError(t *testing.T) {
	t.Parallel()
	c, _ := fake(t, answer(503, ""))
	n := 0
	for _, err := range c.ListBots(t.Context(), nil) {
		n++
		require.Equal(t, 503, outbound.StatusOf(err))
	}
	require.Equal(t, 1, n)
}

func TestAMeetingURLIsReadInEitherForm(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]recall.MeetingURL{
		`"https://meet.google.com/abc"`:                                     {Raw: "https://meet.google.com/abc"},
		`{"meeting_id":"9","meeting_password":"secret","platform":"zoom"}`:  {Platform: "zoom", MeetingID: "9"},
		`{"meeting_id":9,"platform":"zoom"}`:                                {Platform: "zoom", MeetingID: "9"},
		`{"thread_id":"19:x","tenant_id":"t","platform":"microsoft_teams"}`: {Platform: "microsoft_teams"},
		`null`: {},
	} {
		var bot recall.Bot
		require.NoError(t, json.Unmarshal([]byte(`{"meeting_url":`+text+`}`), &bot), text)
		require.Equal(t, want, bot.MeetingURL, text)
	}
}

func TestCommandsGoToTheirPaths(t *testing.T) {
	t.Parallel()
	var got []string
	c, _ := fake(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		got = append(got, r.Method+" "+r.URL.Path)
		w.WriteHeader(http.StatusNoContent)
	}))
	require.NoError(t, c.DeleteBot(t.Context(), "b1"))
	require.NoError(t, c.LeaveCall(t.Context(), "b1"))
	require.NoError(t, c.DeleteMedia(t.Context(), "b1"))
	require.Equal(t, []string{"DELETE /api/v1/bot/b1/", "POST /api/v1/bot/b1/leave_call/", "POST /api/v1/bot/b1/delete_media/"}, got)
	require.Equal(t, outbound.NotSent, outbound.OutcomeOf(c.LeaveCall(t.Context(), "..")))
}
