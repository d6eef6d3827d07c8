package tertulia

// Averages are over so many completed sales meetings. What cannot be said, as of no meetings, is null.
type Averages struct {
	TotalMeetings      int  `json:"totalMeetings" doc:"Completed sales meetings that count." example:"12"`
	AvgScore           *int `json:"avgScore" doc:"Mean of the scores, 0 to 100." example:"76"`
	EstimatedCloseRate *int `json:"estimatedCloseRate" doc:"Percentage of the meetings with a close probability of at least 60." example:"58"`
}

// RepName says whom a report is about.
type RepName struct {
	SalesRepID string `json:"salesRepId" doc:"The rep's ID."`
	Name       string `json:"name" doc:"The rep's name." example:"Emmanuel Hernández"`
}

// RepPerformance is how a rep fares over all completed sales meetings: GET /api/sales-reps/{id}/performance.
type RepPerformance struct {
	RepName
	Averages
	TopOpportunities []string     `json:"topOpportunities" doc:"Opportunities that the five newest meetings showed, newest first, each once, at most ten."`
	RecentMeetings   []MeetingRow `json:"recentMeetings" doc:"The five newest, as the list of meetings shows them."`
}

// PerformanceBreakdown is how a rep fares in each dimension: GET /api/sales-reps/{id}/performance/breakdown.
type PerformanceBreakdown struct {
	RepName
	Averages
	Days   int                 `json:"days" doc:"How far back the meetings go." example:"30"`
	Scores map[string]*float64 `json:"scores" doc:"Mean points in each dimension, 0 to 20, one decimal; null without meetings."`
}

// WeeklyPerformance is how a rep fares week by week: GET /api/sales-reps/{id}/performance/weekly.
type WeeklyPerformance struct {
	RepName
	Weeks []PerformanceWeek `json:"weeks" doc:"Oldest first, this week last. Weeks without meetings are there."`
}

// PerformanceWeek is one ISO week, from Monday in the workspace's time zone.
type PerformanceWeek struct {
	Averages
	Week      string `json:"week" doc:"ISO 8601 name." example:"2026-W47"`
	WeekStart string `json:"weekStart" doc:"Its Monday." example:"2026-11-16"`
}

// PerformanceDays asks how many days a report goes back.
type PerformanceDays struct {
	Days int `query:"days" minimum:"1" maximum:"366" default:"30" doc:"How many days back."`
}

// PerformanceWeeks asks how many weeks a report goes back.
type PerformanceWeeks struct {
	Weeks int `query:"weeks" minimum:"1" maximum:"104" default:"8" doc:"How many weeks, this one included."`
}

// TeamFilter is the query of GET /api/admin/team-performance.
type TeamFilter struct {
	Days  int `query:"days" minimum:"0" maximum:"366" doc:"How many days back; all meetings when it is absent or 0."`
	Page  int `query:"page" minimum:"1" default:"1" doc:"Page, from 1."`
	Limit int `query:"limit" minimum:"1" maximum:"100" default:"100" doc:"Reps a page."`
}

// TeamPerformance is how everybody fares: GET /api/admin/team-performance. Its averages are over all meetings of all reps.
type TeamPerformance struct {
	Averages
	SalesReps []TeamMember `json:"salesReps" doc:"Active reps, and those who have left but have meetings; best score first."`
	Total     int          `json:"total" doc:"How many reps there are on all pages."`
	Page      int          `json:"page" doc:"This page, from 1."`
	Limit     int          `json:"limit" doc:"Reps a page."`
}

// TeamMember is how one rep fares.
type TeamMember struct {
	RepName
	Email string `json:"email" doc:"The rep's e-mail." example:"ventas@example.com"`
	Averages
}
