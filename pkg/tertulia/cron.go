package tertulia

import (
	"context"
	"net/http"
)

// Cron is what a scheduler calls, with the cron secret as WithBearer; Health is for administrators.
type Cron struct{ c *Client }

// ProcessQueue runs due jobs for at most 50 s.
func (c Cron) ProcessQueue(ctx context.Context, opts ...CallOption) (ProcessQueueAnswer, error) {
	return call[ProcessQueueAnswer](ctx, c.c, request{method: http.MethodGet, path: "/api/cron/process-queue"}, opts)
}

// CleanupStorage removes recordings and finished jobs that are past their retention.
func (c Cron) CleanupStorage(ctx context.Context, opts ...CallOption) (CleanupAnswer, error) {
	return call[CleanupAnswer](ctx, c.c, request{method: http.MethodGet, path: "/api/cron/cleanup-storage"}, opts)
}

// Health tells whether jobs keep up. Administrators only.
func (c Cron) Health(ctx context.Context, opts ...CallOption) (CronHealth, error) {
	return call[CronHealth](ctx, c.c, request{method: http.MethodGet, path: "/api/admin/cron-health"}, opts)
}
