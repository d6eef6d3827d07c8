package batchcallspg

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

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
		page, err := postgres.Collect(ctx, scanRecipient, `select `+recipientColumns(body)+` from call_recipients r
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
	_, err := addRecipients(ctx, ws, people)
	return err
}

// addRecipientsSQL stores people. Postgres refuses COPY into tables under row-level security; an insert from arrays is next
// to it. The bodies come in one piece, of which each person has a part. What is the same for everybody comes once, and then
// its array is empty.
var addRecipientsSQL = `
insert into call_recipients (workspace_id, batch_id, position, chunk, phone, ref, body, status, conversation, attempts, updated_at)
select $1::uuid, coalesce(u.batch_id, $2)::uuid, u.position, coalesce(u.chunk, $4), u.phone, nullif(coalesce(u.ref, $6), ''),
	` + part(`$8`) + `,
	coalesce(u.status, $11), nullif(coalesce(u.conversation, $13), ''), coalesce(u.attempts, $15), coalesce(u.updated_at, $17)
from unnest($3::text[], $19::int[], $5::int[], $20::text[], $7::text[], $9::int[], $10::int[], $12::text[], $14::text[], $16::int[], $18::timestamptz[])
	as u (batch_id, position, chunk, phone, ref, begins, ends, status, conversation, attempts, updated_at)`

// part is the SQL for one person's part of what pack has made.
func part(all string) string {
	return `convert_from(substring(` + all + `::bytea from u.begins + 1 for u.ends - u.begins), 'UTF8')`
}

type place struct {
	Batch    batchcalls.BatchID
	Position int
}

// addRecipients stores people and returns those who must not be called.
func addRecipients(ctx context.Context, ws kernel.WorkspaceID, people []batchcalls.Recipient) ([]place, error) {
	listed, err := postgres.Collect(ctx, pgx.RowTo[bool], `select exists (select from do_not_call where workspace_id = $1)`, ws)
	if err != nil {
		return nil, fmt.Errorf("look for a do-not-call list: %w", err)
	}
	var excluded []place
	for len(people) > 0 {
		some := people[:min(writeSize, len(people))]
		var barred map[string]bool
		if listed[0] { // most have none, and need not be asked about ten thousand numbers
			if barred, err = onTheList(ctx, ws, some); err != nil {
				return nil, err
			}
		}
		if err := addSome(ctx, ws, some, barred); err != nil {
			return nil, fmt.Errorf("add recipients: %w", err)
		}
		for _, r := range some {
			if barred[string(r.Phone)] {
				excluded = append(excluded, place{r.Batch, r.Position})
			}
		}
		people = people[len(some):]
	}
	return excluded, nil
}

// onTheList returns which of the people's numbers must not be called.
func onTheList(ctx context.Context, ws kernel.WorkspaceID, people []batchcalls.Recipient) (map[string]bool, error) {
	phones := make([]string, len(people))
	for i, r := range people {
		phones[i] = string(r.Phone)
	}
	found, err := postgres.Collect(ctx, pgx.RowTo[string],
		`select phone from do_not_call where workspace_id = $1 and phone = any($2)`, ws, phones)
	if err != nil {
		return nil, fmt.Errorf("look up the do-not-call list: %w", err)
	}
	barred := make(map[string]bool, len(found))
	for _, phone := range found {
		barred[phone] = true
	}
	return barred, nil
}

func addSome(ctx context.Context, ws kernel.WorkspaceID, people []batchcalls.Recipient, barred map[string]bool) error {
	positions, phones := make([]int32, len(people)), make([]string, len(people))
	for i, r := range people {
		positions[i], phones[i] = int32(r.Position), string(r.Phone)
	}
	batch, batches := column(people, func(r *batchcalls.Recipient) string { return r.Batch.String() })
	chunk, chunks := column(people, func(r *batchcalls.Recipient) int32 { return int32(r.Chunk) })
	ref, refs := column(people, func(r *batchcalls.Recipient) string { return clean(r.Ref) })
	bodies, begins, ends := pack(people, func(r *batchcalls.Recipient) json.RawMessage { return r.Body })
	status, statuses := column(people, func(r *batchcalls.Recipient) string {
		if barred[string(r.Phone)] {
			return string(batchcalls.CallExcluded)
		}
		return string(r.Status)
	})
	conversation, conversations := column(people, func(r *batchcalls.Recipient) string { return r.Conversation })
	attempt, attempts := column(people, func(r *batchcalls.Recipient) int32 { return int32(r.Attempts) })
	at, times := column(people, func(r *batchcalls.Recipient) time.Time { return r.UpdatedAt })
	_, err := postgres.Exec(ctx, addRecipientsSQL, ws, batch, batches, chunk, chunks, ref, refs, bodies, begins, ends, status, statuses,
		conversation, conversations, attempt, attempts, at, times, positions, phones)
	return err
}

// column is what everybody has, or else what each has.
func column[T comparable](people []batchcalls.Recipient, of func(*batchcalls.Recipient) T) (same T, each []T) {
	same = of(&people[0])
	for i := range people {
		v := of(&people[i])
		if each == nil && v != same {
			each = make([]T, 0, len(people))
			for range i {
				each = append(each, same)
			}
		}
		if each != nil {
			each = append(each, v)
		}
	}
	return same, each
}

// pack puts bodies into one piece, as text that Postgres takes, and tells where each begins and ends. One argument costs pgx,
// and the collector, much less than as many as there are people.
func pack[T any](people []T, body func(*T) json.RawMessage) (all []byte, begins, ends []int32) {
	room := 0
	for i := range people {
		room += len(body(&people[i]))
	}
	all, begins, ends = make([]byte, 0, room), make([]int32, len(people)), make([]int32, len(people))
	for i := range people {
		begins[i] = int32(len(all))
		if b := body(&people[i]); utf8.Valid(b) && bytes.IndexByte(b, 0) < 0 {
			all = append(all, b...)
		} else {
			all = append(all, clean(string(b))...)
		}
		ends[i] = int32(len(all))
	}
	return all, begins, ends
}

// clean makes text that Postgres takes.
func clean(s string) string {
	return strings.ReplaceAll(strings.ToValidUTF8(s, "\uFFFD"), "\x00", "\uFFFD")
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
	rows, err := postgres.Collect(ctx, scanRecipient, `select `+recipientColumns("''")+` from call_recipients r
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
