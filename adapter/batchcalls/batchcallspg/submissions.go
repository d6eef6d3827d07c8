package batchcallspg

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/tertulia-dev/tertulia/domain/batchcalls"
	"github.com/tertulia-dev/tertulia/domain/kernel"
	"github.com/tertulia-dev/tertulia/infrastructure/postgres"
	batchcallsuc "github.com/tertulia-dev/tertulia/usecase/batchcalls"
	"github.com/tertulia-dev/tertulia/usecase/port"
)

// Submissions implements batchcallsuc.Submissions.
type Submissions struct {
	tx    port.Transactor
	jobs  port.Jobs
	clock port.Clock
	pause time.Duration

	begin    *group[batchcallsuc.Intent, batchcallsuc.Begun]
	conclude *group[batchcallsuc.Outcome, bool]

	mu      sync.Mutex
	watched map[kernel.WorkspaceID]time.Time // when this process last saw to it that open chunks are watched
}

// NewSubmissions makes them. The pause is the watch's; see batchcallsuc.Settings.
func NewSubmissions(tx port.Transactor, jobs port.Jobs, clock port.Clock, pause time.Duration) *Submissions {
	s := &Submissions{tx: tx, jobs: jobs, clock: clock, pause: pause, watched: map[kernel.WorkspaceID]time.Time{}}
	s.begin, s.conclude = newGroup(s.writeIntents), newGroup(s.writeOutcomes)
	return s
}

// Begin implements batchcallsuc.Submissions.
func (s *Submissions) Begin(ctx context.Context, i batchcallsuc.Intent) (batchcallsuc.Begun, error) {
	begun, err := s.begin.do(ctx, i.Batch.Workspace, i)
	if err != nil {
		return batchcallsuc.Begun{}, fmt.Errorf("store batch of calls: %w", err)
	}
	return begun, nil
}

// writeIntents stores batches. Of those with the same fingerprint only one is new.
func (s *Submissions) writeIntents(ctx context.Context, ws kernel.WorkspaceID, intents []batchcallsuc.Intent) ([]batchcallsuc.Begun, error) {
	begun := make([]batchcallsuc.Begun, len(intents))
	watch := s.wantsWatch(ws)
	err := s.tx.InTx(ctx, ws, func(ctx context.Context) error {
		if err := settings(ctx, byIndexSQL); err != nil {
			return err
		}
		if watch {
			if _, err := s.jobs.Enqueue(ctx, ws, batchcallsuc.WatchCalls{}, port.At(s.clock.Now().Add(s.pause))); err != nil {
				return err
			}
		}
		fresh, err := reserve(ctx, ws, intents, begun)
		if err != nil {
			return err
		}
		return store(ctx, ws, intents, fresh, begun)
	})
	if err == nil && watch {
		s.mu.Lock()
		s.watched[ws] = s.clock.Now()
		s.mu.Unlock()
	}
	return begun, err
}

// wantsWatch reports whether it is time to see to it that somebody watches the workspace's calls.
func (s *Submissions) wantsWatch(ws kernel.WorkspaceID) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.clock.Now().Sub(s.watched[ws]).Abs() >= s.pause/2
}

// store writes the fresh intents.
func store(ctx context.Context, ws kernel.WorkspaceID, intents []batchcallsuc.Intent, fresh []int, begun []batchcallsuc.Begun) error {
	var (
		batches []batchcalls.Batch
		chunks  []batchcalls.Chunk
		people  []batchcalls.Recipient
		owner   = map[batchcalls.BatchID]int{}
	)
	for _, i := range fresh {
		batches = append(batches, intents[i].Batch)
		chunks = append(chunks, intents[i].Chunks...)
		owner[intents[i].Batch.ID] = i
	}
	if len(batches) == 0 {
		return nil
	}
	if len(fresh) == 1 {
		people = intents[fresh[0]].Recipients // however many: no copy
	} else {
		for _, i := range fresh {
			people = append(people, intents[i].Recipients...)
		}
	}
	if err := addBatches(ctx, ws, batches); err != nil {
		return err
	}
	if err := addChunks(ctx, ws, chunks); err != nil {
		return err
	}
	excluded, err := addRosters(ctx, ws, people)
	if err != nil {
		return err
	}
	for _, e := range excluded {
		b := &begun[owner[e.Batch]]
		if b.Excluded == nil {
			b.Excluded = map[int]bool{}
		}
		b.Excluded[e.Position] = true
	}
	for id, i := range owner {
		if n := len(begun[i].Excluded); n > 0 {
			if _, err := postgres.Exec(ctx, `update call_batches set excluded = $3 where workspace_id = $1 and id = $2`, ws, id, n); err != nil {
				return fmt.Errorf("count excluded recipients: %w", err)
			}
		}
	}
	return nil
}

// concludeSQL stores what came of requests, and returns the batches that were stopped meanwhile. A chunk that is no longer being
// sent was given up, or found, in between.
const concludeSQL = `
with u as (
	select * from unnest($2::uuid[], $3::text[], $4::text[], $5::text[], $6::int[], $7::text[], $8::int[], $9::int[], $10::timestamptz[], $11::text[], $12::text[])
		as u (batch_id, status, provider_id, state, error_status, error, dispatched, finished, next_look, overall, head)
), c as (
	update call_chunks c set status = u.status, provider_id = u.provider_id, state = u.state, error_status = u.error_status, error = u.error,
		dispatched = u.dispatched, finished = u.finished, next_look = u.next_look
	from u where c.workspace_id = $1 and c.batch_id = u.batch_id and c.ordinal = 0 and c.status = 'sending'
	returning c.batch_id, u.overall, u.head, u.dispatched, u.finished
), b as (
	update call_batches b set status = case when stopped_at is null then c.overall else 'cancelled' end, head = coalesce(c.head::json, b.head),
		dispatched = c.dispatched, finished = c.finished, version = version + 1, updated_at = $13
	from c where b.workspace_id = $1 and b.id = c.batch_id
	returning b.id, stopped_at
)
select id::text from b where stopped_at is not null`

// Conclude implements batchcallsuc.Submissions.
func (s *Submissions) Conclude(ctx context.Context, o batchcallsuc.Outcome) (bool, error) {
	stopped, err := s.conclude.do(ctx, o.Batch.Workspace, o)
	if err != nil {
		return false, fmt.Errorf("store what came of a batch of calls: %w", err)
	}
	return stopped, nil
}

func (s *Submissions) writeOutcomes(ctx context.Context, ws kernel.WorkspaceID, outcomes []batchcallsuc.Outcome) ([]bool, error) {
	var (
		ids, statuses, messages, overall, forget []string
		providers, states, heads                 []*string
		errorStatuses, dispatched, finished      []int32
		looks                                    []*time.Time
	)
	for _, o := range outcomes {
		c := o.Chunk
		ids, statuses, messages = append(ids, c.Batch.String()), append(statuses, string(c.Status)), append(messages, clean(c.Error))
		providers, states = append(providers, nullText(c.ProviderID)), append(states, nullText(string(c.State)))
		errorStatuses, looks = append(errorStatuses, int32(c.ErrorStatus)), append(looks, nullTime(c.NextLook))
		dispatched, finished = append(dispatched, int32(c.Dispatched)), append(finished, int32(c.Finished))
		overall, heads = append(overall, string(o.Batch.Status)), append(heads, nullJSON(o.Batch.Head))
		if o.Forget {
			forget = append(forget, c.Batch.String())
		}
	}
	var stopped []string
	err := s.tx.InTx(ctx, ws, func(ctx context.Context) (err error) {
		if err := settings(ctx, unhurriedSQL); err != nil {
			return err
		}
		stopped, err = postgres.Collect(ctx, pgx.RowTo[string], concludeSQL, ws, ids, statuses, providers, states, errorStatuses, messages,
			dispatched, finished, looks, overall, heads, s.clock.Now())
		if err != nil || len(forget) == 0 {
			return err
		}
		_, err = postgres.Exec(ctx, `delete from call_fingerprints where workspace_id = $1 and batch_id = any($2::uuid[])`, ws, forget)
		return err
	})
	answers := make([]bool, len(ids))
	for i, id := range ids {
		answers[i] = slices.Contains(stopped, id)
	}
	return answers, err
}

// Settings of a transaction. A plan that was made while the tables were small, and kept, would read them from end to end when
// they are large: every row is looked up by its key, those of foreign keys too, and an update is planned for the tables as
// they are.
const (
	byIndexSQL = `select set_config('enable_seqscan', 'off', true), set_config('enable_hashjoin', 'off', true),
		set_config('enable_mergejoin', 'off', true)`
	// unhurriedSQL also does not wait for the disk: what a crash of the database takes is found again as a request without an
	// answer.
	unhurriedSQL = byIndexSQL + `, set_config('plan_cache_mode', 'force_custom_plan', true), set_config('synchronous_commit', 'off', true)`
)

func settings(ctx context.Context, statement string) error {
	if _, err := postgres.Exec(ctx, statement); err != nil {
		return fmt.Errorf("set up transaction: %w", err)
	}
	return nil
}

func nullTime(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}

func nullJSON(raw json.RawMessage) *string {
	if raw == nil {
		return nil
	}
	text := strings.ToValidUTF8(string(raw), "\uFFFD")
	return &text
}
