package embed

import (
	"context"
	"log/slog"

	"github.com/google/wire"

	"github.com/tertulia-dev/tertulia/adapter/agents/agentspg"
	agentsbilling "github.com/tertulia-dev/tertulia/adapter/agents/billingbridge"
	agentsopenai "github.com/tertulia-dev/tertulia/adapter/agents/openai"
	"github.com/tertulia-dev/tertulia/adapter/meetings/agentsbridge"
	"github.com/tertulia-dev/tertulia/domain/agents"
	"github.com/tertulia-dev/tertulia/domain/kernel"
	agentsuc "github.com/tertulia-dev/tertulia/usecase/agents"
	meetingsuc "github.com/tertulia-dev/tertulia/usecase/meetings"
)

var agentChatsSet = wire.NewSet(
	newAgentChats, wire.Struct(new(agentsuc.ChatShared), "*"), wire.Struct(new(agentsuc.ChatVendors), "*"),
	wire.Struct(new(agentsuc.ChatNeighbours), "*"),
	newForgetMeeting, agentsbridge.NewChats, wire.Bind(new(meetingsuc.Chats), new(agentsbridge.Chats)),
	agentsopenai.NewAnswerer, wire.Bind(new(agentsuc.Answerer), new(*agentsopenai.Answerer)),
	wire.Bind(new(agentsuc.Conversations), new(*agentsopenai.Answerer)),
	wire.Struct(new(agentsbilling.Bridge), "*"), wire.Bind(new(agentsuc.UsageLedger), new(agentsbilling.Bridge)),
)

func newForgetMeeting(p agentsuc.Shared) *agentsuc.ForgetMeeting {
	return agentsuc.NewForgetMeeting(p, agentspg.Chats{})
}

func newAgentChats(p agentsuc.ChatShared, v agentsuc.ChatVendors, n agentsuc.ChatNeighbours, uc *agentsuc.UseCases, o Options, logger *slog.Logger) *agentsuc.ChatUseCases {
	settings := o.Chats
	settings.Report = func(ctx context.Context, ws kernel.WorkspaceID, id agents.MessageID, err error) {
		logger.LogAttrs(ctx, slog.LevelWarn, "an agent's answer failed",
			slog.String("workspace", ws.String()), slog.String("answer", id.String()), slog.Any("error", err))
	}
	storage := agentsuc.ChatStorage{Chats: agentspg.Chats{}, Messages: agentspg.ChatMessages{}, Runs: agentspg.Runs{}}
	return agentsuc.NewChats(p, storage, v, n, uc.Queries, settings)
}
