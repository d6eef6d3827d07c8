package meetingspg

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/tertulia-dev/tertulia/domain/kernel"
	"github.com/tertulia-dev/tertulia/domain/meetings"
	"github.com/tertulia-dev/tertulia/infrastructure/postgres"
	meetingsuc "github.com/tertulia-dev/tertulia/usecase/meetings"
)

// detailRow is a meeting with everything that hangs on it. Its fields have the names of detailSQL's columns.
type detailRow struct {
	listedRow

	StoredTranscriptID *meetings.TranscriptID
	TranscriptBody     json.RawMessage
	TranscriptStoredAt *time.Time
	AnalysisBody       json.RawMessage
}

// listedColumns are those of a listedRow; peopleJoins are where they come from.
const (
	listedColumns = meetingColumns + `,
	owner.name as owner_name, owner.email as owner_email, creator.name as creator_name, creator.email as creator_email,
	w.timezone as zone`
	peopleJoins = `join workspaces w on w.id = m.workspace_id
left join sales_reps owner on owner.id = m.sales_rep_id
left join sales_reps creator on creator.id = m.created_by_rep_id`
)

// detailSQL reads in one statement, prepared once per connection, what the most frequent request asks for.
const detailSQL = `
select ` + listedColumns + `,
	t.id as stored_transcript_id, t.body as transcript_body, t.stored_at as transcript_stored_at, a.body as analysis_body
from meetings m
` + peopleJoins + `
left join transcripts t on t.meeting_id = m.id
left join analyses a on a.meeting_id = m.id
where m.workspace_id = $1 and m.id = $2`

// Detail returns one meeting with its transcript and its analysis.
func (Meetings) Detail(ctx context.Context, ws kernel.WorkspaceID, id meetings.ID) (meetingsuc.Detail, error) {
	rows, err := postgres.Collect(ctx, pgx.RowToStructByNameLax[detailRow], detailSQL, string(ws), string(id))
	if err != nil {
		return meetingsuc.Detail{}, fmt.Errorf("read meeting: %w", err)
	}
	if len(rows) == 0 {
		return meetingsuc.Detail{}, meetings.NotFound()
	}
	return rows[0].detail()
}

func (r detailRow) detail() (meetingsuc.Detail, error) {
	d := meetingsuc.Detail{Row: r.row()}
	if r.StoredTranscriptID != nil {
		d.Transcript = &meetingsuc.StoredTranscript{ID: *r.StoredTranscriptID, StoredAt: *r.TranscriptStoredAt}
		if err := json.Unmarshal(r.TranscriptBody, &d.Transcript.Transcript); err != nil {
			return meetingsuc.Detail{}, fmt.Errorf("decode transcript: %w", err)
		}
	}
	if r.AnalysisBody != nil {
		d.Analysis = &meetings.Analysis{}
		if err := json.Unmarshal(r.AnalysisBody, d.Analysis); err != nil {
			return meetingsuc.Detail{}, fmt.Errorf("decode analysis: %w", err)
		}
	}
	return d, nil
}
