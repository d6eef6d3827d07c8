package batchcallspg

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/tertulia-dev/tertulia/domain/batchcalls"
	"github.com/tertulia-dev/tertulia/infrastructure/postgres"
	batchcallsuc "github.com/tertulia-dev/tertulia/usecase/batchcalls"
)

// Attempts implements batchcallsuc.Attempts.
type Attempts struct{}

const attemptColumns = `a.position, a.number, a.chunk, a.phone, a.dialled_at, a.status, coalesce(a.conversation, ''), a.ended_at, a.seconds,
	a.estimated`

func scanAttempt(a *batchcalls.Attempt, ended **time.Time) []any {
	return []any{
		&a.Position, &a.Number, &a.Chunk, (*string)(&a.Phone), &a.DialledAt, (*string)(&a.Status), &a.Conversation, ended, &a.Seconds,
		&a.IsEstimated,
	}
}

// unsettledSQL reads attempts with what is known of them: of the person while it was not called again, of the chunk, and of
// what the provider's event told.
const unsettledSQL = `
select ` + attemptColumns + `,
	r.chunk = a.chunk, r.status, coalesce(r.conversation, ''), r.updated_at,
	c.status, coalesce(c.state, ''), c.error, c.next_look,
	o.conversation, o.status, o.seconds, o.ended_at
from call_attempts a
join call_recipients r on r.workspace_id = a.workspace_id and r.batch_id = a.batch_id and r.position = a.position
join call_chunks c on c.workspace_id = a.workspace_id and c.batch_id = a.batch_id and c.ordinal = a.chunk
left join call_outcomes o on o.workspace_id = a.workspace_id
	and o.conversation = case when r.chunk = a.chunk then coalesce(r.conversation, a.conversation) else a.conversation end
where a.workspace_id = $1 and a.batch_id = $2 and a.unsettled
order by a.position, a.number`

// Unsettled implements batchcallsuc.Attempts.
func (Attempts) Unsettled(ctx context.Context, ref batchcallsuc.BatchRef) ([]batchcalls.Sighting, error) {
	all, err := postgres.Collect(ctx, func(row pgx.CollectableRow) (s batchcalls.Sighting, err error) {
		var (
			ended, look, told *time.Time
			conversation      *string
			status            *string
			seconds           *int
		)
		into := append(scanAttempt(&s.Attempt, &ended), &s.IsCurrent, (*string)(&s.Recipient.Status), &s.Recipient.Conversation,
			&s.Recipient.UpdatedAt, (*string)(&s.Chunk.Status), (*string)(&s.Chunk.State), &s.Chunk.Error, &look,
			&conversation, &status, &seconds, &told)
		if err := row.Scan(into...); err != nil {
			return s, err
		}
		s.Attempt.EndedAt, s.Chunk.NextLook, s.Recipient.UpdatedAt = timeOf(ended), timeOf(look), s.Recipient.UpdatedAt.UTC()
		s.Chunk.Ordinal = s.Attempt.Chunk
		if conversation != nil {
			s.Told = &batchcalls.Outcome{
				Conversation: *conversation, Status: batchcalls.CallStatus(*status), Seconds: *seconds, EndedAt: told.UTC(),
			}
		}
		return s, nil
	}, unsettledSQL, ref.Workspace, ref.ID)
	if err != nil {
		return nil, fmt.Errorf("read unsettled attempts: %w", err)
	}
	return all, nil
}

// Outcomes implements batchcallsuc.Attempts.
func (Attempts) Outcomes(ctx context.Context, ref batchcallsuc.BatchRef, positions []int) (map[int][]batchcalls.CallStatus, error) {
	type row struct {
		Position int
		Statuses []string
	}
	rows, err := postgres.Collect(ctx, pgx.RowToStructByPos[row], `
		select position, array_agg(status order by number) from call_attempts
		where workspace_id = $1 and batch_id = $2 and position = any($3) and ended_at is not null group by position`,
		ref.Workspace, ref.ID, positions)
	if err != nil {
		return nil, fmt.Errorf("read how attempts ended: %w", err)
	}
	all := make(map[int][]batchcalls.CallStatus, len(rows))
	for _, r := range rows {
		for _, s := range r.Statuses {
			all[r.Position] = append(all[r.Position], batchcalls.CallStatus(s))
		}
	}
	return all, nil
}

// Endings implements batchcallsuc.Attempts.
func (Attempts) Endings(ctx context.Context, ref batchcallsuc.BatchRef, since time.Time) ([]batchcalls.Ending, error) {
	endings, err := postgres.Collect(ctx, func(row pgx.CollectableRow) (e batchcalls.Ending, err error) {
		var status batchcalls.CallStatus
		err = row.Scan(&e.At, (*string)(&status))
		e.Failed = status.IsFailure()
		return e, err
	}, `select ended_at, status from call_attempts where workspace_id = $1 and batch_id = $2 and ended_at > $3`, ref.Workspace, ref.ID, since)
	if err != nil {
		return nil, fmt.Errorf("read endings: %w", err)
	}
	return endings, nil
}

// Touch implements batchcallsuc.Attempts.
func (Attempts) Touch(ctx context.Context, ref batchcallsuc.BatchRef, news []batchcallsuc.News) error {
	positions, chunks, conversations := make([]int32, len(news)), make([]int32, len(news)), make([]string, len(news))
	for i, n := range news {
		positions[i], chunks[i], conversations[i] = int32(n.Position), int32(n.Chunk), n.Conversation
	}
	_, err := postgres.Exec(ctx, `
		update call_attempts a set unsettled = true, conversation = coalesce(nullif(u.conversation, ''), a.conversation)
		from unnest($3::int[], $4::int[], $5::text[]) as u (position, chunk, conversation)
		where a.workspace_id = $1 and a.batch_id = $2 and a.position = any($3) and a.position = u.position and a.chunk = u.chunk`,
		ref.Workspace, ref.ID, positions, chunks, conversations)
	if err != nil {
		return fmt.Errorf("note news of attempts: %w", err)
	}
	return nil
}

// Settle implements batchcallsuc.Attempts.
func (Attempts) Settle(ctx context.Context, ref batchcallsuc.BatchRef, at time.Time, settled []batchcallsuc.Settled) error {
	var ended, undone []batchcallsuc.Settled
	for _, s := range settled {
		if s.Fate == batchcalls.Ended {
			ended = append(ended, s)
		} else {
			undone = append(undone, s)
		}
	}
	if err := settleEnded(ctx, ref, at, ended); err != nil {
		return fmt.Errorf("settle attempts: %w", err)
	}
	if err := settleUndone(ctx, ref, at, undone); err != nil {
		return fmt.Errorf("take back attempts: %w", err)
	}
	return nil
}

func settleEnded(ctx context.Context, ref batchcallsuc.BatchRef, at time.Time, settled []batchcallsuc.Settled) error {
	n := len(settled)
	if n == 0 {
		return nil
	}
	positions, numbers, seconds := make([]int32, n), make([]int32, n), make([]int64, n)
	statuses, conversations := make([]string, n), make([]string, n)
	ends, due, estimated, current := make([]time.Time, n), make([]*time.Time, n), make([]bool, n), make([]bool, n)
	for i, s := range settled {
		a := s.Attempt
		positions[i], numbers[i], seconds[i], statuses[i] = int32(a.Position), int32(a.Number), a.Seconds, string(a.Status)
		conversations[i], ends[i], due[i], estimated[i], current[i] = a.Conversation, a.EndedAt, nullTime(s.DueAt), a.IsEstimated, s.IsCurrent
	}
	_, err := postgres.Exec(ctx, `
		with u as (
			select * from unnest($4::int[], $5::int[], $6::text[], $7::text[], $8::timestamptz[], $9::bigint[], $10::bool[], $11::timestamptz[],
				$12::bool[]) as u (position, number, status, conversation, ended_at, seconds, estimated, due_at, is_current)
		), people as (
			update call_recipients r set status = u.status, due_at = u.due_at, look_at = u.due_at, updated_at = $3 from u
			where r.workspace_id = $1 and r.batch_id = $2 and r.position = any($4) and r.position = u.position and u.is_current
		)
		update call_attempts a set status = u.status, conversation = nullif(u.conversation, ''), ended_at = u.ended_at, seconds = u.seconds,
			estimated = u.estimated, unsettled = false from u
		where a.workspace_id = $1 and a.batch_id = $2 and a.position = any($4) and a.position = u.position and a.number = u.number`,
		ref.Workspace, ref.ID, at, positions, numbers, statuses, conversations, ends, seconds, estimated, due, current)
	return err
}

// settleUndone takes attempts back that never were. Who waits again has the outcome of the call before, if there was one.
func settleUndone(ctx context.Context, ref batchcallsuc.BatchRef, at time.Time, settled []batchcallsuc.Settled) error {
	n := len(settled)
	if n == 0 {
		return nil
	}
	positions, numbers, fates, due := make([]int32, n), make([]int32, n), make([]string, n), make([]*time.Time, n)
	for i, s := range settled {
		positions[i], numbers[i], due[i] = int32(s.Attempt.Position), int32(s.Attempt.Number), nullTime(s.DueAt)
		switch s.Fate {
		case batchcalls.KeptBack:
			fates[i] = string(batchcalls.CallExcluded)
		case batchcalls.NeverSent:
			fates[i] = string(batchcalls.CallUnknown)
		}
	}
	_, err := postgres.Exec(ctx, `
		with u as (
			select * from unnest($4::int[], $5::int[], $6::text[], $7::timestamptz[]) as u (position, number, status, due_at)
		), gone as (
			delete from call_attempts a using u
			where a.workspace_id = $1 and a.batch_id = $2 and a.position = any($4) and a.position = u.position and a.number = u.number
		)
		update call_recipients r set attempts = r.attempts - 1, conversation = null, due_at = u.due_at, look_at = u.due_at, updated_at = $3,
			chunk = case when u.status = 'unknown' then r.chunk else -1 end,
			status = coalesce(nullif(u.status, ''), (
				select a.status from call_attempts a where a.batch_id = r.batch_id and a.position = r.position and a.number = u.number - 1
			), case when u.due_at is null then 'cancelled' else 'pending' end)
		from u where r.workspace_id = $1 and r.batch_id = $2 and r.position = any($4) and r.position = u.position`,
		ref.Workspace, ref.ID, at, positions, numbers, fates, due)
	return err
}
