package batchcallspg

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/tertulia-dev/tertulia/domain/kernel"
	"github.com/tertulia-dev/tertulia/infrastructure/postgres"
	batchcallsuc "github.com/tertulia-dev/tertulia/usecase/batchcalls"
)

// reserveSQL takes fingerprints that are new or forgotten. It waits for a transaction that holds one of them. Those that are
// known are left alone: taking one in vain is a write, and would have the disk waited for. They are looked up one by one: of a
// join Postgres reads the whole table while it was small when last looked at.
const reserveSQL = `
insert into call_fingerprints as f (workspace_id, fingerprint, body_hash, batch_id, expires_at)
select $1::uuid, u.fingerprint, u.body_hash, u.batch_id::uuid, u.expires_at
from unnest($2::text[], $3::text[], $4::text[], $5::timestamptz[]) as u (fingerprint, body_hash, batch_id, expires_at)
where coalesce((select k.expires_at <= $6 from call_fingerprints k where k.workspace_id = $1 and k.fingerprint = u.fingerprint), true)
on conflict (workspace_id, fingerprint) do update
	set body_hash = excluded.body_hash, batch_id = excluded.batch_id, expires_at = excluded.expires_at
	where f.expires_at <= $6
returning f.fingerprint`

// reserve ties fingerprints to their batches and returns the indexes of the intents that are new; of the others it notes the
// earlier batch.
func reserve(ctx context.Context, ws kernel.WorkspaceID, intents []batchcallsuc.Intent, begun []batchcallsuc.Begun) ([]int, error) {
	var fresh []int
	first := map[string]int{} // index of the first intent with a fingerprint
	for i, in := range intents {
		if in.Fingerprint == "" {
			fresh = append(fresh, i)
		} else if _, again := first[in.Fingerprint]; !again {
			first[in.Fingerprint] = i
		}
	}
	known := map[string]earlierRow{}
	for open := slices.Sorted(maps.Keys(first)); len(open) > 0; { // everybody takes them in one order: no deadlock
		taken, err := take(ctx, ws, intents, first, open)
		if err != nil {
			return nil, fmt.Errorf("reserve fingerprints: %w", err)
		}
		for _, key := range taken {
			fresh = append(fresh, first[key])
		}
		open = slices.DeleteFunc(open, func(key string) bool { return slices.Contains(taken, key) })
		if err := readKnown(ctx, ws, open, known); err != nil {
			return nil, fmt.Errorf("read earlier batches: %w", err)
		}
		open = slices.DeleteFunc(open, func(key string) bool { return known[key].Fingerprint != "" }) // else it was forgotten in between
	}
	slices.Sort(fresh)
	noteEarlier(intents, fresh, known, begun)
	return fresh, nil
}

// take returns those of the keys that are the intents' now.
func take(ctx context.Context, ws kernel.WorkspaceID, intents []batchcallsuc.Intent, first map[string]int, keys []string) ([]string, error) {
	var hashes, batches []string
	var until []time.Time
	for _, key := range keys {
		in := intents[first[key]]
		hashes, batches, until = append(hashes, in.BodyHash), append(batches, in.Batch.ID.String()), append(until, in.Until)
	}
	return postgres.Collect(ctx, pgx.RowTo[string], reserveSQL, ws, keys, hashes, batches, until, intents[0].Batch.CreatedAt)
}

// readKnown reads what fingerprints have led to.
func readKnown(ctx context.Context, ws kernel.WorkspaceID, fingerprints []string, known map[string]earlierRow) error {
	if len(fingerprints) == 0 {
		return nil
	}
	rows, err := postgres.Collect(ctx, pgx.RowToStructByPos[earlierRow], `
		select `+batchColumns+`, f.body_hash, f.fingerprint from call_fingerprints f
		join call_batches b on b.workspace_id = f.workspace_id and b.id = f.batch_id
		where f.workspace_id = $1 and f.fingerprint = any($2)`, ws, fingerprints)
	for _, row := range rows {
		known[row.Fingerprint] = row
	}
	return err
}

// noteEarlier answers the intents that are not fresh with the batch that their fingerprint belongs to, which may be about to be
// stored by this very transaction.
func noteEarlier(intents []batchcallsuc.Intent, fresh []int, known map[string]earlierRow, begun []batchcallsuc.Begun) {
	mine := make(map[string]batchcallsuc.Intent, len(fresh))
	for _, i := range fresh {
		mine[intents[i].Fingerprint] = intents[i]
	}
	for i, in := range intents {
		if _, isFresh := slices.BinarySearch(fresh, i); isFresh {
			continue
		}
		earlier := known[in.Fingerprint]
		b, hash := earlier.batch(), earlier.BodyHash
		if twin, isMine := mine[in.Fingerprint]; isMine {
			b, hash = twin.Batch, twin.BodyHash
		}
		begun[i] = batchcallsuc.Begun{Earlier: &b, OtherBody: hash != in.BodyHash}
	}
}

type earlierRow struct {
	batchRow

	BodyHash, Fingerprint string
}

// Forget implements batchcallsuc.Fingerprints.
func (s *Submissions) Forget(ctx context.Context, ref batchcallsuc.BatchRef) error {
	_, err := postgres.Exec(ctx, `delete from call_fingerprints where workspace_id = $1 and batch_id = $2`, ref.Workspace, ref.ID)
	if err != nil {
		return fmt.Errorf("forget fingerprint: %w", err)
	}
	return nil
}

// forgetAtOnce is how many expired fingerprints are forgotten at a time.
const forgetAtOnce = 1000

// ForgetExpired implements batchcallsuc.Fingerprints.
func (s *Submissions) ForgetExpired(ctx context.Context, ws kernel.WorkspaceID, now time.Time) error {
	_, err := postgres.Exec(ctx, `
		delete from call_fingerprints where workspace_id = $1 and fingerprint in (
			select fingerprint from call_fingerprints where workspace_id = $1 and expires_at <= $2
			limit $3 for update skip locked)`, ws, now, forgetAtOnce)
	if err != nil {
		return fmt.Errorf("forget expired fingerprints: %w", err)
	}
	return nil
}
