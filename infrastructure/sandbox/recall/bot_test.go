package recall_test

import (
	"fmt"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tertulia-dev/tertulia/infrastructure/sandbox/sandboxtest"
)

func TestBothFormsOfAGoodKeyAreTakenAndOthersRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	address := w.URL("recall") + "/api/v1/bot/"
	require.Equal(t, 200, w.send("GET", address, nil, "Authorization", "Token sandbox-1").status)
	require.Equal(t, 200, w.send("GET", address, nil, "Authorization", "sandbox-1").status)
	for _, key := range []string{"Token live-1", "live-1"} {
		a := w.send("GET", address, nil, "Authorization", key)
		require.Equal(t, 401, a.status)
		require.Equal(t, "authentication_failed", a.body["code"])
	}
	a := w.send("GET", address, nil)
	require.Equal(t, 401, a.status)
	require.Equal(t, "not_authenticated", a.body["code"])
}

func TestAGetWithABodyIsBlocked(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	a := w.call("GET", "/bot/", object{})
	require.Equal(t, 403, a.status)
	require.Equal(t, "request_blocked", a.body["code"])
}

func TestLocalAddressesAreBlockedWhenAskedFor(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	local := request(object{"meeting_url": "http://localhost/x"})
	require.Equal(t, 201, w.call("POST", "/bot/", local).status)
	w.RecallSettings(object{"blockLocalhost": true})
	require.Equal(t, 403, w.call("POST", "/bot/", local).status)
}

func TestMeetingAddressesComeBackAsObjects(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	cases := map[string]object{
		"https://us02web.zoom.us/j/123456?pwd=s3cret": {
			"platform": "zoom", "meeting_id": "123456", "meeting_password": "s3cret",
		},
		"https://zoom.us/j/9": {"platform": "zoom", "meeting_id": "9", "meeting_password": nil},
		meet:                  {"platform": "google_meet", "meeting_id": "abc-defg-hij"},
		"https://teams.microsoft.com/l/meetup-join/19%3ameeting_x%40thread.v2/0?context=" +
			url.QueryEscape(`{"Tid":"t1","Oid":"o1"}`): {
			"platform": "microsoft_teams", "thread_id": "19:meeting_x@thread.v2", "message_id": "0", "tenant_id": "t1",
			"organizer_id": "o1", "meeting_id": nil, "meeting_password": nil, "business_meeting_id": nil,
			"business_meeting_password": nil,
		},
	}
	for address, parts := range cases {
		a := w.call("POST", "/bot/", request(object{"meeting_url": address}))
		require.Equal(t, 201, a.status)
		require.Equal(t, parts, a.body["meeting_url"])
	}
}

func TestBadBodiesAreRefusedByField(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	a := w.call("POST", "/bot/", object{"join_at": "tomorrow"})
	require.Equal(t, 400, a.status)
	require.Equal(t, []any{"This field is required."}, a.body["meeting_url"])
	require.Contains(t, a.body, "join_at")

	a = w.call("POST", "/bot/", request(object{"meeting_url": "not a url"}))
	require.Equal(t, []any{"Enter a valid URL."}, a.body["meeting_url"])

	a = w.call("POST", "/bot/", request(object{
		"recording_config": object{"transcript": object{"provider": object{"recallai_async": object{}}}},
	}))
	require.Equal(t, 400, a.status, "an asynchronous provider cannot be asked for at creation")
}

func TestUnknownKeysAreIgnoredAndAudioIsOnlyMadeWhenAskedFor(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	bot := w.bot(object{"surprise": 1, "recording_config": object{"audio_mixed": object{}}})
	w.until(bot, "done")
	shortcuts := w.shortcuts(bot)
	require.Nil(t, shortcuts["audio_mixed"])
	require.Nil(t, shortcuts["transcript"])
	require.NotNil(t, shortcuts["video_mixed"])
	require.NotNil(t, shortcuts["participant_events"])
	require.NotNil(t, shortcuts["meeting_metadata"])
}

func TestNotetakersAreFoundByMetadataOverAllPages(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.RecallSettings(object{"pageSize": 2})
	for i := range 5 {
		w.bot(object{"metadata": object{"meeting_id": fmt.Sprint("m", i%2)}})
	}
	seen := map[string]bool{}
	next := w.URL("recall") + "/api/v1/bot/?metadata__meeting_id=m0"
	for next != "" {
		a := w.send("GET", next, nil, "Authorization", "Token sandbox-key")
		require.Equal(t, 200, a.status, "%s", a.raw)
		require.EqualValues(t, 3, a.body["count"])
		for _, b := range a.body["results"].([]any) {
			require.Equal(t, "m0", b.(object)["metadata"].(object)["meeting_id"])
			seen[b.(object)["id"].(string)] = true
		}
		next, _ = a.body["next"].(string)
	}
	require.Len(t, seen, 3)
	require.Equal(t, 404, w.call("GET", "/bot/?page=9", nil).status)
}

func TestNotetakersAreFoundByStatusAndJoiningTime(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	finished := w.bot(nil)
	w.until(finished, "done")
	later := w.bot(object{"join_at": w.Now().Add(time.Hour).Format(time.RFC3339)})
	ids := func(query string) []string {
		var found []string
		for _, b := range w.call("GET", "/bot/?"+query, nil).body["results"].([]any) {
			found = append(found, b.(object)["id"].(string))
		}
		return found
	}
	require.Equal(t, []string{finished}, ids("status=fatal&status=done"))
	require.Equal(t, []string{later}, ids("join_at_after="+url.QueryEscape(w.Now().Format(time.RFC3339))))
	require.Equal(t, []string{later}, ids("join_at_before="+url.QueryEscape(w.Now().Add(2*time.Hour).Format(time.RFC3339))))
}

func TestAScheduledNotetakerCanBeTakenBackUntilItIsDispatched(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	bot := w.bot(object{"join_at": w.Now().Add(time.Hour).Format(time.RFC3339)})
	require.Equal(t, 204, w.call("DELETE", "/bot/"+bot+"/", nil).status)
	require.Equal(t, 404, w.call("GET", "/bot/"+bot+"/", nil).status)

	bot = w.bot(nil)
	w.until(bot, "done")
	require.Equal(t, 405, w.call("DELETE", "/bot/"+bot+"/", nil).status)
	w.RecallSettings(object{"lateDeleteStatus": 400})
	a := w.call("DELETE", "/bot/"+bot+"/", nil)
	require.Equal(t, 400, a.status)
	require.Equal(t, "cannot_delete_bot", a.body["code"])
}

func TestANotetakerCannotBeMovedToLessThanTenMinutesAhead(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	bot := w.bot(object{"join_at": w.Now().Add(time.Hour).Format(time.RFC3339)})
	a := w.call("PATCH", "/bot/"+bot+"/", object{"join_at": w.Now().Add(9 * time.Minute).Format(time.RFC3339)})
	require.Equal(t, 400, a.status)
	require.Equal(t, "Not enough time to launch new bot", a.body["detail"])
	a = w.call("PATCH", "/bot/"+bot+"/", object{"bot_name": "Ana's notes", "metadata": object{"other": "x"}})
	require.Equal(t, 200, a.status)
	require.Equal(t, "Ana's notes", a.body["bot_name"])
	require.Equal(t, object{"other": "x"}, a.body["metadata"], "what a patch names is replaced")

	w.AdvanceClock(61 * time.Minute)
	w.until(bot, "done")
	a = w.call("PATCH", "/bot/"+bot+"/", object{"bot_name": "x"})
	require.Equal(t, 400, a.status)
	require.Equal(t, "update_bot_failed", a.body["code"])
}

func TestOnlyAdHocNotetakersNeedThePoolAndItRefills(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.RecallSettings(object{"pool": 1, "poolRefillSeconds": 90})
	w.Script(sandboxtest.Script{})
	w.until(w.bot(nil), "done")
	a := w.call("POST", "/bot/", request(nil))
	require.Equal(t, 507, a.status)
	require.Equal(t, "30", a.header.Get("Retry-After"))

	w.bot(object{"join_at": w.Now().Add(11 * time.Minute).Format(time.RFC3339)})
	require.Equal(t, 507, w.call("POST", "/bot/", request(object{
		"join_at": w.Now().Add(9 * time.Minute).Format(time.RFC3339),
	})).status)
	w.AdvanceClock(91 * time.Second)
	w.bot(nil)
}

func TestTooManyRequestsAreToldWhenToComeBack(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for range 60 {
		require.Equal(t, 200, w.call("GET", "/bot/", nil).status)
	}
	a := w.call("GET", "/bot/", nil)
	require.Equal(t, 429, a.status)
	require.NotEmpty(t, a.header.Get("Retry-After"))
	require.Equal(t, 201, w.call("POST", "/bot/", request(nil)).status, "limits are per endpoint")
	w.AdvanceClock(time.Minute)
	require.Equal(t, 200, w.call("GET", "/bot/", nil).status)
}

func TestUnknownPathsAndMethodsAreRefusedInJSON(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	require.Equal(t, "not_found", w.call("GET", "/nothing/", nil).body["code"])
	a := w.call("PUT", "/bot/", object{})
	require.Equal(t, 405, a.status)
	require.True(t, strings.Contains(a.header.Get("Allow"), "POST"))
	require.Equal(t, "method_not_allowed", a.body["code"])
}
