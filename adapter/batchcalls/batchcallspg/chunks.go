package batchcallspg

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/tertulia-dev/tertulia/domain/batchcalls"
	"github.com/tertulia-dev/tertulia/domain/kernel"
	"github.com/tertulia-dev/tertulia/infrastructure/postgres"
	batchcallsuc "github.com/tertulia-dev/tertulia/usecase/batchcalls"
)

// Chunks implements batchcallsuc.Chunks and batchcallsuc.ChunkReads.
type Chunks struct{}

const chunkColumns = `c.batch_id::text, c.ordinal, c.size, c.status, coalesce(c.provider_id, ''), coalesce(c.state, ''), c.sent_at,
	c.error_status, c.error, c.sweeps, c.dispatched, c.finished, c.next_look, c.looks`

func scanChunk(row pgx.CollectableRow) (batchcalls.Chunk, error) {
	var (
		c            batchcalls.Chunk
		sent, looked *time.Time
	)
	err := row.Scan((*string)(&c.Batch), &c.Ordinal, &c.Size, (*string)(&c.Status), &c.ProviderID, (*string)(&c.State), &sent,
		&c.ErrorStatus, &c.Error, &c.Sweeps, &c.Dispatched, &c.Finished, &looked, &c.Looks)
	c.SentAt, c.NextLook = timeOf(sent), timeOf(looked)
	return c, err
}

// Of implements batchcallsuc.Chunks.
func (Chunks) Of(ctx context.Context, ref batchcallsuc.BatchRef) ([]batchcalls.Chunk, error) {
	chunks, err := postgres.Collect(ctx, scanChunk, `select `+chunkColumns+` from call_chunks c
		where c.workspace_id = $1 and c.batch_id = $2 order by c.ordinal`, ref.Workspace, ref.ID)
	if err != nil {
		return nil, fmt.Errorf("read chunks: %w", err)
	}
	return chunks, nil
}

// Add implements batchcallsuc.Chunks.
func (Chunks) Add(ctx context.Context, ws kernel.WorkspaceID, c batchcalls.Chunk) error {
	return addChunks(ctx, ws, []batchcalls.Chunk{c})
}

// Save implements batchcallsuc.Chunks.
func (Chunks) Save(ctx context.Context, ws kernel.WorkspaceID, c batchcalls.Chunk, from batchcalls.ChunkStatus) (bool, error) {
	n, err := postgres.Exec(ctx, `
		update call_chunks set size = $5, status = $6, provider_id = $7, state = $8, sent_at = $9, error_status = $10, error = $11,
			sweeps = $12, dispatched = $13, finished = $14, next_look = $15, looks = $16
		where workspace_id = $1 and batch_id = $2 and ordinal = $3 and status = $4`,
		ws, c.Batch, c.Ordinal, string(from), c.Size, string(c.Status), nullText(c.ProviderID), nullText(string(c.State)), nullTime(c.SentAt),
		c.ErrorStatus, clean(c.Error), c.Sweeps, c.Dispatched, c.Finished, nullTime(c.NextLook), c.Looks)
	if err != nil {
		return false, fmt.Errorf("save chunk: %w", err)
	}
	return n == 1, nil
}

// Due implements batchcallsuc.Chunks.
func (Chunks) Due(ctx context.Context, ws kernel.WorkspaceID, now time.Time, limit int) ([]batchcalls.Chunk, error) {
	chunks, err := postgres.Collect(ctx, scanChunk, `select `+chunkColumns+` from call_chunks c
		where c.workspace_id = $1 and c.next_look <= $2 order by c.next_look limit $3`, ws, now, limit)
	if err != nil {
		return nil, fmt.Errorf("read due chunks: %w", err)
	}
	return chunks, nil
}

// Open implements batchcallsuc.Chunks.
func (Chunks) Open(ctx context.Context, ws kernel.WorkspaceID) (bool, error) {
	open, err := postgres.Collect(ctx, pgx.RowTo[bool],
		`select exists (select from call_chunks where workspace_id = $1 and next_look is not null)`, ws)
	if err != nil {
		return false, fmt.Errorf("look for open chunks: %w", err)
	}
	return open[0], nil
}

const addChunksSQL = `
insert into call_chunks (workspace_id, batch_id, ordinal, size, status, provider_id, state, sent_at, dispatched, finished, next_look)
select $1::uuid, u.batch_id::uuid, u.ordinal, u.size, u.status, u.provider_id, u.state, u.sent_at, u.dispatched, u.finished, u.next_look
from unnest($2::text[], $3::int[], $4::int[], $5::text[], $6::text[], $7::text[], $8::timestamptz[], $9::int[], $10::int[], $11::timestamptz[])
	as u (batch_id, ordinal, size, status, provider_id, state, sent_at, dispatched, finished, next_look)`

func addChunks(ctx context.Context, ws kernel.WorkspaceID, chunks []batchcalls.Chunk) error {
	var (
		batches, statuses                     []string
		providers, states                     []*string
		ordinals, sizes, dispatched, finished []int32
		sent, looks                           []*time.Time
	)
	for _, c := range chunks {
		batches, statuses = append(batches, c.Batch.String()), append(statuses, string(c.Status))
		providers, states = append(providers, nullText(c.ProviderID)), append(states, nullText(string(c.State)))
		ordinals, sizes = append(ordinals, int32(c.Ordinal)), append(sizes, int32(c.Size))
		dispatched, finished = append(dispatched, int32(c.Dispatched)), append(finished, int32(c.Finished))
		sent, looks = append(sent, nullTime(c.SentAt)), append(looks, nullTime(c.NextLook))
	}
	_, err := postgres.Exec(ctx, addChunksSQL, ws, batches, ordinals, sizes, statuses, providers, states, sent, dispatched, finished, looks)
	if err != nil {
		return fmt.Errorf("add chunks: %w", err)
	}
	return nil
}
