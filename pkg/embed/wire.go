//go:build wireinject

package embed

import (
	"context"

	"github.com/google/wire"
)

// build wires the system. wire_gen.go is generated from it: `make generate`.
func build(ctx context.Context, cfg Config, o Options) (*App, func(), error) {
	wire.Build(
		platformSet,
		identitySet,
		meetingsSet,
		batchCallsSet,
		calendarsSet,
		agentsSet,
		agentChatsSet,
		notificationsSet,
		operationsSet,
		billingSet,
		newAPI, newApp, wire.Struct(new(routed), "*"),
	)
	return nil, nil, nil
}
