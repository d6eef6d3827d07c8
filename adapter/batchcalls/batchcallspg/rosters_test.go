package batchcallspg

import (
	"context"
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"github.com/tertulia-dev/tertulia/domain/batchcalls"
	"github.com/tertulia-dev/tertulia/domain/kernel"
	"github.com/tertulia-dev/tertulia/infrastructure/postgres"
	"github.com/tertulia-dev/tertulia/infrastructure/postgres/pgtest"
	batchcallsuc "github.com/tertulia-dev/tertulia/usecase/batchcalls"
)

// crowd is two chunks of people whom nobody has called, more than a statement takes.
func crowd(batch batchcalls.BatchID, at time.Time) []batchcalls.Recipient {
	people := make([]batchcalls.Recipient, writeSize+500)
	for i := range people {
		people[i] = batchcalls.Recipient{
			Batch: batch, Position: i, Chunk: i / (writeSize + 100), Phone: batchcalls.Phone(fmt.Sprintf("+5255%08d", i)),
			Body: fmt.Appendf(nil, `{"nombre":"Inés %d"}`, i), Status: batchcalls.CallPending, Attempts: 1, UpdatedAt: at,
		}
		if i%3 == 1 {
			people[i].Ref = fmt.Sprint("ref-", i)
		}
	}
	return people
}

// everybody reads a batch's people as everyone else does.
func everybody(t *testing.T, ctx context.Context, ref batchcallsuc.BatchRef, chunk int) []batchcalls.Recipient {
	t.Helper()
	var all []batchcalls.Recipient
	require.NoError(t, Recipients{}.Read(ctx, ref, chunk, func(r batchcalls.Recipient) error {
		all = append(all, r)
		return nil
	}))
	return all
}

// kept tells how many people of a batch have a row each, and how many rosters there are.
func kept(t *testing.T, ctx context.Context, ref batchcallsuc.BatchRef) (rows, rosters int) {
	t.Helper()
	for table, n := range map[string]*int{"call_recipients": &rows, "call_rosters": &rosters} {
		found, err := postgres.Collect(ctx, pgx.RowTo[int], `select count(*)::int from `+table+` where workspace_id = $1 and batch_id = $2`, ref.Workspace, ref.ID)
		require.NoError(t, err)
		*n = found[0]
	}
	return rows, rosters
}

func TestPeopleOfARosterAreReadAsTheyWereStored(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	c := draft(t, db)
	ref := batchcallsuc.BatchRef{Workspace: c.Workspace, ID: c.ID}
	people := crowd(c.ID, c.StartAt)
	enlist(t, db, c.Workspace, people)
	inTx(t, db, c.Workspace, func(ctx context.Context) {
		rows, rosters := kept(t, ctx, ref)
		require.Equal(t, []int{0, 3}, []int{rows, rosters}, "cut by statement and by chunk")
		require.Equal(t, people, everybody(t, ctx, ref, -1))
		require.Equal(t, people[writeSize+100:], everybody(t, ctx, ref, 1))
		calls, next, err := BatchReads{}.Calls(ctx, ref, batchcallsuc.CallFilter{}, kernel.Page{Limit: 50})
		require.NoError(t, err)
		require.NotEmpty(t, next)
		require.Equal(t, people[49], calls[49].Recipient)
		found, ok, err := Recipients{}.OfRef(ctx, ref, "ref-2599")
		require.NoError(t, err)
		require.True(t, ok)
		found.Body = people[2599].Body // it is not read
		require.Equal(t, people[2599], found)
	})
}

func TestWhoeverIsToldOfGetsARowAndNobodyIsLost(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	c := draft(t, db)
	ref, later := batchcallsuc.BatchRef{Workspace: c.Workspace, ID: c.ID}, c.StartAt.Add(time.Hour)
	changes := map[string]func(ctx context.Context, want []batchcalls.Recipient) error{
		"news of a call": func(ctx context.Context, want []batchcalls.Recipient) error {
			want[7].Status, want[7].Conversation, want[7].UpdatedAt = batchcalls.CallInProgress, "conv_7", later
			return Recipients{}.Advance(ctx, ref, later, []batchcallsuc.News{{Position: 7, Status: batchcalls.CallInProgress, Conversation: "conv_7"}})
		},
		"called again in another chunk": func(ctx context.Context, want []batchcalls.Recipient) error {
			for i := range want {
				if want[i].Chunk == 1 {
					want[i].Chunk, want[i].Attempts = 5, 2
				}
			}
			moved, err := Recipients{}.MoveTo(ctx, ref, 1, 5)
			require.Equal(t, 400, moved)
			return err
		},
		"erased": func(ctx context.Context, want []batchcalls.Recipient) error {
			for i := range want {
				want[i].Phone, want[i].Ref, want[i].Body = "", "", json.RawMessage("{}")
			}
			n, err := Retention{}.Erase(ctx, ref, 10_000)
			require.Equal(t, len(want), n)
			return err
		},
	}
	for name, change := range changes {
		require.ErrorIs(t, db.InTx(t.Context(), c.Workspace, func(ctx context.Context) error {
			_, err := addRosters(ctx, c.Workspace, crowd(c.ID, c.StartAt))
			require.NoError(t, err)
			want := crowd(c.ID, c.StartAt)
			require.NoError(t, change(ctx, want), name)
			rows, rosters := kept(t, ctx, ref)
			require.Equal(t, []int{len(want), 0}, []int{rows, rosters}, name)
			require.Equal(t, want, everybody(t, ctx, ref, -1), name)
			return errUndone
		}), errUndone)
	}
}

// Two hear of a batch's first calls at once: the rows are made once, and both write to them.
func TestTwoWhoHearAtOnceMakeTheRowsOnce(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	c := draft(t, db)
	ref := batchcallsuc.BatchRef{Workspace: c.Workspace, ID: c.ID}
	people := crowd(c.ID, c.StartAt)
	enlist(t, db, c.Workspace, people)
	const hear = 4
	done := make(chan error, hear)
	for i := range hear {
		go func() {
			done <- db.InTx(t.Context(), c.Workspace, func(ctx context.Context) error {
				return Recipients{}.Advance(ctx, ref, c.StartAt, []batchcallsuc.News{{Position: i, Status: batchcalls.CallInitiated}})
			})
		}()
	}
	for range hear {
		require.NoError(t, <-done)
	}
	for i := range hear {
		people[i].Status = batchcalls.CallInitiated
	}
	inTx(t, db, c.Workspace, func(ctx context.Context) { require.Equal(t, people, everybody(t, ctx, ref, -1)) })
}

func TestWhoMustNotBeCalledIsMarkedInTheRoster(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	c := draft(t, db)
	ref := batchcallsuc.BatchRef{Workspace: c.Workspace, ID: c.ID}
	people := crowd(c.ID, c.StartAt)
	inTx(t, db, c.Workspace, func(ctx context.Context) {
		_, err := postgres.Exec(ctx, `insert into do_not_call (workspace_id, phone, added_at) values ($1, $2, now()), ($1, $3, now())`,
			c.Workspace, string(people[3].Phone), string(people[writeSize+7].Phone))
		require.NoError(t, err)
		excluded, err := addRosters(ctx, c.Workspace, crowd(c.ID, c.StartAt))
		require.NoError(t, err)
		require.Equal(t, []place{{c.ID, 3}, {c.ID, writeSize + 7}}, excluded)
		people[3].Status, people[writeSize+7].Status = batchcalls.CallExcluded, batchcalls.CallExcluded
		require.Equal(t, people, everybody(t, ctx, ref, -1))
	})
}

// A text that is empty, or that Postgres would not take, moves nobody else's.
func TestARosterKeepsEveryBodyInItsPlace(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	c := draft(t, db)
	for _, bodies := range [][2][]string{
		{{"{\"a\":\"\xff\"}", "{\"b\":\"\x00\"}", "{\"b\":\"\x1e\"}", "", `{"c":"é"}`}, {"{\"a\":\"\uFFFD\"}", "{\"b\":\"\uFFFD\"}", "{\"b\":\"\uFFFD\"}", "", `{"c":"é"}`}},
		{{""}, {""}},
	} {
		var people []batchcalls.Recipient
		for i, body := range bodies[0] {
			people = append(people, batchcalls.Recipient{Batch: c.ID, Position: i, Status: batchcalls.CallPending, Body: json.RawMessage(body), UpdatedAt: c.StartAt})
		}
		require.ErrorIs(t, db.InTx(t.Context(), c.Workspace, func(ctx context.Context) error {
			_, err := addRosters(ctx, c.Workspace, people)
			require.NoError(t, err)
			var stored []string
			for _, r := range everybody(t, ctx, batchcallsuc.BatchRef{Workspace: c.Workspace, ID: c.ID}, -1) {
				stored = append(stored, string(r.Body))
			}
			require.Equal(t, bodies[1], stored)
			return errUndone
		}), errUndone)
	}
}

// enlist stores people of whom nobody is on the do-not-call list.
func enlist(t *testing.T, db *postgres.DB, ws kernel.WorkspaceID, people []batchcalls.Recipient) {
	t.Helper()
	inTx(t, db, ws, func(ctx context.Context) {
		excluded, err := addRosters(ctx, ws, people)
		require.NoError(t, err)
		require.Empty(t, excluded)
	})
}

// inTx runs in a transaction of the workspace.
func inTx(t *testing.T, db *postgres.DB, ws kernel.WorkspaceID, do func(ctx context.Context)) {
	t.Helper()
	require.NoError(t, db.InTx(t.Context(), ws, func(ctx context.Context) error {
		do(ctx)
		return nil
	}))
}
