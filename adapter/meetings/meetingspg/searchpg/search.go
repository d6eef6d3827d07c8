package searchpg

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/tertulia-dev/tertulia/domain/kernel"
	"github.com/tertulia-dev/tertulia/domain/meetings"
	"github.com/tertulia-dev/tertulia/infrastructure/postgres"
	meetingsuc "github.com/tertulia-dev/tertulia/usecase/meetings"
)

// Search implements meetingsuc.MomentSearch.
type Search struct{ db *postgres.DB }

// NewSearch makes the search of a database.
func NewSearch(db *postgres.DB) Search { return Search{db: db} }

// searchSQL goes to the index once: the page is cut from the meetings that hold a moment, and of the page's own moments
// the first are read by their place.
const searchSQL = `
with hit as materialized (
	select s.meeting_id, s.position from transcript_segments s
	where s.workspace_id = $1::text::uuid and s.words @@ $2::text::tsquery
), visible as materialized (
	select m.id, m.occurs_at, h.moments
	from (select meeting_id, count(*) as moments from hit group by meeting_id) h
	join meetings m on m.id = h.meeting_id join workspaces w on w.id = m.workspace_id
	where m.workspace_id = $1::text::uuid
		and ($3 or m.meeting_type <> $4 or m.sales_rep_id = nullif($5, '')::uuid or m.created_by_rep_id = nullif($5, '')::uuid)
		and ($6 = '' or m.meeting_type = $6)
		and ($7::timestamptz is null or m.occurs_at >= $7)
		and ($8::timestamptz is null or m.occurs_at <= $8)
		and ($13 = '' or m.occurs_at >= nullif($13, '')::date::timestamp at time zone w.timezone)
		and ($14 = '' or m.occurs_at < (nullif($14, '')::date + 1)::timestamp at time zone w.timezone)
		and ($9 = '' or m.sales_rep_id = nullif($9, '')::uuid)
), page as (
	select * from visible order by occurs_at desc, id desc limit $10 offset $11
), shown as (
	select p.*, h.position, row_number() over (partition by p.id order by h.position) as place
	from page p join hit h on h.meeting_id = p.id
)
select (select count(*) from visible)::int as total, p.id::text as meeting, p.moments::int, s.start_ms, s.end_ms, s.speaker, s.body
from (select) nothing
left join shown p on p.place <= $12
left join transcript_segments s on s.workspace_id = $1::text::uuid and s.meeting_id = p.id and s.position = p.position
order by p.occurs_at desc, p.id desc, p.position`

// found is one moment of the page; only the total when there is none.
type found struct {
	Total   int
	Meeting *string
	Moments *int
	StartMS *int64
	EndMS   *int64
	Speaker *string
	Body    *string
}

// Search returns one page of the meetings in which there is such a moment, newest first, and how many there are.
func (x Search) Search(ctx context.Context, ws kernel.WorkspaceID, f meetingsuc.SearchFilter) ([]meetingsuc.FoundMeeting, int, error) {
	var rows []found
	err := x.db.System(ctx, func(ctx context.Context) (err error) {
		if err := postgres.PlanAnew(ctx); err != nil { // a rare word and a frequent one are found in different ways
			return err
		}
		rows, err = postgres.Collect(ctx, pgx.RowToStructByNameLax[found], searchSQL, ws.String(), queryOf(ws, f.Query),
			f.SeesAll, string(meetings.Sales), f.OnlyVisibleTo.String(), string(f.Type), orNull(f.From.At), orNull(f.To.At), f.SalesRep.String(),
			f.Limit, f.Limit*(f.Page-1), f.Moments, f.From.Day, f.To.Day)
		return err
	})
	if err != nil {
		return nil, 0, fmt.Errorf("search transcripts: %w", err)
	}
	var page []meetingsuc.FoundMeeting
	for _, r := range rows {
		if r.Meeting == nil || r.Body == nil {
			continue
		}
		if n := len(page); n == 0 || page[n-1].ID.String() != *r.Meeting {
			page = append(page, meetingsuc.FoundMeeting{ID: meetings.ID(*r.Meeting), Count: *r.Moments})
		}
		at := &page[len(page)-1]
		at.Moments = append(at.Moments, meetings.Segment{
			Speaker: *r.Speaker, Text: *r.Body, StartMS: meetings.Millis(*r.StartMS), EndMS: meetings.Millis(*r.EndMS),
		})
	}
	return page, rows[0].Total, nil
}

func orNull(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}
