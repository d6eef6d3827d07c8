package meetingshttp

import (
	"context"

	"github.com/tertulia-dev/tertulia/domain/fault"
	"github.com/tertulia-dev/tertulia/domain/kernel"
	"github.com/tertulia-dev/tertulia/domain/meetings"
	"github.com/tertulia-dev/tertulia/infrastructure/httpserver"
	"github.com/tertulia-dev/tertulia/pkg/tertulia"
	meetingsuc "github.com/tertulia-dev/tertulia/usecase/meetings"
)

const performanceTag = "performance"

// registerPerformance registers the reports on reps.
func registerPerformance(api *httpserver.API, q *meetingsuc.PerformanceQueries, v view) {
	registerRepPerformance(api, q, v)
	registerBreakdown(api, q)
	registerWeekly(api, q)
	registerTeam(api, q)
	registerCoaching(api, q)
}

// OneRep is the input of a report on one rep.
type OneRep struct {
	httpserver.Caller

	ID string `path:"id" doc:"The rep's ID." example:"8c1b6e2f-0f3c-7d51-9a63-c1f2e3a4b5c6"`
}

// rep returns the ID; what is no ID names no rep.
func (in OneRep) rep() (kernel.RepID, error) {
	id, ok := repID(in.ID)
	if !ok {
		return "", fault.New(fault.NotFound, meetings.SalesRepNotFound)
	}
	return id, nil
}

// errorsOfRep are the codes of every report on one rep.
func errorsOfRep() []fault.Code { return []fault.Code{meetings.SalesRepNotFound, fault.ForbiddenCode} }

type repPerformanceOutput struct {
	Body tertulia.RepPerformance
}

// registerRepPerformance: GET /api/sales-reps/{id}/performance.
func registerRepPerformance(api *httpserver.API, q *meetingsuc.PerformanceQueries, v view) {
	httpserver.Get(api, "/api/sales-reps/{id}/performance", httpserver.Spec{
		ID: "getSalesRepPerformance", Tag: performanceTag, Summary: "How a rep fares",
		Description: "Over all completed sales meetings. A rep sees its own, an administrator everybody's.",
		Role:        kernel.Rep, Errors: errorsOfRep(),
	}, func(ctx context.Context, in *OneRep) (*repPerformanceOutput, error) {
		rep, err := in.rep()
		if err != nil {
			return nil, err
		}
		p, err := q.Rep(ctx, in.Principal, rep)
		if err != nil {
			return nil, err
		}
		out := repPerformanceOutput{Body: tertulia.RepPerformance{
			RepName: toAPIRepName(p.Rep), Averages: toAPIAverages(p.Averages),
			TopOpportunities: toAPIList(p.Opportunities), RecentMeetings: make([]tertulia.MeetingRow, len(p.Recent)),
		}}
		for i, row := range p.Recent {
			out.Body.RecentMeetings[i] = v.toAPIRow(row, httpserver.Language(ctx))
		}
		return &out, nil
	})
}

type breakdownInput struct {
	OneRep
	tertulia.PerformanceDays
}

type breakdownOutput struct {
	Body tertulia.PerformanceBreakdown
}

// registerBreakdown: GET /api/sales-reps/{id}/performance/breakdown.
func registerBreakdown(api *httpserver.API, q *meetingsuc.PerformanceQueries) {
	httpserver.Get(api, "/api/sales-reps/{id}/performance/breakdown", httpserver.Spec{
		ID: "getSalesRepBreakdown", Tag: performanceTag, Summary: "How a rep fares in each dimension",
		Role: kernel.Rep, Errors: errorsOfRep(),
	}, func(ctx context.Context, in *breakdownInput) (*breakdownOutput, error) {
		rep, err := in.rep()
		if err != nil {
			return nil, err
		}
		b, err := q.Breakdown(ctx, in.Principal, rep, in.Days)
		if err != nil {
			return nil, err
		}
		return &breakdownOutput{Body: tertulia.PerformanceBreakdown{
			RepName: toAPIRepName(b.Rep), Averages: toAPIAverages(b.Averages), Days: in.Days, Scores: toAPIDimensions(b.Dimensions),
		}}, nil
	})
}

type weeklyInput struct {
	OneRep
	tertulia.PerformanceWeeks
}

type weeklyOutput struct {
	Body tertulia.WeeklyPerformance
}

// registerWeekly: GET /api/sales-reps/{id}/performance/weekly.
func registerWeekly(api *httpserver.API, q *meetingsuc.PerformanceQueries) {
	httpserver.Get(api, "/api/sales-reps/{id}/performance/weekly", httpserver.Spec{
		ID: "getSalesRepWeekly", Tag: performanceTag, Summary: "How a rep fares week by week",
		Description: "ISO weeks, from Monday in the workspace's time zone.",
		Role:        kernel.Rep, Errors: errorsOfRep(),
	}, func(ctx context.Context, in *weeklyInput) (*weeklyOutput, error) {
		rep, err := in.rep()
		if err != nil {
			return nil, err
		}
		w, err := q.Weekly(ctx, in.Principal, rep, in.Weeks)
		if err != nil {
			return nil, err
		}
		return &weeklyOutput{Body: tertulia.WeeklyPerformance{RepName: toAPIRepName(w.Rep), Weeks: toAPIWeeks(w.Weeks)}}, nil
	})
}

type teamInput struct {
	httpserver.Caller
	tertulia.TeamFilter
}

type teamOutput struct {
	Body tertulia.TeamPerformance
}

// registerTeam: GET /api/admin/team-performance. Clients of the source know no pages: without a limit they get the most.
func registerTeam(api *httpserver.API, q *meetingsuc.PerformanceQueries) {
	httpserver.Get(api, "/api/admin/team-performance", httpserver.Spec{
		ID: "getTeamPerformance", Tag: performanceTag, Summary: "How everybody fares",
		Role: kernel.Admin, Errors: []fault.Code{fault.ForbiddenCode},
	}, func(ctx context.Context, in *teamInput) (*teamOutput, error) {
		team, err := q.Team(ctx, in.Principal, in.Days, in.Page, in.Limit)
		if err != nil {
			return nil, err
		}
		out := teamOutput{Body: tertulia.TeamPerformance{
			Averages: toAPIAverages(team.Averages), SalesReps: make([]tertulia.TeamMember, len(team.Reps)),
			Total: team.Total, Page: in.Page, Limit: in.Limit,
		}}
		for i, r := range team.Reps {
			out.Body.SalesReps[i] = tertulia.TeamMember{
				RepName: toAPIRepName(r.Rep), Email: r.Rep.Email, Averages: toAPIAverages(r.Averages),
			}
		}
		return &out, nil
	})
}
