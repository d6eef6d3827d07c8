package openai_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tertulia-dev/tertulia/adapter/meetings/openai"
	"github.com/tertulia-dev/tertulia/domain/fault"
	"github.com/tertulia-dev/tertulia/domain/meetings"
	"github.com/tertulia-dev/tertulia/infrastructure/sandbox/sandboxtest"
	client "github.com/tertulia-dev/tertulia/infrastructure/vendors/openai"
	meetingsuc "github.com/tertulia-dev/tertulia/usecase/meetings"
)

func analyzer(t *testing.T, key string, answers ...map[string]any) (*openai.Analyzer, *sandboxtest.Running) {
	t.Helper()
	s := sandboxtest.Start(t)
	if len(answers) > 0 {
		s.Control("POST", "/openai/script", answers, nil)
	}
	c, err := client.New(client.Options{BaseURL: s.URL("openai") + "/v1", APIKey: key})
	require.NoError(t, err)
	return openai.NewAnalyzer(c), s
}

func request(typ meetings.Type) meetingsuc.AnalysisRequest {
	say := func(name, text string, start meetings.Millis) meetings.Utterance {
		u := meetings.Utterance{Speaker: meetings.Speaker{Name: name}}
		for w := range strings.FieldsSeq(text) {
			u.Words = append(u.Words, meetings.Word{Text: w, Start: start, End: start + 300})
			start += 400
		}
		return u
	}
	return meetingsuc.AnalysisRequest{
		Meeting: meetings.Meeting{ID: "0193d2a4-7c1e-7000-8000-000000000001", Type: typ, Customer: meetings.Customer{ContactName: "Luis"}},
		Transcript: meetings.Transcript{Utterances: []meetings.Utterance{
			say("Ana", "¿Qué presupuesto tienen para este año?", 0),
			say("Luis", "Unos cincuenta mil pesos, pero me parece caro.", 4000),
		}},
		Rep: meetings.RepIdentity{Name: "Ana"}, Evaluator: meetingsuc.Evaluator{Key: "evaluador", Version: 3, Model: "gpt-6-luna"},
	}
}

func TestAnAnalysisOfEachTypeComesFromOneAnswer(t *testing.T) {
	t.Parallel()
	for _, typ := range meetings.Types() {
		a, s := analyzer(t, sandboxtest.Key)
		got, err := a.Analyze(t.Context(), request(typ))
		require.NoError(t, err, typ)
		require.Equal(t, meetings.EngineModel, got.Engine)
		require.Contains(t, got.Model, "gpt-6-luna")
		require.Positive(t, got.Usage.OutputTokens)
		require.Equal(t, typ.IsSales(), got.SalesRepScore != nil)
		require.Equal(t, 1, s.Calls("openai", "POST /v1/responses"))
	}
}

func TestABrokenAnswerIsSentBackOnceAndBothArePaidFor(t *testing.T) {
	t.Parallel()
	a, s := analyzer(t, sandboxtest.Key, map[string]any{"json": map[string]any{"summary": ""}})

	got, err := a.Analyze(t.Context(), request(meetings.Sales))

	require.NoError(t, err)
	calls := s.Matching("openai", "POST /v1/responses")
	require.Len(t, calls, 2)
	require.NotContains(t, calls[0].Body, "no es válida")
	require.Contains(t, calls[1].Body, "summary must not be empty")
	require.Contains(t, calls[1].Body, "cincuenta mil pesos", "with the conversation again")
	b, _ := analyzer(t, sandboxtest.Key)
	whole, err := b.Analyze(t.Context(), request(meetings.Sales))
	require.NoError(t, err)
	require.Greater(t, got.Usage.InputTokens, 2*whole.Usage.InputTokens-1)
}

func TestAnAnswerThatStaysBrokenMayBeWholeAnotherTime(t *testing.T) {
	t.Parallel()
	a, s := analyzer(t, sandboxtest.Key, map[string]any{"malformed": true}, map[string]any{"malformed": true})

	_, err := a.Analyze(t.Context(), request(meetings.Sales))

	require.Equal(t, meetings.AnalysisInvalid, fault.CodeOf(err))
	require.Equal(t, fault.Upstream, fault.KindOf(err), "the job tries again")
	require.Equal(t, 2, s.Calls("openai", "POST /v1/responses"))
}

func TestWhatAModelWillNotOrCannotDoIsToldApart(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		answer map[string]any
		kind   fault.Kind
	}{
		"it refuses":       {map[string]any{"refusal": "canary"}, fault.Invalid},
		"it stops early":   {map[string]any{"incomplete": "max_output_tokens"}, fault.Upstream},
		"the run fails":    {map[string]any{"failed": map[string]any{"code": "server_error"}}, fault.Upstream},
		"too many":         {map[string]any{"error": map[string]any{"status": 429, "code": "rate_limit_exceeded"}}, fault.Upstream},
		"too long":         {map[string]any{"error": map[string]any{"status": 400, "code": "context_length_exceeded", "message": "canary"}}, fault.Invalid},
		"no such model":    {map[string]any{"error": map[string]any{"status": 404, "code": "model_not_found"}}, fault.NotFound},
		"it is overloaded": {map[string]any{"error": map[string]any{"status": 503}}, fault.Upstream},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a, s := analyzer(t, sandboxtest.Key, c.answer)
			_, err := a.Analyze(t.Context(), request(meetings.Sales))
			require.Equal(t, c.kind, fault.KindOf(err))
			require.Equal(t, meetings.AnalysisFailed, fault.CodeOf(err))
			require.NotContains(t, err.Error(), "canary")
			require.Equal(t, 1, s.Calls("openai", "POST /v1/responses"), "only a broken answer is sent back")
		})
	}
}

func TestAWrongKeyIsSomethingAnOperatorCanMend(t *testing.T) {
	t.Parallel()
	a, _ := analyzer(t, "wrong")
	_, err := a.Analyze(t.Context(), request(meetings.Sales))
	require.Equal(t, fault.Upstream, fault.KindOf(err))
}

func TestAChosenSubtypeStands(t *testing.T) {
	t.Parallel()
	for _, subtype := range meetings.Subtypes() {
		a, _ := analyzer(t, sandboxtest.Key)
		r := request(meetings.Sales)
		r.Subtype = subtype
		got, err := a.Analyze(t.Context(), r)
		require.NoError(t, err)
		require.Equal(t, subtype, got.Subtype)
	}
}
