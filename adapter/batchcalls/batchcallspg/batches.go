// Package batchcallspg keeps batches of calls in Postgres.
package batchcallspg

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/tertulia-dev/tertulia/domain/batchcalls"
	"github.com/tertulia-dev/tertulia/domain/fault"
	"github.com/tertulia-dev/tertulia/domain/kernel"
	"github.com/tertulia-dev/tertulia/infrastructure/postgres"
	batchcallsuc "github.com/tertulia-dev/tertulia/usecase/batchcalls"
)

// Batches implements batchcallsuc.Batches.
type Batches struct{}

const batchColumns = `b.id::text, b.workspace_id::text, b.public_id, b.kind, b.name, b.agent_id, b.phone_number_id, b.options::text,
	b.scheduled_at, b.status, b.stopped_at, b.head::text, b.total, b.excluded, b.dispatched, b.finished, b.version,
	b.created_by::text, b.created_at, b.updated_at`

type batchRow struct {
	ID          string     `db:"id"`
	Workspace   string     `db:"workspace_id"`
	PublicID    string     `db:"public_id"`
	Kind        string     `db:"kind"`
	Name        string     `db:"name"`
	Agent       string     `db:"agent_id"`
	PhoneNumber string     `db:"phone_number_id"`
	Options     *string    `db:"options"`
	ScheduledAt *time.Time `db:"scheduled_at"`
	Status      string     `db:"status"`
	StoppedAt   *time.Time `db:"stopped_at"`
	Head        *string    `db:"head"`
	Total       int        `db:"total"`
	Excluded    int        `db:"excluded"`
	Dispatched  int        `db:"dispatched"`
	Finished    int        `db:"finished"`
	Version     int64      `db:"version"`
	CreatedBy   *string    `db:"created_by"`
	CreatedAt   time.Time  `db:"created_at"`
	UpdatedAt   time.Time  `db:"updated_at"`
}

func (r batchRow) batch() batchcalls.Batch {
	b := batchcalls.Batch{
		ID: batchcalls.BatchID(r.ID), PublicID: r.PublicID, Workspace: kernel.WorkspaceID(r.Workspace), Kind: batchcalls.Kind(r.Kind),
		Name: r.Name, Agent: r.Agent, PhoneNumber: r.PhoneNumber, Options: rawOf(r.Options), ScheduledAt: timeOf(r.ScheduledAt),
		Status: batchcalls.Status(r.Status), StoppedAt: timeOf(r.StoppedAt), Head: rawOf(r.Head), Total: r.Total, Excluded: r.Excluded,
		Dispatched: r.Dispatched, Finished: r.Finished, Version: r.Version, CreatedAt: r.CreatedAt.UTC(), UpdatedAt: r.UpdatedAt.UTC(),
	}
	if r.CreatedBy != nil {
		b.CreatedBy = kernel.RepID(*r.CreatedBy)
	}
	return b
}

func rawOf(text *string) json.RawMessage {
	if text == nil {
		return nil
	}
	return json.RawMessage(*text)
}

func timeOf(t *time.Time) time.Time {
	if t == nil {
		return time.Time{}
	}
	return t.UTC()
}

// findSQL looks by the public ID first: that is what nearly everybody asks by.
const findSQL = `
select ` + batchColumns + ` from call_batches b where b.workspace_id = $1 and b.public_id = $2
union all
select ` + batchColumns + ` from call_chunks c join call_batches b on b.workspace_id = c.workspace_id and b.id = c.batch_id
where c.workspace_id = $1 and c.provider_id = $2
limit 1`

// Find implements batchcallsuc.Batches.
func (Batches) Find(ctx context.Context, ws kernel.WorkspaceID, publicID string) (batchcalls.Batch, bool, error) {
	rows, err := postgres.Collect(ctx, pgx.RowToStructByPos[batchRow], findSQL, ws, publicID)
	if err != nil {
		return batchcalls.Batch{}, false, fmt.Errorf("find batch of calls: %w", err)
	}
	if len(rows) == 0 {
		return batchcalls.Batch{}, false, nil
	}
	return rows[0].batch(), true, nil
}

// Get implements batchcallsuc.Batches.
func (Batches) Get(ctx context.Context, ref batchcallsuc.BatchRef) (batchcalls.Batch, error) {
	return get(ctx, ref, "")
}

// Lock implements batchcallsuc.Batches.
func (Batches) Lock(ctx context.Context, ref batchcallsuc.BatchRef) (batchcalls.Batch, error) {
	return get(ctx, ref, " for no key update")
}

func get(ctx context.Context, ref batchcallsuc.BatchRef, lock string) (batchcalls.Batch, error) {
	rows, err := postgres.Collect(ctx, pgx.RowToStructByPos[batchRow],
		`select `+batchColumns+` from call_batches b where b.workspace_id = $1 and b.id = $2`+lock, ref.Workspace, ref.ID)
	if err != nil {
		return batchcalls.Batch{}, fmt.Errorf("read batch of calls: %w", err)
	}
	if len(rows) == 0 {
		return batchcalls.Batch{}, fault.New(fault.NotFound, batchcalls.BatchNotFound)
	}
	return rows[0].batch(), nil
}

// Add implements batchcallsuc.Batches.
func (Batches) Add(ctx context.Context, b batchcalls.Batch) error {
	return addBatches(ctx, b.Workspace, []batchcalls.Batch{b})
}

// Save implements batchcallsuc.Batches.
func (Batches) Save(ctx context.Context, b batchcalls.Batch) error {
	n, err := postgres.Exec(ctx, `
		update call_batches set name = $3, status = $4, stopped_at = $5, head = $6, total = $7, excluded = $8, dispatched = $9,
			finished = $10, updated_at = $11, version = version + 1
		where workspace_id = $1 and id = $2`,
		b.Workspace, b.ID, b.Name, string(b.Status), nullTime(b.StoppedAt), nullJSON(b.Head), b.Total, b.Excluded, b.Dispatched, b.Finished, b.UpdatedAt)
	if err != nil {
		return fmt.Errorf("save batch of calls: %w", err)
	}
	if n == 0 {
		return fault.New(fault.NotFound, batchcalls.BatchNotFound)
	}
	return nil
}

// addBatchesSQL takes columns: however many batches come at once, Postgres plans and starts one statement.
const addBatchesSQL = `
insert into call_batches (id, workspace_id, public_id, kind, name, agent_id, phone_number_id, options, scheduled_at, status,
	head, total, excluded, dispatched, finished, created_by, created_at, updated_at)
select u.id::uuid, $1::uuid, u.public_id, u.kind, u.name, u.agent_id, u.phone_number_id, u.options::json, u.scheduled_at, u.status,
	u.head::json, u.total, u.excluded, u.dispatched, u.finished, u.created_by::uuid, u.created_at, u.created_at
from unnest($2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::timestamptz[], $10::text[], $11::text[],
	$12::int[], $13::int[], $14::int[], $15::int[], $16::text[], $17::timestamptz[])
	as u (id, public_id, kind, name, agent_id, phone_number_id, options, scheduled_at, status, head, total, excluded, dispatched, finished,
		created_by, created_at)`

func addBatches(ctx context.Context, ws kernel.WorkspaceID, batches []batchcalls.Batch) error {
	var (
		ids, public, kinds, names, agents, numbers, statuses []string
		options, heads, authors                              []*string
		scheduled                                            []*time.Time
		total, excluded, dispatched, finished                []int32
		created                                              []time.Time
	)
	for _, b := range batches {
		ids, public, kinds = append(ids, b.ID.String()), append(public, b.PublicID), append(kinds, string(b.Kind))
		names, agents, numbers = append(names, clean(b.Name)), append(agents, clean(b.Agent)), append(numbers, clean(b.PhoneNumber))
		statuses, scheduled, created = append(statuses, string(b.Status)), append(scheduled, nullTime(b.ScheduledAt)), append(created, b.CreatedAt)
		options, heads, authors = append(options, nullJSON(b.Options)), append(heads, nullJSON(b.Head)), append(authors, nullText(string(b.CreatedBy)))
		total, excluded = append(total, int32(b.Total)), append(excluded, int32(b.Excluded))
		dispatched, finished = append(dispatched, int32(b.Dispatched)), append(finished, int32(b.Finished))
	}
	_, err := postgres.Exec(ctx, addBatchesSQL, ws, ids, public, kinds, names, agents, numbers, options, scheduled, statuses, heads,
		total, excluded, dispatched, finished, authors, created)
	if err != nil {
		return fmt.Errorf("add batches of calls: %w", err)
	}
	return nil
}
