package batchcallshttp_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tertulia-dev/tertulia/domain/batchcalls"
	"github.com/tertulia-dev/tertulia/domain/fault"
	batchcallsuc "github.com/tertulia-dev/tertulia/usecase/batchcalls"
)

const submitPath = "/api/batch-calling/submit"

// bodyWith is a good body with recipients as given, and what else.
func bodyWith(recipients, more string) string {
	return `{"call_name":"C","agent_id":"a","agent_phone_number_id":"p","recipients":[` + recipients + `]` + more + `}`
}

const person = `{"phone_number":"+34631021622"}`

func TestARecipientIsRewrittenOnlyWhereTheProviderWouldNotUnderstandIt(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ sent, want, ref string }{
		"as it is":     {sent: `{ "phone_number": "+34631021622", "x": [1, 2] }`, want: `{ "phone_number": "+34631021622", "x": [1, 2] }`},
		"with an ID":   {sent: `{"phone_number":"+34631021622","id":"r-1"}`, want: `{"phone_number":"+34631021622","id":"r-1"}`, ref: "r-1"},
		"a numeric ID": {sent: `{"id":7,"phone_number":"+34631021622"}`, want: `{"id":"7","phone_number":"+34631021622"}`, ref: "7"},
		"no ID really": {sent: `{"id":null,"phone_number":"+34631021622"}`, want: `{"phone_number":"+34631021622"}`},
		"an empty ID":  {sent: `{"id":"","phone_number":"+34631021622"}`, want: `{"phone_number":"+34631021622"}`},
		"variables beside the number": {
			sent: `{"phone_number":"+34631021622","dynamic_variables":{"n":"J"},"x":1}`,
			want: `{"phone_number":"+34631021622","x":1,"conversation_initiation_client_data":{"dynamic_variables":{"n":"J"}}}`,
		},
		"variables in both places": {
			sent: `{"phone_number":"+34631021622","dynamic_variables":{"n":"outer","m":1},"conversation_initiation_client_data":{"user_id":"u","dynamic_variables":{"n":"inner"}}}`,
			want: `{"phone_number":"+34631021622","conversation_initiation_client_data":{"user_id":"u","dynamic_variables":{"n":"inner","m":1}}}`,
		},
		"client data without variables": {
			sent: `{"dynamic_variables":{"n":1},"conversation_initiation_client_data":{"user_id":"u"},"phone_number":"+34631021622"}`,
			want: `{"conversation_initiation_client_data":{"user_id":"u","dynamic_variables":{"n":1}},"phone_number":"+34631021622"}`,
		},
		"null client data": {
			sent: `{"phone_number":"+34631021622","conversation_initiation_client_data":null}`, want: `{"phone_number":"+34631021622"}`,
		},
		"null variables": {
			sent: `{"phone_number":"+34631021622","dynamic_variables":null,"conversation_initiation_client_data":{"dynamic_variables":null}}`,
			want: `{"phone_number":"+34631021622","conversation_initiation_client_data":{}}`,
		},
		"a key twice": {
			sent: `{"phone_number":"+1","id":"a","phone_number":"+34631021622","id":"b"}`, want: `{"phone_number":"+34631021622","id":"b"}`, ref: "b",
		},
		"a key in escapes": {sent: `{"phone\u005fnumber":"\u002b34631021622"}`, want: `{"phone\u005fnumber":"\u002b34631021622"}`},
		"a key twice, once in escapes": {
			sent: `{"phone_number":"+1","phone\u005fnumber":"+34631021622"}`, want: `{"phone_number":"+34631021622"}`,
		},
	} {
		e := newEdge(t, true)
		require.Equal(t, 200, e.call(t, "POST", submitPath, bodyWith(c.sent, "")).status, name)
		got := e.submitted[0].Recipients[0]
		require.Equal(t, c.want, string(got.Body), name)
		require.Equal(t, c.ref, got.Ref, name)
		require.Equal(t, batchcalls.Phone("+34631021622"), got.Phone, name)
	}
}

func TestComplaintsComeRuleByRuleAndInEachPersonByPerson(t *testing.T) {
	t.Parallel()
	got := newEdge(t, true).call(t, "POST", submitPath, `{"call_name":["a"],"agent_id":" ","recipients":[{"phone_number":""},
		{"phone_number":7,"conversation_initiation_client_data":[],"id":{}},
		{"phone_number":"+1","conversation_initiation_client_data":{"dynamic_variables":"x"},"dynamic_variables":[1]}],
		"scheduled_time_unix":1.5,"phone_provider":1,"include_dynamic_variables":[],"force":"yes"}`)
	require.Equal(t, 400, got.status)
	var told []string
	for _, e := range got.body["errors"].([]any) {
		item := e.(map[string]any)
		told = append(told, item["path"].(string)+": "+item["msg"].(string))
	}
	require.Equal(t, []string{
		"call_name: Invalid value",
		"agent_id: agent_id es requerido",
		"agent_phone_number_id: Invalid value",
		"agent_phone_number_id: agent_phone_number_id es requerido",
		"recipients[1].phone_number: Invalid value",
		"recipients[0].phone_number: Cada recipient debe tener un phone_number",
		"recipients[1].conversation_initiation_client_data: conversation_initiation_client_data debe ser un objeto",
		"recipients[2].conversation_initiation_client_data.dynamic_variables: dynamic_variables debe ser un objeto",
		"recipients[2].dynamic_variables: dynamic_variables debe ser un objeto",
		"recipients[1].id: Invalid value",
		"scheduled_time_unix: scheduled_time_unix debe ser un número entero",
		`phone_provider: phone_provider debe ser "twilio" o "sip_trunk"`,
		"include_dynamic_variables: include_dynamic_variables debe ser un booleano",
		"force: force debe ser un booleano",
	}, told, "and nothing about +1: the form of numbers comes last")
}

func TestAnObjectInTheListsPlaceIsComplainedAboutUnderItsKeys(t *testing.T) {
	t.Parallel()
	for sent, want := range map[string][]string{
		`{"phone_number":"+34631021622"}`: {"recipients", "recipients.phone_number.phone_number", "recipients.phone_number.phone_number"},
		`{"0":` + person + `}`:            {"recipients"},
		`{"7":{},"a.b":` + person + `}`:   {"recipients", "recipients[7].phone_number", "recipients[7].phone_number"},
		`{"a.b":{"phone_number":5}}`:      {"recipients", `recipients["a.b"].phone_number`},
		`{}`:                              {"recipients"},
	} {
		got := newEdge(t, true).call(t, "POST", submitPath, strings.Replace(bodyWith("", ""), "[]", sent, 1))
		require.Equal(t, 400, got.status)
		var paths []string
		for _, e := range got.body["errors"].([]any) {
			paths = append(paths, e.(map[string]any)["path"].(string))
		}
		require.Equal(t, want, paths, sent)
	}
}

func TestAHundredComplaintsAreListedAndTheRestIsCounted(t *testing.T) {
	t.Parallel()
	people := strings.TrimSuffix(strings.Repeat("{},", 10_000), ",")
	got := newEdge(t, true).call(t, "POST", submitPath, bodyWith(people, ""))
	require.Equal(t, 400, got.status)
	require.Len(t, got.body["errors"], 100)
	require.Equal(t, 19_900.0, got.body["errorsOmitted"])
	require.Less(t, len(got.text), 20_000)
	got = newEdge(t, true).call(t, "POST", submitPath, bodyWith(`{"phone_number":"1"}`, ""))
	require.NotContains(t, got.body, "errorsOmitted")
}

func TestTimesAreReadFromNumbersAndTheirTexts(t *testing.T) {
	t.Parallel()
	for sent, want := range map[string]int64{
		`1893456000`: 1893456000, `1.893456e9`: 1893456000, `"+5"`: 5, `"007"`: 7, `0`: 0, `253402300799`: 253402300799,
		`-1`: -1, `"-1"`: -1, `1.5`: -1, `253402300800`: -1, `"99999999999999999999"`: -1, `""`: -1, `" 5"`: -1, `true`: -1, `{}`: -1, `1e300`: -1,
	} {
		e := newEdge(t, true)
		got := e.call(t, "POST", submitPath, bodyWith(person, `,"scheduled_time_unix":`+sent))
		if want < 0 {
			require.Equal(t, 400, got.status, sent)
			continue
		}
		require.Equal(t, 200, got.status, sent)
		require.True(t, time.Unix(want, 0).Equal(e.submitted[0].ScheduledAt), sent)
	}
}

func TestTheSameCallsHaveTheSameHashHoweverTheyAreWritten(t *testing.T) {
	t.Parallel()
	e := newEdge(t, true)
	for _, body := range []string{
		bodyWith(person, ""),
		"\n" + `{"agent_phone_number_id":"p", "agent_id":"a", "recipients":[` + person + `], "call_name":"C", "force":true}`,
		bodyWith(person, `,"timezone":"Europe/Madrid"`),
		bodyWith(person+","+strings.Replace(person, "22", "23", 1), ""),
		bodyWith(person, `,"scheduled_time_unix":1`),
		strings.Replace(bodyWith(person, ""), `"C"`, `"Ca"`, 1),
	} {
		require.Equal(t, 200, e.call(t, "POST", submitPath, body).status)
	}
	hashes := map[string]bool{}
	for _, in := range e.submitted {
		require.Len(t, in.BodyHash, 64)
		hashes[in.BodyHash] = true
	}
	require.Len(t, hashes, 5)
	require.Equal(t, e.submitted[0].BodyHash, e.submitted[1].BodyHash)
	require.True(t, e.submitted[1].Force)
}

func TestWhatNobodyElseNeedsIsTold(t *testing.T) {
	t.Parallel()
	e := newEdge(t, true)
	got := e.call(t, "POST", submitPath, bodyWith(person, ""))
	for _, key := range []string{"warning", "duplicates", "duplicates_total", "do_not_call"} {
		require.NotContains(t, got.body, key)
	}
	e.repeated, e.batch.Excluded = true, 3
	for i := range 101 {
		e.duplicates = append(e.duplicates, batchcallsuc.Duplicate{Index: i + 1, First: 0})
	}
	got = e.call(t, "POST", submitPath, bodyWith(person, ""))
	require.Contains(t, got.body["warning"], `"force": true`)
	require.Len(t, got.body["duplicates"], 100)
	require.Equal(t, map[string]any{"index": 1.0, "first_index": 0.0}, got.body["duplicates"].([]any)[0])
	require.Equal(t, 101.0, got.body["duplicates_total"])
	require.Equal(t, 3.0, got.body["do_not_call"])
	got = e.call(t, "POST", submitPath, bodyWith(person, ""), "Idempotency-Key", "k1")
	require.Contains(t, got.body["warning"], "Idempotency-Key")
	require.Equal(t, "k1", e.submitted[2].Key)
}

func TestAFailureAtTheProviderKeepsItsWordsAndNamesTheBatch(t *testing.T) {
	t.Parallel()
	e := newEdge(t, true)
	e.refusal = &batchcallsuc.Refusal{Status: 404, Message: "Batch <x> not found", Cause: errors.New("x")}
	got := e.call(t, "POST", submitPath, bodyWith(person, ""))
	require.Equal(t, 500, got.status)
	require.Equal(t, map[string]any{
		"success": false, "error": "Error al disparar batch de llamadas: Batch <x> not found (Status: 404)",
		"data": map[string]any{"id": "btcal_1"},
	}, got.body)
	e.refusal = &batchcallsuc.Refusal{Cause: errors.New("refused")}
	got = e.call(t, "POST", submitPath, bodyWith(person, ""))
	require.Equal(t, "Error al disparar batch de llamadas: Error al disparar batch de llamadas (Status: unknown)", got.body["error"])
}

func TestEveryOtherFailureHasTheOriginalsEnvelopeInSpanish(t *testing.T) {
	t.Parallel()
	e := newEdge(t, true)
	for err, want := range map[error]string{
		fault.New(fault.Conflict, fault.IdempotencyKeyReused): "409",
		fault.New(fault.Unavailable, fault.UnavailableCode):   "503",
		errors.New("canary"): "500",
	} {
		e.err = err
		got := e.call(t, "POST", submitPath, bodyWith(person, ""), "Accept-Language", "en")
		require.Equal(t, want, fmt.Sprint(got.status))
		require.Len(t, got.body, 2)
		require.Equal(t, false, got.body["success"])
		require.NotContains(t, got.text, "canary")
		require.NotContains(t, got.body["error"], "The ")
		require.Equal(t, "application/json; charset=utf-8", got.header.Get("Content-Type"))
	}
}

func TestAWrongHeaderIsNamed(t *testing.T) {
	t.Parallel()
	got := newEdge(t, true).call(t, "POST", submitPath, bodyWith(person, ""), "Idempotency-Key", strings.Repeat("k", 256))
	require.Equal(t, 400, got.status)
	require.Contains(t, got.body["error"], "Idempotency-Key: ")
	require.Len(t, got.body, 2)
}
