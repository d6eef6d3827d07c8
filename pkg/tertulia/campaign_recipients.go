package tertulia

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"iter"
	"net/http"
	"net/url"
	"strconv"
)

// Preview shows what adding a CSV file would do, and stores nothing. Without a mapping it proposes one.
func (c Campaigns) Preview(ctx context.Context, id string, file io.Reader, q FileQuery, opts ...CallOption) (RecipientsPreview, error) {
	return upload[RecipientsPreview](ctx, c.c, campaignPath(id, "/recipients/preview"), file, q.values(), opts)
}

// AddRecipients adds the people of a CSV file. Lines that are wrong are told and left out; nobody is added twice. The file is
// sent as it is read, so the call is never repeated by itself, and may be by its caller.
func (c Campaigns) AddRecipients(ctx context.Context, id string, file io.Reader, q FileQuery, opts ...CallOption) (AddedRecipients, error) {
	return upload[AddedRecipients](ctx, c.c, campaignPath(id, "/recipients"), file, q.values(), opts)
}

// Recipients returns a stretch of a campaign's people, in order.
func (c Campaigns) Recipients(ctx context.Context, id string, filter CampaignRecipientFilter, opts ...CallOption) (CampaignRecipientPage, error) {
	return call[CampaignRecipientPage](ctx, c.c, request{method: http.MethodGet, path: campaignPath(id, "/recipients"), query: queryOf(filter)}, opts)
}

// AllRecipients walks over the people of a campaign that fit the filter, in order. It ends with the first error.
func (c Campaigns) AllRecipients(ctx context.Context, id string, filter CampaignRecipientFilter, opts ...CallOption) iter.Seq2[CampaignRecipient, error] {
	return walk(func(cursor string) ([]CampaignRecipient, *string, error) {
		filter.Cursor = cursor
		page, err := c.Recipients(ctx, id, filter, opts...)
		return page.Data, page.NextCursor, err
	})
}

// Recipient returns a person by its place in the campaign, with every call, what came of it and what was said.
// CodeCallRecipientNotFound.
func (c Campaigns) Recipient(ctx context.Context, id string, position int, opts ...CallOption) (RecipientCalls, error) {
	return call[RecipientCalls](ctx, c.c, request{method: http.MethodGet, path: campaignPath(id, "/recipients/"+strconv.Itoa(position))}, opts)
}

// Export returns a campaign as a CSV file, a line a person, which the client's timeout does not cut. Close it. A file that
// breaks off ends with an error, never as if it were whole.
func (c Campaigns) Export(ctx context.Context, id string, opts ...CallOption) (io.ReadCloser, error) {
	return c.c.openStream(ctx, request{method: http.MethodGet, path: campaignPath(id, "/export")}, "", opts)
}

// values are the query's parameters on the wire.
func (q FileQuery) values() url.Values {
	values := url.Values{}
	if q.Mapping != nil {
		raw, _ := json.Marshal(q.Mapping) // texts always encode
		values.Set("mapping", string(raw))
	}
	if q.Region != "" {
		values.Set("region", q.Region)
	}
	return values
}

// upload sends a CSV file as it is read, and decodes the answer into a T. A large file may take longer than the client's
// timeout: it does not cut.
func upload[T any](ctx context.Context, c *Client, path string, file io.Reader, query url.Values, opts []CallOption) (T, error) {
	var zero, answer T
	r, _, err := c.prepare(request{method: http.MethodPost, path: path, query: query}, opts)
	if err != nil {
		return zero, err
	}
	req, err := c.httpRequest(ctx, r, nil)
	if err != nil {
		return zero, fmt.Errorf("tertulia: make %s %s: %w", r.method, r.path, withoutURL(err))
	}
	req.Body, req.ContentLength, req.GetBody = io.NopCloser(file), -1, nil
	req.Header.Set("Content-Type", "text/csv")
	patient := *c.http
	patient.Timeout = 0
	res, err := patient.Do(req)
	if err != nil {
		return zero, fmt.Errorf("tertulia: %s %s: %w", r.method, r.path, withoutURL(err))
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		return zero, readAPIError(res)
	}
	if err := json.NewDecoder(res.Body).Decode(&answer); err != nil {
		return zero, fmt.Errorf("tertulia: decode the answer to %s %s: %w", r.method, r.path, err)
	}
	return answer, nil
}
