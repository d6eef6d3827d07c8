package embed

import (
	"github.com/google/wire"

	"github.com/tertulia-dev/tertulia/adapter/agents/agentspg"
	"github.com/tertulia-dev/tertulia/adapter/agents/billingbridge"
	"github.com/tertulia-dev/tertulia/adapter/agents/meetingsbridge"
	"github.com/tertulia-dev/tertulia/domain/billing"
	agentsuc "github.com/tertulia-dev/tertulia/usecase/agents"
)

var agentsSet = wire.NewSet(
	agentsuc.New, wire.Struct(new(agentsuc.Shared), "*"), newAgentsStorage, newAgentsSettings, wire.Struct(new(agentsuc.Neighbours), "*"),
	newPrices, wire.Bind(new(agentsuc.Prices), new(billingbridge.Prices)),
	meetingsbridge.New, wire.Bind(new(agentsuc.Meetings), new(meetingsbridge.Meetings)),
)

func newAgentsStorage() agentsuc.Storage {
	return agentsuc.Storage{Agents: agentspg.Agents{}, Versions: agentspg.Versions{}, Notices: agentspg.ModelNotices{}}
}

func newAgentsSettings(cfg Config) agentsuc.Settings {
	return agentsuc.Settings{EvaluatorModel: cfg.OpenAI.ModelHeavy, ChatModel: cfg.OpenAI.Model}
}

func newPrices(list billing.PriceList, c clock) billingbridge.Prices {
	return billingbridge.Prices{List: list, Clock: c}
}
