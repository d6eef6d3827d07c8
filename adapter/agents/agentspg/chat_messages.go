package agentspg

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/uptrace/bun"

	"github.com/tertulia-dev/tertulia/domain/agents"
	"github.com/tertulia-dev/tertulia/domain/fault"
	"github.com/tertulia-dev/tertulia/domain/kernel"
	"github.com/tertulia-dev/tertulia/infrastructure/postgres"
)

// ChatMessages implements agentsuc.ChatMessages.
type ChatMessages struct{}

type messageRow struct {
	bun.BaseModel `bun:"table:agent_messages,alias:m"`

	ID           agents.MessageID     `bun:"id,pk"`
	Workspace    kernel.WorkspaceID   `bun:"workspace_id"`
	Chat         agents.ChatID        `bun:"chat_id"`
	Role         agents.Role          `bun:"role"`
	Text         string               `bun:"text"`
	Status       agents.MessageStatus `bun:"status"`
	Code         fault.Code           `bun:"code"`
	Frames       []int                `bun:"frames,type:jsonb"`
	Citations    []agents.Citation    `bun:"citations,type:jsonb"`
	AgentVersion int                  `bun:"agent_version"`
	Model        string               `bun:"model"`
	InputTokens  int64                `bun:"input_tokens"`
	CachedTokens int64                `bun:"cached_tokens"`
	OutputTokens int64                `bun:"output_tokens"`
	Estimated    bool                 `bun:"usage_estimated"`
	CostMicros   *int64               `bun:"cost_micros"`
	CreatedAt    time.Time            `bun:"created_at"`
	EndedAt      *time.Time           `bun:"ended_at"`
}

func toMessageRow(m agents.Message) messageRow {
	row := messageRow{
		ID: m.ID, Workspace: m.Workspace, Chat: m.Chat, Role: m.Role, Text: m.Text, Status: m.Status, Code: m.Code,
		Frames: m.Frames, Citations: m.Citations, AgentVersion: m.AgentVersion, Model: m.Model,
		InputTokens: m.Usage.InputTokens, CachedTokens: m.Usage.CachedTokens, OutputTokens: m.Usage.OutputTokens,
		Estimated: m.Usage.Estimated, CostMicros: m.CostMicros, CreatedAt: m.CreatedAt, EndedAt: m.EndedAt,
	}
	if row.Frames == nil {
		row.Frames = []int{}
	}
	if row.Citations == nil {
		row.Citations = []agents.Citation{}
	}
	return row
}

func (r messageRow) message() agents.Message {
	return agents.Message{
		ID: r.ID, Workspace: r.Workspace, Chat: r.Chat, Role: r.Role, Text: r.Text, Status: r.Status, Code: r.Code,
		Frames: r.Frames, Citations: r.Citations, AgentVersion: r.AgentVersion, Model: r.Model,
		Usage: agents.Usage{
			InputTokens: r.InputTokens, CachedTokens: r.CachedTokens, OutputTokens: r.OutputTokens, Estimated: r.Estimated,
		},
		CostMicros: r.CostMicros, CreatedAt: r.CreatedAt, EndedAt: r.EndedAt,
	}
}

// Add stores a question.
func (ChatMessages) Add(ctx context.Context, m agents.Message) error {
	row := toMessageRow(m)
	if _, err := postgres.Conn(ctx).NewInsert().Model(&row).Exec(ctx); err != nil {
		return fmt.Errorf("add message: %w", err)
	}
	return nil
}

// Last returns a stretch of the chat's end, oldest first. The cursor is the ID of the first message that it shows.
func (ChatMessages) Last(ctx context.Context, ws kernel.WorkspaceID, chat agents.ChatID, p kernel.Page) ([]agents.Message, kernel.Cursor, error) {
	var rows []messageRow
	q := postgres.Conn(ctx).NewSelect().Model(&rows).Where("m.workspace_id = ? AND m.chat_id = ?", ws, chat)
	if p.Cursor != "" {
		before, err := kernel.ParseID[agents.MessageID](string(p.Cursor))
		if err != nil {
			var f fault.Fields
			f.Add("cursor", fault.BadFormat, "expected", "next_cursor")
			return nil, "", f.Err()
		}
		q = q.Where("m.id < ?", before)
	}
	if err := q.OrderExpr("m.id DESC").Limit(int64(p.Size()) + 1).Scan(ctx); err != nil {
		return nil, "", fmt.Errorf("read messages: %w", err)
	}
	var before kernel.Cursor
	if len(rows) > p.Size() {
		rows = rows[:p.Size()]
		before = kernel.Cursor(rows[len(rows)-1].ID)
	}
	slices.Reverse(rows)
	list := make([]agents.Message, len(rows))
	for i, r := range rows {
		list[i] = r.message()
	}
	return list, before, nil
}

// Find returns one message.
func (ChatMessages) Find(ctx context.Context, ws kernel.WorkspaceID, id agents.MessageID) (agents.Message, bool, error) {
	var row messageRow
	err := postgres.Conn(ctx).NewSelect().Model(&row).Where("m.workspace_id = ? AND m.id = ?", ws, id).Scan(ctx)
	if errors.Is(err, sql.ErrNoRows) {
		return agents.Message{}, false, nil
	}
	if err != nil {
		return agents.Message{}, false, fmt.Errorf("find message: %w", err)
	}
	return row.message(), true, nil
}

// End stores an answer that has ended, unless it has ended before.
func (ChatMessages) End(ctx context.Context, m agents.Message) (bool, error) {
	row := toMessageRow(m)
	ended, err := postgres.Changed(postgres.Conn(ctx).NewUpdate().Model(&row).
		ExcludeColumn("id", "workspace_id", "chat_id", "role", "created_at").
		Set("lease_until = NULL, watched_until = NULL").
		Where("workspace_id = ? AND id = ? AND status = ?", m.Workspace, m.ID, agents.MessageRunning).Exec(ctx))
	if err != nil {
		return false, fmt.Errorf("end answer: %w", err)
	}
	return ended, nil
}
