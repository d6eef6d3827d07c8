package embed

import (
	"github.com/google/wire"

	"github.com/tertulia-dev/tertulia/adapter/agents/agentspg"
	"github.com/tertulia-dev/tertulia/adapter/agents/meetingsbridge"
	agentsuc "github.com/tertulia-dev/tertulia/usecase/agents"
)

var agentsSet = wire.NewSet(
	agentsuc.New, wire.Struct(new(agentsuc.Shared), "*"), newAgentsStorage, wire.Struct(new(agentsuc.Neighbours), "*"),
	meetingsbridge.New, wire.Bind(new(agentsuc.Meetings), new(meetingsbridge.Meetings)),
)

func newAgentsStorage() agentsuc.Storage {
	return agentsuc.Storage{Agents: agentspg.Agents{}}
}
