package meetingspg

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/jackc/pgx/v5"

	"github.com/tertulia-dev/tertulia/domain/kernel"
	"github.com/tertulia-dev/tertulia/domain/meetings"
	"github.com/tertulia-dev/tertulia/infrastructure/postgres"
	meetingsuc "github.com/tertulia-dev/tertulia/usecase/meetings"
)

// Transcripts implements meetingsuc.Transcripts.
type Transcripts struct{}

// addTranscriptSQL takes the body as an argument: written into the statement, its 250 kB would be escaped and parsed.
const addTranscriptSQL = `
insert into transcripts (meeting_id, id, workspace_id, body, stored_at) values ($1, $2, $3, $4, $5)
on conflict (meeting_id) do nothing`

// Add stores the meeting's transcript, unless it has one.
func (Transcripts) Add(ctx context.Context, ws kernel.WorkspaceID, meeting meetings.ID, t meetingsuc.StoredTranscript) error {
	body, err := postgres.Document(t.Transcript)
	if err != nil {
		return fmt.Errorf("encode transcript: %w", err)
	}
	if err := postgres.Later(ctx, "add transcript", addTranscriptSQL, string(meeting), string(t.ID), string(ws), body, t.StoredAt); err != nil {
		return fmt.Errorf("add transcript: %w", err)
	}
	return nil
}

// Find returns the meeting's transcript, if there is one.
func (Transcripts) Find(ctx context.Context, ws kernel.WorkspaceID, meeting meetings.ID) (meetingsuc.StoredTranscript, bool, error) {
	var row transcriptRow
	if found, err := find(ctx, &row, ws, meeting); err != nil || !found {
		return meetingsuc.StoredTranscript{}, false, err
	}
	t := meetingsuc.StoredTranscript{ID: row.ID, StoredAt: row.StoredAt}
	if err := json.Unmarshal(row.Body, &t.Transcript); err != nil {
		return meetingsuc.StoredTranscript{}, false, fmt.Errorf("decode transcript: %w", err)
	}
	return t, true, nil
}

// Exists reports whether the meeting has a transcript.
func (Transcripts) Exists(ctx context.Context, ws kernel.WorkspaceID, meeting meetings.ID) (bool, error) {
	known, err := postgres.Collect(ctx, pgx.RowTo[bool], transcriptExistsSQL, string(ws), string(meeting))
	if err != nil {
		return false, fmt.Errorf("look for a transcript: %w", err)
	}
	return known[0], nil
}

const transcriptExistsSQL = `select exists (select from transcripts where workspace_id = $1 and meeting_id = $2)`
