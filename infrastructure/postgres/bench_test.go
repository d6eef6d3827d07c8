package postgres_test

import (
	"context"
	"testing"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"github.com/tertulia-dev/tertulia/infrastructure/postgres"
)

// The same primary-key read in the ways there are to make it.

func BenchmarkRead(b *testing.B) {
	benchmark(b, func(ctx context.Context, db notes, n note) error {
		return db.Read(ctx, n.Workspace, func(ctx context.Context) error { return get(ctx, n.ID) })
	})
}

func BenchmarkReadInTx(b *testing.B) {
	benchmark(b, func(ctx context.Context, db notes, n note) error {
		return db.InTx(ctx, n.Workspace, func(ctx context.Context) error { return get(ctx, n.ID) })
	})
}

func BenchmarkCollect(b *testing.B) {
	benchmark(b, func(ctx context.Context, db notes, n note) error {
		return db.Read(ctx, n.Workspace, func(ctx context.Context) error {
			_, err := postgres.Collect(ctx, pgx.RowTo[string], "select text from note where id = $1", n.ID)
			return err
		})
	})
}

func get(ctx context.Context, id string) error {
	var n note
	return postgres.Conn(ctx).NewSelect().Model(&n).Where("id = ?", id).Scan(ctx)
}

func benchmark(b *testing.B, read func(ctx context.Context, db notes, n note) error) {
	b.Helper()
	db, n := newNotes(b), note{ID: uuid.NewString(), Workspace: newWorkspace(), Text: "a"}
	require.NoError(b, db.InTx(b.Context(), n.Workspace, func(ctx context.Context) error {
		_, err := postgres.Conn(ctx).NewInsert().Model(&n).Exec(ctx)
		return err
	}))
	b.ReportAllocs()
	b.SetParallelism(4)
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			if err := read(b.Context(), db, n); err != nil {
				b.Error(err)
				return
			}
		}
	})
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "reads/s")
}
