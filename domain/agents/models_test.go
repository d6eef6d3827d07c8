package agents_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tertulia-dev/tertulia/domain/agents"
)

var today = time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)

func all(string) bool  { return true }
func none(string) bool { return false }

func TestEveryModelOfTheListLeadsToOneThatAnswers(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for _, m := range agents.Models() {
		require.False(t, seen[m.Name], m.Name)
		seen[m.Name] = true
		require.True(t, m.StructuredOutputs, m.Name)
		require.Positive(t, m.ContextTokens, m.Name)
		require.Equal(t, m.Successor != "", !m.ShutdownAt.IsZero(), "%s: who ends has a successor, and a date that can be read", m.Name)
		for _, at := range []time.Time{today, today.AddDate(5, 0, 0)} {
			require.False(t, agents.Serving(m.Name, at, none).IsRetired(at), m.Name)
		}
	}
}

func TestARetiredModelFallsToItsSuccessorFromItsLastDayOn(t *testing.T) {
	t.Parallel()
	end := time.Date(2027, 1, 14, 0, 0, 0, 0, time.UTC)
	require.Equal(t, "gpt-4o", agents.Serving("gpt-4o", end.Add(-time.Second), none).Name)
	require.Equal(t, "gpt-6-luna", agents.Serving("gpt-4o", end, none).Name)
	require.Equal(t, "gpt-6-luna", agents.Serving("gpt-4o-2024-08-06", end, none).Name, "a dated version ends with its model")
	require.Equal(t, "gpt-4o-2024-08-06", agents.Serving("gpt-4o-2024-08-06", today, none).Name)
	require.Equal(t, "gpt-6-luna", agents.Serving("gpt-4o", today, func(m string) bool { return m == "gpt-4o" }).Name,
		"one that the provider refuses early falls early")
}

func TestAModelWithoutASuccessorIsAskedAllTheSame(t *testing.T) {
	t.Parallel()
	require.Equal(t, "gpt-6-luna", agents.Serving("gpt-6-luna", today, all).Name)
	own := agents.Serving("llama-de-casa", today, all)
	require.Equal(t, agents.Model{Name: "llama-de-casa", Temperature: true, StructuredOutputs: true}, own)
}

func TestParametersGoOnlyToModelsThatTakeThem(t *testing.T) {
	t.Parallel()
	p := agents.Params{Temperature: new(0.2), TopP: new(0.9)}
	for name, takes := range map[string]bool{"gpt-4o": true, "gpt-6-luna": false, "o3": false, "otro": true} {
		want := agents.Params{}
		if takes {
			want = p
		}
		require.Equal(t, want, agents.KnownModel(name).Taken(p), name)
	}
}

func TestEveryDefaultAgentIsCompleteAndKeepsTheLimits(t *testing.T) {
	t.Parallel()
	list := agents.Defaults("ws", today)
	require.Len(t, list, len(agents.DefaultKeys()))
	for i, a := range list {
		require.NoError(t, a.Check(), a.Key)
		require.True(t, agents.IsDefault(a.Key))
		require.Equal(t, i+1, a.Position)
		require.Equal(t, a.Kind == agents.FollowUp, len(a.SuggestedQuestions) > 0, a.Key)
	}
	for _, typ := range agents.MeetingTypes() {
		require.Contains(t, agents.DefaultKeys(), agents.EvaluatorKey(typ, map[bool]agents.Subtype{true: agents.Qualification}[typ == agents.Sales]))
	}
	require.False(t, agents.IsDefault("../agent"))
}

func TestWhatAnAdminWritesIsCheckedFieldByField(t *testing.T) {
	t.Parallel()
	good := agents.Defaults("ws", today)[8]
	for field, spoil := range map[string]func(*agents.Agent){
		"key":                    func(a *agents.Agent) { a.Key = "Con Espacios" },
		"display_name":           func(a *agents.Agent) { a.DisplayName = " " },
		"instructions":           func(a *agents.Agent) { a.Instructions = "\n" },
		"temperature":            func(a *agents.Agent) { a.Params.Temperature = new(2.1) },
		"top_p":                  func(a *agents.Agent) { a.Params.TopP = new(-0.1) },
		"suggested_questions":    func(a *agents.Agent) { a.SuggestedQuestions = make([]string, agents.MaxQuestions+1) },
		"suggested_questions[1]": func(a *agents.Agent) { a.SuggestedQuestions = []string{"¿Qué?", ""} },
		"meeting_types[0]":       func(a *agents.Agent) { a.MeetingTypes = []agents.MeetingType{"otra"} },
	} {
		a := good
		spoil(&a)
		require.ErrorContains(t, a.Check(), field+":", field)
	}
}

func TestAKeyIsMadeOfTheName(t *testing.T) {
	t.Parallel()
	for name, key := range map[string]agents.Key{
		"Análisis de Señales": "analisis_de_senales", "  QA / Soporte 2 ": "qa_soporte_2", "日本": "", "3 pasos": "agente_3_pasos",
	} {
		require.Equal(t, key, agents.KeyOf(name), name)
	}
}
