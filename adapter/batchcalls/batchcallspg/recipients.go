package batchcallspg

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/tertulia-dev/tertulia/domain/batchcalls"
	"github.com/tertulia-dev/tertulia/domain/kernel"
	"github.com/tertulia-dev/tertulia/infrastructure/postgres"
	batchcallsuc "github.com/tertulia-dev/tertulia/usecase/batchcalls"
)

// Recipients implements batchcallsuc.Recipients.
type Recipients struct{}

// pageSize is how many recipients are read at once: a batch may be larger than memory. writeSize is how many one statement
// stores: its arguments are a copy of them.
const (
	pageSize  = 10_000
	writeSize = 2_500
)

func recipientColumns(body string) string {
	return `r.batch_id::text, r.position, r.chunk, r.phone, coalesce(r.ref, ''), ` + body + `, r.status,
		coalesce(r.conversation, ''), r.attempts, r.updated_at`
}

func scanRecipient(row pgx.CollectableRow) (batchcalls.Recipient, error) {
	var r batchcalls.Recipient
	err := row.Scan((*string)(&r.Batch), &r.Position, &r.Chunk, (*string)(&r.Phone), &r.Ref, (*[]byte)(&r.Body), (*string)(&r.Status),
		&r.Conversation, &r.Attempts, &r.UpdatedAt)
	r.UpdatedAt = r.UpdatedAt.UTC()
	return r, err
}

// Read implements batchcallsuc.Recipients.
func (Recipients) Read(ctx context.Context, ref batchcallsuc.BatchRef, chunk int, fn func(batchcalls.Recipient) error) error {
	return read(ctx, ref, chunk, "r.body", fn)
}

// States implements batchcallsuc.Calls.
func (Recipients) States(ctx context.Context, ref batchcallsuc.BatchRef, chunk int, fn func(batchcalls.Recipient) error) error {
	return read(ctx, ref, chunk, "''", fn)
}

func read(ctx context.Context, ref batchcallsuc.BatchRef, chunk int, body string, fn func(batchcalls.Recipient) error) error {
	inChunk := `$4 < 0`
	if chunk >= 0 {
		inChunk = `r.chunk = $4` // of a campaign, small chunks are found by an index
	}
	for after := -1; ; {
		page, err := postgres.Collect(ctx, scanRecipient, `select `+recipientColumns(body)+` from call_people r
			where r.workspace_id = $1 and r.batch_id = $2 and r.position > $3 and `+inChunk+`
			order by r.position limit $5`, ref.Workspace, ref.ID, after, chunk, pageSize)
		if err != nil {
			return fmt.Errorf("read recipients: %w", err)
		}
		for _, r := range page {
			if err := fn(r); err != nil {
				return err
			}
		}
		if len(page) < pageSize {
			return nil
		}
		after = page[len(page)-1].Position
	}
}

// Add implements batchcallsuc.Recipients.
func (Recipients) Add(ctx context.Context, ws kernel.WorkspaceID, people []batchcalls.Recipient) error {
	for some := range slices.Chunk(people, writeSize) {
		if err := addSome(ctx, ws, some); err != nil {
			return fmt.Errorf("add recipients: %w", err)
		}
	}
	return nil
}

// addSome stores people. Postgres refuses COPY into tables under row-level security; this is next to it.
func addSome(ctx context.Context, ws kernel.WorkspaceID, people []batchcalls.Recipient) error {
	rows := &columns[batchcalls.Recipient]{rows: people}
	statement := `insert into call_recipients (workspace_id, batch_id, position, chunk, phone, ref, body, status, conversation, attempts, updated_at)
		select ` + rows.argument(ws) + `::uuid, ` +
		strings.Join([]string{
			values(rows, "text", func(r *batchcalls.Recipient) string { return r.Batch.String() }) + `::uuid`,
			numbers(rows, func(r *batchcalls.Recipient) int { return r.Position }),
			values(rows, "int", func(r *batchcalls.Recipient) int { return r.Chunk }),
			texts(rows, func(r *batchcalls.Recipient) []byte { return []byte(r.Phone) }),
			`nullif(` + values(rows, "text", func(r *batchcalls.Recipient) string { return clean(r.Ref) }) + `, '')`,
			texts(rows, func(r *batchcalls.Recipient) []byte { return r.Body }),
			values(rows, "text", func(r *batchcalls.Recipient) string { return string(r.Status) }),
			`nullif(` + values(rows, "text", func(r *batchcalls.Recipient) string { return r.Conversation }) + `, '')`,
			values(rows, "int", func(r *batchcalls.Recipient) int { return r.Attempts }),
			values(rows, "timestamptz", func(r *batchcalls.Recipient) time.Time { return r.UpdatedAt }),
		}, ", ") + ` from ` + rows.from()
	_, err := postgres.Exec(ctx, statement, rows.args...)
	return err
}

func nullText(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

// Advance implements batchcallsuc.Recipients.
//
// The positions are named twice, here and in all such statements: without statistics of this very batch, Postgres takes it for
// small, and compares each of its people with each of the news.
func (Recipients) Advance(ctx context.Context, ref batchcallsuc.BatchRef, at time.Time, news []batchcallsuc.News) error {
	positions, chunks := make([]int32, len(news)), make([]int32, len(news))
	statuses, conversations := make([]string, len(news)), make([]string, len(news))
	for i, n := range news {
		chunks[i] = int32(n.Chunk)
		positions[i], statuses[i], conversations[i] = int32(n.Position), string(n.Status), n.Conversation
	}
	if err := enroll(ctx, ref); err != nil {
		return err
	}
	_, err := postgres.Exec(ctx, `
		update call_recipients r set status = u.status, conversation = coalesce(nullif(u.conversation, ''), r.conversation), updated_at = $3
		from unnest($4::int[], $5::int[], $6::text[], $7::text[]) as u (position, chunk, status, conversation)
		where r.workspace_id = $1 and r.batch_id = $2 and r.position = any($4) and r.position = u.position and r.chunk = u.chunk`,
		ref.Workspace, ref.ID, at, positions, chunks, statuses, conversations)
	if err != nil {
		return fmt.Errorf("store news of calls: %w", err)
	}
	return nil
}

// MoveTo implements batchcallsuc.Recipients.
func (Recipients) MoveTo(ctx context.Context, ref batchcallsuc.BatchRef, from, to int) (int, error) {
	if err := enroll(ctx, ref); err != nil {
		return 0, err
	}
	n, err := postgres.Exec(ctx, `update call_recipients set chunk = $4, attempts = attempts + 1
		where workspace_id = $1 and batch_id = $2 and chunk = $3 and status = 'pending' and `+isThere, ref.Workspace, ref.ID, from, to)
	if err != nil {
		return 0, fmt.Errorf("move recipients: %w", err)
	}
	return int(n), nil
}

// ofConversationSQL finds an earlier call of a campaign too, as it was then.
var ofConversationSQL = `select ` + recipientColumns("''") + ` from call_recipients r where r.workspace_id = $1 and r.conversation = $2
	union all
	select r.batch_id::text, r.position, a.chunk, r.phone, coalesce(r.ref, ''), '', a.status, a.conversation, a.number, r.updated_at
	from call_attempts a join call_recipients r on r.workspace_id = a.workspace_id and r.batch_id = a.batch_id and r.position = a.position
	where a.workspace_id = $1 and a.conversation = $2
	limit 1`

// OfConversation implements batchcallsuc.Recipients.
func (Recipients) OfConversation(ctx context.Context, ws kernel.WorkspaceID, conversation string) (batchcalls.Recipient, bool, error) {
	rows, err := postgres.Collect(ctx, scanRecipient, ofConversationSQL, ws, conversation)
	if err != nil {
		return batchcalls.Recipient{}, false, fmt.Errorf("find whose call a conversation is: %w", err)
	}
	if len(rows) == 0 {
		return batchcalls.Recipient{}, false, nil
	}
	return rows[0], true, nil
}

// OfRef implements batchcallsuc.Calls.
func (Recipients) OfRef(ctx context.Context, ref batchcallsuc.BatchRef, publicRef string) (batchcalls.Recipient, bool, error) {
	position, ours := ref.ID.PositionOf(publicRef)
	if !ours {
		position = -1
	}
	rows, err := postgres.Collect(ctx, scanRecipient, `select `+recipientColumns("''")+` from call_people r
		where r.workspace_id = $1 and r.batch_id = $2 and (r.position = $3 or $3 < 0 and r.ref = $4) order by r.position limit 1`,
		ref.Workspace, ref.ID, position, publicRef)
	if err != nil {
		return batchcalls.Recipient{}, false, fmt.Errorf("find recipient: %w", err)
	}
	if len(rows) == 0 {
		return batchcalls.Recipient{}, false, nil
	}
	return rows[0], true, nil
}
