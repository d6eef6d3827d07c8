package embed

import (
	"github.com/google/wire"

	"github.com/tertulia-dev/tertulia/adapter/agents/agentspg"
	"github.com/tertulia-dev/tertulia/adapter/agents/agentstask"
	"github.com/tertulia-dev/tertulia/adapter/agents/billingbridge"
	"github.com/tertulia-dev/tertulia/adapter/agents/meetingsbridge"
	agentsopenai "github.com/tertulia-dev/tertulia/adapter/agents/openai"
	"github.com/tertulia-dev/tertulia/adapter/meetings/agentsbridge"
	"github.com/tertulia-dev/tertulia/domain/billing"
	"github.com/tertulia-dev/tertulia/infrastructure/queue"
	agentsuc "github.com/tertulia-dev/tertulia/usecase/agents"
	meetingsuc "github.com/tertulia-dev/tertulia/usecase/meetings"
)

var agentsSet = wire.NewSet(
	agentsuc.New, wire.Struct(new(agentsuc.Shared), "*"), newAgentsStorage, newAgentsSettings, wire.Struct(new(agentsuc.Neighbours), "*"),
	newOpenAI, newAgentsProvider, agentsopenai.NewModels, wire.Bind(new(agentsuc.ModelList), new(agentsopenai.Models)),
	agentsuc.NewTryAgent, agentsuc.NewEvaluators, agentsbridge.New, wire.Bind(new(meetingsuc.Evaluators), new(agentsbridge.Bridge)),
	newPrices, wire.Bind(new(agentsuc.Prices), new(billingbridge.Prices)),
	meetingsbridge.New, wire.Bind(new(agentsuc.Meetings), new(meetingsbridge.Meetings)),
	wire.Bind(new(agentsuc.Material), new(meetingsbridge.Meetings)),
	meetingsbridge.NewJudgements, wire.Bind(new(agentsuc.Judgements), new(meetingsbridge.Judgements)),
)

func newAgentsStorage() agentsuc.Storage {
	return agentsuc.Storage{
		Agents: agentspg.Agents{}, Versions: agentspg.Versions{}, Notices: agentspg.ModelNotices{}, Admins: agentspg.Admins{},
		Files: agentspg.Files{}, Learning: newLearningStorage(),
	}
}

func newAgentsSettings(cfg Config) agentsuc.Settings {
	return agentsuc.Settings{EvaluatorModel: cfg.OpenAI.ModelHeavy, ChatModel: cfg.OpenAI.Model}
}

func newPrices(list billing.PriceList, c clock) billingbridge.Prices {
	return billingbridge.Prices{List: list, Clock: c}
}

func registerAgentJobs(r *queue.Registry, uc *agentsuc.UseCases) {
	agentstask.Register(r, uc)
	agentstask.RegisterKnowledge(r, uc.Knowledge)
	agentstask.RegisterLearning(r, uc.Learning)
}
