package agentsbridge_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tertulia-dev/tertulia/domain/agents"
	"github.com/tertulia-dev/tertulia/domain/meetings"
)

func TestMeetingsAndAgentsSpeakOfTheSameTypesAndStages(t *testing.T) {
	t.Parallel()
	var types, stages []string
	for _, typ := range meetings.Types() {
		types = append(types, string(typ))
	}
	for _, s := range meetings.Subtypes() {
		stages = append(stages, string(s)+s.Label())
	}
	for i, typ := range agents.MeetingTypes() {
		require.Equal(t, types[i], string(typ))
	}
	for i, s := range agents.Subtypes() {
		require.Equal(t, stages[i], string(s)+s.Label())
	}
	require.Len(t, agents.MeetingTypes(), len(types))
	require.Len(t, agents.Subtypes(), len(stages))
}
