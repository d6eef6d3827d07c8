// Package billingpg keeps the usage ledger in Postgres.
package billingpg

import (
	"context"
	"fmt"
	"time"

	"github.com/tertulia-dev/tertulia/domain/billing"
	"github.com/tertulia-dev/tertulia/infrastructure/postgres"
)

// Ledger implements billinguc.Ledger and billinguc.Reports.
type Ledger struct{}

// addSQL is one text for any number of entries, prepared once a connection: every analysis notes some.
const addSQL = `
insert into usage_entries (id, workspace_id, meeting_id, activity, kind, resource, quantity, estimated,
	amount, price, price_per, price_as_of, price_source, source, used_at)
select u.id, u.workspace, nullif(u.meeting, '')::uuid, u.activity, u.kind, u.resource, u.quantity, u.estimated,
	u.amount, u.price, u.price_per, u.price_as_of, u.price_source, u.source, u.used_at
from unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::text[], $6::text[], $7::bigint[], $8::boolean[],
		$9::bigint[], $10::bigint[], $11::bigint[], $12::date[], $13::text[], $14::text[], $15::timestamptz[])
	as u (id, workspace, meeting, activity, kind, resource, quantity, estimated,
		amount, price, price_per, price_as_of, price_source, source, used_at)
on conflict (workspace_id, source, kind) do nothing`

// columns are entries as addSQL takes them.
type columns struct {
	ids, workspaces, meetings, activities, kinds, resources, sources []string
	quantities                                                       []int64
	estimated                                                        []bool
	amounts, prices, per                                             []*int64
	asOf                                                             []*time.Time
	priceSources                                                     []*string
	usedAt                                                           []time.Time
}

func (c *columns) add(u billing.Usage) {
	c.ids, c.workspaces, c.meetings = append(c.ids, u.ID), append(c.workspaces, string(u.Workspace)), append(c.meetings, u.Meeting)
	c.activities, c.kinds = append(c.activities, string(u.Activity)), append(c.kinds, string(u.Kind))
	c.resources, c.sources = append(c.resources, postgres.Text(u.Resource)), append(c.sources, postgres.Text(u.Source))
	c.quantities, c.estimated = append(c.quantities, u.Quantity), append(c.estimated, u.Estimated)
	c.usedAt = append(c.usedAt, u.At)
	var amount, price, per *int64
	var asOf *time.Time
	var source *string
	if micros, ok := u.Amount(); ok {
		paid, p := int64(micros), *u.Price
		cost := int64(p.Amount)
		amount, price, per, asOf, source = &paid, &cost, &p.Per, &p.AsOf, &p.Source
	}
	c.amounts, c.prices, c.per = append(c.amounts, amount), append(c.prices, price), append(c.per, per)
	c.asOf, c.priceSources = append(c.asOf, asOf), append(c.priceSources, source)
}

// Add stores entries, except those whose source has one of that kind already.
func (Ledger) Add(ctx context.Context, entries []billing.Usage) error {
	var c columns
	for _, u := range entries {
		c.add(u)
	}
	err := postgres.Later(ctx, "add usage", addSQL, c.ids, c.workspaces, c.meetings, c.activities, c.kinds, c.resources, c.quantities,
		c.estimated, c.amounts, c.prices, c.per, c.asOf, c.priceSources, c.sources, c.usedAt)
	if err != nil {
		return fmt.Errorf("add usage: %w", err)
	}
	return nil
}
