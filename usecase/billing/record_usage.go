package billinguc

import (
	"context"
	"fmt"

	"github.com/tertulia-dev/tertulia/domain/billing"
	"github.com/tertulia-dev/tertulia/domain/kernel"
	"github.com/tertulia-dev/tertulia/usecase/port"
)

// RecordUsage notes what was used, at the price that held then. What no price is known of is noted without.
//
// It joins the caller's transaction: the entry exists if and only if what it was used for does. Recording the same source
// again changes nothing. Allowed: Tertulia itself; there is no route to it.
type RecordUsage struct {
	tx     port.Transactor
	ledger Ledger
	prices billing.PriceList
	ids    port.IDs
}

// Execute records entries of one workspace, whose ID, workspace and price it fills in. Those without a quantity are left out.
func (uc *RecordUsage) Execute(ctx context.Context, ws kernel.WorkspaceID, entries ...billing.Usage) error {
	kept := make([]billing.Usage, 0, len(entries))
	for _, e := range entries {
		if e.Quantity <= 0 {
			continue
		}
		e.ID, e.Workspace = uc.ids.New(), ws
		if price, ok := uc.prices.Find(e.Kind, e.Resource, e.At); ok {
			e.Price = &price
		}
		kept = append(kept, e)
	}
	if len(kept) == 0 {
		return nil
	}
	if err := uc.tx.InTx(ctx, ws, func(ctx context.Context) error { return uc.ledger.Add(ctx, kept) }); err != nil {
		return fmt.Errorf("record usage: %w", err)
	}
	return nil
}
