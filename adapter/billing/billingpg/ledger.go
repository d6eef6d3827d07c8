// Package billingpg keeps the usage ledger in Postgres.
package billingpg

import (
	"context"
	"fmt"
	"time"

	"github.com/uptrace/bun"

	"github.com/tertulia-dev/tertulia/domain/billing"
	"github.com/tertulia-dev/tertulia/domain/kernel"
	"github.com/tertulia-dev/tertulia/infrastructure/postgres"
)

type row struct {
	bun.BaseModel `bun:"table:usage_entries,alias:u"`

	ID          string             `bun:"id,pk"`
	Workspace   kernel.WorkspaceID `bun:"workspace_id"`
	Meeting     string             `bun:"meeting_id,nullzero"`
	Activity    billing.Activity   `bun:"activity"`
	Kind        billing.Kind       `bun:"kind"`
	Resource    string             `bun:"resource"`
	Quantity    int64              `bun:"quantity"`
	Estimated   bool               `bun:"estimated"`
	Amount      *billing.Micros    `bun:"amount"`
	Price       *billing.Micros    `bun:"price"`
	PricePer    *int64             `bun:"price_per"`
	PriceAsOf   *time.Time         `bun:"price_as_of"`
	PriceSource *string            `bun:"price_source"`
	Source      string             `bun:"source"`
	UsedAt      time.Time          `bun:"used_at"`
}

// Ledger implements billinguc.Ledger and billinguc.Reports.
type Ledger struct{}

// Add stores entries, except those whose source has one of that kind already.
func (Ledger) Add(ctx context.Context, entries []billing.Usage) error {
	rows := make([]row, len(entries))
	for i, u := range entries {
		rows[i] = row{
			ID: u.ID, Workspace: u.Workspace, Meeting: u.Meeting, Activity: u.Activity, Kind: u.Kind, Resource: u.Resource,
			Quantity: u.Quantity, Estimated: u.Estimated, Source: u.Source, UsedAt: u.At,
		}
		if amount, ok := u.Amount(); ok {
			p := *u.Price
			rows[i].Amount, rows[i].Price, rows[i].PricePer = &amount, &p.Amount, &p.Per
			rows[i].PriceAsOf, rows[i].PriceSource = &p.AsOf, &p.Source
		}
	}
	_, err := postgres.Conn(ctx).NewInsert().Model(&rows).On("CONFLICT (workspace_id, source, kind) DO NOTHING").Exec(ctx)
	if err != nil {
		return fmt.Errorf("add usage: %w", err)
	}
	return nil
}
