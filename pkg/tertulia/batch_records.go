package tertulia

import (
	"context"
	"iter"
	"net/http"
	"net/url"
	"time"
)

const batchesPath = "/v1/calls/batches"

// List returns a stretch of the batches, newest first.
func (b BatchCalls) List(ctx context.Context, filter BatchFilter, opts ...CallOption) (BatchPage, error) {
	return call[BatchPage](ctx, b.c, request{method: http.MethodGet, path: batchesPath, query: queryOf(filter)}, opts)
}

// All walks over the batches that fit the filter, newest first. It ends with the first error.
func (b BatchCalls) All(ctx context.Context, filter BatchFilter, opts ...CallOption) iter.Seq2[BatchRecord, error] {
	return walk(func(cursor string) ([]BatchRecord, *string, error) {
		filter.Cursor = cursor
		page, err := b.List(ctx, filter, opts...)
		return page.Data, page.NextCursor, err
	})
}

// Detail returns a batch with its parts. id is ours or the provider's of a part. Unlike Get it says what went wrong, and
// leaves the recipients to Recipients. CodeCallBatchNotFound.
func (b BatchCalls) Detail(ctx context.Context, id string, opts ...CallOption) (BatchDetail, error) {
	return call[BatchDetail](ctx, b.c, request{method: http.MethodGet, path: batchPath(id, "")}, opts)
}

// Recipients returns a stretch of a batch's recipients with what became of the calls to them. CodeCallBatchNotFound.
func (b BatchCalls) Recipients(ctx context.Context, id string, filter BatchCallFilter, opts ...CallOption) (BatchCallPage, error) {
	return call[BatchCallPage](ctx, b.c, request{method: http.MethodGet, path: batchPath(id, "/recipients"), query: queryOf(filter)}, opts)
}

// AllRecipients walks over the recipients of a batch that fit the filter, in order. It ends with the first error.
func (b BatchCalls) AllRecipients(ctx context.Context, id string, filter BatchCallFilter, opts ...CallOption) iter.Seq2[BatchCall, error] {
	return walk(func(cursor string) ([]BatchCall, *string, error) {
		filter.Cursor = cursor
		page, err := b.Recipients(ctx, id, filter, opts...)
		return page.Data, page.NextCursor, err
	})
}

// Resume has those parts sent again of which it is known that nobody was called: what the provider refused, and what was
// looked for and is not there. CodeNothingToResume when there are none; a doubtful part is waited for. CodeCallBatchIsCampaign for
// a campaign: that is what Campaigns.Resume is for. Administrators, and keys that act for the workspace.
func (b BatchCalls) Resume(ctx context.Context, id string, opts ...CallOption) (BatchDetail, error) {
	return call[BatchDetail](ctx, b.c, request{method: http.MethodPost, path: batchPath(id, "/resume")}, opts)
}

// watchPause is how often Watch looks.
const watchPause = 2 * time.Second

// Watch yields a batch as it is, and as it is after each change, looked for every two seconds, until it is over. An error is
// the last element.
func (b BatchCalls) Watch(ctx context.Context, id string, opts ...CallOption) iter.Seq2[BatchDetail, error] {
	return func(yield func(BatchDetail, error) bool) {
		for seen := int64(-1); ; {
			d, err := b.Detail(ctx, id, opts...)
			if err != nil {
				yield(BatchDetail{}, err)
				return
			}
			if d.Version != seen && !yield(d, nil) || d.IsFinal() {
				return
			}
			seen = d.Version
			if err := sleep(ctx, watchPause); err != nil {
				yield(BatchDetail{}, err)
				return
			}
		}
	}
}

// Wait returns a batch when it is over.
func (b BatchCalls) Wait(ctx context.Context, id string, opts ...CallOption) (BatchDetail, error) {
	var last BatchDetail
	for d, err := range b.Watch(ctx, id, opts...) {
		if err != nil {
			return BatchDetail{}, err
		}
		last = d
	}
	return last, nil
}

func batchPath(id, rest string) string { return batchesPath + "/" + url.PathEscape(id) + rest }
