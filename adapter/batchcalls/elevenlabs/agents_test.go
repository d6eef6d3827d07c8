package elevenlabs_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	adapter "github.com/tertulia-dev/tertulia/adapter/batchcalls/elevenlabs"
	"github.com/tertulia-dev/tertulia/domain/batchcalls"
	"github.com/tertulia-dev/tertulia/domain/fault"
	"github.com/tertulia-dev/tertulia/infrastructure/sandbox/sandboxtest"
	"github.com/tertulia-dev/tertulia/infrastructure/vendors/elevenlabs"
)

func TestAnAgentTellsWhatACampaignNeedsToKnow(t *testing.T) {
	t.Parallel()
	s := sandboxtest.Start(t)
	s.Control("PUT", "/elevenlabs/agent", map[string]any{
		"agent_id": "agent_7", "name": "Cobros", "first_message": "Hola {{ nombre }}", "prompt": "{{monto}} {{system__time}} {{ciudad}}",
		"placeholders": map[string]any{"ciudad": "Lima"}, "overrides": []string{"language", "prompt"},
	}, nil)
	agents := func(key string) *adapter.Agents {
		client, err := elevenlabs.New(elevenlabs.Options{BaseURL: s.URL("elevenlabs"), APIKey: key})
		require.NoError(t, err)
		return adapter.NewAgents(client)
	}
	texts, err := agents("sandbox").Texts(t.Context(), "agent_7")
	require.NoError(t, err)
	require.Equal(t, "Cobros", texts.Name)
	require.Equal(t, []string{"monto", "nombre"}, batchcalls.RequiredVariables(texts.Texts, texts.Defaults))
	require.Equal(t, []string{"language", "system_prompt"}, texts.Overrides)
	require.True(t, texts.Bursting)

	_, err = agents("sandbox").Texts(t.Context(), "../user")
	require.Equal(t, batchcalls.AgentNotFound, fault.CodeOf(err))
	_, err = agents("wrong").Texts(t.Context(), "agent_7")
	require.Equal(t, fault.Upstream, fault.KindOf(err))
	require.Equal(t, batchcalls.ProviderFailed, fault.CodeOf(err))
}
