package tertulia

import (
	"context"
	"net/http"
)

// Costs tells what is used at vendors, and what that costs.
type Costs struct{ c *Client }

// Month returns what a month cost. Administrators only.
func (c Costs) Month(ctx context.Context, filter CostsFilter, opts ...CallOption) (MonthCosts, error) {
	return call[MonthCosts](ctx, c.c, request{method: http.MethodGet, path: "/api/admin/costs", query: queryOf(filter)}, opts)
}

// Meeting returns what one meeting has used so far. CodeMeetingNotFound when there is no such meeting in the workspace.
func (c Costs) Meeting(ctx context.Context, id string, opts ...CallOption) (MeetingCosts, error) {
	return call[MeetingCosts](ctx, c.c, request{method: http.MethodGet, path: meetingPath(id, "/costs")}, opts)
}
