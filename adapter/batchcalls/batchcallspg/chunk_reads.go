package batchcallspg

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"github.com/tertulia-dev/tertulia/domain/batchcalls"
	"github.com/tertulia-dev/tertulia/infrastructure/postgres"
	batchcallsuc "github.com/tertulia-dev/tertulia/usecase/batchcalls"
)

// One implements batchcallsuc.ChunkReads.
func (Chunks) One(ctx context.Context, ref batchcallsuc.BatchRef, ordinal int) (batchcalls.Chunk, bool, error) {
	chunks, err := postgres.Collect(ctx, scanChunk, `select `+chunkColumns+` from call_chunks c
		where c.workspace_id = $1 and c.batch_id = $2 and c.ordinal = $3`, ref.Workspace, ref.ID, ordinal)
	if err != nil {
		return batchcalls.Chunk{}, false, fmt.Errorf("read chunk: %w", err)
	}
	if len(chunks) == 0 {
		return batchcalls.Chunk{}, false, nil
	}
	return chunks[0], true, nil
}

// Live chunks are found in two steps: the first chunk by its key, the others by an index that the first is not in.
const (
	liveFirst  = ` from call_chunks c where c.workspace_id = $1 and c.batch_id = $2 and c.ordinal = 0 and c.next_look is not null`
	liveOthers = ` from call_chunks c where c.workspace_id = $1 and c.batch_id = $2 and c.ordinal > 0 and c.next_look is not null`

	liveSQL      = `select ` + chunkColumns + liveFirst + ` union all (select ` + chunkColumns + liveOthers + ` order by c.ordinal)`
	liveOrdinals = `select c.ordinal` + liveFirst + ` union all select c.ordinal` + liveOthers
)

// Live implements batchcallsuc.ChunkReads.
func (Chunks) Live(ctx context.Context, ref batchcallsuc.BatchRef) ([]batchcalls.Chunk, error) {
	chunks, err := postgres.Collect(ctx, scanChunk, liveSQL, ref.Workspace, ref.ID)
	if err != nil {
		return nil, fmt.Errorf("read live chunks: %w", err)
	}
	return chunks, nil
}

// Next implements batchcallsuc.ChunkReads.
func (Chunks) Next(ctx context.Context, ref batchcallsuc.BatchRef) (int, error) {
	last, err := postgres.Collect(ctx, pgx.RowTo[int], `select ordinal from call_chunks c
		where c.workspace_id = $1 and c.batch_id = $2 order by ordinal desc limit 1`, ref.Workspace, ref.ID)
	if err != nil {
		return 0, fmt.Errorf("read last chunk: %w", err)
	}
	if len(last) == 0 {
		return 0, nil
	}
	return last[0] + 1, nil
}

// OrdinalOf implements batchcallsuc.ChunkReads.
func (Chunks) OrdinalOf(ctx context.Context, ref batchcallsuc.BatchRef, providerID string) (int, bool, error) {
	found, err := postgres.Collect(ctx, pgx.RowTo[int], `select ordinal from call_chunks c
		where c.workspace_id = $1 and c.batch_id = $2 and c.provider_id = $3`, ref.Workspace, ref.ID, providerID)
	if err != nil {
		return 0, false, fmt.Errorf("find chunk of the provider's: %w", err)
	}
	if len(found) == 0 {
		return 0, false, nil
	}
	return found[0], true, nil
}
