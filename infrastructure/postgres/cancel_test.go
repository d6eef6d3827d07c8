package postgres_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tertulia-dev/tertulia/infrastructure/postgres"
)

func TestARawStatementSurvivesTheEndOfItsTransactionsContext(t *testing.T) {
	t.Parallel()
	db, ws := newNotes(t), newWorkspace()

	for range 50 { // were the connection taken away from under the statement, the driver would panic
		ctx, cancel := context.WithCancel(t.Context())
		err := db.InTx(ctx, ws, func(ctx context.Context) error {
			raw, err := postgres.Raw(ctx)
			require.NoError(t, err)
			go cancel()
			for ctx.Err() == nil {
				if _, err := raw.Exec(context.WithoutCancel(ctx), "select 1"); err != nil {
					return err
				}
			}
			_, err = raw.Exec(context.WithoutCancel(ctx), "select pg_sleep(0.002)")
			return err
		})
		require.ErrorIs(t, err, context.Canceled)
		cancel()
	}
}
