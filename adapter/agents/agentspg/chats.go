package agentspg

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/uptrace/bun"

	"github.com/tertulia-dev/tertulia/domain/agents"
	"github.com/tertulia-dev/tertulia/domain/kernel"
	"github.com/tertulia-dev/tertulia/infrastructure/postgres"
	agentsuc "github.com/tertulia-dev/tertulia/usecase/agents"
)

// Chats implements agentsuc.Chats.
type Chats struct{}

type chatRow struct {
	bun.BaseModel `bun:"table:agent_chats,alias:c"`

	ID           agents.ChatID      `bun:"id,pk"`
	Workspace    kernel.WorkspaceID `bun:"workspace_id"`
	Meeting      string             `bun:"meeting_id"`
	Agent        agents.Key         `bun:"agent_key"`
	Rep          kernel.RepID       `bun:"rep_id"`
	Conversation string             `bun:"conversation_id"`
	Told         string             `bun:"told"`
	CreatedAt    time.Time          `bun:"created_at"`
}

func (r chatRow) chat() agents.Chat {
	return agents.Chat{
		ID: r.ID, Workspace: r.Workspace, Meeting: r.Meeting, Agent: r.Agent, Rep: r.Rep,
		Conversation: r.Conversation, Told: r.Told, CreatedAt: r.CreatedAt,
	}
}

// Lock returns the chat and holds its row, which it makes if need be.
func (Chats) Lock(ctx context.Context, c agents.Chat) (agents.Chat, error) {
	row := chatRow{ID: c.ID, Workspace: c.Workspace, Meeting: c.Meeting, Agent: c.Agent, Rep: c.Rep, CreatedAt: c.CreatedAt}
	_, err := postgres.Conn(ctx).NewInsert().Model(&row).
		On("CONFLICT (workspace_id, meeting_id, agent_key, rep_id) DO NOTHING").Exec(ctx)
	if err != nil {
		return agents.Chat{}, fmt.Errorf("make chat: %w", err)
	}
	var stored chatRow
	if err := ofRef(postgres.Conn(ctx).NewSelect().Model(&stored), c.Workspace, refOf(c)).For("UPDATE").Scan(ctx); err != nil {
		return agents.Chat{}, fmt.Errorf("lock chat: %w", err)
	}
	return stored.chat(), nil
}

// Find returns a chat.
func (Chats) Find(ctx context.Context, ws kernel.WorkspaceID, ref agentsuc.ChatRef) (agents.Chat, bool, error) {
	var row chatRow
	err := ofRef(postgres.Conn(ctx).NewSelect().Model(&row), ws, ref).Scan(ctx)
	if errors.Is(err, sql.ErrNoRows) {
		return agents.Chat{}, false, nil
	}
	if err != nil {
		return agents.Chat{}, false, fmt.Errorf("find chat: %w", err)
	}
	return row.chat(), true, nil
}

func refOf(c agents.Chat) agentsuc.ChatRef {
	return agentsuc.ChatRef{Meeting: agentsuc.MeetingID(c.Meeting), Agent: c.Agent, Rep: c.Rep}
}

func ofRef(q *bun.SelectQuery, ws kernel.WorkspaceID, ref agentsuc.ChatRef) *bun.SelectQuery {
	return q.Where("c.workspace_id = ? AND c.meeting_id = ? AND c.agent_key = ? AND c.rep_id = ?", ws, ref.Meeting, ref.Agent, ref.Rep)
}

// LockAbout returns everybody's chats about a meeting and holds their rows.
func (Chats) LockAbout(ctx context.Context, ws kernel.WorkspaceID, meeting agentsuc.MeetingID) ([]agents.Chat, error) {
	var rows []chatRow
	err := postgres.Conn(ctx).NewSelect().Model(&rows).
		Where("c.workspace_id = ? AND c.meeting_id = ?", ws, meeting).Order("c.id").For("UPDATE").Scan(ctx)
	if err != nil {
		return nil, fmt.Errorf("lock the chats about a meeting: %w", err)
	}
	list := make([]agents.Chat, len(rows))
	for i, row := range rows {
		list[i] = row.chat()
	}
	return list, nil
}

// SetConversation notes the provider's conversation, if the chat is still there.
func (Chats) SetConversation(ctx context.Context, ws kernel.WorkspaceID, id agents.ChatID, conversation, told string) (bool, error) {
	there, err := postgres.Changed(postgres.Conn(ctx).NewUpdate().Model((*chatRow)(nil)).
		Set("conversation_id = ?, told = ?", conversation, told).Where("workspace_id = ? AND id = ?", ws, id).Exec(ctx))
	if err != nil {
		return false, fmt.Errorf("note the conversation of a chat: %w", err)
	}
	return there, nil
}

// Remove deletes a chat with its messages.
func (Chats) Remove(ctx context.Context, ws kernel.WorkspaceID, id agents.ChatID) error {
	_, err := postgres.Conn(ctx).NewDelete().Model((*chatRow)(nil)).Where("workspace_id = ? AND id = ?", ws, id).Exec(ctx)
	if err != nil {
		return fmt.Errorf("remove chat: %w", err)
	}
	return nil
}
