package openai_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	sdk "github.com/openai/openai-go/v3"
	"github.com/openai/openai-go/v3/responses"
	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/stretchr/testify/require"
)

// analysis is a schema of the kind that a sales analysis asks for.
const analysis = `{"type":"object","additionalProperties":false,
"required":["summary","action_items","sales_rep_score","score_breakdown","justifications","opportunities","close_probability","key_objections","next_steps","sales_subtype"],
"properties":{
 "summary":{"type":"string"},
 "action_items":{"type":"array","items":{"$ref":"#/$defs/task"}},
 "sales_rep_score":{"type":"integer","minimum":0,"maximum":100},
 "score_breakdown":{"type":"object","additionalProperties":false,"required":["scores","meeting_type"],"properties":{
   "scores":{"type":"object","additionalProperties":false,"required":["descubrimiento","propuesta_valor","manejo_objeciones","cierre","comunicacion"],"properties":{
     "descubrimiento":{"$ref":"#/$defs/score"},"propuesta_valor":{"$ref":"#/$defs/score"},"manejo_objeciones":{"$ref":"#/$defs/score"},"cierre":{"$ref":"#/$defs/score"},"comunicacion":{"$ref":"#/$defs/score"}}},
   "meeting_type":{"type":"string","enum":["ventas"]}}},
 "justifications":{"type":"object","additionalProperties":false,"required":["descubrimiento","cierre"],"properties":{
   "descubrimiento":{"$ref":"#/$defs/reason"},"cierre":{"$ref":"#/$defs/reason"}}},
 "opportunities":{"type":"array","items":{"type":"string"}},
 "close_probability":{"type":"integer","minimum":0,"maximum":100},
 "key_objections":{"type":"array","items":{"type":"object","additionalProperties":false,"required":["objection","response","handled"],"properties":{
   "objection":{"type":"string"},"response":{"type":"string"},"handled":{"type":"boolean"}}}},
 "next_steps":{"type":"string"},
 "sales_subtype":{"type":"string","enum":["calificacion","demostracion","negociacion"]}},
"$defs":{
 "score":{"type":"integer","minimum":0,"maximum":20},
 "task":{"type":"object","additionalProperties":false,"required":["text","owner","due"],"properties":{"text":{"type":"string"},"owner":{"type":["string","null"]},"due":{"anyOf":[{"type":"string"},{"type":"null"}]}}},
 "reason":{"type":"object","additionalProperties":false,"required":["text","quotes"],"properties":{"text":{"type":"string"},"quotes":{"type":"array","items":{"type":"object","additionalProperties":false,"required":["text","start_ms"],"properties":{"text":{"type":"string"},"start_ms":{"type":"integer","minimum":0}}}}}}}}`

// structured asks for an answer that fits a schema.
func structured(t testing.TB, schema, input string) responses.ResponseNewParams {
	t.Helper()
	var fields map[string]any
	require.NoError(t, json.Unmarshal([]byte(schema), &fields))
	params := ask(input)
	params.Text = responses.ResponseTextConfigParam{Format: responses.ResponseFormatTextConfigUnionParam{
		OfJSONSchema: &responses.ResponseFormatTextJSONSchemaConfigParam{Name: "answer", Schema: fields, Strict: sdk.Bool(true)},
	}}
	return params
}

func requireValid(t *testing.T, schema, text string) {
	t.Helper()
	doc, err := jsonschema.UnmarshalJSON(strings.NewReader(schema))
	require.NoError(t, err)
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	require.NoError(t, c.AddResource("schema.json", doc))
	compiled, err := c.Compile("schema.json")
	require.NoError(t, err)
	value, err := jsonschema.UnmarshalJSON(strings.NewReader(text))
	require.NoError(t, err, text)
	require.NoError(t, compiled.Validate(value), text)
}

func TestAnAnalysisFitsItsSchemaAndRestsOnTheTranscript(t *testing.T) {
	t.Parallel()
	client := start(t).client("sandbox-1")

	r, err := client.Responses.New(t.Context(), structured(t, analysis, transcript))

	require.NoError(t, err)
	requireValid(t, analysis, r.OutputText())
	var a struct {
		Summary        string
		ActionItems    []struct{ Text, Owner, Due string } `json:"action_items"`
		SalesRepScore  int                                 `json:"sales_rep_score"`
		ScoreBreakdown struct{ Scores map[string]int }     `json:"score_breakdown"`
		Justifications map[string]struct {
			Text   string
			Quotes []struct {
				Text    string
				StartMs int `json:"start_ms"`
			}
		}
		KeyObjections []struct {
			Objection, Response string
			Handled             bool
		} `json:"key_objections"`
		Opportunities []string
		NextSteps     string `json:"next_steps"`
		SalesSubtype  string `json:"sales_subtype"`
	}
	require.NoError(t, json.Unmarshal([]byte(r.OutputText()), &a))
	require.Contains(t, a.Summary, "Luis Mora")
	total := 0
	for _, score := range a.ScoreBreakdown.Scores {
		total += score
	}
	require.Len(t, a.ScoreBreakdown.Scores, 5)
	require.Equal(t, total, a.SalesRepScore)
	require.True(t, slices.ContainsFunc(a.ActionItems, func(item struct{ Text, Owner, Due string }) bool {
		return item.Owner == "Ana Ruiz" && item.Due == "mañana" && strings.HasPrefix(item.Text, "Perfecto, mañana les envío")
	}), a.ActionItems)
	require.NotEmpty(t, a.Opportunities)
	require.NotEmpty(t, a.KeyObjections)
	require.Contains(t, a.KeyObjections[0].Objection, "precio nos preocupa")
	require.Contains(t, a.KeyObjections[0].Response, "descuento")
	require.True(t, a.KeyObjections[0].Handled)
	require.Contains(t, a.NextSteps, "mañana les envío la propuesta")
	require.Equal(t, "negociacion", a.SalesSubtype)
	for _, reason := range a.Justifications {
		require.NotEmpty(t, reason.Quotes)
		for _, q := range reason.Quotes {
			require.Contains(t, transcript, q.Text)
			at := strings.Index(transcript, q.Text)
			stamp := transcript[:at][strings.LastIndex(transcript[:at], "["):][1:6]
			require.Equal(t, (int(stamp[0]-'0')*600+int(stamp[1]-'0')*60+int(stamp[3]-'0')*10+int(stamp[4]-'0'))*1000, q.StartMs)
		}
	}
}

func TestEverySchemaIsFilledWithValidValues(t *testing.T) {
	t.Parallel()
	client := start(t).client("sandbox-1")
	for name, property := range map[string]string{
		"const":            `{"type":"string","const":"fijo"}`,
		"enum of numbers":  `{"type":"integer","enum":[3,5]}`,
		"bounds":           `{"type":"integer","minimum":7,"maximum":9}`,
		"open bounds":      `{"type":"number","exclusiveMinimum":0,"exclusiveMaximum":1}`,
		"negative":         `{"type":"number","maximum":-5}`,
		"multiple":         `{"type":"integer","minimum":1,"maximum":30,"multipleOf":10}`,
		"list at least 5":  `{"type":"array","minItems":5,"maxItems":6,"items":{"type":"string","minLength":3}}`,
		"list at most 1":   `{"type":"array","maxItems":1,"items":{"type":"boolean"}}`,
		"formats":          `{"type":"object","additionalProperties":false,"required":["a","b","c"],"properties":{"a":{"type":"string","format":"date-time"},"b":{"type":"string","format":"uuid"},"c":{"type":"string","format":"email"}}}`,
		"pattern":          `{"type":"string","pattern":"^[A-Z]{3}-(uno|dos)\\d{2,4}$"}`,
		"either":           `{"anyOf":[{"type":"null"},{"type":"object","additionalProperties":false,"required":["due"],"properties":{"due":{"type":["string","null"]}}}]}`,
		"short":            `{"type":"string","maxLength":4}`,
		"tree of children": `{"$ref":"#"}`,
	} {
		schema := `{"type":"object","additionalProperties":false,"required":["x"],"properties":{"x":` + property + `}}`
		if name == "tree of children" {
			schema = `{"type":"object","additionalProperties":false,"required":["children"],"properties":{"children":{"type":"array","items":{"$ref":"#"}}}}`
		}
		for _, input := range []string{transcript, "sin conversación"} {
			r, err := client.Responses.New(t.Context(), structured(t, schema, input))
			require.NoError(t, err, name)
			requireValid(t, schema, r.OutputText())
		}
	}
}

func TestTheSameTranscriptIsAnsweredAlike(t *testing.T) {
	t.Parallel()
	client := start(t).client("sandbox-1")
	first, err := client.Responses.New(t.Context(), structured(t, analysis, transcript))
	require.NoError(t, err)
	second, err := client.Responses.New(t.Context(), structured(t, analysis, transcript))
	require.NoError(t, err)
	require.Equal(t, first.OutputText(), second.OutputText())
}

func TestARepeatedPromptIsReadFromTheCache(t *testing.T) {
	t.Parallel()
	client := start(t).client("sandbox-1")
	long := strings.Repeat(transcript+"\n", 20)
	first, err := client.Responses.New(t.Context(), ask(long))
	require.NoError(t, err)
	require.Zero(t, first.Usage.InputTokensDetails.CachedTokens)

	second, err := client.Responses.New(t.Context(), ask(long+"¿y ahora?"))

	require.NoError(t, err)
	require.Greater(t, second.Usage.InputTokensDetails.CachedTokens, int64(1024))
	require.Zero(t, second.Usage.InputTokensDetails.CachedTokens%128)
}
