package tertulia

import (
	"context"
	"net/http"
	"net/url"
)

// BatchCalls has lists of people called by a voice agent, on the routes of the call manager. Their errors have no Code: their
// Message is Spanish, and wrong fields are in Details.
type BatchCalls struct{ c *Client }

// Submit has people called. It is never sent twice by itself, unless it has a WithIdempotencyKey; the same submission within
// 10 minutes calls nobody again either way. After an error whose CallBatch is set the calls may have been placed: that batch
// tells.
func (b BatchCalls) Submit(ctx context.Context, s CallSubmission, opts ...CallOption) (SubmittedCalls, error) {
	return call[SubmittedCalls](ctx, b.c, request{method: http.MethodPost, path: "/api/batch-calling/submit", body: s}, opts)
}

// Get returns a batch with its recipients. id is ours or the provider's.
func (b BatchCalls) Get(ctx context.Context, id string, opts ...CallOption) (CallBatch, error) {
	return b.batch(ctx, http.MethodGet, id, "", opts)
}

// Cancel stops a batch; calls that run go on to their end. It fails with status 400 when the batch is over.
func (b BatchCalls) Cancel(ctx context.Context, id string, opts ...CallOption) (CallBatch, error) {
	return b.batch(ctx, http.MethodPost, id, "/cancel", opts)
}

func (b BatchCalls) batch(ctx context.Context, method, id, rest string, opts []CallOption) (CallBatch, error) {
	type envelope struct {
		Data CallBatch `json:"data"`
	}
	answer, err := call[envelope](ctx, b.c, request{method: method, path: "/api/batch-calling/" + url.PathEscape(id) + rest}, opts)
	return answer.Data, err
}
