package searchpg

import (
	"context"
	"fmt"
	"slices"

	"github.com/tertulia-dev/tertulia/domain/kernel"
	"github.com/tertulia-dev/tertulia/domain/meetings"
	"github.com/tertulia-dev/tertulia/infrastructure/postgres"
)

// Segments implements meetingsuc.Segments.
type Segments struct{}

const indexSQL = `
insert into transcript_segments (meeting_id, position, workspace_id, start_ms, end_ms, speaker, body, words)
select $1::text::uuid, s.position - 1, $2::text::uuid, s.start_ms, s.end_ms, s.speaker, s.body, s.words::tsvector
from unnest($3::bigint[], $4::bigint[], $5::text[], $6::text[], $7::text[])
	with ordinality as s (start_ms, end_ms, speaker, body, words, position)
on conflict (meeting_id, position) do update set body = excluded.body, words = excluded.words
where transcript_segments.body <> excluded.body`

// Index stores what was said in a meeting, in the caller's transaction, in place of what reads otherwise.
func (Segments) Index(ctx context.Context, ws kernel.WorkspaceID, meeting meetings.ID, t meetings.Transcript) (bool, error) {
	segments := t.Segments()
	bodies := make([]string, len(segments))
	for i, s := range segments {
		bodies[i] = meetings.TidyText(s.Text)
	}
	same, err := isIndexed(ctx, ws, meeting, bodies)
	if err != nil || same {
		return false, err
	}
	var starts, ends []int64
	var speakers, words []string
	for i, s := range segments {
		starts, ends = append(starts, int64(s.StartMS)), append(ends, int64(s.EndMS))
		speakers, words = append(speakers, meetings.TidyText(s.Speaker)), append(words, vectorOf(ws, bodies[i]))
	}
	changed, err := postgres.Exec(ctx, indexSQL, meeting.String(), ws.String(), starts, ends, speakers, bodies, words)
	if err != nil {
		return false, fmt.Errorf("index transcript: %w", err)
	}
	return changed > 0, nil
}

// isIndexed reports whether the index reads as the transcript does: cheaper to know than to write it again.
func isIndexed(ctx context.Context, ws kernel.WorkspaceID, meeting meetings.ID, bodies []string) (bool, error) {
	var indexed []string
	err := postgres.Conn(ctx).NewSelect().Table("transcript_segments").Column("body").
		Where("workspace_id = ? AND meeting_id = ?", ws, meeting).Order("position").Scan(ctx, &indexed)
	if err != nil {
		return false, fmt.Errorf("read the index of a transcript: %w", err)
	}
	return slices.Equal(indexed, bodies), nil
}

// Missing returns up to limit meetings, in the order of their IDs after one of them, whose transcript is not indexed.
func (Segments) Missing(ctx context.Context, ws kernel.WorkspaceID, after meetings.ID, limit int) ([]meetings.ID, error) {
	q := postgres.Conn(ctx).NewSelect().TableExpr("transcripts AS t").ColumnExpr("t.meeting_id").
		Where("t.workspace_id = ?", ws).
		Where("NOT EXISTS (SELECT FROM transcript_segments AS s WHERE s.meeting_id = t.meeting_id)").
		OrderExpr("t.meeting_id").Limit(int64(limit))
	if after != "" {
		q = q.Where("t.meeting_id > ?", after)
	}
	var ids []meetings.ID
	if err := q.Scan(ctx, &ids); err != nil {
		return nil, fmt.Errorf("find transcripts that are not indexed: %w", err)
	}
	return ids, nil
}
