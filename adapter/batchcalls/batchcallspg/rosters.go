package batchcallspg

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/tertulia-dev/tertulia/domain/batchcalls"
	"github.com/tertulia-dev/tertulia/domain/kernel"
	"github.com/tertulia-dev/tertulia/infrastructure/postgres"
	batchcallsuc "github.com/tertulia-dev/tertulia/usecase/batchcalls"
)

// A roster is some people of a chunk in one row, as they are when a batch is submitted: nobody has called them. The view
// call_people shows them beside those who have a row each; whoever changes one calls enroll first.

// addRosters stores people whom nobody has called, in order of position, and returns those of them who must not be.
func addRosters(ctx context.Context, ws kernel.WorkspaceID, people []batchcalls.Recipient) ([]place, error) {
	barred, err := onTheList(ctx, ws, people)
	if err != nil {
		return nil, err
	}
	var excluded []place
	for i, r := range people {
		if len(barred) > 0 && barred[string(r.Phone)] {
			people[i].Status = batchcalls.CallExcluded
			excluded = append(excluded, place{r.Batch, r.Position})
		}
	}
	for some := range slices.Chunk(people, writeSize) { // what a statement is told is copied
		if err := addSomeRosters(ctx, ws, some); err != nil {
			return nil, fmt.Errorf("add rosters: %w", err)
		}
	}
	return excluded, nil
}

type place struct {
	Batch    batchcalls.BatchID
	Position int
}

// onTheList returns which of the people's numbers must not be called.
func onTheList(ctx context.Context, ws kernel.WorkspaceID, people []batchcalls.Recipient) (map[string]bool, error) {
	if listed, err := hasList(ctx, ws); err != nil || !listed {
		return nil, err
	}
	barred := map[string]bool{}
	for some := range slices.Chunk(people, writeSize) {
		phones := make([]string, len(some))
		for i, r := range some {
			phones[i] = string(r.Phone)
		}
		found, err := postgres.Collect(ctx, pgx.RowTo[string],
			`select phone from do_not_call where workspace_id = $1 and phone = any($2)`, ws, phones)
		if err != nil {
			return nil, fmt.Errorf("look up the do-not-call list: %w", err)
		}
		for _, phone := range found {
			barred[phone] = true
		}
	}
	return barred, nil
}

// hasList reports whether anybody is on the do-not-call list: most have none, and need not be asked about ten thousand numbers.
func hasList(ctx context.Context, ws kernel.WorkspaceID) (bool, error) {
	listed, err := postgres.Collect(ctx, pgx.RowTo[bool], `select exists (select from do_not_call where workspace_id = $1)`, ws)
	if err != nil {
		return false, fmt.Errorf("look for a do-not-call list: %w", err)
	}
	return listed[0], nil
}

func addSomeRosters(ctx context.Context, ws kernel.WorkspaceID, people []batchcalls.Recipient) error {
	var (
		batches, phones, bodies []string
		refs, statuses          []*string
		first, chunks, sizes    []int32
		added                   []time.Time
	)
	for len(people) > 0 {
		roster := people[:rosterSize(people)]
		people = people[len(roster):]
		r := roster[0]
		batches, first, chunks = append(batches, r.Batch.String()), append(first, int32(r.Position)), append(chunks, int32(r.Chunk))
		sizes, added = append(sizes, int32(len(roster))), append(added, r.UpdatedAt)
		phones = append(phones, joined(roster, func(r *batchcalls.Recipient) []byte { return []byte(r.Phone) }))
		refs = append(refs, joinedUnless(roster, "", func(r *batchcalls.Recipient) string { return r.Ref }))
		bodies = append(bodies, joined(roster, func(r *batchcalls.Recipient) []byte { return r.Body }))
		statuses = append(statuses, joinedUnless(roster, string(batchcalls.CallPending), func(r *batchcalls.Recipient) string { return string(r.Status) }))
	}
	_, err := postgres.Exec(ctx, `
		insert into call_rosters (workspace_id, batch_id, first_position, chunk, size, phones, refs, bodies, statuses, added_at)
		select $1::uuid, u.batch_id::uuid, u.first_position, u.chunk, u.size, u.phones, u.refs, u.bodies, u.statuses, u.added_at
		from unnest($2::text[], $3::int[], $4::int[], $5::int[], $6::text[], $7::text[], $8::text[], $9::text[], $10::timestamptz[])
			as u (batch_id, first_position, chunk, size, phones, refs, bodies, statuses, added_at)`,
		ws, batches, first, chunks, sizes, phones, refs, bodies, statuses, added)
	return err
}

// rosterSize is how many people the roster has that begins with the first: its batch's and its chunk's.
func rosterSize(people []batchcalls.Recipient) int {
	for i, r := range people {
		if r.Batch != people[0].Batch || r.Chunk != people[0].Chunk {
			return i
		}
	}
	return len(people)
}

// joinedUnless is joined, and nil when every text is that one.
func joinedUnless(people []batchcalls.Recipient, usual string, of func(*batchcalls.Recipient) string) *string {
	for i := range people {
		if of(&people[i]) != usual {
			text := joined(people, func(r *batchcalls.Recipient) []byte { return []byte(of(r)) })
			return &text
		}
	}
	return nil
}

// enrollSQL waits for a transaction that does the same.
const enrollSQL = `
with rosters as (
	delete from call_rosters where workspace_id = $1 and batch_id = $2 returning call_rosters.*
)
insert into call_recipients (workspace_id, batch_id, position, chunk, phone, ref, body, status, conversation, attempts, updated_at)
select p.* from rosters r cross join lateral tertulia_people_of(r::call_rosters) p`

// enroll gives the people of a batch a row each, in the transaction of ctx: something is about to be known of one of them.
func enroll(ctx context.Context, ref batchcallsuc.BatchRef) error {
	return postgres.Later(ctx, "enroll people", enrollSQL, ref.Workspace, ref.ID)
}
