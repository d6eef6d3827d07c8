package batchcallspg

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/tertulia-dev/tertulia/domain/batchcalls"
	"github.com/tertulia-dev/tertulia/domain/kernel"
	"github.com/tertulia-dev/tertulia/infrastructure/postgres"
)

// Outcomes implements batchcallsuc.Outcomes.
type Outcomes struct{}

// turnRow is one turn as it is stored.
type turnRow struct {
	Role   string `json:"role"`
	Text   string `json:"text"`
	Second int    `json:"second"`
}

// Put implements batchcallsuc.Outcomes.
func (Outcomes) Put(ctx context.Context, ws kernel.WorkspaceID, o batchcalls.Outcome) (bool, error) {
	turns := make([]turnRow, len(o.Transcript))
	for i, t := range o.Transcript {
		turns[i] = turnRow(t)
	}
	transcript, err := json.Marshal(turns)
	if err != nil {
		return false, fmt.Errorf("encode transcript of a call: %w", err)
	}
	collected, err := json.Marshal(o.Collected)
	if err != nil {
		return false, fmt.Errorf("encode what a call has found out: %w", err)
	}
	n, err := postgres.Exec(ctx, `
		insert into call_outcomes (workspace_id, conversation, batch_id, position, status, reason, successful, summary, seconds,
			transcript, collected, ended_at)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) on conflict do nothing`,
		ws, o.Conversation, o.Batch, o.Position, string(o.Status), clean(o.Reason), o.Successful, clean(o.Summary), o.Seconds,
		nullJSON(transcript), nullJSON(collected), o.EndedAt)
	if err != nil {
		return false, fmt.Errorf("store outcome of a call: %w", err)
	}
	return n == 1, nil
}
