package agentspg

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/uptrace/bun"

	"github.com/tertulia-dev/tertulia/domain/agents"
	"github.com/tertulia-dev/tertulia/domain/fault"
	"github.com/tertulia-dev/tertulia/domain/kernel"
	"github.com/tertulia-dev/tertulia/infrastructure/postgres"
	agentsuc "github.com/tertulia-dev/tertulia/usecase/agents"
)

var _ agentsuc.FeedbackStore = Feedback{}

// Feedback implements agentsuc.FeedbackStore and agentsuc.FeedbackReads.
type Feedback struct{}

type feedbackRow struct {
	bun.BaseModel `bun:"table:agent_feedback,alias:f"`

	ID         agents.FeedbackID  `bun:"id,pk"`
	Workspace  kernel.WorkspaceID `bun:"workspace_id"`
	Meeting    string             `bun:"meeting_id"`
	Author     kernel.RepID       `bun:"author_id"`
	Agent      agents.Key         `bun:"agent_key"`
	Source     agents.Source      `bun:"source"`
	Ref        string             `bun:"source_ref"`
	Vote       agents.Vote        `bun:"vote"`
	Correction string             `bun:"correction"`
	Question   string             `bun:"question"`
	Answer     string             `bun:"answer"`
	Review     agents.Review      `bun:"review"`
	Lesson     string             `bun:"lesson"`
	Reason     string             `bun:"reason"`
	ReviewedBy kernel.RepID       `bun:"reviewed_by,nullzero"`
	ReviewedAt *time.Time         `bun:"reviewed_at"`
	CreatedAt  time.Time          `bun:"created_at"`
	UpdatedAt  time.Time          `bun:"updated_at"`
}

// isCorrection chooses what belongs into the queue.
const isCorrection = "f.vote = 'dislike' AND f.correction <> ''"

// Put implements agentsuc.FeedbackStore, in one statement, so that two votes at once are one after the other.
func (Feedback) Put(ctx context.Context, f agents.Feedback) (agents.Feedback, error) {
	row := feedbackRowOf(f)
	stored, err := postgres.Changed(postgres.Conn(ctx).NewInsert().Model(&row).
		On("CONFLICT (workspace_id, author_id, source, source_ref) DO UPDATE").
		Set("vote = EXCLUDED.vote, correction = EXCLUDED.correction, question = EXCLUDED.question, answer = EXCLUDED.answer").
		Set("updated_at = EXCLUDED.updated_at").
		Where("f.review = ? AND f.meeting_id = EXCLUDED.meeting_id", agents.Pending).
		Returning("*").Exec(ctx))
	if err != nil {
		return agents.Feedback{}, fmt.Errorf("put vote: %w", err)
	}
	if !stored {
		return agents.Feedback{}, fault.New(fault.Conflict, agents.AlreadyReviewed)
	}
	return row.feedback(), nil
}

// Withdraw implements agentsuc.FeedbackStore.
func (Feedback) Withdraw(ctx context.Context, ws kernel.WorkspaceID, author kernel.RepID, a agentsuc.AnswerRef) (bool, error) {
	var row feedbackRow
	err := postgres.Conn(ctx).NewSelect().Model(&row).
		Where("workspace_id = ? AND author_id = ? AND source = ? AND source_ref = ? AND meeting_id = ?", ws, author, a.Source, a.Ref, a.Meeting).
		For("UPDATE").Scan(ctx)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return false, nil
	case err != nil:
		return false, fmt.Errorf("find vote: %w", err)
	case row.Review != agents.Pending:
		return false, fault.New(fault.Conflict, agents.AlreadyReviewed)
	}
	if _, err := postgres.Conn(ctx).NewDelete().Model(&row).Where("workspace_id = ? AND id = ?", ws, row.ID).Exec(ctx); err != nil {
		return false, fmt.Errorf("withdraw vote: %w", err)
	}
	return true, nil
}

// Lock implements agentsuc.FeedbackStore.
func (Feedback) Lock(ctx context.Context, ws kernel.WorkspaceID, id agents.FeedbackID) (agents.Feedback, error) {
	var row feedbackRow
	err := postgres.Conn(ctx).NewSelect().Model(&row).
		Where("f.workspace_id = ? AND f.id = ? AND "+isCorrection, ws, id).For("UPDATE").Scan(ctx)
	if errors.Is(err, sql.ErrNoRows) {
		return agents.Feedback{}, fault.New(fault.NotFound, agents.CorrectionNotFound)
	}
	if err != nil {
		return agents.Feedback{}, fmt.Errorf("lock correction: %w", err)
	}
	return row.feedback(), nil
}

// Save implements agentsuc.FeedbackStore.
func (Feedback) Save(ctx context.Context, f agents.Feedback) error {
	row := feedbackRowOf(f)
	_, err := postgres.Conn(ctx).NewUpdate().Model(&row).
		Column("review", "lesson", "reason", "reviewed_by", "reviewed_at", "updated_at").
		Where("workspace_id = ? AND id = ?", f.Workspace, f.ID).Exec(ctx)
	if err != nil {
		return fmt.Errorf("save correction: %w", err)
	}
	return nil
}

func feedbackRowOf(f agents.Feedback) feedbackRow {
	return feedbackRow{
		ID: f.ID, Workspace: f.Workspace, Meeting: f.Meeting, Author: f.Author, Agent: f.Agent, Source: f.Source, Ref: f.Ref,
		Vote: f.Vote, Correction: f.Correction, Question: f.Question, Answer: f.Answer, Review: f.Review, Lesson: f.Lesson,
		Reason: f.Reason, ReviewedBy: f.ReviewedBy, ReviewedAt: f.ReviewedAt, CreatedAt: f.CreatedAt, UpdatedAt: f.UpdatedAt,
	}
}

func (r feedbackRow) feedback() agents.Feedback {
	return agents.Feedback{
		ID: r.ID, Workspace: r.Workspace, Meeting: r.Meeting, Author: r.Author, Agent: r.Agent, Source: r.Source, Ref: r.Ref,
		Vote: r.Vote, Correction: r.Correction, Question: r.Question, Answer: r.Answer, Review: r.Review, Lesson: r.Lesson,
		Reason: r.Reason, ReviewedBy: r.ReviewedBy, ReviewedAt: r.ReviewedAt, CreatedAt: r.CreatedAt, UpdatedAt: r.UpdatedAt,
	}
}
