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

// Chunks implements batchcallsuc.Chunks.
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

const addChunkSQL = `
insert into call_chunks (workspace_id, batch_id, ordinal, size, status, provider_id, state, sent_at, dispatched, finished, next_look)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`

func addChunks(ctx context.Context, ws kernel.WorkspaceID, chunks []batchcalls.Chunk) error {
	conn, err := postgres.Raw(ctx)
	if err != nil {
		return err
	}
	var q pgx.Batch
	for _, c := range chunks {
		q.Queue(addChunkSQL, ws, c.Batch, c.Ordinal, c.Size, string(c.Status), nullText(c.ProviderID), nullText(string(c.State)), nullTime(c.SentAt),
			c.Dispatched, c.Finished, nullTime(c.NextLook))
	}
	if err := postgres.SendBatch(ctx, conn, &q); err != nil {
		return fmt.Errorf("add chunks: %w", err)
	}
	return nil
}
