package elevenlabs_test

import (
	"encoding/csv"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tertulia-dev/tertulia/infrastructure/sandbox/sandboxtest"
)

func TestASubmissionIsAnsweredWithEveryKeyAndTheNumbersProvider(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.Control("PUT", "/elevenlabs/number", object{"phone_number_id": "phnum_2", "provider": "sip_trunk"}, nil)
	a := w.call("POST", batches+"/submit", asking(2, object{
		"agent_phone_number_id": "phnum_2", "phone_provider": "twilio", "unknown": 1, "scheduled_time_unix": "1893456000", "timezone": "Europe/Madrid",
	}))
	require.Equal(t, 200, a.status, "%s", a.raw)
	require.Regexp(t, `^btcal_\d\d[0-9a-hjkmnp-tv-z]{26}$`, a.body["id"])
	delete(a.body, "id")
	require.Equal(t, object{
		"phone_number_id": "phnum_2", "phone_provider": "sip_trunk", "whatsapp_params": nil, "name": "Campaña", "agent_id": "agent_1",
		"branch_id": nil, "environment": nil, "created_at_unix": float64(noon.Unix()), "scheduled_time_unix": 1893456000.0,
		"timezone": "Europe/Madrid", "total_calls_dispatched": 0.0, "total_calls_scheduled": 2.0, "total_calls_finished": 0.0,
		"last_updated_at_unix": float64(noon.Unix()), "status": "pending", "retry_count": 0.0,
		"telephony_call_config":    object{"ringing_timeout_secs": 60.0, "twilio_call_recording_enabled": false},
		"target_concurrency_limit": nil, "agent_name": "Sandbox Agent", "branch_name": nil,
	}, a.body)
}

func TestAnInvalidBodyIsRefusedAsFastAPIDoes(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	const missing = `[{"type":"missing","loc":["body","call_name"],"msg":"Field required","input":null},
		{"type":"missing","loc":["body","agent_id"],"msg":"Field required","input":null},
		{"type":"missing","loc":["body","recipients"],"msg":"Field required","input":null}]`
	for body, want := range map[string]string{
		``: missing, `null`: missing, `[1]`: missing, `{"a":1}`: missing, `{"call_name":null,"recipients":null}`: missing,
		`{"call_name":1,"agent_id":"a","recipients":{}}`: `[{"type":"string_type","loc":["body","call_name"],"msg":"Input should be a valid string","input":1},
			{"type":"list_type","loc":["body","recipients"],"msg":"Input should be a valid list","input":{}}]`,
		`{"call_name":"c","agent_id":"a","recipients":[{"phone_number":1},null,{"conversation_initiation_client_data":{"dynamic_variables":[1]}},{"conversation_initiation_client_data":5}]}`: `[
			{"type":"string_type","loc":["body","recipients",0,"phone_number"],"msg":"Input should be a valid string","input":1},
			{"type":"model_attributes_type","loc":["body","recipients",1],"msg":"Input should be a valid dictionary or object to extract fields from","input":null},
			{"type":"dict_type","loc":["body","recipients",2,"conversation_initiation_client_data","dynamic_variables"],"msg":"Input should be a valid dictionary","input":[1]},
			{"type":"model_attributes_type","loc":["body","recipients",3,"conversation_initiation_client_data"],"msg":"Input should be a valid dictionary or object to extract fields from","input":5}]`,
		`{"call_name":"c","agent_id":"a","recipients":[],"scheduled_time_unix":"x","target_concurrency_limit":0,"telephony_call_config":{"ringing_timeout_secs":1000}}`: `[
			{"type":"int_parsing","loc":["body","scheduled_time_unix"],"msg":"Input should be a valid integer, unable to parse string as an integer","input":"x"},
			{"type":"less_than_equal","loc":["body","telephony_call_config","ringing_timeout_secs"],"msg":"Input should be less than or equal to 999","input":1000,"ctx":{"le":999}},
			{"type":"greater_than_equal","loc":["body","target_concurrency_limit"],"msg":"Input should be greater than or equal to 1","input":0,"ctx":{"ge":1}}]`,
		`{"call_name":"c","agent_id":"a","recipients":[],"scheduled_time_unix":1.5,"target_concurrency_limit":[]}`: `[
			{"type":"int_from_float","loc":["body","scheduled_time_unix"],"msg":"Input should be a valid integer, got a number with a fractional part","input":1.5},
			{"type":"int_type","loc":["body","target_concurrency_limit"],"msg":"Input should be a valid integer","input":[]}]`,
	} {
		a := w.call("POST", batches+"/submit", body)
		require.Equal(t, 422, a.status, body)
		require.JSONEq(t, `{"detail":`+want+`}`, string(a.raw), body)
	}
	broken := w.call("POST", batches+"/submit", `{"a":`)
	require.Equal(t, 422, broken.status)
	require.Equal(t, "json_invalid", broken.body["detail"].([]any)[0].(object)["type"])
}

func TestTheListMayHaveTenThousandRecipients(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	require.Equal(t, 200, w.call("POST", batches+"/submit", asking(10_000, nil)).status)
	a := w.call("POST", batches+"/submit", asking(10_001, nil))
	require.Equal(t, 422, a.status)
	issue := a.body["detail"].([]any)[0].(object)
	require.Equal(t, "too_long", issue["type"])
	require.Equal(t, "List should have at most 10000 items after validation, not 10001", issue["msg"])
	require.Len(t, issue["input"], 10_001)
	require.Equal(t, object{"field_type": "List", "max_length": 10000.0, "actual_length": 10001.0}, issue["ctx"])
}

func TestNullsAreAbsentAndNobodyIsABatchToo(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	a := w.call("POST", batches+"/submit", `{"call_name":"c","agent_id":"a","recipients":[{"id":null,"phone_number":"+15550100001","whatsapp_user_id":null,
		"conversation_initiation_client_data":null}],"scheduled_time_unix":null,"agent_phone_number_id":null,"whatsapp_params":null,"target_concurrency_limit":null}`)
	require.Equal(t, 200, a.status, "%s", a.raw)
	require.Nil(t, a.body["phone_provider"])
	w.until(a.body["id"].(string), "completed")
	w.until(w.submit(0, nil), "completed")
	id := w.submit(0, object{"recipients": []object{{"id": "r0"}}})
	w.until(id, "completed")
	require.Equal(t, []any{"failed"}, w.recipients(id, "status"), "without a number nobody is reached")
}

func TestAKeyIsMissingOrInvalid(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for key, code := range map[string]string{"": "needs_authorization", "live": "invalid_api_key"} {
		a := w.callAs(key, "GET", batches+"/workspace", nil)
		require.Equal(t, 401, a.status)
		require.Equal(t, code, a.body["detail"].(object)["status"])
	}
}

func TestTheDetailHasThreeShapes(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ask := func(shape string) any {
		w.settings(object{"errorShape": shape, "agreementRequired": true})
		a := w.call("POST", batches+"/submit", asking(1, nil))
		require.Equal(t, 403, a.status)
		return a.body["detail"]
	}
	full := ask("full").(object)
	for _, key := range []string{"type", "code", "message", "status", "request_id", "param"} {
		require.Contains(t, full, key)
	}
	require.Equal(t, "batch_calling_agreement_required", full["code"])
	require.Equal(t, object{"status": full["code"], "message": full["message"]}, ask("legacy"))
	require.Equal(t, full["message"], ask("string"))
	require.Empty(t, w.dialled(""))
}

func TestWhatIsUnknownIsNotFound(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.Control("PUT", "/elevenlabs/agent", object{"agent_id": "agent_gone", "missing": true}, nil)
	w.Control("PUT", "/elevenlabs/number", object{"phone_number_id": "phnum_gone", "missing": true}, nil)
	for _, c := range [][2]string{
		{"GET", batches + "/btcal_1"},
		{"POST", batches + "/btcal_1/cancel"},
		{"POST", batches + "/btcal_1/retry"},
		{"DELETE", batches + "/btcal_1"},
		{"GET", batches + "/btcal_1/export"},
		{"GET", batches + "/submit"},
		{"GET", "/v1/convai/conversations/conv_1"},
		{"GET", "/v1/convai/agents/agent_gone"},
		{"GET", "/v1/convai/phone-numbers/phnum_gone"},
	} {
		a := w.call(c[0], c[1], nil)
		require.Equal(t, 404, a.status, c)
		require.IsType(t, object{}, a.body["detail"], c)
	}
	require.Equal(t, 404, w.call("POST", batches+"/submit", asking(1, object{"agent_id": "agent_gone"})).status)
	require.Equal(t, 404, w.call("POST", batches+"/submit", asking(1, object{"agent_phone_number_id": "phnum_gone"})).status)
	for _, path := range []string{"/v1/user", "/v1/convai/batch-calling/../../user", "/"} {
		a := w.callAs("", "GET", path, nil)
		require.Equal(t, 404, a.status, path)
		require.Equal(t, object{"detail": "Not Found"}, a.body)
	}
	a := w.callAs("", "PUT", batches+"/submit", nil)
	require.Equal(t, 405, a.status)
	require.Equal(t, object{"detail": "Method Not Allowed"}, a.body)
	require.Equal(t, 405, w.call("HEAD", batches+"/workspace", nil).status)
}

func TestTheWorkspacesListIsPagedAndByAgent(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	var made []string
	for i := range 5 {
		made = append(made, w.submit(1, object{"agent_id": []string{"agent_even", "agent_odd"}[i%2]}))
	}
	var seen []string
	path := "/workspace?limit=2"
	for {
		a := w.call("GET", batches+path, nil)
		for _, b := range a.body["batch_calls"].([]any) {
			require.NotContains(t, b, "recipients")
			seen = append(seen, b.(object)["id"].(string))
		}
		if a.body["has_more"] == false {
			require.Nil(t, a.body["next_doc"])
			break
		}
		path = "/workspace?limit=2&last_doc=" + a.body["next_doc"].(string)
	}
	require.Equal(t, []string{made[4], made[3], made[2], made[1], made[0]}, seen)
	require.Len(t, w.call("GET", batches+"/workspace?agent_id=agent_odd", nil).body["batch_calls"], 2)
	require.Equal(t, 422, w.call("GET", batches+"/workspace?limit=x", nil).status)
}

func TestABatchIsExportedWhenItHasEnded(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.script(object{"outcomes": object{phone(1): "stuck"}})
	id := w.submit(2, nil)
	require.Equal(t, 400, w.call("GET", batches+"/"+id+"/export", nil).status)
	w.call("POST", batches+"/"+id+"/cancel", nil)
	a := w.call("GET", batches+"/"+id+"/export", nil)
	require.Equal(t, "text/csv; charset=utf-8", a.header.Get("Content-Type"))
	rows, err := csv.NewReader(strings.NewReader(string(a.raw))).ReadAll()
	require.NoError(t, err)
	require.Len(t, rows, 3)
	require.Equal(t, phone(0), rows[1][1])
}

func TestAnAnswerIsLostAfterTheBatchWasMade(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.Fault(sandboxtest.Fault{Vendor: "elevenlabs", Method: "POST", Path: batches + "/submit", Drop: "after"})
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, w.URL("elevenlabs")+batches+"/submit",
		strings.NewReader(`{"call_name":"perdida","agent_id":"a","recipients":[{"phone_number":"+15550100001"}]}`))
	require.NoError(t, err)
	r.Header.Set("xi-api-key", sandboxtest.Key)
	r.Header.Set("Content-Type", "application/json")
	_, err = http.DefaultClient.Do(r)
	require.Error(t, err)
	list := w.call("GET", batches+"/workspace", nil).body["batch_calls"].([]any)
	require.Len(t, list, 1)
	require.Equal(t, "perdida", list[0].(object)["name"])
	w.until(list[0].(object)["id"].(string), "completed")
	require.Len(t, w.dialled("?phone_number=%2B15550100001"), 1)
}

func TestAControlMistakeNamesItsField(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, c := range []struct {
		method, route, field string
		body                 object
	}{
		{"POST", "script", "outcomes", object{"outcomes": object{phone(0): "happy"}}},
		{"POST", "script", "weights", object{"weights": object{"busy": -1}}},
		{"POST", "script", "speed", object{"speed": -1}},
		{"POST", "script", "nonsense", object{"nonsense": 1}},
		{"POST", "settings", "errorShape", object{"errorShape": "round"}},
		{"POST", "settings", "workspaceConcurrency", object{"workspaceConcurrency": 0}},
		{"PUT", "agent", "agent_id", object{}},
		{"PUT", "agent", "overrides", object{"agent_id": "a", "overrides": []string{"soul"}}},
		{"PUT", "number", "provider", object{"phone_number_id": "p", "provider": "pigeon"}},
		{"POST", "webhook", "url", object{"url": "nowhere"}},
		{"POST", "replay", "id", object{"id": "whmsg_9"}},
	} {
		a := w.send("", c.method, w.BaseURL+"/_control/elevenlabs/"+c.route, c.body)
		require.Equal(t, 400, a.status, c)
		require.Equal(t, c.field, a.body["field"], "%s", a.raw)
	}
}
