package batchcallspg

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/tertulia-dev/tertulia/domain/batchcalls"
	"github.com/tertulia-dev/tertulia/infrastructure/postgres"
	batchcallsuc "github.com/tertulia-dev/tertulia/usecase/batchcalls"
)

// People implements batchcallsuc.People.
type People struct{}

// Known implements batchcallsuc.People.
func (People) Known(ctx context.Context, ref batchcallsuc.BatchRef, phones []batchcalls.Phone) (map[batchcalls.Phone]bool, error) {
	found, err := postgres.Collect(ctx, pgx.RowTo[string], `select phone from call_recipients
		where workspace_id = $1 and batch_id = $2 and zones is not null and phone = any($3)`, ref.Workspace, ref.ID, phones)
	if err != nil {
		return nil, fmt.Errorf("look for known people: %w", err)
	}
	known := make(map[batchcalls.Phone]bool, len(found))
	for _, phone := range found {
		known[batchcalls.Phone(phone)] = true
	}
	return known, nil
}

// Append implements batchcallsuc.People.
func (People) Append(ctx context.Context, ref batchcallsuc.BatchRef, people []batchcalls.Person) ([]int, error) {
	rows := &columns[batchcalls.Person]{rows: people}
	workspace, batch := rows.argument(ref.Workspace), rows.argument(ref.ID)
	excluded, err := postgres.Collect(ctx, pgx.RowTo[int], `
		with u as (
			select `+numbers(rows, func(p *batchcalls.Person) int { return p.Position })+` as position, `+
		numbers(rows, func(p *batchcalls.Person) int { return p.Line })+` as line, `+
		texts(rows, func(p *batchcalls.Person) []byte { return []byte(p.Phone) })+` as phone, `+
		texts(rows, func(p *batchcalls.Person) []byte { return p.Body })+` as body, `+
		values(rows, "text", func(p *batchcalls.Person) string { return strings.Join(p.Zones, " ") })+` as zones, `+
		values(rows, "timestamptz", func(p *batchcalls.Person) time.Time { return p.DueAt })+` as due_at
			from `+rows.from()+`
		), added as (
			insert into call_recipients (workspace_id, batch_id, position, chunk, phone, body, status, updated_at, line, zones, due_at, look_at)
			select `+workspace+`, `+batch+`, u.position, -1, u.phone, u.body, case when d.phone is null then 'pending' else 'do_not_call' end,
				u.due_at, u.line, u.zones, case when d.phone is null then u.due_at end, case when d.phone is null then u.due_at end
			from u left join do_not_call d on d.workspace_id = `+workspace+` and d.phone = u.phone
			returning position, status
		)
		select position from added where status = 'do_not_call'`, rows.args...)
	if err != nil {
		return nil, fmt.Errorf("append people: %w", err)
	}
	return excluded, nil
}

// dueSQL reads candidates: first who is due, then what is known of them alone. Calls of every campaign of the workspace to the
// number count.
const dueSQL = `
with r as materialized (
	select workspace_id, position, phone, due_at, zones, attempts, look_at from call_recipients
	where workspace_id = $1 and batch_id = $2 and look_at <= $3
	order by look_at, position limit $4
)
select r.position, r.phone, r.due_at, r.zones, r.attempts, d.phone is not null,
	array(select a.dialled_at from call_attempts a
		where a.workspace_id = r.workspace_id and a.phone = r.phone and a.dialled_at > $3::timestamptz - interval '24 hours'),
	exists (select from call_attempts a where a.workspace_id = r.workspace_id and a.phone = r.phone and a.ended_at is null)
from r left join do_not_call d on d.workspace_id = r.workspace_id and d.phone = r.phone
order by r.look_at, r.position`

// Due implements batchcallsuc.People.
func (People) Due(ctx context.Context, ref batchcallsuc.BatchRef, now time.Time, limit int) ([]batchcallsuc.Candidate, error) {
	page, err := postgres.Collect(ctx, func(row pgx.CollectableRow) (c batchcallsuc.Candidate, err error) {
		var zones string
		err = row.Scan(&c.Position, (*string)(&c.Phone), &c.DueAt, &zones, &c.Attempts, &c.DoNotCall, &c.Dialled, &c.OnCall)
		c.ZoneNames = strings.Fields(zones)
		return c, err
	}, dueSQL, ref.Workspace, ref.ID, now, limit)
	if err != nil {
		return nil, fmt.Errorf("read who is due: %w", err)
	}
	return page, nil
}

// farOff is when people are looked at again for whom no window opens: as far ahead as windows are looked for.
const farOff = 8 * 24 * time.Hour

// Hold implements batchcallsuc.People.
func (People) Hold(ctx context.Context, ref batchcallsuc.BatchRef, at time.Time, held []batchcalls.Held) error {
	var positions []int32
	var looks []*time.Time
	var statuses []string
	for _, h := range held {
		look, status := h.Until, ""
		switch h.Reason {
		case batchcalls.HeldDoNotCall:
			status = string(batchcalls.CallExcluded)
		case batchcalls.HeldAttempts:
		case batchcalls.HeldNoWindow:
			look = at.Add(farOff)
		case batchcalls.HeldWindow, batchcalls.HeldDaily, batchcalls.HeldNotDue:
		default:
			continue
		}
		positions, looks, statuses = append(positions, int32(h.Position)), append(looks, nullTime(look)), append(statuses, status)
	}
	if len(positions) == 0 {
		return nil
	}
	_, err := postgres.Exec(ctx, `
		update call_recipients r set look_at = u.look_at, due_at = case when u.look_at is not null then r.due_at end,
			status = coalesce(nullif(u.status, ''), r.status), updated_at = case when u.look_at is null then $3 else r.updated_at end
		from unnest($4::int[], $5::timestamptz[], $6::text[]) as u (position, look_at, status)
		where r.workspace_id = $1 and r.batch_id = $2 and r.position = any($4) and r.position = u.position`,
		ref.Workspace, ref.ID, at, positions, looks, statuses)
	if err != nil {
		return fmt.Errorf("hold people: %w", err)
	}
	return nil
}

// Dispatch implements batchcallsuc.People.
func (People) Dispatch(ctx context.Context, ref batchcallsuc.BatchRef, chunk int, positions []int, at time.Time) error {
	_, err := postgres.Exec(ctx, `
		with called as (
			update call_recipients set chunk = $3, status = 'pending', conversation = null, attempts = attempts + 1, due_at = null,
				look_at = null, updated_at = $5
			where workspace_id = $1 and batch_id = $2 and position = any($4)
			returning position, attempts, phone
		)
		insert into call_attempts (workspace_id, batch_id, position, number, chunk, phone, dialled_at, status)
		select $1, $2, position, attempts, $3, phone, $5, 'pending' from called`, ref.Workspace, ref.ID, chunk, positions, at)
	if err != nil {
		return fmt.Errorf("dispatch people: %w", err)
	}
	return nil
}

// Waiting implements batchcallsuc.Waiting.
type Waiting struct{}

// Next implements batchcallsuc.Waiting.
func (Waiting) Next(ctx context.Context, ref batchcallsuc.BatchRef) (look, due time.Time, waits bool, err error) {
	type row struct{ Look, Due time.Time }
	rows, err := postgres.Collect(ctx, pgx.RowToStructByPos[row], `select look_at, due_at from call_recipients
		where workspace_id = $1 and batch_id = $2 and look_at is not null order by look_at, position limit 1`, ref.Workspace, ref.ID)
	if err != nil {
		return look, due, false, fmt.Errorf("look who is next: %w", err)
	}
	if len(rows) == 0 {
		return look, due, false, nil
	}
	return rows[0].Look.UTC(), rows[0].Due.UTC(), true, nil
}

// LookAgain implements batchcallsuc.Waiting.
func (Waiting) LookAgain(ctx context.Context, ref batchcallsuc.BatchRef) error {
	_, err := postgres.Exec(ctx, `update call_recipients set look_at = due_at
		where workspace_id = $1 and batch_id = $2 and look_at > due_at`, ref.Workspace, ref.ID)
	if err != nil {
		return fmt.Errorf("look again at people: %w", err)
	}
	return nil
}

// GiveUp implements batchcallsuc.Waiting.
func (Waiting) GiveUp(ctx context.Context, ref batchcallsuc.BatchRef, at time.Time) error {
	_, err := postgres.Exec(ctx, `update call_recipients set due_at = null, look_at = null, updated_at = $3,
			status = case when attempts = 0 then 'cancelled' else status end
		where workspace_id = $1 and batch_id = $2 and look_at is not null`, ref.Workspace, ref.ID, at)
	if err != nil {
		return fmt.Errorf("give up people: %w", err)
	}
	return nil
}

// Retry implements batchcallsuc.Waiting. Whoever waits is in no chunk and in no call: news of the earlier one finds the attempt,
// and leaves alone what a person has decided.
func (Waiting) Retry(ctx context.Context, ref batchcallsuc.BatchRef, outcomes []batchcalls.CallStatus, maxAttempts int, at time.Time) (int, error) {
	n, err := postgres.Exec(ctx, `
		update call_recipients r set due_at = $5, look_at = $5, updated_at = $5, chunk = -1, conversation = null
		where r.workspace_id = $1 and r.batch_id = $2 and r.status = any($3) and r.attempts < $4 and r.look_at is null
			and (r.status <> 'unknown' or exists (
				select from call_chunks c where c.batch_id = r.batch_id and c.ordinal = r.chunk and c.status = 'absent'))
			and not exists (
				select from call_attempts a where a.batch_id = r.batch_id and a.position = r.position and a.unsettled and a.ended_at is null)`,
		ref.Workspace, ref.ID, outcomes, maxAttempts, at)
	if err != nil {
		return 0, fmt.Errorf("have people called again: %w", err)
	}
	return int(n), nil
}

// Zones implements batchcallsuc.Waiting.
func (Waiting) Zones(ctx context.Context, ref batchcallsuc.BatchRef) (map[string]int, error) {
	type row struct {
		Zones string
		N     int
	}
	rows, err := postgres.Collect(ctx, pgx.RowToStructByPos[row], `select zones, count(*)::int from call_recipients
		where workspace_id = $1 and batch_id = $2 and look_at is not null group by zones`, ref.Workspace, ref.ID)
	if err != nil {
		return nil, fmt.Errorf("read zones of people: %w", err)
	}
	zones := make(map[string]int, len(rows))
	for _, r := range rows {
		zones[r.Zones] = r.N
	}
	return zones, nil
}
