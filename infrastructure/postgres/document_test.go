package postgres_test

import (
	"context"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"github.com/tertulia-dev/tertulia/infrastructure/postgres"
)

func TestWhatNoDatabaseTakesIsTakenOutOfATextAndTheRestStays(t *testing.T) {
	t.Parallel()
	db, ws := newNotes(t), newWorkspace()
	for said, want := range map[string]string{
		"": "", "\x00": "", "a\x00b": "ab", "\xff\xfe": "\ufffd\ufffd", "\xffb": "\ufffdb", "\ufffd": "\ufffd",
		"Peñón 🙂": "Peñón 🙂", `\u0000`: `\u0000`,
	} {
		require.NoError(t, db.InTx(t.Context(), ws, func(ctx context.Context) error {
			stored, err := postgres.Collect(ctx, pgx.RowTo[string], "select $1::text", postgres.Text(said))
			require.Equal(t, []string{want}, stored)
			return err
		}), "%q", said)
	}
}
