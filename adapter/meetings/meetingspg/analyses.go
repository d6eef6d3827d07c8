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

// Add stores the analysis, unless the meeting has one.
func (Analyses) Add(ctx context.Context, ws kernel.WorkspaceID, a meetings.Analysis) (bool, error) {
	return insert(ctx, ws, a, addAnalysisSQL)
}

// Replace stores the analysis in place of the meeting's earlier one.
func (Analyses) Replace(ctx context.Context, ws kernel.WorkspaceID, a meetings.Analysis) error {
	_, err := insert(ctx, ws, a, replaceAnalysisSQL)
	return err
}

const (
	insertAnalysisSQL = `
insert into analyses (meeting_id, id, workspace_id, body, sales_rep_score, close_probability, created_at)
values ($1, $2, $3, $4, $5, $6, $7) on conflict (meeting_id) do `
	addAnalysisSQL     = insertAnalysisSQL + `nothing`
	replaceAnalysisSQL = insertAnalysisSQL + `update set id = excluded.id, body = excluded.body,
	sales_rep_score = excluded.sales_rep_score, close_probability = excluded.close_probability, created_at = excluded.created_at`
)

// insert reports whether a row was written.
func insert(ctx context.Context, ws kernel.WorkspaceID, a meetings.Analysis, statement string) (bool, error) {
	body, err := postgres.Document(a)
	if err != nil {
		return false, fmt.Errorf("encode analysis: %w", err)
	}
	written, err := postgres.Exec(ctx, statement, string(a.Meeting), string(a.ID), string(ws), body, a.SalesRepScore, a.CloseProbability, a.CreatedAt)
	if err != nil {
		return false, fmt.Errorf("store analysis: %w", err)
	}
	return written > 0, nil
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
