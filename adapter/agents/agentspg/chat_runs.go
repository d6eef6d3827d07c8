package agentspg

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/tertulia-dev/tertulia/domain/agents"
	"github.com/tertulia-dev/tertulia/domain/fault"
	"github.com/tertulia-dev/tertulia/domain/kernel"
	"github.com/tertulia-dev/tertulia/infrastructure/postgres"
)

// Runs implements agentsuc.Runs. Leases are told by the database's clock: those of several machines differ.
type Runs struct{}

// oneRun is the index that allows one running answer a chat.
const oneRun = "agent_messages_one_run"

// Begin stores a new answer under a lease.
func (Runs) Begin(ctx context.Context, answer agents.Message, lease time.Duration) error {
	row := toMessageRow(answer)
	db := postgres.Conn(ctx)
	_, err := db.NewInsert().Model(&row).Exec(ctx)
	if postgres.IsUniqueViolation(err, oneRun) {
		return fault.New(fault.Conflict, agents.RunInProgress)
	}
	if err == nil {
		_, err = db.NewRaw(`UPDATE agent_messages SET lease_until = now() + make_interval(secs => ?) WHERE workspace_id = ? AND id = ?`,
			lease.Seconds(), answer.Workspace, answer.ID).Exec(ctx)
	}
	if err != nil {
		return fmt.Errorf("begin answer: %w", err)
	}
	return nil
}

// kept is what grows of an answer.
type kept struct {
	ID     agents.MessageID `json:"id"`
	Text   string           `json:"text"`
	Frames []int            `json:"frames"`
}

// Keep stores what there is of answers, all in one statement.
func (Runs) Keep(ctx context.Context, ws kernel.WorkspaceID, answers []agents.Message, lease time.Duration) ([]agents.MessageID, error) {
	list := make([]kept, len(answers))
	for i, m := range answers {
		list[i] = kept{ID: m.ID, Text: m.Text, Frames: m.Frames}
	}
	document, err := json.Marshal(list)
	if err != nil {
		return nil, fmt.Errorf("encode answers: %w", err)
	}
	var ids []agents.MessageID
	err = postgres.Conn(ctx).NewRaw(`
		UPDATE agent_messages AS m
		SET text = k.text, frames = k.frames, lease_until = now() + make_interval(secs => ?)
		FROM jsonb_to_recordset(?::jsonb) AS k(id uuid, text text, frames jsonb)
		WHERE m.workspace_id = ? AND m.id = k.id AND m.status = 'running'
		RETURNING m.id`, lease.Seconds(), string(document), ws).Scan(ctx, &ids)
	if err != nil {
		return nil, fmt.Errorf("keep answers: %w", err)
	}
	return ids, nil
}

// Watch notes that somebody follows the answer.
func (Runs) Watch(ctx context.Context, ws kernel.WorkspaceID, id agents.MessageID, d time.Duration) error {
	_, err := postgres.Conn(ctx).NewRaw(`
		UPDATE agent_messages SET watched_until = now() + make_interval(secs => ?)
		WHERE workspace_id = ? AND id = ? AND status = 'running'`, d.Seconds(), ws, id).Exec(ctx)
	if err != nil {
		return fmt.Errorf("watch answer: %w", err)
	}
	return nil
}

// IsWatched reports whether somebody follows the answer.
func (Runs) IsWatched(ctx context.Context, ws kernel.WorkspaceID, id agents.MessageID) (bool, error) {
	watched, err := postgres.Conn(ctx).NewSelect().Table("agent_messages").
		Where("workspace_id = ? AND id = ? AND watched_until > now()", ws, id).Exists(ctx)
	if err != nil {
		return false, fmt.Errorf("look who follows an answer: %w", err)
	}
	return watched, nil
}

// EndInterrupted ends the chat's answer whose lease has passed.
func (Runs) EndInterrupted(ctx context.Context, ws kernel.WorkspaceID, chat agents.ChatID, at time.Time) error {
	_, err := postgres.Conn(ctx).NewRaw(`
		UPDATE agent_messages SET status = 'failed', code = ?, ended_at = ?, lease_until = NULL, watched_until = NULL
		WHERE workspace_id = ? AND chat_id = ? AND status = 'running' AND lease_until < now()`,
		agents.RunInterrupted, at, ws, chat).Exec(ctx)
	if err != nil {
		return fmt.Errorf("end an interrupted answer: %w", err)
	}
	return nil
}
