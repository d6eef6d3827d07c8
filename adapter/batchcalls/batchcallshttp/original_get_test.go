package batchcallshttp_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tertulia-dev/tertulia/domain/batchcalls"
	batchcallsuc "github.com/tertulia-dev/tertulia/usecase/batchcalls"
)

const getPath = "/api/batch-calling/btcal_1"

func TestABatchIsWrittenAsTheProviderWritesIt(t *testing.T) {
	t.Parallel()
	e := newEdge(t, true)
	e.people = []batchcalls.Recipient{
		{Batch: "b1", Position: 0, Phone: "+15550100001", Ref: "r-1", Status: batchcalls.CallVoicemail, Conversation: "conv_1", UpdatedAt: begun.Add(3e9), Body: json.RawMessage(`{"phone_number":"+15550100001","conversation_initiation_client_data":{"dynamic_variables":{"n":"J"}}}`)},
		{Batch: "b1", Position: 1, Phone: "+15550100002", Ref: "r-2", Status: batchcalls.CallPending, Body: json.RawMessage(`{"phone_number":"+15550100002"}`)},
	}
	e.batch.Dispatched, e.batch.Finished, e.batch.Status = 2, 1, batchcalls.InProgress
	got := e.call(t, "GET", getPath, "")
	require.Equal(t, `{"success":true,"data":{"id":"btcal_1","phone_number_id":"phnum_1","phone_provider":"twilio","whatsapp_params":null,`+
		`"name":"Campaña","agent_id":"agent_1","branch_id":null,"environment":null,"created_at_unix":1795218269,`+
		`"scheduled_time_unix":1795218200,"timezone":null,"total_calls_dispatched":2,"total_calls_scheduled":2,"total_calls_finished":1,`+
		`"last_updated_at_unix":1795218269,"status":"in_progress","retry_count":null,"telephony_call_config":{"ringing_timeout_secs":60},`+
		`"target_concurrency_limit":null,"agent_name":"Fake Agent","branch_name":null,"newer":[1],"recipients":[`+
		`{"id":"r-1","phone_number":"+15550100001","whatsapp_user_id":null,"status":"completed","detail":"voicemail",`+
		`"created_at_unix":1795218269,"updated_at_unix":1795218272,"conversation_id":"conv_1",`+
		`"conversation_initiation_client_data":{"dynamic_variables":{"n":"J"}}},`+
		`{"id":"r-2","phone_number":"+15550100002","whatsapp_user_id":null,"status":"pending","created_at_unix":1795218269,`+
		`"updated_at_unix":1795218269,"conversation_id":null,"conversation_initiation_client_data":null}]}}`, got.text)
	require.Equal(t, `W/"btcal_1-7"`, got.header.Get("ETag"))
}

func TestABatchOfWhichTheProviderHasSaidNothingHasAllItsKeys(t *testing.T) {
	t.Parallel()
	e := newEdge(t, true)
	e.batch.Head, e.batch.Status, e.batch.Excluded = nil, batchcalls.Paused, 1
	e.batch.ScheduledAt = begun.Add(60e9)
	data, _ := e.call(t, "GET", getPath, "").body["data"].(map[string]any)
	require.Len(t, data, 22)
	require.Equal(t, "pending", data["status"])
	require.Equal(t, 1795218329.0, data["scheduled_time_unix"])
	require.Equal(t, 1.0, data["total_calls_scheduled"])
	require.Equal(t, []any{}, data["recipients"])
	require.Nil(t, data["phone_provider"])
}

func TestCancellingAnswersAsItDid(t *testing.T) {
	t.Parallel()
	e := newEdge(t, true)
	e.batch.Status = batchcalls.Cancelled
	got := e.call(t, "POST", getPath+"/cancel", `{"x":1}`)
	require.Equal(t, 200, got.status)
	require.Equal(t, "Batch cancelado exitosamente", got.body["message"])
	data, _ := got.body["data"].(map[string]any)
	require.Equal(t, "cancelled", data["status"])
	require.NotContains(t, data, "recipients")
}

func TestWhatTheProviderRefusesHasTheOriginalsStatus(t *testing.T) {
	t.Parallel()
	e := newEdge(t, true)
	for upstream, want := range map[int][2]int{400: {500, 400}, 404: {500, 404}, 401: {500, 500}, 422: {500, 500}, 503: {500, 500}, 0: {500, 500}} {
		e.err = fmt.Errorf("ask: %w", &batchcallsuc.Refusal{Status: upstream, Message: "inner Status: 404 thing", Cause: errors.New("x")})
		status := "unknown"
		if upstream != 0 {
			status = fmt.Sprint(upstream)
		}
		got := e.call(t, "GET", getPath, "")
		require.Equal(t, want[0], got.status)
		require.Equal(t, "Error al obtener información del batch: inner Status: 404 thing (Status: "+status+")", got.body["error"])
		got = e.call(t, "POST", getPath+"/cancel", "")
		require.Equal(t, want[1], got.status)
		require.Equal(t, "Error al cancelar batch de llamadas: inner Status: 404 thing (Status: "+status+")", got.body["error"])
	}
}

func TestAnUnchangedBatchIsNotSentAgain(t *testing.T) {
	t.Parallel()
	e := newEdge(t, true)
	tag := e.call(t, "GET", getPath, "").header.Get("ETag")
	for _, known := range []string{tag, strings.TrimPrefix(tag, "W/"), `"x", ` + tag, "*"} {
		got := e.call(t, "GET", getPath, "", "If-None-Match", known)
		require.Equal(t, 304, got.status, known)
		require.Empty(t, got.text)
		require.Equal(t, tag, got.header.Get("ETag"))
	}
	require.Equal(t, 200, e.call(t, "GET", getPath, "", "If-None-Match", tag, "Cache-Control", "no-cache").status)
	e.batch.Version++
	require.Equal(t, 200, e.call(t, "GET", getPath, "", "If-None-Match", tag).status)
}

func TestRecipientsAreReadOnceAVersion(t *testing.T) {
	t.Parallel()
	e := newEdge(t, true)
	e.people = []batchcalls.Recipient{{Phone: "+15550100001", Ref: "r", Status: batchcalls.CallPending}}
	var together sync.WaitGroup
	for range 8 {
		together.Go(func() { e.call(t, "GET", getPath, "") })
	}
	together.Wait()
	require.Equal(t, 1, e.reads)
	e.batch.Version++
	e.people[0].Status = batchcalls.CallBusy
	require.Contains(t, e.call(t, "GET", getPath, "").text, `"detail":"busy"`)
	require.Equal(t, 2, e.reads)
}

func TestAListTooLongToBeKeptIsWrittenAsItIsRead(t *testing.T) {
	t.Parallel()
	e := newEdge(t, true)
	e.batch.Total = 100_001
	e.people = make([]batchcalls.Recipient, e.batch.Total)
	for i := range e.people {
		e.people[i] = batchcalls.Recipient{Phone: "+15550100001", Ref: fmt.Sprint(i), Status: batchcalls.CallPending}
	}
	for want := 1; want <= 2; want++ {
		data, _ := e.call(t, "GET", getPath, "").body["data"].(map[string]any)
		require.Len(t, data["recipients"], e.batch.Total)
		require.Equal(t, want, e.reads, "it is not kept")
	}
}
