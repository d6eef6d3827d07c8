package meetingspg

import (
	"context"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/tertulia-dev/tertulia/domain/kernel"
	"github.com/tertulia-dev/tertulia/domain/meetings"
	"github.com/tertulia-dev/tertulia/infrastructure/postgres"
	meetingsuc "github.com/tertulia-dev/tertulia/usecase/meetings"
)

// habitColumn is the column of scorecards that holds a habit.
type habitColumn struct {
	habit  meetings.Habit
	column string
}

// habits are the columns in the order of habitsSQL's arrays.
func habits() []habitColumn {
	return []habitColumn{
		{meetings.HabitTalkRatio, "talk_ratio"},
		{meetings.HabitMonologue, "rep_monologue"},
		{meetings.HabitCustomerStory, "customer_story"},
		{meetings.HabitInteractivity, "interactivity"},
		{meetings.HabitPatience, "patience"},
		{meetings.HabitQuestions, "questions_per_hour"},
		{meetings.HabitSpeed, "words_per_minute"},
	}
}

// habitsSQL takes interactivity, which is everybody's, only where the rep was identified, as the others are. The team's
// reps are averaged one by one, each from a stretch of the index.
func habitsSQL() string {
	var means, named, medians []string
	for _, h := range habits() {
		mean := "avg(s." + h.column + ") filter (where s.talk_ratio is not null)"
		means, named = append(means, mean), append(named, mean+" as "+h.column)
		medians = append(medians, "percentile_cont(0.5) within group (order by "+h.column+")")
	}
	mean := "array[" + strings.Join(means, ", ") + "]"
	return `
select r.id, r.name, r.email, latest.meetings, latest.measured, earlier.meetings as earlier, latest.means as now, earlier.means as before,
	team.medians as team_median, team.reps as team_reps
from sales_reps r
cross join lateral (
	select count(*) as meetings, count(s.talk_ratio) as measured, ` + mean + ` as means from scorecards s
	where s.workspace_id = $1 and s.sales_rep_id = $2 and s.occurs_at >= $4
) as latest
cross join lateral (
	select count(*) as meetings, ` + mean + ` as means from scorecards s
	where s.workspace_id = $1 and s.sales_rep_id = $2 and s.occurs_at >= $3 and s.occurs_at < $4
) as earlier
cross join (
	select count(*) as reps, array[` + strings.Join(medians, ", ") + `] as medians
	from sales_reps p
	cross join lateral (
		select ` + strings.Join(named, ", ") + ` from scorecards s
		where s.workspace_id = $1 and s.sales_rep_id = p.id and s.occurs_at >= $4
		having count(*) > 0
	) as habits
	where p.workspace_id = $1
) as team
where r.workspace_id = $1 and r.id = $2`
}

// habitsRow has the names of habitsSQL's columns.
type habitsRow struct {
	ID         kernel.RepID
	Name       string
	Email      string
	Meetings   int
	Measured   int
	Earlier    int
	Now        []*float64
	Before     []*float64
	TeamMedian []*float64
	TeamReps   int
}

// Habits implements meetingsuc.CoachingReads.
func (Scorecards) Habits(ctx context.Context, ws kernel.WorkspaceID, rep kernel.RepID, since, until time.Time) (meetingsuc.Habits, bool, error) {
	rows, err := postgres.Collect(ctx, pgx.RowToStructByName[habitsRow], habitsSQL(), string(ws), string(rep), since, until)
	if err != nil || len(rows) == 0 {
		return meetingsuc.Habits{}, false, wrap("average a rep's habits", err)
	}
	r := rows[0]
	return meetingsuc.Habits{
		Rep: meetingsuc.Rep{ID: r.ID, Name: r.Name, Email: r.Email}, Meetings: r.Meetings, Measured: r.Measured, Earlier: r.Earlier,
		Now: byHabit(r.Now), Before: byHabit(r.Before), TeamMedian: byHabit(r.TeamMedian), TeamReps: r.TeamReps,
	}, true, nil
}

func byHabit(values []*float64) map[meetings.Habit]float64 {
	known := map[meetings.Habit]float64{}
	for i, h := range habits() {
		if values[i] != nil {
			known[h.habit] = *values[i]
		}
	}
	return known
}
