package agentspg

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/uptrace/bun"

	"github.com/tertulia-dev/tertulia/domain/agents"
	"github.com/tertulia-dev/tertulia/domain/fault"
	"github.com/tertulia-dev/tertulia/domain/kernel"
	"github.com/tertulia-dev/tertulia/infrastructure/postgres"
	agentsuc "github.com/tertulia-dev/tertulia/usecase/agents"
)

var _ agentsuc.FeedbackReads = Feedback{}

type correctionRow struct {
	feedbackRow `bun:",extend"`

	AgentName    string `bun:"agent_name,scanonly"`
	AuthorName   string `bun:"author_name,scanonly"`
	AuthorEmail  string `bun:"author_email,scanonly"`
	MeetingTitle string `bun:"meeting_title,scanonly"`
	ReviewerName string `bun:"reviewer_name,scanonly"`
}

// Mine implements agentsuc.FeedbackReads.
func (Feedback) Mine(ctx context.Context, ws kernel.WorkspaceID, meeting agentsuc.MeetingID, author kernel.RepID) ([]agents.Feedback, error) {
	var rows []feedbackRow
	err := postgres.Conn(ctx).NewSelect().Model(&rows).
		Where("workspace_id = ? AND meeting_id = ? AND author_id = ? AND review = ?", ws, meeting, author, agents.Pending).
		OrderExpr("id DESC").Limit(kernel.MaxPageSize).Scan(ctx)
	if err != nil {
		return nil, fmt.Errorf("list votes: %w", err)
	}
	list := make([]agents.Feedback, len(rows))
	for i, r := range rows {
		list[i] = r.feedback()
	}
	return list, nil
}

// Corrections implements agentsuc.FeedbackReads. The cursor is the ID of the page's last row: IDs are in order of time.
func (Feedback) Corrections(ctx context.Context, ws kernel.WorkspaceID, f agentsuc.CorrectionFilter, p kernel.Page) ([]agentsuc.Correction, kernel.Cursor, error) {
	var rows []correctionRow
	q := queue(ctx, &rows, ws).OrderExpr("f.id DESC").Limit(int64(p.Size() + 1))
	if f.Review != "" {
		q = q.Where("f.review = ?", f.Review)
	}
	if f.Agent != "" {
		q = q.Where("f.agent_key = ?", f.Agent)
	}
	if p.Cursor != "" {
		last, err := kernel.ParseID[agents.FeedbackID](string(p.Cursor))
		if err != nil {
			var wrong fault.Fields
			wrong.Add("cursor", fault.BadFormat, "expected", "nextCursor")
			return nil, "", wrong.Err()
		}
		q = q.Where("f.id < ?", last)
	}
	if err := q.Scan(ctx); err != nil {
		return nil, "", fmt.Errorf("list corrections: %w", err)
	}
	var next kernel.Cursor
	if len(rows) > p.Size() {
		rows = rows[:p.Size()]
		next = kernel.Cursor(rows[len(rows)-1].ID)
	}
	list := make([]agentsuc.Correction, len(rows))
	for i, r := range rows {
		list[i] = r.correction()
	}
	return list, next, nil
}

// Correction implements agentsuc.FeedbackReads.
func (Feedback) Correction(ctx context.Context, ws kernel.WorkspaceID, id agents.FeedbackID) (agentsuc.Correction, error) {
	var row correctionRow
	err := queue(ctx, &row, ws).Where("f.id = ?", id).Scan(ctx)
	if errors.Is(err, sql.ErrNoRows) {
		return agentsuc.Correction{}, fault.New(fault.NotFound, agents.CorrectionNotFound)
	}
	if err != nil {
		return agentsuc.Correction{}, fmt.Errorf("get correction: %w", err)
	}
	return row.correction(), nil
}

// queue selects corrections with the names of those in them.
func queue(ctx context.Context, model any, ws kernel.WorkspaceID) *bun.SelectQuery {
	return postgres.Conn(ctx).NewSelect().Model(model).
		ColumnExpr("f.*, a.display_name AS agent_name, w.name AS author_name, w.email AS author_email, m.title AS meeting_title").
		ColumnExpr("coalesce(v.name, '') AS reviewer_name").
		Join("JOIN agents AS a ON a.workspace_id = f.workspace_id AND a.key = f.agent_key").
		Join("JOIN sales_reps AS w ON w.id = f.author_id").
		Join("JOIN meetings AS m ON m.id = f.meeting_id").
		Join("LEFT JOIN sales_reps AS v ON v.id = f.reviewed_by").
		Where("f.workspace_id = ? AND "+isCorrection, ws)
}

func (r correctionRow) correction() agentsuc.Correction {
	return agentsuc.Correction{
		Feedback: r.feedback(), AgentName: r.AgentName, AuthorName: r.AuthorName, AuthorEmail: r.AuthorEmail,
		MeetingTitle: r.MeetingTitle, ReviewerName: r.ReviewerName,
	}
}
