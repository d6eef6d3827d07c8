package tertulia

import "time"

// Tracker is a topic that is counted wherever it comes up in meetings.
type Tracker struct {
	ID        string    `json:"id" doc:"The tracker's ID."`
	Name      string    `json:"name" doc:"What the topic is called." example:"Precio"`
	Terms     []string  `json:"terms" doc:"Words and phrases that stand for it." example:"[\"precio\",\"muy caro\"]"`
	Side      string    `json:"side" enum:"any,rep,guest" doc:"Whose words count." example:"guest"`
	Ready     bool      `json:"ready" doc:"Whether the meetings so far have been counted by these terms."`
	CreatedAt time.Time `json:"created_at" doc:"When it was made."`
	UpdatedAt time.Time `json:"updated_at" doc:"When it last changed."`
}

// TrackerRequest is a new tracker.
type TrackerRequest struct {
	Name  string   `json:"name" doc:"What the topic is called, up to 80 characters; no other tracker's." example:"Precio"`
	Terms []string `json:"terms" doc:"Up to 50 words and phrases that stand for it." example:"[\"precio\",\"muy caro\"]"`
	Side  string   `json:"side,omitempty" doc:"Whose words count: any, rep or guest; any when absent." example:"guest"`
}

// TrackerPatch changes what is set in it.
type TrackerPatch struct {
	Name  Nullable[string]   `json:"name,omitzero" doc:"Another name."`
	Terms Nullable[[]string] `json:"terms,omitzero" doc:"Other terms, all of them."`
	Side  Nullable[string]   `json:"side,omitzero" doc:"Another side: any, rep or guest." example:"rep"`
}

// TrackerFilter bounds a list of trackers.
type TrackerFilter struct {
	Limit int `query:"limit" minimum:"1" maximum:"100" default:"20" doc:"Trackers at most; a workspace has up to 100."`
}

// TrackerPage is the first trackers by name.
type TrackerPage struct {
	Data  []Tracker `json:"data" doc:"The trackers."`
	Total int       `json:"total" doc:"How many there are."`
	Limit int       `json:"limit" doc:"At most so many are in data."`
}

// TrackerMentions is where a topic comes up in one meeting.
type TrackerMentions struct {
	Tracker Tracker     `json:"tracker" doc:"The topic."`
	Count   int         `json:"count" doc:"How often it comes up." example:"4"`
	Terms   []TermCount `json:"terms" doc:"By which terms; those that do not come up are left out."`
	Moments []Moment    `json:"moments" doc:"The first fifty, in the order they were said; start and end are those of the term."`
}

// TermCount is how often one term comes up.
type TermCount struct {
	Term  string `json:"term" doc:"As the tracker has it." example:"muy caro"`
	Count int    `json:"count" doc:"How often." example:"3"`
}

// MentionPage is what the first trackers by name find in a meeting.
type MentionPage struct {
	Data  []TrackerMentions `json:"data" doc:"The trackers, also those that find nothing."`
	Total int               `json:"total" doc:"How many trackers there are."`
	Limit int               `json:"limit" doc:"At most so many are in data."`
}

// TrendFilter chooses the meetings of a trend.
type TrendFilter struct {
	Weeks      int    `query:"weeks" minimum:"1" maximum:"104" default:"8" doc:"Weeks, the last of which is this one."`
	SalesRepID string `query:"salesRepId" doc:"Only this rep's sales meetings; another rep's are for administrators."`
}

// TrackerTrend is how often a topic comes up, week by week, oldest first.
type TrackerTrend struct {
	Tracker Tracker       `json:"tracker" doc:"The topic."`
	Weeks   []TrackerWeek `json:"weeks" doc:"Oldest first, without gaps."`
}

// TrackerWeek is one ISO week.
type TrackerWeek struct {
	Week         string `json:"week" doc:"ISO 8601 week." example:"2026-W20"`
	WeekStart    string `json:"week_start" doc:"Its Monday." example:"2026-05-11"`
	Meetings     int    `json:"meetings" doc:"Completed meetings in it." example:"12"`
	MeetingsWith int    `json:"meetings_with" doc:"Those in which the topic came up." example:"5"`
	Mentions     int    `json:"mentions" doc:"How often it came up in all." example:"17"`
}
