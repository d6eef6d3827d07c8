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

// BatchReads implements batchcallsuc.BatchReads.
type BatchReads struct{}

// listSQL narrows by status, by doubtful chunks and to what comes after a place, each unless it is empty.
const listSQL = `
select ` + batchColumns + ` from call_batches b
where b.workspace_id = $1 and ($2 = '' or b.status = $2)
	and (not $3 or exists (select from call_chunks c
		where c.workspace_id = b.workspace_id and c.batch_id = b.id and c.status in ('unknown', 'absent')))
	and ($5 = '' or (b.created_at, b.id) < ($4, nullif($5, '')::uuid))
order by b.created_at desc, b.id desc limit $6`

// List implements batchcallsuc.BatchReads.
func (BatchReads) List(ctx context.Context, ws kernel.WorkspaceID, f batchcallsuc.BatchFilter, p kernel.Page) ([]batchcalls.Batch, kernel.Cursor, error) {
	after, err := readNewest(p.Cursor)
	if err != nil {
		return nil, "", err
	}
	rows, err := postgres.Collect(ctx, pgx.RowToStructByPos[batchRow], listSQL,
		ws, string(f.Status), f.IsDoubtful, after.At, after.ID, p.Size()+1)
	if err != nil {
		return nil, "", fmt.Errorf("list batches of calls: %w", err)
	}
	next := kernel.Cursor("")
	if len(rows) > p.Size() {
		rows = rows[:p.Size()]
		last := rows[len(rows)-1]
		next = cursorOf(newestPlace{At: last.CreatedAt, ID: last.ID})
	}
	list := make([]batchcalls.Batch, len(rows))
	for i, r := range rows {
		list[i] = r.batch()
	}
	return list, next, nil
}

// fate is a recipient's status in its chunk: batchcalls.Recipient.In, which a test holds it against.
const fate = `case
	when r.status <> 'pending' then r.status
	when c.status in ('unknown', 'absent') then 'unknown'
	when c.status = 'rejected' then 'failed'
	when c.status = 'cancelled' or c.status = 'accepted' and c.state = 'cancelled' then 'cancelled'
	else r.status end`

// callsSQL reads recipients, each with what was told of its latest call.
const callsSQL = `
select r.batch_id::text, r.position, r.chunk, r.phone, coalesce(r.ref, ''), r.body, ` + fate + `, coalesce(r.conversation, ''),
	r.attempts, r.updated_at, o.status, o.reason, o.successful, o.summary, o.seconds, o.collected::text, o.ended_at
from call_people r
left join call_chunks c on c.workspace_id = r.workspace_id and c.batch_id = r.batch_id and c.ordinal = r.chunk
left join call_outcomes o on o.workspace_id = r.workspace_id and o.conversation = r.conversation
where r.workspace_id = $1 and r.batch_id = $2 and r.position > $3 and ($4 = '' or ` + fate + ` = $4)
order by r.position limit $5`

// Calls implements batchcallsuc.BatchReads.
func (BatchReads) Calls(ctx context.Context, ref batchcallsuc.BatchRef, f batchcallsuc.CallFilter, p kernel.Page) ([]batchcallsuc.Call, kernel.Cursor, error) {
	after := personPlace{Position: -1}
	if err := readCursor(p.Cursor, &after); err != nil {
		return nil, "", err
	}
	calls, err := postgres.Collect(ctx, scanCall, callsSQL, ref.Workspace, ref.ID, after.Position, string(f.Status), p.Size()+1)
	if err != nil {
		return nil, "", fmt.Errorf("list calls of a batch: %w", err)
	}
	if len(calls) <= p.Size() {
		return calls, "", nil
	}
	calls = calls[:p.Size()]
	return calls, cursorOf(personPlace{calls[len(calls)-1].Position}), nil
}

func scanCall(row pgx.CollectableRow) (batchcallsuc.Call, error) {
	var (
		c                                             batchcallsuc.Call
		status, reason, successful, summary, gathered *string
		seconds                                       *int
		ended                                         *time.Time
	)
	err := row.Scan((*string)(&c.Batch), &c.Position, &c.Chunk, (*string)(&c.Phone), &c.Ref, (*[]byte)(&c.Body), (*string)(&c.Status),
		&c.Conversation, &c.Attempts, &c.UpdatedAt, &status, &reason, &successful, &summary, &seconds, &gathered, &ended)
	c.UpdatedAt = c.UpdatedAt.UTC()
	if err != nil || status == nil { // nothing was told yet: the columns of the outcome are all null
		return c, err
	}
	c.Told = &batchcalls.Outcome{
		Conversation: c.Conversation, Batch: c.Batch, Position: c.Position, Status: batchcalls.CallStatus(*status),
		Reason: *reason, Successful: *successful, Summary: *summary, Seconds: *seconds, EndedAt: ended.UTC(),
	}
	return c, readTold(nil, gathered, c.Told)
}
