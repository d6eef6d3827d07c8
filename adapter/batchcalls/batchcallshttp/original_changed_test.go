package batchcallshttp_test

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"
)

// changes are the recorded cases about bodies that are answered otherwise on purpose, and why.
var changes = map[string]struct {
	status int
	msg    string // of the only wrong field
	why    string
}{
	"submit non-E164 phone accepted":                                    {400, "phone_number debe estar en formato E.164 (ej: +34631021622)", "nobody can be called there"},
	"submit whitespace phone accepted":                                  {400, "Cada recipient debe tener un phone_number", "blank is missing"},
	"submit whitespace call_name accepted":                              {400, "call_name es requerido", "blank is missing"},
	"submit client data null":                                           {400, "phone_number debe estar en formato E.164 (ej: +34631021622)", "null is absent, and +1 is no number"},
	"submit dynamic_variables null":                                     {400, "phone_number debe estar en formato E.164 (ej: +34631021622)", "null is absent, and +1 is no number"},
	"submit scheduled_time_unix null (README example) is rejected":      {200, "", "its own example"},
	"submit phone_provider null":                                        {200, "", "null is absent"},
	"submit include_dynamic_variables null":                             {200, "", "null is absent"},
	"submit scheduled_time_unix array of int":                           {400, "scheduled_time_unix debe ser un número entero", "an array is no number"},
	"submit scheduled_time_unix negative":                               {400, "scheduled_time_unix debe ser un número entero", "no call was ever made then"},
	"submit phone_provider array":                                       {400, `phone_provider debe ser "twilio" o "sip_trunk"`, "an array is no text"},
	"submit scheduled_time_unix string digits accepted":                 {200, "", "as recorded"},
	"submit scheduled_time_unix leading zeros string":                   {200, "", "as recorded"},
	"submit scheduled_time_unix past accepted":                          {200, "", "as recorded"},
	"submit duplicate recipients accepted":                              {200, "", "told, and called once"},
	"submit recipient-level dynamic_variables passes through untouched": {200, "", "moved to where they are read"},
	"submit __proto__ key":                                              {200, "", "a key like any other"},
}

func TestBodiesThatAreAnsweredOtherwiseOnPurpose(t *testing.T) {
	t.Parallel()
	_, changed := recordedCases(t)
	seen := 0
	for _, r := range changed {
		want, ok := changes[r.Name]
		if !ok {
			continue
		}
		seen++
		got := newEdge(t, true).play(t, r)
		require.Equal(t, want.status, got.status, "%s: %s: %s", r.Name, want.why, got.text)
		if want.msg != "" {
			errors, _ := got.body["errors"].([]any)
			require.Len(t, errors, 1, r.Name)
			require.Equal(t, want.msg, errors[0].(map[string]any)["msg"], r.Name)
		}
	}
	require.Len(t, changes, seen)
}

func TestNullsThatAreRequiredAndPrimitivePeopleAreRefusedAsRecorded(t *testing.T) {
	t.Parallel()
	_, changed := recordedCases(t)
	e, seen := newEdge(t, true), 0
	for _, r := range changed {
		switch r.Name {
		case "submit null call_name", "submit null agent_id", "submit null agent_phone_number_id", "submit recipients null",
			"submit recipient phone_number null", "submit recipient is null", "submit recipient null with include_dynamic_variables=false":
			seen++
			got := e.play(t, r)
			require.Equal(t, 400, got.status)
			require.Equal(t, r.Response.Body, any(got.body), r.Name)
		}
	}
	require.Equal(t, 7, seen)
}

func TestHTMLPagesAreJSONNow(t *testing.T) {
	t.Parallel()
	_, changed := recordedCases(t)
	e, seen := newEdge(t, true), 0
	for _, r := range changed {
		if r.Response.Status != 400 && r.Response.Status != 415 || r.Request.Method != http.MethodPost || r.Request.Path != "/api/batch-calling/submit" {
			continue
		}
		if _, isText := r.Response.Body.(string); !isText {
			continue
		}
		seen++
		got := e.play(t, r)
		require.Equal(t, r.Response.Status, got.status, r.Name)
		require.Equal(t, false, got.body["success"], r.Name)
		require.NotEmpty(t, got.body["error"], r.Name)
	}
	require.Equal(t, 9, seen)
}

func TestZeroAndTheWordFalseStripAsFalseDoes(t *testing.T) {
	t.Parallel()
	_, changed := recordedCases(t)
	stripped := map[string]any{
		"call_name": "Campaña Test", "agent_id": "agent_1", "agent_phone_number_id": "phnum_1", "scheduled_time_unix": 1893456000.0,
		"phone_provider": "twilio", "recipients": []any{
			map[string]any{"phone_number": "+15550100001"},
			map[string]any{"phone_number": "+15550100002", "id": "rec-2"},
		},
	}
	for _, r := range changed {
		switch r.Name {
		case `submit include_dynamic_variables="false" string accepted, not stripped`:
			stripped["include_dynamic_variables"] = "false"
		case "submit include_dynamic_variables=0 accepted, not stripped":
			stripped["include_dynamic_variables"] = 0.0
		default:
			continue
		}
		e := newEdge(t, true)
		require.Equal(t, 200, e.play(t, r).status)
		require.Equal(t, stripped, e.sentOn(t))
	}
	require.Equal(t, 0.0, stripped["include_dynamic_variables"], "both cases were played")
}
