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

var (
	_ agentsuc.Lessons     = Lessons{}
	_ agentsuc.LessonFiles = Files{}
	_ agentsuc.Answers     = Answers{}
)

// Lessons implements agentsuc.Lessons.
type Lessons struct{}

type lessonRow struct {
	bun.BaseModel `bun:"table:agent_lessons,alias:l"`

	ID         agents.FeedbackID  `bun:"id,pk"`
	Workspace  kernel.WorkspaceID `bun:"workspace_id"`
	Agent      agents.Key         `bun:"agent_key"`
	Text       string             `bun:"text"`
	ApprovedAt time.Time          `bun:"approved_at"`
}

// Add implements agentsuc.Lessons.
func (Lessons) Add(ctx context.Context, ws kernel.WorkspaceID, l agents.Lesson) error {
	row := lessonRow{ID: l.ID, Workspace: ws, Agent: l.Agent, Text: l.Text, ApprovedAt: l.ApprovedAt}
	if _, err := postgres.Conn(ctx).NewInsert().Model(&row).Exec(ctx); err != nil {
		return fmt.Errorf("add lesson: %w", err)
	}
	return nil
}

// Remove implements agentsuc.Lessons.
func (Lessons) Remove(ctx context.Context, ws kernel.WorkspaceID, id agents.FeedbackID) error {
	_, err := postgres.Conn(ctx).NewDelete().Model((*lessonRow)(nil)).Where("workspace_id = ? AND id = ?", ws, id).Exec(ctx)
	if err != nil {
		return fmt.Errorf("remove lesson: %w", err)
	}
	return nil
}

// Of implements agentsuc.Lessons.
func (Lessons) Of(ctx context.Context, ws kernel.WorkspaceID, agent agents.Key) ([]agents.Lesson, error) {
	var rows []lessonRow
	err := postgres.Conn(ctx).NewSelect().Model(&rows).Where("workspace_id = ? AND agent_key = ?", ws, agent).
		OrderExpr("approved_at DESC, id DESC").Limit(agents.MaxLessons).Scan(ctx)
	if err != nil {
		return nil, fmt.Errorf("list lessons: %w", err)
	}
	list := make([]agents.Lesson, len(rows))
	for i, r := range rows {
		list[i] = agents.Lesson{ID: r.ID, Agent: r.Agent, Text: r.Text, ApprovedAt: r.ApprovedAt}
	}
	return list, nil
}

// OfLessons implements agentsuc.LessonFiles.
func (Files) OfLessons(ctx context.Context, ws kernel.WorkspaceID, agent agents.Key) ([]agents.File, error) {
	var rows []fileRow
	err := postgres.Conn(ctx).NewSelect().Model(&rows).
		Where("workspace_id = ? AND agent_key = ? AND digest <> '' AND state <> ?", ws, agent, agents.FileRemoving).
		OrderExpr("created_at DESC, id DESC").Limit(agents.MaxFiles).Scan(ctx)
	if err != nil {
		return nil, fmt.Errorf("list files of lessons: %w", err)
	}
	list := make([]agents.File, len(rows))
	for i, r := range rows {
		list[i] = r.file()
	}
	return list, nil
}

// Answers implements agentsuc.Answers over the chats.
type Answers struct{}

// Find implements agentsuc.Answers.
func (Answers) Find(ctx context.Context, ws kernel.WorkspaceID, author kernel.RepID, meeting agentsuc.MeetingID, ref string) (agentsuc.VotedAnswer, bool, error) {
	var a agentsuc.VotedAnswer
	err := postgres.Conn(ctx).NewRaw(`
		SELECT c.agent_key, m.text, coalesce((SELECT q.text FROM agent_messages AS q
			WHERE q.workspace_id = m.workspace_id AND q.chat_id = m.chat_id AND q.role = 'user' AND q.id < m.id ORDER BY q.id DESC LIMIT 1), '')
		FROM agent_messages AS m JOIN agent_chats AS c ON c.workspace_id = m.workspace_id AND c.id = m.chat_id
		WHERE m.workspace_id = ? AND m.id = ? AND m.role = 'assistant' AND m.status <> 'running' AND c.meeting_id = ? AND c.rep_id = ?`,
		ws, ref, meeting, author).Scan(ctx, &a.Agent, &a.Answer, &a.Question)
	if errors.Is(err, sql.ErrNoRows) {
		return agentsuc.VotedAnswer{}, false, nil
	}
	if err != nil {
		return agentsuc.VotedAnswer{}, false, fmt.Errorf("find answer: %w", err)
	}
	return a, true, nil
}
