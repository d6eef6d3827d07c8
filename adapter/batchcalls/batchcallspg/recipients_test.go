package batchcallspg

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tertulia-dev/tertulia/domain/batchcalls"
	"github.com/tertulia-dev/tertulia/infrastructure/postgres/pgtest"
	batchcallsuc "github.com/tertulia-dev/tertulia/usecase/batchcalls"
)

func TestRecipientsAreReadAsTheyWereStored(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	c := draft(t, db)
	at := time.Date(2026, 11, 23, 15, 0, 0, 0, time.UTC)
	for name, differ := range map[string]bool{"with everything in common": false, "with nothing in common": true} {
		people := make([]batchcalls.Recipient, writeSize+3)
		for i := range people {
			r := batchcalls.Recipient{
				Batch: c.ID, Position: i, Phone: batchcalls.Phone(fmt.Sprintf("+5255%08d", i)), Body: fmt.Appendf(nil, `{"nombre":"Inés %d"}`, i),
				Status: batchcalls.CallPending, Attempts: 1, UpdatedAt: at,
			}
			if differ && i > 1 { // the first are alike: what they share must not be taken for everybody's
				r.Position, r.Chunk, r.Ref, r.Conversation = 2*i, i%7, fmt.Sprint("ref-", i), fmt.Sprint("conv-", i)
				r.Status, r.Attempts, r.UpdatedAt = batchcalls.CallCompleted, i%5, at.Add(time.Duration(i)*time.Second)
			}
			people[i] = r
		}
		require.ErrorIs(t, db.InTx(t.Context(), c.Workspace, func(ctx context.Context) error {
			ref := batchcallsuc.BatchRef{Workspace: c.Workspace, ID: c.ID}
			require.NoError(t, Recipients{}.Add(ctx, c.Workspace, people))
			var stored []batchcalls.Recipient
			require.NoError(t, Recipients{}.Read(ctx, ref, -1, func(r batchcalls.Recipient) error {
				stored = append(stored, r)
				return nil
			}))
			require.Equal(t, people, stored, name)
			return errUndone
		}), errUndone)
	}
}

var errUndone = errors.New("rolled back")

func TestABodyIsStoredThoughItsTextIsBroken(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	c := draft(t, db)
	for _, bodies := range [][]string{{"{\"a\":\"\xff\"}", "{\"b\":\"\x00\"}", "{\"b\":\"\x1e\"}", "", `{"c":"é"}`}, {""}} {
		var people []batchcalls.Recipient
		for i, body := range bodies {
			people = append(people, batchcalls.Recipient{Batch: c.ID, Position: i, Status: batchcalls.CallPending, Body: json.RawMessage(body), UpdatedAt: c.StartAt})
		}
		var stored []string
		require.ErrorIs(t, db.InTx(t.Context(), c.Workspace, func(ctx context.Context) error {
			require.NoError(t, Recipients{}.Add(ctx, c.Workspace, people))
			require.NoError(t, Recipients{}.Read(ctx, batchcallsuc.BatchRef{Workspace: c.Workspace, ID: c.ID}, -1, func(r batchcalls.Recipient) error {
				stored = append(stored, string(r.Body))
				return nil
			}))
			return errUndone
		}), errUndone)
		want := []string{"{\"a\":\"\uFFFD\"}", "{\"b\":\"\uFFFD\"}", "{\"b\":\"\uFFFD\"}", "", `{"c":"é"}`}
		if len(bodies) == 1 {
			want = []string{""}
		}
		require.Equal(t, want, stored)
	}
}

func TestTheOutcomeOfACallIsStoredOnce(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	c := draft(t, db)
	o := batchcalls.Outcome{Conversation: "conv_1", Batch: c.ID, Status: batchcalls.CallVoicemail, Seconds: 12, EndedAt: c.StartAt}
	for _, isNew := range []bool{true, false} {
		require.NoError(t, db.InTx(t.Context(), c.Workspace, func(ctx context.Context) error {
			got, err := Outcomes{}.Put(ctx, c.Workspace, o)
			require.Equal(t, isNew, got)
			return err
		}))
	}
}
