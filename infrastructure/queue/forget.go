package queue

import (
	"context"
	"fmt"

	"github.com/tertulia-dev/tertulia/domain/kernel"
	"github.com/tertulia-dev/tertulia/infrastructure/postgres"
)

// Forget deletes, in the caller's transaction, the events of a stream ("": none) and every job of the workspace whose
// payload names an ID, except those that are running: what somebody wants deleted for good does not live on in what was
// noted about it. A job that is claimed at this moment counts as running.
func (l *Ledger) Forget(ctx context.Context, ws kernel.WorkspaceID, stream, id string) error {
	if _, err := kernel.ParseID[string](id); err != nil { // nothing less would do: "" is part of every payload
		return fmt.Errorf("forget: %w", err)
	}
	conn := postgres.Conn(ctx)
	_, err := conn.NewRaw("delete from events where workspace_id = ?::uuid and stream = ?", string(ws), stream).Exec(ctx)
	if err != nil {
		return fmt.Errorf("forget events: %w", err)
	}
	_, err = conn.NewRaw("delete from jobs where workspace_id = ?::uuid and state <> 'running' and strpos(payload::text, ?) > 0",
		string(ws), id).Exec(ctx)
	if err != nil {
		return fmt.Errorf("forget jobs: %w", err)
	}
	return nil
}
