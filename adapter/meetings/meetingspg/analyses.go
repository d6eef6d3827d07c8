package meetingspg

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/tertulia-dev/tertulia/domain/kernel"
	"github.com/tertulia-dev/tertulia/domain/meetings"
	"github.com/tertulia-dev/tertulia/infrastructure/postgres"
)

// Analyses implements meetingsuc.Analyses.
type Analyses struct{}

// Replace stores the analysis in place of the meeting's earlier one.
func (Analyses) Replace(ctx context.Context, ws kernel.WorkspaceID, a meetings.Analysis) error {
	body, err := document(a)
	if err != nil {
		return fmt.Errorf("encode analysis: %w", err)
	}
	row := analysisRow{
		Meeting: a.Meeting, ID: a.ID, Workspace: ws, Body: body,
		Score: a.SalesRepScore, Probability: a.CloseProbability, CreatedAt: a.CreatedAt,
	}
	_, err = postgres.Conn(ctx).NewInsert().Model(&row).
		On("CONFLICT (meeting_id) DO UPDATE").
		Set("id = EXCLUDED.id, body = EXCLUDED.body, created_at = EXCLUDED.created_at").
		Set("sales_rep_score = EXCLUDED.sales_rep_score, close_probability = EXCLUDED.close_probability").
		Exec(ctx)
	if err != nil {
		return fmt.Errorf("replace analysis: %w", err)
	}
	return nil
}

// Find returns the current analysis, if there is one.
func (Analyses) Find(ctx context.Context, ws kernel.WorkspaceID, meeting meetings.ID) (meetings.Analysis, bool, error) {
	var row analysisRow
	if found, err := find(ctx, &row, ws, meeting); err != nil || !found {
		return meetings.Analysis{}, false, err
	}
	var a meetings.Analysis
	if err := json.Unmarshal(row.Body, &a); err != nil {
		return meetings.Analysis{}, false, fmt.Errorf("decode analysis: %w", err)
	}
	return a, true, nil
}

// Exists reports whether there is an analysis.
func (Analyses) Exists(ctx context.Context, ws kernel.WorkspaceID, meeting meetings.ID) (bool, error) {
	return exists(ctx, (*analysisRow)(nil), ws, meeting)
}
