package meetingspg

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

// Scorecards implements meetingsuc.Scorecards on the table of the same name, which its triggers keep.
type Scorecards struct{}

// averagesRow holds a rep's averages under the names of averageColumns.
type averagesRow struct {
	ID        kernel.RepID
	Name      string
	Email     string
	Meetings  int
	Score     *float64
	CloseRate *float64
}

// repColumns and averageColumns are the fields of averagesRow, of rep r and over scorecards s.
const (
	repColumns     = `r.id, r.name, r.email`
	averageColumns = `count(s.meeting_id) as meetings, avg(s.score)::float8 as score,
	(avg((s.close_probability >= 60)::int))::float8 as close_rate`
)

func (r averagesRow) averages() meetingsuc.Averages {
	return meetingsuc.Averages{Meetings: r.Meetings, Score: r.Score, CloseRate: r.CloseRate}
}

func (r averagesRow) rep() meetingsuc.RepAverages {
	return meetingsuc.RepAverages{
		Averages: r.averages(), Rep: meetingsuc.Rep{ID: r.ID, Name: r.Name, Email: r.Email},
	}
}

const totalsSQL = `
select ` + repColumns + `, ` + averageColumns + `
from sales_reps r
left join scorecards s on s.workspace_id = r.workspace_id and s.sales_rep_id = r.id
where r.workspace_id = $1 and r.id = $2
group by r.id`

// Totals returns the averages over all of a rep's meetings.
func (Scorecards) Totals(ctx context.Context, ws kernel.WorkspaceID, rep kernel.RepID) (meetingsuc.RepAverages, bool, error) {
	rows, err := postgres.Collect(ctx, pgx.RowToStructByName[averagesRow], totalsSQL, string(ws), string(rep))
	if err != nil || len(rows) == 0 {
		return meetingsuc.RepAverages{}, false, wrap("average a rep's meetings", err)
	}
	return rows[0].rep(), true, nil
}

type dimensionRow struct {
	averagesRow

	Dimension *meetings.Dimension
	Points    *float64
}

// byDimensionSQL gives a row a dimension, or one without a dimension.
const byDimensionSQL = `
with cards as (
	select * from scorecards where workspace_id = $1 and sales_rep_id = $2 and occurs_at >= $3
)
select ` + repColumns + `, total.*, d.dimension, d.points
from sales_reps r
cross join (select ` + averageColumns + ` from cards s) as total
left join (
	select key as dimension, avg(value::float8) as points from cards, jsonb_each_text(dimensions) group by key
) as d on true
where r.workspace_id = $1 and r.id = $2
order by d.dimension`

// ByDimension returns a rep's averages since a time.
func (Scorecards) ByDimension(ctx context.Context, ws kernel.WorkspaceID, rep kernel.RepID, since time.Time) (meetingsuc.Breakdown, bool, error) {
	rows, err := postgres.Collect(ctx, pgx.RowToStructByName[dimensionRow], byDimensionSQL, string(ws), string(rep), since)
	if err != nil || len(rows) == 0 {
		return meetingsuc.Breakdown{}, false, wrap("average a rep's dimensions", err)
	}
	b := meetingsuc.Breakdown{RepAverages: rows[0].rep(), Dimensions: map[meetings.Dimension]float64{}}
	for _, row := range rows {
		if row.Dimension != nil {
			b.Dimensions[*row.Dimension] = *row.Points
		}
	}
	return b, true, nil
}

type weekRow struct {
	averagesRow

	Monday time.Time
}

// byWeekSQL counts weeks back on the calendar of the workspace's zone, where a week may have an hour more or less.
const byWeekSQL = `
with weeks as (
	select monday, monday at time zone zone as begins, (monday + interval '7 days') at time zone zone as ends
	from (
		select w.timezone as zone, date_trunc('week', $3::timestamptz at time zone w.timezone) - n * interval '7 days' as monday
		from workspaces w, generate_series(0, $4::int - 1) as n
		where w.id = $1
	) as mondays
)
select ` + repColumns + `, weeks.monday::date as monday, week.*
from sales_reps r
cross join weeks
cross join lateral (
	select ` + averageColumns + ` from scorecards s
	where s.workspace_id = $1 and s.sales_rep_id = $2 and s.occurs_at >= weeks.begins and s.occurs_at < weeks.ends
) as week
where r.workspace_id = $1 and r.id = $2
order by weeks.monday`

// ByWeek returns a rep's averages in each of so many weeks.
func (Scorecards) ByWeek(ctx context.Context, ws kernel.WorkspaceID, rep kernel.RepID, now time.Time, weeks int) (meetingsuc.Weekly, bool, error) {
	rows, err := postgres.Collect(ctx, pgx.RowToStructByName[weekRow], byWeekSQL, string(ws), string(rep), now, weeks)
	if err != nil || len(rows) == 0 {
		return meetingsuc.Weekly{}, false, wrap("average a rep's weeks", err)
	}
	w := meetingsuc.Weekly{Rep: rows[0].rep().Rep}
	for _, row := range rows {
		w.Weeks = append(w.Weeks, meetingsuc.WeekAverages{Averages: row.averages(), Monday: row.Monday})
	}
	return w, true, nil
}

type teamRow struct {
	averagesRow

	Reps          int
	AllMeetings   int
	TeamScore     *float64
	TeamCloseRate *float64
}

// teamSQL sums up each rep's scorecards from the index alone, and the team from those sums. A page past the end has one row
// without a rep, which carries the totals.
const teamSQL = `
with reps as (
	select r.id, r.name, r.email, s.*
	from sales_reps r
	cross join lateral (
		select count(*) as meetings, count(score) as scored, sum(score) as points,
			count(close_probability) as judged, count(*) filter (where close_probability >= 60) as likely
		from scorecards
		where workspace_id = $1 and sales_rep_id = r.id and occurs_at >= $2
	) as s
	where r.workspace_id = $1 and (r.deactivated_at is null or s.meetings > 0)
), page as (
	select *, points::float8 / nullif(scored, 0) as score from reps
	order by score desc nulls last, name, id limit $3 offset $4
), team as (
	select count(*) as reps, coalesce(sum(meetings), 0)::bigint as all_meetings,
		(sum(points) / nullif(sum(scored), 0))::float8 as team_score, (sum(likely) / nullif(sum(judged), 0))::float8 as team_close_rate
	from reps
)
select coalesce(page.id::text, '') as id, coalesce(page.name, '') as name, coalesce(page.email, '') as email,
	coalesce(page.meetings, 0) as meetings, page.score, page.likely::float8 / nullif(page.judged, 0) as close_rate, team.*
from team left join page on true
order by page.score desc nulls last, page.name, page.id`

// Team returns one page of the reps.
func (Scorecards) Team(ctx context.Context, ws kernel.WorkspaceID, f meetingsuc.TeamFilter) (meetingsuc.Team, error) {
	rows, err := postgres.Collect(ctx, pgx.RowToStructByName[teamRow], teamSQL,
		string(ws), f.Since, int64(f.Limit), int64(f.Limit)*int64(f.Page-1))
	if err != nil {
		return meetingsuc.Team{}, wrap("average the team's meetings", err)
	}
	team := meetingsuc.Team{Reps: []meetingsuc.RepAverages{}}
	for _, row := range rows {
		team.Total = row.Reps
		team.Averages = meetingsuc.Averages{Meetings: row.AllMeetings, Score: row.TeamScore, CloseRate: row.TeamCloseRate}
		if row.ID != "" {
			team.Reps = append(team.Reps, row.rep())
		}
	}
	return team, nil
}

// wrap says what was attempted, should there be an error.
func wrap(attempt string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%s: %w", attempt, err)
}
