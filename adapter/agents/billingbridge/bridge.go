package billingbridge

import (
	"context"

	"github.com/tertulia-dev/tertulia/domain/billing"
	"github.com/tertulia-dev/tertulia/domain/kernel"
	agentsuc "github.com/tertulia-dev/tertulia/usecase/agents"
	billinguc "github.com/tertulia-dev/tertulia/usecase/billing"
)

var _ agentsuc.UsageLedger = Bridge{}

// Bridge implements agentsuc.UsageLedger.
type Bridge struct {
	Usage  *billinguc.RecordUsage
	Prices billing.PriceList
}

// Record enters an answer's tokens, each kind at its own price. Those that the provider had cached are part of its count of
// the input.
func (b Bridge) Record(ctx context.Context, ws kernel.WorkspaceID, use agentsuc.Use) (*int64, error) {
	entry := func(kind billing.Kind, quantity int64) billing.Usage {
		return billing.Usage{
			Meeting: use.Meeting.String(), Activity: billing.Chat, Kind: kind, Resource: use.Model, Quantity: quantity,
			Estimated: use.Tokens.Estimated, Source: use.Source.String(), At: use.At,
		}
	}
	entries := []billing.Usage{
		entry(billing.ModelInput, use.Tokens.InputTokens-use.Tokens.CachedTokens),
		entry(billing.ModelCached, use.Tokens.CachedTokens),
		entry(billing.ModelOutput, use.Tokens.OutputTokens),
	}
	if err := b.Usage.Execute(ctx, ws, entries...); err != nil {
		return nil, err
	}
	return b.cost(entries), nil
}

// cost is what the entries cost together, nil when one of them has no price.
func (b Bridge) cost(entries []billing.Usage) *int64 {
	var sum int64
	for _, e := range entries {
		if e.Quantity <= 0 {
			continue
		}
		price, ok := b.Prices.Find(e.Kind, e.Resource, e.At)
		if !ok {
			return nil
		}
		sum += int64(price.Of(e.Quantity))
	}
	return &sum
}
