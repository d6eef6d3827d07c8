package queue

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"

	"github.com/tertulia-dev/tertulia/domain/fault"
	"github.com/tertulia-dev/tertulia/domain/kernel"
	"github.com/tertulia-dev/tertulia/infrastructure/postgres"
)

const inboundColumns = `event_id, type, coalesce(topic, ''), headers, body, request_id, received_at`

// LoadInbound returns a stored event. NotFound when there is none, or no longer.
func (l *Ledger) LoadInbound(ctx context.Context, ws kernel.WorkspaceID, provider, eventID string) (Inbound, error) {
	found, err := l.loadInbound(ctx, ws, provider, `event_id = $3`, eventID)
	if err != nil {
		return Inbound{}, fmt.Errorf("load inbound event of %s: %w", provider, err)
	}
	if len(found) == 0 {
		return Inbound{}, fault.Wrap(fault.NotFound, fault.NotFoundCode, fmt.Errorf("load inbound event of %s", provider))
	}
	return found[0], nil
}

// Waiting returns up to limit events of a topic that have not been taken, in the order in which they came. Whoever works on them takes
// them in its transaction: of two jobs beside each other, each event has its effect in one.
//
// The job of a topic that is Unique by it, and works on whatever waits, misses nothing: an event is stored with a job that
// is still pending, so that one which comes while a job runs finds or makes the next.
func (l *Ledger) Waiting(ctx context.Context, ws kernel.WorkspaceID, provider, topic string, limit int) ([]Inbound, error) {
	waiting, err := l.loadInbound(ctx, ws, provider, `topic = $3 and taken_at is null order by received_at, event_id limit $4`,
		topic, limit)
	if err != nil {
		return nil, fmt.Errorf("load waiting events of %s: %w", provider, err)
	}
	return waiting, nil
}

func (l *Ledger) loadInbound(ctx context.Context, ws kernel.WorkspaceID, provider, where string, args ...any) ([]Inbound, error) {
	rows, err := l.pool.Query(ctx, `select `+inboundColumns+` from inbound_events where workspace_id = $1 and provider = $2 and `+where,
		append([]any{string(ws), provider}, args...)...)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (Inbound, error) {
		in := Inbound{Workspace: ws, Provider: provider}
		var headers []byte
		err := row.Scan(&in.EventID, &in.Type, &in.Topic, &headers, &in.Body, &in.RequestID, &in.ReceivedAt)
		if err == nil && json.Unmarshal(headers, &in.Headers) != nil {
			err = errors.New("decode headers")
		}
		in.ReceivedAt = in.ReceivedAt.UTC()
		return in, err
	})
}

// Take marks events of a topic as worked on, in the caller's transaction, and returns which of them nobody else had taken: a
// transaction that is taking some of them is waited for.
func (l *Ledger) Take(ctx context.Context, ws kernel.WorkspaceID, provider, topic string, eventIDs []string) ([]string, error) {
	taken, err := postgres.Collect(ctx, pgx.RowTo[string], `
		update inbound_events set taken_at = coalesce($5, now())
		where workspace_id = $1 and provider = $2 and topic = $3 and taken_at is null and event_id = any ($4)
		returning event_id`, string(ws), provider, topic, eventIDs, l.now())
	if err != nil {
		return nil, fmt.Errorf("take inbound events of %s: %w", provider, err)
	}
	return taken, nil
}
