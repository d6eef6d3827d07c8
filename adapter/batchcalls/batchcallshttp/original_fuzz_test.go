package batchcallshttp

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// naive is the rewriting of a recipient as one would write it down, on maps.
func naive(t *testing.T, sent json.RawMessage, bare bool) map[string]any {
	t.Helper()
	var r map[string]any
	require.NoError(t, json.Unmarshal(sent, &r))
	if id := r["id"]; id == nil || id == "" {
		delete(r, "id")
	}
	if bare {
		kept := map[string]any{"phone_number": r["phone_number"]}
		if id, ok := r["id"]; ok {
			kept["id"] = id
		}
		return kept
	}
	outer, _ := r["dynamic_variables"].(map[string]any)
	delete(r, "dynamic_variables")
	data, _ := r["conversation_initiation_client_data"].(map[string]any)
	if data == nil {
		delete(r, "conversation_initiation_client_data")
		if outer == nil {
			return r
		}
		data = map[string]any{}
	}
	inner, _ := data["dynamic_variables"].(map[string]any)
	delete(data, "dynamic_variables")
	if inner == nil && outer != nil {
		inner = map[string]any{}
	}
	for name, value := range outer {
		if _, taken := inner[name]; !taken {
			inner[name] = value
		}
	}
	if inner != nil {
		data["dynamic_variables"] = inner
	}
	r["conversation_initiation_client_data"] = data
	return r
}

// FuzzASubmission tries bodies of all sorts: none may break the reading, what is taken is what encoding/json understands by
// it, and every recipient is rewritten as naive has it.
func FuzzASubmission(f *testing.F) {
	const good = `{"call_name":"C","agent_id":"a","agent_phone_number_id":"p","recipients":[`
	for _, r := range []string{
		`{"phone_number":"+34631021622"}`,
		`{"phone_number":"+34631021622","dynamic_variables":{"a":1},"conversation_initiation_client_data":{"x":[{}],"dynamic_variables":{"a":2,"b":"\"}"}}}`,
		`{"id":"","phone_number":"+34631021622","conversation_initiation_client_data":null}, {"phone_number":"+34631021623","id":7}`,
		`{"phone\u005fnumber":"+34631021622","phone_number":"+34631021623","a\"b":"\\","id":null}`,
		`{"phone_number":"+34631021622","a":1,"b":1,"c":1,"d":1,"e":1,"f":1,"g":1,"h":1,"i":1,"j":1,"k":1,"l":1,"m":1,"n":1,"o":1,"p":1,"a":2}`,
	} {
		f.Add(good + r + "]}")
		f.Add(good + r + `],"include_dynamic_variables":0,"scheduled_time_unix":"7","x":null}`)
	}
	f.Fuzz(func(t *testing.T, text string) {
		body := repaired([]byte(text))
		if !isContainer(body) {
			return
		}
		require.True(t, json.Valid(body))
		in, found := readSubmission(body)
		if found.total > 0 {
			require.NotEmpty(t, found.first)
			return
		}
		var sent struct {
			Name       string            `json:"call_name"`
			Recipients []json.RawMessage `json:"recipients"`
		}
		if hasSimilarKeys(text) || json.Unmarshal(body, &sent) != nil {
			return // encoding/json takes keys in any case; it is no measure then
		}
		require.Equal(t, sent.Name, in.Name)
		require.Len(t, in.Recipients, len(sent.Recipients))
		include, ok := true, false
		var top map[string]any
		require.NoError(t, json.Unmarshal(body, &top))
		switch v := top["include_dynamic_variables"].(type) {
		case bool:
			include, ok = v, true
		case float64:
			include, ok = v != 0, true
		case string:
			include, ok = v != "false" && v != "0", true
		}
		for i, r := range in.Recipients {
			var got map[string]any
			require.NoError(t, json.Unmarshal(r.Body, &got), string(r.Body))
			want := naive(t, sent.Recipients[i], ok && !include)
			if _, isNumber := want["id"].(float64); isNumber {
				want["id"] = r.Ref
			}
			require.Equal(t, want, got)
			require.Equal(t, string(r.Phone), got["phone_number"])
		}
	})
}

// hasSimilarKeys reports whether some key that means something is there in another case.
func hasSimilarKeys(text string) bool {
	for _, key := range []string{"call_name", "recipients"} {
		if strings.Count(strings.ToLower(text), key) != strings.Count(text, `"`+key+`"`) {
			return true
		}
	}
	return false
}
