package recall_test

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestMistakesInScriptsNameTheField(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	cases := []struct {
		script object
		field  string
	}{
		{object{"transcript": object{}}, "transcript"},
		{object{"transcript": []any{object{"words": "x"}}}, "transcript[0]"},
		{object{"transcript": []any{object{"words": []any{object{
			"start_timestamp": object{"relative": 2}, "end_timestamp": object{"relative": 1},
		}}}}}, "transcript[0].words[0]"},
		{object{"duplicates": -1}, "duplicates"},
		{object{"speed": "fast"}, "speed"},
		{object{"faults": object{"videoBytes": -5}}, "faults"},
	}
	for _, c := range cases {
		a := w.send("POST", w.BaseURL+"/_control/recall/script", c.script)
		require.Equal(t, 400, a.status, "%v", c.script)
		require.Equal(t, c.field, a.body["field"], "%s", a.raw)
	}
}

func TestUnknownFieldsOfAScriptAreIgnoredAndNamed(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	a := w.send("POST", w.BaseURL+"/_control/recall/script", object{
		"durationSeconds": 5, "duplicates": true, "mood": "good", "faults": object{"nullSpeeker": true},
	})
	require.Equal(t, 201, a.status)
	require.Equal(t, []any{"faults.nullSpeeker", "mood"}, a.body["ignored"])
	require.EqualValues(t, 5, a.body["durationSeconds"])
}

func TestMistakesInWebhookAndSettingsNameTheField(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	cases := []struct {
		route, field string
		body         object
	}{
		{"webhook", "url", object{"url": "not an address"}},
		{"webhook", "style", object{"url": w.hookURL, "style": "stripe"}},
		{"webhook", "secret", object{"url": w.hookURL, "secret": "whsec_%%%"}},
		{"settings", "pageSize", object{"pageSize": 0}},
		{"settings", "lateDeleteStatus", object{"lateDeleteStatus": 500}},
		{"settings", "pols", object{"pols": 1}},
		{"replay", "id", object{"id": "msg_unknown"}},
	}
	for _, c := range cases {
		a := w.send("POST", w.BaseURL+"/_control/recall/"+c.route, c.body)
		require.Equal(t, 400, a.status, c.route)
		require.Equal(t, c.field, a.body["field"], "%s", a.raw)
	}
}
