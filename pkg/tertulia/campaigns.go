package tertulia

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"iter"
	"net/http"
	"net/url"
)

// Campaigns have lists of people called as rules allow: in hours that are fit where each person is, within a budget, and never
// whom the do-not-call list has. Everybody of the workspace may read; administrators, and keys that act for the workspace, may
// change. Every method on one campaign may fail with CodeCallBatchNotFound.
type Campaigns struct{ c *Client }

const campaignsPath = "/v1/calls/campaigns"

func campaignPath(id, rest string) string { return campaignsPath + "/" + url.PathEscape(id) + rest }

// List returns a stretch of the campaigns, newest first.
func (c Campaigns) List(ctx context.Context, filter CampaignFilter, opts ...CallOption) (CampaignPage, error) {
	return call[CampaignPage](ctx, c.c, request{method: http.MethodGet, path: campaignsPath, query: queryOf(filter)}, opts)
}

// All walks over the campaigns that fit the filter, newest first. It ends with the first error.
func (c Campaigns) All(ctx context.Context, filter CampaignFilter, opts ...CallOption) iter.Seq2[Campaign, error] {
	return walk(func(cursor string) ([]Campaign, *string, error) {
		filter.Cursor = cursor
		page, err := c.List(ctx, filter, opts...)
		return page.Data, page.NextCursor, err
	})
}

// Create makes a draft. The call carries an idempotency key of its own unless one is given, so that repeating it is safe.
func (c Campaigns) Create(ctx context.Context, req CreateCampaignRequest, opts ...CallOption) (Campaign, error) {
	return call[Campaign](ctx, c.c, request{method: http.MethodPost, path: campaignsPath, body: req, idempotencyKey: freshKey()}, opts)
}

// Get returns a campaign and its settings.
func (c Campaigns) Get(ctx context.Context, id string, opts ...CallOption) (Campaign, error) {
	return call[Campaign](ctx, c.c, request{method: http.MethodGet, path: campaignPath(id, "")}, opts)
}

// Update changes a campaign that is a draft or paused, else CodeCampaignState.
func (c Campaigns) Update(ctx context.Context, id string, req UpdateCampaignRequest, opts ...CallOption) (Campaign, error) {
	return call[Campaign](ctx, c.c, request{method: http.MethodPatch, path: campaignPath(id, ""), body: req}, opts)
}

// Preflight finds out what would go wrong if a campaign started now.
func (c Campaigns) Preflight(ctx context.Context, id string, opts ...CallOption) (Preflight, error) {
	return call[Preflight](ctx, c.c, request{method: http.MethodGet, path: campaignPath(id, "/preflight")}, opts)
}

// Start sets a draft going. CodeValidation with each thing that keeps it from it, as Preflight tells them.
func (c Campaigns) Start(ctx context.Context, id string, opts ...CallOption) (Campaign, error) {
	return c.move(ctx, id, "/start", opts)
}

// Pause has nobody else called. What the provider has not dialled yet is taken back.
func (c Campaigns) Pause(ctx context.Context, id string, opts ...CallOption) (Campaign, error) {
	return c.move(ctx, id, "/pause", opts)
}

// Resume sets a paused campaign going again.
func (c Campaigns) Resume(ctx context.Context, id string, opts ...CallOption) (Campaign, error) {
	return c.move(ctx, id, "/resume", opts)
}

// Cancel stops a campaign for good; calls that run go on to their end.
func (c Campaigns) Cancel(ctx context.Context, id string, opts ...CallOption) (Campaign, error) {
	return c.move(ctx, id, "/cancel", opts)
}

func (c Campaigns) move(ctx context.Context, id, rest string, opts []CallOption) (Campaign, error) {
	return call[Campaign](ctx, c.c, request{method: http.MethodPost, path: campaignPath(id, rest)}, opts)
}

// Retry has people called again whose last call ended in one of the ways; without any: failed, no_answer and busy.
// CodeNothingToRetry when there is nobody.
func (c Campaigns) Retry(ctx context.Context, id string, outcomes []string, opts ...CallOption) (RetriedCampaign, error) {
	return call[RetriedCampaign](ctx, c.c, request{
		method: http.MethodPost, path: campaignPath(id, "/retry"), body: RetryCampaignRequest{Outcomes: outcomes},
	}, opts)
}

// Progress tells how far a campaign is.
func (c Campaigns) Progress(ctx context.Context, id string, opts ...CallOption) (CampaignProgress, error) {
	return call[CampaignProgress](ctx, c.c, request{method: http.MethodGet, path: campaignPath(id, "/progress")}, opts)
}

// Watch yields a campaign's progress as it is, and after each change, until it is over and no call of it runs. Where the
// connection breaks it goes on. An error is the last element.
func (c Campaigns) Watch(ctx context.Context, id string, opts ...CallOption) iter.Seq2[CampaignProgress, error] {
	stream := EventStream{
		Open: func(ctx context.Context, lastEventID string) (io.ReadCloser, error) {
			return c.c.openStream(ctx, request{method: http.MethodGet, path: campaignPath(id, "/progress/stream")}, lastEventID, opts)
		},
		Last: func(event Event) bool {
			var p CampaignProgress
			return json.Unmarshal([]byte(event.Data), &p) == nil && p.Done
		},
	}
	return func(yield func(CampaignProgress, error) bool) {
		for event, err := range stream.Events(ctx) {
			var p CampaignProgress
			if err == nil {
				if err = json.Unmarshal([]byte(event.Data), &p); err != nil {
					err = fmt.Errorf("tertulia: decode the progress of a campaign: %w", err)
				}
			}
			if !yield(p, err) || err != nil {
				return
			}
		}
	}
}
