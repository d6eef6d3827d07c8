package tertulia

import (
	"context"
	"iter"
	"net/http"
	"net/url"
)

// Jobs is the job ledger. Administrators only.
type Jobs struct{ c *Client }

// List returns a stretch of the jobs, newest first.
func (j Jobs) List(ctx context.Context, filter JobFilter, opts ...CallOption) (JobPage, error) {
	return call[JobPage](ctx, j.c, request{
		method: http.MethodGet, path: "/v1/admin/jobs", query: queryOf(filter),
	}, opts)
}

// All walks over every job that the filter chooses. It ends with the first error.
func (j Jobs) All(ctx context.Context, filter JobFilter, opts ...CallOption) iter.Seq2[Job, error] {
	return walk(func(cursor string) ([]Job, *string, error) {
		if cursor != "" {
			filter.Cursor = cursor
		}
		page, err := j.List(ctx, filter, opts...)
		return page.Data, page.NextCursor, err
	})
}

// Get returns one job with its payload. CodeJobNotFound when there is none.
func (j Jobs) Get(ctx context.Context, id string, opts ...CallOption) (Job, error) {
	return call[Job](ctx, j.c, request{method: http.MethodGet, path: jobPath(id, "")}, opts)
}

// Replay runs a job again that is dead, unknown or cancelled. CodeInvalidState otherwise.
func (j Jobs) Replay(ctx context.Context, id string, opts ...CallOption) (Job, error) {
	return j.change(ctx, id, "/replay", opts)
}

// Cancel keeps a pending job from running, and asks a running one to stop.
func (j Jobs) Cancel(ctx context.Context, id string, opts ...CallOption) (Job, error) {
	return j.change(ctx, id, "/cancel", opts)
}

// Discard settles a dead or unknown job that is not to run again.
func (j Jobs) Discard(ctx context.Context, id string, opts ...CallOption) (Job, error) {
	return j.change(ctx, id, "/discard", opts)
}

func (j Jobs) change(ctx context.Context, id, verb string, opts []CallOption) (Job, error) {
	return call[Job](ctx, j.c, request{method: http.MethodPost, path: jobPath(id, verb)}, opts)
}

func jobPath(id, rest string) string { return "/v1/admin/jobs/" + url.PathEscape(id) + rest }
