package embed

import (
	"log/slog"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/tertulia-dev/tertulia/adapter/agents/agentspg"
	"github.com/tertulia-dev/tertulia/adapter/agents/filetype"
	openaiagents "github.com/tertulia-dev/tertulia/adapter/agents/openai"
	"github.com/tertulia-dev/tertulia/infrastructure/vendors/openai"
	agentsuc "github.com/tertulia-dev/tertulia/usecase/agents"
)

// newOpenAI is nil where there is no key.
func newOpenAI(cfg Config, reg prometheus.Registerer, logger *slog.Logger) (*openai.Client, error) {
	if cfg.OpenAI.APIKey == "" {
		return nil, nil
	}
	return openai.New(openai.Options{
		BaseURL: cfg.OpenAI.BaseURL, APIKey: cfg.OpenAI.APIKey.Reveal(), Logger: logger, Registerer: reg,
	})
}

func newAgentsProvider(client *openai.Client) agentsuc.Provider {
	return agentsuc.Provider{
		Stores: openaiagents.NewStores(client), Library: openaiagents.NewLibrary(client), Sniffer: filetype.Sniffer{},
	}
}

func newLearningStorage() agentsuc.LearningStorage {
	return agentsuc.LearningStorage{
		Votes: agentspg.Feedback{}, Reads: agentspg.Feedback{}, Lessons: agentspg.Lessons{}, Written: agentspg.Files{}, Answers: agentspg.Answers{},
	}
}
