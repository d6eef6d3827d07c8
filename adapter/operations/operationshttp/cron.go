// Package operationshttp serves the routes of the scheduler and the ledger's routes for admins.
package operationshttp

import (
	"context"
	"time"

	"github.com/tertulia-dev/tertulia/domain/fault"
	"github.com/tertulia-dev/tertulia/domain/kernel"
	"github.com/tertulia-dev/tertulia/domain/operations"
	"github.com/tertulia-dev/tertulia/infrastructure/httpserver"
	"github.com/tertulia-dev/tertulia/pkg/tertulia"
	operationsuc "github.com/tertulia-dev/tertulia/usecase/operations"
)

const tag = "operations"

// Register registers the routes of operations.
func Register(api *httpserver.API, uc *operationsuc.UseCases) {
	registerProcessQueue(api, uc.ProcessQueue)
	registerCleanup(api, uc.Cleanup)
	registerHealth(api, uc.Queries)
	registerJobs(api, uc)
}

type processOutput struct {
	Body tertulia.ProcessQueueAnswer
}

// registerProcessQueue: GET /api/cron/process-queue.
func registerProcessQueue(api *httpserver.API, uc *operationsuc.ProcessQueue) {
	httpserver.Get(api, "/api/cron/process-queue", httpserver.Spec{
		ID: "processQueue", Tag: tag, Summary: "Run due jobs",
		Description: "Runs the sweeper and all due jobs for at most 50 s. The worker does the same without it.",
		Credential:  httpserver.SchedulerSecret, Timeout: time.Minute,
	}, func(ctx context.Context, in *struct{ httpserver.Caller }) (*processOutput, error) {
		processed, failed, err := uc.Execute(ctx, in.Principal)
		if err != nil {
			return nil, err
		}
		return &processOutput{Body: tertulia.ProcessQueueAnswer{Processed: processed, Failed: failed}}, nil
	})
}

type cleanupOutput struct {
	Body tertulia.CleanupAnswer
}

// registerCleanup: GET /api/cron/cleanup-storage.
func registerCleanup(api *httpserver.API, uc *operationsuc.Cleanup) {
	httpserver.Get(api, "/api/cron/cleanup-storage", httpserver.Spec{
		ID: "cleanupStorage", Tag: tag, Summary: "Delete what is past its retention",
		Description: "Recordings, what is personal of batches of calls, and finished jobs. The worker does the same once a day.",
		Credential:  httpserver.SchedulerSecret, Timeout: 5 * time.Minute,
	}, func(ctx context.Context, in *struct{ httpserver.Caller }) (*cleanupOutput, error) {
		cleaned, err := uc.Execute(ctx, in.Principal)
		if err != nil {
			return nil, err
		}
		return &cleanupOutput{Body: tertulia.CleanupAnswer{MediaDeleted: cleaned.Media, CallBatchesErased: cleaned.Calls, JobsDeleted: cleaned.Jobs}}, nil
	})
}

type healthOutput struct {
	Body tertulia.CronHealth
}

// registerHealth: GET /api/admin/cron-health.
func registerHealth(api *httpserver.API, q *operationsuc.Queries) {
	httpserver.Get(api, "/api/admin/cron-health", httpserver.Spec{
		ID: "getCronHealth", Tag: tag, Summary: "Whether jobs keep up",
		Role: kernel.Admin, Errors: []fault.Code{fault.ForbiddenCode},
	}, func(ctx context.Context, in *struct{ httpserver.Caller }) (*healthOutput, error) {
		h, err := q.Health(ctx, in.Principal)
		if err != nil {
			return nil, err
		}
		return &healthOutput{Body: toAPIHealth(h)}, nil
	})
}

func toAPIHealth(h operations.Health) tertulia.CronHealth {
	answer := tertulia.CronHealth{LastTick: httpserver.OrNull(h.LastTick), Kinds: []tertulia.KindHealth{}}
	for _, k := range h.Kinds {
		kind := tertulia.KindHealth{Kind: k.Kind, Pending: k.Pending, Running: k.Running, Failed: k.Failed, Done24h: k.Done24h}
		if k.OldestPendingAgeSeconds > 0 {
			kind.OldestPendingAgeSeconds = &k.OldestPendingAgeSeconds
		}
		if k.Done24h > 0 {
			kind.P50RunMS, kind.P95RunMS = &k.P50, &k.P95
		}
		answer.Kinds = append(answer.Kinds, kind)
	}
	return answer
}
