package embed_test

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tertulia-dev/tertulia/pkg/embed"
	"github.com/tertulia-dev/tertulia/pkg/embed/embedtest"
	"github.com/tertulia-dev/tertulia/pkg/tertulia"
)

// refusedModel is a provider that serves a model no more, from one day to the next.
func refusedModel() map[string]any {
	return map[string]any{"error": map[string]any{"status": 404, "code": "model_not_found"}}
}

// onOldModel has follow-up agents run on a model that has a successor.
func onOldModel() embedtest.Option {
	return embedtest.Configured(func(c *embed.Config) { c.OpenAI.Model = "gpt-4o" })
}

func TestAChatGoesOnWithTheSuccessorOfAModelThatIsRefused(t *testing.T) {
	t.Parallel()
	c := newChatting(t, onOldModel())
	_, err := c.Admin.Agents.SetParams(t.Context(), chatAgent, tertulia.SetParamsRequest{Temperature: tertulia.Some(0.3)})
	require.NoError(t, err)
	c.Model(refusedModel(), map[string]any{"text": "Enviar la cotización."})
	text, last, err := c.ask(t, c.Rep, chatAgent, question)
	require.NoError(t, err)
	require.True(t, last.Done)
	require.Equal(t, "Enviar la cotización.", text)

	require.Equal(t, 2, c.calls())
	refused, taken := c.requests()[0].Body, c.requests()[1].Body
	require.Contains(t, refused, `"model":"gpt-4o"`)
	require.Contains(t, refused, `"temperature":0.3`)
	require.Contains(t, taken, `"model":"gpt-6-luna"`)
	require.NotContains(t, taken, `"temperature"`, "the successor takes none")
	require.Equal(t, "completed", c.messages(t, c.Rep)[1].Status)
	require.Equal(t, 1, c.Count(t, "select count(*) from agent_messages where model like 'gpt-6-luna%'"))
	c.WaitFor(t, "the admin is told", func() bool { return told(t, c.Admin, "model_retired") == 1 })

	_, _, err = c.ask(t, c.Rep, chatAgent, question)
	require.NoError(t, err)
	require.Equal(t, 3, c.calls(), "nobody asks the retired one again")
}

func TestATrialGoesOnWithTheSuccessorOfAModelThatIsRefused(t *testing.T) {
	t.Parallel()
	s := embedtest.New(t, embedtest.WithoutWorker(), onOldModel())
	s.Model(refusedModel(), map[string]any{"text": "Cincuenta mil pesos."})
	got, err := s.Admin.Agents.Test(t.Context(), general, tertulia.TestAgentRequest{Question: "¿Cuánto?", Transcript: talkText})
	require.NoError(t, err)
	require.Equal(t, "Cincuenta mil pesos.", got.Answer)
	require.Contains(t, got.Model, "gpt-6-luna")
}

func TestATrialOnARefusedModelWithoutASuccessorIsTheProvidersFailure(t *testing.T) {
	t.Parallel()
	s := embedtest.New(t, embedtest.WithoutWorker())
	s.Model(refusedModel())
	_, err := s.Admin.Agents.Test(t.Context(), general, tertulia.TestAgentRequest{Question: "¿Cuánto?", Transcript: talkText})
	requireCode(t, err, http.StatusBadGateway, tertulia.CodeOpenAI)
}
