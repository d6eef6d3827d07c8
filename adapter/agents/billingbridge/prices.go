// Package billingbridge tells agents what models cost, and enters what they use into the usage ledger.
package billingbridge

import (
	"github.com/tertulia-dev/tertulia/domain/billing"
	agentsuc "github.com/tertulia-dev/tertulia/usecase/agents"
	"github.com/tertulia-dev/tertulia/usecase/port"
)

var _ agentsuc.Prices = Prices{}

// million is how many tokens a price is told for.
const million = 1_000_000

// Prices implements agentsuc.Prices over the price list of billing.
type Prices struct {
	List  billing.PriceList
	Clock port.Clock
}

// Of implements agentsuc.Prices. A model whose prices are known in part has none: half a price misleads.
func (p Prices) Of(model string) (agentsuc.ModelPrice, bool) {
	var price agentsuc.ModelPrice
	for kind, to := range map[billing.Kind]*float64{
		billing.ModelInput: &price.Input, billing.ModelCached: &price.Cached, billing.ModelOutput: &price.Output,
	} {
		listed, ok := p.List.Find(kind, model, p.Clock.Now())
		if !ok {
			return agentsuc.ModelPrice{}, false
		}
		*to = listed.Amount.Dollars() * million / float64(listed.Per)
		price.AsOf, price.Source = listed.AsOf, listed.Source
	}
	return price, true
}
