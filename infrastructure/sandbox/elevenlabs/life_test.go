package elevenlabs_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestACallGoesThroughItsStatesByTheClock(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.script(object{"speed": 1, "ringSeconds": 5, "callSeconds": 30})
	id := w.submit(1, object{"scheduled_time_unix": noon.Add(time.Minute).Unix()})
	at := func(after time.Duration, batch, recipient string) {
		t.Helper()
		w.AdvanceClock(noon.Add(after).Sub(w.Now()))
		b := w.get(id)
		require.Equal(t, batch, b["status"], "after %s", after)
		require.Equal(t, recipient, b["recipients"].([]any)[0].(object)["status"], "after %s", after)
	}
	at(59*time.Second, "pending", "pending")
	require.Empty(t, w.dialled(""))
	at(60*time.Second, "in_progress", "dispatched")
	at(61*time.Second, "in_progress", "initiated")
	require.Len(t, w.dialled(""), 1)
	at(66*time.Second, "in_progress", "in_progress")
	at(95*time.Second, "in_progress", "in_progress")
	at(96*time.Second, "completed", "completed")

	conversation := w.recipients(id, "conversation_id")[0].(string)
	c := w.call("GET", "/v1/convai/conversations/"+conversation, nil).body
	require.Equal(t, "processing", c["status"])
	require.Empty(t, c["transcript"])
	w.AdvanceClock(2 * time.Second)
	c = w.call("GET", "/v1/convai/conversations/"+conversation, nil).body
	require.Equal(t, "done", c["status"])
	require.Len(t, c["transcript"], 4)
	metadata := c["metadata"].(object)
	require.EqualValues(t, 30, metadata["call_duration_secs"])
	require.EqualValues(t, noon.Add(66*time.Second).Unix(), metadata["start_time_unix_secs"])
	require.Equal(t, object{"batch_call_id": id, "batch_call_recipient_id": "r0"}, metadata["batch_call"])
}

func TestAtFullSpeedABatchEndsByItself(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	a := w.call("POST", batches+"/submit", asking(3, nil))
	require.Equal(t, "pending", a.body["status"])
	b := w.until(a.body["id"].(string), "completed")
	require.EqualValues(t, 3, b["total_calls_dispatched"])
	require.EqualValues(t, 3, b["total_calls_finished"])
	require.EqualValues(t, 3, b["total_calls_scheduled"])
	for _, u := range w.dialled("?batch_id=" + b["id"].(string)) {
		require.Contains(t, []string{"r0", "r1", "r2"}, u.Recipient)
	}
	require.Len(t, w.dialled("?phone_number=%2B15550000002"), 1)
}

func TestEachOutcomeShowsAsTheVendorShowsIt(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.script(object{"outcomes": object{
		phone(0): "voicemail", phone(1): "failed", phone(2): "busy", phone(3): "no-answer", phone(4): "stuck",
	}})
	id := w.submit(6, nil)
	require.Eventually(t, func() bool { return w.get(id)["total_calls_finished"] == 5.0 }, patient, time.Millisecond)
	require.Equal(t, []any{"voicemail", "failed", "failed", "failed", "initiated", "completed"}, w.recipients(id, "status"))
	require.Equal(t, "in_progress", w.get(id)["status"], "one call never ends")
	for _, conversation := range w.recipients(id, "conversation_id") {
		require.Regexp(t, `^conv_\d\d[0-9a-hjkmnp-tv-z]{26}$`, conversation)
	}
}

func TestTheRingingTimeoutIsNoAnswer(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.script(object{"speed": 1, "ringSeconds": 20})
	id := w.submit(1, object{"telephony_call_config": object{"ringing_timeout_secs": 10}})
	w.begun(id)
	w.AdvanceClock(10 * time.Second)
	require.Equal(t, []any{"initiated"}, w.recipients(id, "status"))
	w.AdvanceClock(time.Second)
	require.Equal(t, []any{"failed"}, w.recipients(id, "status"))
}

func TestConcurrencyIsHalfOfTheWorkspaceSeventyPercentOfTheAgentOrTheTarget(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.script(object{"speed": 1})
	w.settings(object{"workspaceConcurrency": 20})
	w.Control("PUT", "/elevenlabs/agent", object{"agent_id": "agent_small", "concurrency_limit": 10}, nil)
	busy := func(id string, want int) {
		t.Helper()
		w.begun(id)
		require.EqualValues(t, want, w.get(id)["total_calls_dispatched"])
		require.Equal(t, 200, w.call("POST", batches+"/"+id+"/cancel", nil).status)
	}
	busy(w.submit(30, nil), 10)
	busy(w.submit(30, object{"agent_id": "agent_small"}), 7)
	busy(w.submit(30, object{"target_concurrency_limit": 13}), 13)
	busy(w.submit(30, object{"target_concurrency_limit": 100}), 20)
}

func TestAFreeLineGoesToTheNextRecipient(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.script(object{"speed": 1, "ringSeconds": 1, "callSeconds": 8})
	id := w.submit(5, object{"target_concurrency_limit": 2})
	w.begun(id)
	w.AdvanceClock(time.Hour)
	require.Equal(t, "completed", w.get(id)["status"])
	var after []float64
	for _, u := range w.dialled("") {
		after = append(after, u.At.Sub(noon).Seconds())
	}
	require.Equal(t, []float64{1, 1, 11, 11, 21}, after)
}

func TestCancelStopsWhoWasNotDialledAndLetsTheOthersFinish(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.script(object{"speed": 1})
	id := w.submit(4, object{"target_concurrency_limit": 2})
	w.begun(id)
	w.AdvanceClock(time.Second)
	a := w.call("POST", batches+"/"+id+"/cancel", nil)
	require.Equal(t, 200, a.status)
	require.Equal(t, "cancelled", a.body["status"])
	require.Equal(t, []any{"initiated", "initiated", "cancelled", "cancelled"}, w.recipients(id, "status"))
	w.AdvanceClock(time.Hour)
	require.Equal(t, []any{"completed", "completed", "cancelled", "cancelled"}, w.recipients(id, "status"))
	require.Equal(t, "cancelled", w.get(id)["status"])
	require.Len(t, w.dialled(""), 2)
	again := w.call("POST", batches+"/"+id+"/cancel", nil)
	require.Equal(t, 400, again.status)
	require.IsType(t, object{}, again.body["detail"])
}

func TestWhoWasDispatchedAndNotYetDialledIsNotDialledAfterACancel(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.script(object{"speed": 1})
	id := w.submit(2, nil)
	w.begun(id)
	require.Equal(t, []any{"dispatched", "dispatched"}, w.recipients(id, "status"))
	require.Equal(t, 200, w.call("POST", batches+"/"+id+"/cancel", nil).status)
	w.AdvanceClock(time.Hour)
	require.Equal(t, []any{"cancelled", "cancelled"}, w.recipients(id, "status"))
	require.Empty(t, w.dialled(""))
}

func TestACancelledBatchIsReadAsItWasForAWhile(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.script(object{"speed": 1, "staleReads": 2})
	id := w.submit(1, nil)
	w.begun(id)
	w.call("POST", batches+"/"+id+"/cancel", nil)
	require.Equal(t, "in_progress", w.get(id)["status"])
	require.Equal(t, "in_progress", w.get(id)["status"])
	require.Equal(t, "cancelled", w.get(id)["status"])
}

func TestRetryDialsOnlyWhoWasNotReached(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.script(object{"outcomes": object{phone(1): []string{"busy", "completed"}}})
	id := w.submit(2, nil)
	w.until(id, "completed")
	before := w.recipients(id, "conversation_id")
	a := w.call("POST", batches+"/"+id+"/retry", nil)
	require.Equal(t, 200, a.status, "%s", a.raw)
	require.EqualValues(t, 1, a.body["retry_count"])
	w.until(id, "completed")
	require.Equal(t, []any{"completed", "completed"}, w.recipients(id, "status"))
	after := w.recipients(id, "conversation_id")
	require.Equal(t, before[0], after[0])
	require.NotEqual(t, before[1], after[1])
	require.Len(t, w.dialled(""), 3)
	require.Equal(t, 400, w.call("POST", batches+"/"+id+"/retry", nil).status, "nobody is left to retry")
}

func TestADeletedBatchIsGoneAndItsConversationsStay(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := w.submit(1, nil)
	w.until(id, "completed")
	conversation := w.recipients(id, "conversation_id")[0].(string)
	a := w.call("DELETE", batches+"/"+id, nil)
	require.Equal(t, 204, a.status)
	require.Empty(t, a.raw)
	require.Equal(t, 404, w.call("GET", batches+"/"+id, nil).status)
	require.Empty(t, w.call("GET", batches+"/workspace", nil).body["batch_calls"])
	require.Equal(t, 200, w.call("GET", "/v1/convai/conversations/"+conversation, nil).status)
}

func TestTheConversationsIDCanComeLate(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.script(object{"conversationLate": 90})
	id := w.submit(1, nil)
	w.until(id, "completed")
	require.Equal(t, []any{nil}, w.recipients(id, "conversation_id"))
	w.AdvanceClock(90 * time.Second)
	require.NotNil(t, w.recipients(id, "conversation_id")[0])
}

func TestACallFailsWhenItsAgentCannotTalkToTheRecipient(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.Control("PUT", "/elevenlabs/agent", object{
		"agent_id": "agent_1", "first_message": "Hola {{nombre}}", "prompt": "Hoy es {{system__time}}, {{ciudad}}",
		"placeholders": object{"ciudad": "Lima"}, "overrides": []string{"language"},
	}, nil)
	recipients := []object{}
	for i, data := range []object{
		{},
		{"dynamic_variables": object{"nombre": "Ana"}},
		{"dynamic_variables": object{"nombre": "Ana"}, "conversation_config_override": object{"agent": object{"language": "en"}}},
		{"dynamic_variables": object{"nombre": "Ana"}, "conversation_config_override": object{"agent": object{"first_message": "Ja"}}},
	} {
		recipients = append(recipients, object{"phone_number": phone(i), "conversation_initiation_client_data": data})
	}
	id := w.submit(0, object{"recipients": recipients})
	w.until(id, "completed")
	require.Equal(t, []any{"failed", "completed", "completed", "failed"}, w.recipients(id, "status"))
	reason := func(i int) any {
		conversation := w.recipients(id, "conversation_id")[i].(string)
		var c object
		require.Eventually(t, func() bool {
			c = w.call("GET", "/v1/convai/conversations/"+conversation, nil).body
			return c["status"] == "failed"
		}, patient, time.Millisecond)
		return c["metadata"].(object)["error"].(object)["reason"]
	}
	require.Equal(t, "Missing required dynamic variables: {'nombre'}", reason(0))
	require.Equal(t, "Override for field 'first_message' is not allowed by config.", reason(3))
}
