package meetingshttp

import (
	"context"

	"github.com/tertulia-dev/tertulia/domain/kernel"
	"github.com/tertulia-dev/tertulia/domain/meetings"
	"github.com/tertulia-dev/tertulia/infrastructure/httpserver"
	"github.com/tertulia-dev/tertulia/pkg/tertulia"
	meetingsuc "github.com/tertulia-dev/tertulia/usecase/meetings"
)

type coachingOutput struct {
	Body tertulia.Coaching
}

// registerCoaching: GET /api/sales-reps/{id}/coaching.
func registerCoaching(api *httpserver.API, q *meetingsuc.PerformanceQueries) {
	httpserver.Get(api, "/api/sales-reps/{id}/coaching", httpserver.Spec{
		ID: "getSalesRepCoaching", Tag: performanceTag, Summary: "How a rep talks, beside what is published",
		Description: "Measured in the transcripts, never asked of a model; compared with published ranges, with the period before and with the team.",
		Role:        kernel.Rep, Errors: errorsOfRep(),
	}, func(ctx context.Context, in *breakdownInput) (*coachingOutput, error) {
		rep, err := in.rep()
		if err != nil {
			return nil, err
		}
		h, err := q.Coaching(ctx, in.Principal, rep, in.Days)
		if err != nil {
			return nil, err
		}
		out := coachingOutput{Body: tertulia.Coaching{
			RepName: toAPIRepName(h.Rep), Days: in.Days, TotalMeetings: h.Meetings, MeasuredMeetings: h.Measured,
			PreviousMeetings: h.Earlier, TeamReps: h.TeamReps,
		}}
		for _, target := range meetings.Targets() {
			out.Body.Metrics = append(out.Body.Metrics, toAPICoaching(h, target))
		}
		return &out, nil
	})
}

func toAPICoaching(h meetingsuc.Habits, t meetings.Target) tertulia.CoachingMetric {
	metric := tertulia.CoachingMetric{
		Metric: string(t.Habit), Value: toAPIHabit(h.Now, t.Habit),
		Previous: toAPIHabit(h.Before, t.Habit), TeamMedian: toAPIHabit(h.TeamMedian, t.Habit),
		Target: tertulia.CoachingTarget{
			Min: t.Min, Max: t.Max, Published: t.Published, Source: t.Source, URL: httpserver.OrNull(t.URL), AsOf: t.AsOf,
		},
	}
	if metric.Value == nil {
		return metric
	}
	metric.Verdict = httpserver.OrNull(string(t.Verdict(*metric.Value)))
	if metric.Previous != nil {
		metric.Change = new(t.Habit.Shown(*metric.Value - *metric.Previous))
		metric.Trend = httpserver.OrNull(string(t.Trend(*metric.Previous, *metric.Value)))
	}
	return metric
}

func toAPIHabit(known map[meetings.Habit]float64, m meetings.Habit) *float64 {
	value, ok := known[m]
	if !ok {
		return nil
	}
	return new(m.Shown(value))
}
