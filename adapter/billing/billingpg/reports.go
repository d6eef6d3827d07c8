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

type lineRow struct {
	Activity    billing.Activity `bun:"activity"`
	Kind        billing.Kind     `bun:"kind"`
	Resource    string           `bun:"resource"`
	Quantity    int64            `bun:"quantity"`
	Estimated   bool             `bun:"estimated"`
	Amount      billing.Micros   `bun:"amount"`
	Price       *billing.Micros  `bun:"price"`
	PricePer    int64            `bun:"price_per"`
	PriceAsOf   time.Time        `bun:"price_as_of"`
	PriceSource string           `bun:"price_source"`
}

// OfMeeting returns what one meeting used, dearest first.
func (Ledger) OfMeeting(ctx context.Context, ws kernel.WorkspaceID, meeting string) ([]billing.Line, error) {
	return lines(ctx, ws, func(q *bun.SelectQuery) *bun.SelectQuery { return q.Where("u.meeting_id = ?", meeting) })
}

// Of returns what the workspace used in a period, dearest first.
func (Ledger) Of(ctx context.Context, ws kernel.WorkspaceID, p billing.Period) ([]billing.Line, error) {
	return lines(ctx, ws, in(p))
}

func in(p billing.Period) func(*bun.SelectQuery) *bun.SelectQuery {
	return func(q *bun.SelectQuery) *bun.SelectQuery {
		return q.Where("u.used_at >= ? AND u.used_at < ?", p.From, p.To)
	}
}

// lines sums entries that were used alike and cost alike. The sums of bigints are numerics: they are brought back, since a
// workspace's month does not come near the end of a bigint.
func lines(ctx context.Context, ws kernel.WorkspaceID, which func(*bun.SelectQuery) *bun.SelectQuery) ([]billing.Line, error) {
	const alike = "u.activity, u.kind, u.resource, u.estimated, u.price, u.price_per, u.price_as_of, u.price_source"
	var rows []lineRow
	err := which(postgres.Conn(ctx).NewSelect().TableExpr("usage_entries AS u").
		ColumnExpr("u.activity, u.kind, u.resource, u.estimated, u.price").
		ColumnExpr("coalesce(u.price_per, 0) AS price_per, coalesce(u.price_as_of, 'epoch') AS price_as_of").
		ColumnExpr("coalesce(u.price_source, '') AS price_source").
		ColumnExpr("sum(u.quantity)::bigint AS quantity, coalesce(sum(u.amount), 0)::bigint AS amount").
		Where("u.workspace_id = ?", ws)).
		GroupExpr(alike).OrderExpr("amount DESC, u.activity, u.kind, u.resource, u.estimated, u.price_as_of").Scan(ctx, &rows)
	if err != nil {
		return nil, fmt.Errorf("sum up usage: %w", err)
	}
	out := make([]billing.Line, len(rows))
	for i, r := range rows {
		out[i] = billing.Line{
			Activity: r.Activity, Kind: r.Kind, Resource: r.Resource, Quantity: r.Quantity, Estimated: r.Estimated, Amount: r.Amount,
		}
		if r.Price != nil {
			out[i].Price = &billing.Price{Amount: *r.Price, Per: r.PricePer, AsOf: r.PriceAsOf, Source: r.PriceSource}
		}
	}
	return out, nil
}

// Dearest returns the meetings that cost most in a period. Their names are read from meetings' table.
func (Ledger) Dearest(ctx context.Context, ws kernel.WorkspaceID, p billing.Period, limit int) ([]billing.MeetingCost, error) {
	db := postgres.Conn(ctx)
	sums := in(p)(db.NewSelect().TableExpr("usage_entries AS u").
		ColumnExpr("u.meeting_id, coalesce(sum(u.amount), 0)::bigint AS amount").
		Where("u.workspace_id = ? AND u.meeting_id IS NOT NULL", ws)).
		Group("u.meeting_id").OrderExpr("amount DESC, u.meeting_id").Limit(int64(limit))
	var rows []struct {
		Meeting string         `bun:"meeting_id"`
		Title   string         `bun:"title"`
		Company string         `bun:"company"`
		Amount  billing.Micros `bun:"amount"`
	}
	err := db.NewSelect().With("sums", sums).TableExpr("sums AS s").
		ColumnExpr("s.meeting_id, s.amount, coalesce(m.title, '') AS title, coalesce(m.customer ->> 'company', '') AS company").
		Join("LEFT JOIN meetings AS m ON m.workspace_id = ? AND m.id = s.meeting_id", ws).
		OrderExpr("s.amount DESC, s.meeting_id").Scan(ctx, &rows)
	if err != nil {
		return nil, fmt.Errorf("find the dearest meetings: %w", err)
	}
	out := make([]billing.MeetingCost, len(rows))
	for i, r := range rows {
		out[i] = billing.MeetingCost{Meeting: r.Meeting, Title: r.Title, Company: r.Company, Amount: r.Amount}
	}
	return out, nil
}

// Average returns what the meetings cost that a notetaker or a model worked on in a period: one that is only kept in store
// was held in another.
func (Ledger) Average(ctx context.Context, ws kernel.WorkspaceID, p billing.Period) (billing.Average, error) {
	db := postgres.Conn(ctx)
	each := in(p)(db.NewSelect().TableExpr("usage_entries AS u").
		ColumnExpr("coalesce(sum(u.amount), 0) AS amount").
		ColumnExpr("coalesce(sum(u.quantity) FILTER (WHERE u.kind = ?), 0) AS seconds", billing.Notetaker).
		Where("u.workspace_id = ? AND u.meeting_id IS NOT NULL", ws)).
		Group("u.meeting_id").Having("bool_or(u.activity <> ?)", billing.Keeping)
	var sum struct {
		Meetings int            `bun:"meetings"`
		Amount   billing.Micros `bun:"amount"`
		Seconds  int64          `bun:"seconds"`
	}
	err := db.NewSelect().With("each", each).TableExpr("each").
		ColumnExpr("count(*) AS meetings, coalesce(sum(amount), 0)::bigint AS amount, coalesce(sum(seconds), 0)::bigint AS seconds").
		Scan(ctx, &sum)
	if err != nil {
		return billing.Average{}, fmt.Errorf("average costs: %w", err)
	}
	return billing.Average{Meetings: sum.Meetings, Amount: sum.Amount, Seconds: sum.Seconds}, nil
}

// Zone returns the workspace's zone, which identity keeps.
func (Ledger) Zone(ctx context.Context, ws kernel.WorkspaceID) (zone string, err error) {
	err = postgres.Conn(ctx).NewSelect().Table("workspaces").Column("timezone").Where("id = ?", ws).Scan(ctx, &zone)
	if err != nil {
		return "", fmt.Errorf("read the workspace's zone: %w", err)
	}
	return zone, nil
}
