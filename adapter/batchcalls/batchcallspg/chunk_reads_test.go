package batchcallspg

import (
	"context"
	"regexp"
	"strconv"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"github.com/tertulia-dev/tertulia/infrastructure/postgres"
	"github.com/tertulia-dev/tertulia/infrastructure/postgres/pgtest"
	batchcallsuc "github.com/tertulia-dev/tertulia/usecase/batchcalls"
)

// touched is a step of a plan, as Postgres 15 and 18 tell how often it was taken and what it found.
var touched = regexp.MustCompile(`actual rows=(\d+)(?:\.\d+)? loops=(\d+)`)

// widest returns the most rows that any step of a query has gone through.
func widest(ctx context.Context, t *testing.T, query string, args ...any) (most int) {
	t.Helper()
	plan, err := postgres.Collect(ctx, pgx.RowTo[string], `explain (analyze, timing off, costs off) `+query, args...)
	require.NoError(t, err)
	for _, line := range plan {
		if m := touched.FindStringSubmatch(line); m != nil {
			rows, _ := strconv.Atoi(m[1])
			loops, _ := strconv.Atoi(m[2])
			most = max(most, rows*loops)
		}
	}
	return most
}

func TestWhatIsLiveOfALongCampaignIsFoundWithoutReadingWhatIsOver(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	c := draft(t, db)
	ref, now := batchcallsuc.BatchRef{Workspace: c.Workspace, ID: c.ID}, c.CreatedAt
	const chunks, live = 2000, 3
	require.NoError(t, db.InTx(t.Context(), c.Workspace, func(ctx context.Context) error {
		_, err := postgres.Exec(ctx, `insert into call_chunks (workspace_id, batch_id, ordinal, size, status, provider_id, next_look)
			select $1, $2, n, 1, 'accepted', 'p' || n, case when n >= $3 - $4::int then $5::timestamptz end from generate_series(0, $3 - 1) n`,
			ref.Workspace, ref.ID, chunks, live, now)
		require.NoError(t, err)
		_, err = postgres.Exec(ctx, `insert into call_dispatches (workspace_id, batch_id, ordinal, until) select $1, $2, n, $4 from generate_series(0, $3 - 1) n`,
			ref.Workspace, ref.ID, chunks, now.Add(time.Hour))
		return err
	}))
	require.NoError(t, db.InTx(t.Context(), c.Workspace, func(ctx context.Context) error {
		for _, query := range []struct {
			sql  string
			args []any
		}{{liveSQL, []any{ref.Workspace, ref.ID}}, {openSQL, []any{ref.Workspace, ref.ID, false}}} {
			require.LessOrEqual(t, widest(ctx, t, query.sql, query.args...), live, query.sql)
		}
		found, err := Chunks{}.Live(ctx, ref)
		require.NoError(t, err)
		require.Len(t, found, live)
		require.Equal(t, chunks-live, found[0].Ordinal, "in order")
		open, err := Dispatches{}.Open(ctx, ref)
		require.NoError(t, err)
		require.Len(t, open, live)
		next, err := Chunks{}.Next(ctx, ref)
		require.NoError(t, err)
		require.Equal(t, chunks, next)
		ordinal, isIts, err := Chunks{}.OrdinalOf(ctx, ref, "p7")
		require.NoError(t, err)
		require.Equal(t, []any{7, true}, []any{ordinal, isIts})
		_, isIts, err = Chunks{}.OrdinalOf(ctx, ref, "nobody's")
		require.False(t, isIts)
		return err
	}))
}
