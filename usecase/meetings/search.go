package meetingsuc

import (
	"context"
	"fmt"

	"github.com/tertulia-dev/tertulia/domain/fault"
	"github.com/tertulia-dev/tertulia/domain/kernel"
	"github.com/tertulia-dev/tertulia/domain/meetings"
)

// MomentSearch finds what was said. It goes past row-level security, so that its answers hold to the workspace and to
// what the filter lets through by themselves.
type MomentSearch interface {
	// Search returns one page of the meetings that hold a moment such as the filter asks for, newest first, each with its
	// first moments in the order they were said, and how many meetings there are in all.
	Search(ctx context.Context, ws kernel.WorkspaceID, f SearchFilter) ([]FoundMeeting, int, error)
}

// MeetingRows reads meetings that were found.
type MeetingRows interface {
	// Rows returns the meetings that are there, in any order.
	Rows(ctx context.Context, ws kernel.WorkspaceID, ids []meetings.ID) ([]MeetingRow, error)
}

// SearchFilter chooses moments. The zero value of a field chooses all.
type SearchFilter struct {
	Query         meetings.SearchQuery
	OnlyVisibleTo kernel.RepID // as of ListFilter
	SeesAll       bool
	Type          meetings.Type
	SalesRep      kernel.RepID
	From, To      Moment // as of ListFilter
	Page, Limit   int
	Moments       int // at most, of each meeting
}

// FoundMeeting is where something was said.
type FoundMeeting struct {
	ID      meetings.ID
	Count   int // of moments in the meeting
	Moments []meetings.Segment
}

// SearchInput is a search.
type SearchInput struct {
	Text string // as typed; see meetings.ParseSearch
	SearchFilter
}

// SearchResult is one page of what was found.
type SearchResult struct {
	Meetings []FoundRow
	Total    int
	Page     int
	Limit    int
}

// FoundRow is a meeting in which something was found.
type FoundRow struct {
	MeetingRow

	Count   int // of moments in the meeting
	Moments []FoundMoment
}

// FoundMoment is something that was said, as an excerpt that shows why it was found.
type FoundMoment struct {
	Speaker    string
	Start, End meetings.Millis // of the utterance
	meetings.Excerpt
}

// Moments of each meeting that a search shows, when it is not told, and at most.
const (
	defaultMoments = 5
	maxMoments     = 20
)

// Search finds utterances in the meetings that the actor may see. Errors: Invalid VALIDATION_ERROR for "q".
func (q *MomentQueries) Search(ctx context.Context, actor kernel.Principal, in SearchInput) (SearchResult, error) {
	f := in.SearchFilter
	text := meetings.TidyText(in.Text)
	var wrong fault.Fields
	meetings.CheckSearch(text, "q", &wrong)
	if err := wrong.Err(); err != nil {
		return SearchResult{}, err
	}
	f.Query, f.SeesAll, f.OnlyVisibleTo = meetings.ParseSearch(text), meetings.SeesAll(actor), actor.Rep
	f.Page, f.Limit = min(max(f.Page, 1), maxPage), kernel.Page{Limit: f.Limit}.Size()
	if f.Moments <= 0 {
		f.Moments = defaultMoments
	}
	f.Moments = min(f.Moments, maxMoments)
	found, total, err := q.search.Search(ctx, actor.Workspace, f)
	if err != nil {
		return SearchResult{}, err
	}
	rows, err := q.rowsOf(ctx, actor, found)
	if err != nil {
		return SearchResult{}, fmt.Errorf("read what was found: %w", err)
	}
	result := SearchResult{Total: total, Page: f.Page, Limit: f.Limit}
	for _, hit := range found {
		row, ok := rows[hit.ID]
		if !ok {
			continue // gone since
		}
		r := FoundRow{MeetingRow: row, Count: hit.Count}
		for _, s := range hit.Moments {
			r.Moments = append(r.Moments, FoundMoment{Speaker: s.Speaker, Start: s.StartMS, End: s.EndMS, Excerpt: f.Query.Excerpt(s.Text)})
		}
		result.Meetings = append(result.Meetings, r)
	}
	return result, nil
}

// rowsOf reads the meetings again, as their workspace and for the actor's eyes: nothing rests on the search alone.
func (q *MomentQueries) rowsOf(ctx context.Context, actor kernel.Principal, found []FoundMeeting) (map[meetings.ID]MeetingRow, error) {
	ids := make([]meetings.ID, len(found))
	for i, hit := range found {
		ids[i] = hit.ID
	}
	rows := map[meetings.ID]MeetingRow{}
	err := q.reader.Read(ctx, actor.Workspace, func(ctx context.Context) error {
		all, err := q.rows.Rows(ctx, actor.Workspace, ids)
		for _, row := range all {
			if meetings.CanRead(actor, row.Meeting) == nil {
				rows[row.ID] = row
			}
		}
		return err
	})
	return rows, err
}
