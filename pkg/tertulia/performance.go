package tertulia

import (
	"context"
	"net/http"
	"net/url"
)

// Performance returns how a rep fares over all completed sales meetings. A rep sees its own, an administrator everybody's.
func (s SalesReps) Performance(ctx context.Context, id string, opts ...CallOption) (RepPerformance, error) {
	return call[RepPerformance](ctx, s.c, request{method: http.MethodGet, path: performancePath(id, "")}, opts)
}

// PerformanceBreakdown returns how a rep fares in each dimension over the last days.
func (s SalesReps) PerformanceBreakdown(ctx context.Context, id string, q PerformanceDays, opts ...CallOption) (PerformanceBreakdown, error) {
	return call[PerformanceBreakdown](ctx, s.c, request{
		method: http.MethodGet, path: performancePath(id, "/breakdown"), query: queryOf(q),
	}, opts)
}

// PerformanceWeekly returns how a rep fares in each of the last weeks.
func (s SalesReps) PerformanceWeekly(ctx context.Context, id string, q PerformanceWeeks, opts ...CallOption) (WeeklyPerformance, error) {
	return call[WeeklyPerformance](ctx, s.c, request{
		method: http.MethodGet, path: performancePath(id, "/weekly"), query: queryOf(q),
	}, opts)
}

// TeamPerformance returns how everybody fares. Administrators only.
func (s SalesReps) TeamPerformance(ctx context.Context, filter TeamFilter, opts ...CallOption) (TeamPerformance, error) {
	return call[TeamPerformance](ctx, s.c, request{
		method: http.MethodGet, path: "/api/admin/team-performance", query: queryOf(filter),
	}, opts)
}

func performancePath(id, rest string) string {
	return "/api/sales-reps/" + url.PathEscape(id) + "/performance" + rest
}
