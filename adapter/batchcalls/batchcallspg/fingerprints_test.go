package batchcallspg

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"github.com/tertulia-dev/tertulia/domain/batchcalls"
	"github.com/tertulia-dev/tertulia/infrastructure/postgres"
	"github.com/tertulia-dev/tertulia/infrastructure/postgres/pgtest"
	batchcallsuc "github.com/tertulia-dev/tertulia/usecase/batchcalls"
)

// intents are submissions of the campaign's workspace, one for each fingerprint.
func intents(c batchcalls.CampaignState, fingerprints ...string) []batchcallsuc.Intent {
	all := make([]batchcallsuc.Intent, len(fingerprints))
	for i, f := range fingerprints {
		b := c.Batch
		b.ID, b.Kind, b.Status = batchcalls.BatchID(uuid.NewString()), batchcalls.Submitted, batchcalls.Pending
		b.PublicID = b.ID.Public()
		all[i] = batchcallsuc.Intent{Batch: b, Fingerprint: f, BodyHash: "hash of " + f, Until: b.CreatedAt.Add(time.Hour)}
	}
	return all
}

// begin reserves the intents' fingerprints and stores the fresh ones.
func begin(ctx context.Context, c batchcalls.CampaignState, all []batchcallsuc.Intent) ([]int, []batchcallsuc.Begun, error) {
	begun := make([]batchcallsuc.Begun, len(all))
	fresh, err := reserve(ctx, c.Workspace, all, begun)
	if err == nil {
		err = store(ctx, c.Workspace, all, fresh, begun)
	}
	return fresh, begun, err
}

func TestAFingerprintLeadsToTheBatchThatItMade(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	c := draft(t, db)
	before := intents(c, "a", "b")
	inTx(t, db, c.Workspace, func(ctx context.Context) {
		fresh, _, err := begin(ctx, c, before)
		require.NoError(t, err)
		require.Equal(t, []int{0, 1}, fresh)
	})
	inTx(t, db, c.Workspace, func(ctx context.Context) {
		again := intents(c, "b", "c", "a", "c", "")
		again[2].BodyHash, again[3].BodyHash = "another", "another"
		fresh, begun, err := begin(ctx, c, again)
		require.NoError(t, err)
		require.Equal(t, []int{1, 4}, fresh, "the first of two with a new one, and who has none")
		require.Equal(t, before[1].Batch.ID, begun[0].Earlier.ID)
		require.False(t, begun[0].OtherBody)
		require.Equal(t, before[0].Batch.ID, begun[2].Earlier.ID)
		require.True(t, begun[2].OtherBody)
		require.Equal(t, again[1].Batch.ID, begun[3].Earlier.ID)
		require.True(t, begun[3].OtherBody)
	})
	inTx(t, db, c.Workspace, func(ctx context.Context) {
		late := intents(c, "a")
		late[0].Batch.CreatedAt = before[0].Until
		fresh, _, err := begin(ctx, c, late)
		require.NoError(t, err)
		require.Equal(t, []int{0}, fresh, "it is forgotten")
	})
}

// A client that retries in a loop must not have the disk written to.
func TestAnswersWithAKnownBatchWriteNothing(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	c := draft(t, db)
	inTx(t, db, c.Workspace, func(ctx context.Context) {
		_, _, err := begin(ctx, c, intents(c, "a", "b"))
		require.NoError(t, err)
	})
	inTx(t, db, c.Workspace, func(ctx context.Context) {
		fresh, begun, err := begin(ctx, c, intents(c, "b", "a", "b"))
		require.NoError(t, err)
		require.Empty(t, fresh)
		require.NotNil(t, begun[2].Earlier)
		wrote, err := postgres.Collect(ctx, pgx.RowTo[bool], `select pg_current_xact_id_if_assigned() is not null`)
		require.NoError(t, err)
		require.Equal(t, []bool{false}, wrote)
	})
}

// A refused submission is forgotten while others ask for the same: each of them makes a batch or is told of one.
func TestAFingerprintMayBeForgottenAtAnyMoment(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	c := draft(t, db)
	const askers, rounds = 4, 50
	done := make(chan error, askers)
	for range askers {
		go func() {
			done <- func() error {
				for range rounds {
					err := db.InTx(t.Context(), c.Workspace, func(ctx context.Context) error {
						all := intents(c, "a")
						fresh, begun, err := begin(ctx, c, all)
						if err == nil && len(fresh) == 0 && begun[0].Earlier.ID == "" {
							return errors.New("neither a batch nor an earlier one")
						}
						return err
					})
					if err == nil {
						err = db.InTx(t.Context(), c.Workspace, func(ctx context.Context) error {
							_, err := postgres.Exec(ctx, `delete from call_fingerprints where workspace_id = $1`, c.Workspace)
							return err
						})
					}
					if err != nil {
						return err
					}
				}
				return nil
			}()
		}()
	}
	for range askers {
		require.NoError(t, <-done)
	}
}
