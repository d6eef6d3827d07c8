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

// DoNotCall implements batchcallsuc.DoNotCall.
type DoNotCall struct{}

// Add implements batchcallsuc.DoNotCall.
func (DoNotCall) Add(ctx context.Context, ws kernel.WorkspaceID, entries []batchcallsuc.DoNotCallEntry) (int, error) {
	if len(entries) == 0 {
		return 0, nil
	}
	n := len(entries)
	phones, reasons, by, at := make([]string, n), make([]string, n), make([]string, n), make([]time.Time, n)
	for i, e := range entries {
		phones[i], reasons[i], by[i], at[i] = string(e.Phone), clean(e.Reason), string(e.AddedBy), e.AddedAt
	}
	added, err := postgres.Exec(ctx, `
		insert into do_not_call (workspace_id, phone, reason, added_by, added_at)
		select distinct on (u.phone) $1::uuid, u.phone, u.reason, nullif(u.added_by, '')::uuid, u.added_at
		from unnest($2::text[], $3::text[], $4::text[], $5::timestamptz[]) as u (phone, reason, added_by, added_at)
		order by u.phone on conflict do nothing`, ws, phones, reasons, by, at)
	if err != nil {
		return 0, fmt.Errorf("add to the list: %w", err)
	}
	return int(added), nil
}

// Remove implements batchcallsuc.DoNotCall.
func (DoNotCall) Remove(ctx context.Context, ws kernel.WorkspaceID, phone batchcalls.Phone) (bool, error) {
	n, err := postgres.Exec(ctx, `delete from do_not_call where workspace_id = $1 and phone = $2`, ws, string(phone))
	if err != nil {
		return false, fmt.Errorf("remove from the list: %w", err)
	}
	return n == 1, nil
}

// List implements batchcallsuc.DoNotCall.
func (DoNotCall) List(ctx context.Context, ws kernel.WorkspaceID, p kernel.Page) ([]batchcallsuc.DoNotCallEntry, kernel.Cursor, error) {
	var after newestPlace
	if err := readCursor(p.Cursor, &after); err != nil {
		return nil, "", err
	}
	list, err := postgres.Collect(ctx, func(row pgx.CollectableRow) (e batchcallsuc.DoNotCallEntry, err error) {
		err = row.Scan((*string)(&e.Phone), &e.Reason, (*string)(&e.AddedBy), &e.AddedAt)
		e.AddedAt = e.AddedAt.UTC()
		return e, err
	}, `select phone, reason, coalesce(added_by::text, ''), added_at from do_not_call
		where workspace_id = $1 and ($3 = '' or (added_at, phone) < ($2, $3)) order by added_at desc, phone desc limit $4`,
		ws, after.At, clean(after.ID), p.Size()+1)
	if err != nil {
		return nil, "", fmt.Errorf("read the list: %w", err)
	}
	if len(list) <= p.Size() {
		return list, "", nil
	}
	list = list[:p.Size()]
	last := list[len(list)-1]
	return list, cursorOf(newestPlace{At: last.AddedAt, ID: string(last.Phone)}), nil
}
