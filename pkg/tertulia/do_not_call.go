package tertulia

import (
	"context"
	"io"
	"iter"
	"net/http"
)

// DoNotCall is the workspace's list of numbers that nobody of it may have called. Everybody may read it; administrators, and
// keys that act for the workspace, may change it.
type DoNotCall struct{ c *Client }

const doNotCallPath = "/v1/calls/do-not-call"

// List returns a stretch of the list, newest first.
func (d DoNotCall) List(ctx context.Context, page PageQuery, opts ...CallOption) (DoNotCallPage, error) {
	return call[DoNotCallPage](ctx, d.c, request{method: http.MethodGet, path: doNotCallPath, query: queryOf(page)}, opts)
}

// All walks over the list, newest first. It ends with the first error.
func (d DoNotCall) All(ctx context.Context, opts ...CallOption) iter.Seq2[DoNotCallEntry, error] {
	return walk(func(cursor string) ([]DoNotCallEntry, *string, error) {
		page, err := d.List(ctx, PageQuery{Cursor: cursor}, opts...)
		return page.Data, page.NextCursor, err
	})
}

// Add puts numbers onto the list, and returns how many were not on it. With one that is no number, none is added.
func (d DoNotCall) Add(ctx context.Context, req DoNotCallRequest, opts ...CallOption) (int, error) {
	answer, err := call[DoNotCallAdded](ctx, d.c, request{method: http.MethodPost, path: doNotCallPath, body: req}, opts)
	return answer.Added, err
}

// Import puts the numbers of a CSV file onto the list, for a reason or "".
func (d DoNotCall) Import(ctx context.Context, file io.Reader, reason string, q FileQuery, opts ...CallOption) (DoNotCallImported, error) {
	values := q.values()
	if reason != "" {
		values.Set("reason", reason)
	}
	return upload[DoNotCallImported](ctx, d.c, doNotCallPath+"/import", file, values, opts)
}

// Remove takes a number off the list; region is the country of one without a country code, or "". CodeCallRecipientNotFound
// when it is not on it.
func (d DoNotCall) Remove(ctx context.Context, phone, region string, opts ...CallOption) error {
	_, err := call[Done](ctx, d.c, request{
		method: http.MethodPost, path: doNotCallPath + "/remove", body: RemoveDoNotCallRequest{Phone: phone, Region: region},
	}, opts)
	return err
}
