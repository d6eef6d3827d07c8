package tertulia

import (
	"context"
	"net/http"
	"net/url"
)

// Coaching is how a rep talks, beside what others have published: GET /api/sales-reps/{id}/coaching.
type Coaching struct {
	RepName
	Days             int              `json:"days" doc:"How far back the meetings go; the period before is as long." example:"30"`
	TotalMeetings    int              `json:"totalMeetings" doc:"Completed sales meetings of the period." example:"12"`
	MeasuredMeetings int              `json:"measuredMeetings" doc:"Of these, in which the rep was found among the speakers." example:"11"`
	PreviousMeetings int              `json:"previousMeetings" doc:"Completed sales meetings of the period before." example:"9"`
	TeamReps         int              `json:"teamReps" doc:"Reps who had such meetings in the period." example:"5"`
	Metrics          []CoachingMetric `json:"metrics" doc:"What was measured, each the mean over the measured meetings."`
}

// CoachingMetric is one measured habit.
type CoachingMetric struct {
	Metric     string         `json:"metric" enum:"talk_ratio,longest_monologue_seconds,longest_customer_story_seconds,interactivity,patience_seconds,questions_per_hour,words_per_minute" doc:"What was measured, as in a meeting's metrics; its unit is in its name, interactivity is changes of speaker a minute."`
	Value      *float64       `json:"value" doc:"The rep's; null when nothing was measured." example:"0.58"`
	Target     CoachingTarget `json:"target" doc:"What others have published."`
	Verdict    *string        `json:"verdict" enum:"below,within,above" doc:"Where the value lies; null without a value or a range."`
	Previous   *float64       `json:"previous" doc:"The rep's in the period before."`
	Change     *float64       `json:"change" doc:"Value minus previous."`
	Trend      *string        `json:"trend" enum:"closer,steady,farther" doc:"Whether the value has come closer to the range."`
	TeamMedian *float64       `json:"teamMedian" doc:"Median of the reps' own means, this rep's included."`
}

// CoachingTarget is a published range and where it comes from.
type CoachingTarget struct {
	Min       *float64 `json:"min" doc:"Lower bound; null when there is none."`
	Max       *float64 `json:"max" doc:"Upper bound; null when there is none."`
	Published string   `json:"published" doc:"What the source says." example:"at most 2 min 30 s"`
	Source    string   `json:"source" doc:"Who says so."`
	URL       *string  `json:"url" doc:"Where."`
	AsOf      string   `json:"asOf" doc:"When it was published or read." example:"2025-03-20"`
}

// Coaching returns how a rep talked over the last days, compared with what is published, with the period before and with
// the team. A rep sees its own, an administrator everybody's.
func (s SalesReps) Coaching(ctx context.Context, id string, q PerformanceDays, opts ...CallOption) (Coaching, error) {
	return call[Coaching](ctx, s.c, request{
		method: http.MethodGet, path: "/api/sales-reps/" + url.PathEscape(id) + "/coaching", query: queryOf(q),
	}, opts)
}
