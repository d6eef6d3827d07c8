package tertulia

import (
	"context"
	"iter"
	"net/http"
	"net/url"
	"time"
)

// TranscriptCorrection is what speech recognition gets wrong, and what it should have heard. Whole words are matched,
// accents included, whatever their case, which is kept.
type TranscriptCorrection struct {
	ID             string    `json:"id" doc:"The correction's ID."`
	Wrong          string    `json:"wrong" doc:"What is heard: a word, or a few in a row." example:"clik balans"`
	Right          string    `json:"right" doc:"What was said." example:"ClickBalance"`
	Active         bool      `json:"active" doc:"Whether it is applied."`
	CreatedByRepID *string   `json:"created_by_rep_id" doc:"Who made it."`
	CreatedAt      time.Time `json:"created_at" doc:"When it was made."`
	UpdatedAt      time.Time `json:"updated_at" doc:"When it last changed."`
}

// CreateCorrectionRequest makes a correction: POST /api/transcript-corrections.
type CreateCorrectionRequest struct {
	Wrong  string `json:"wrong" maxLength:"200" doc:"What is heard: a word, or a few in a row." example:"clik balans"`
	Right  string `json:"right" maxLength:"200" doc:"What was said." example:"ClickBalance"`
	Active *bool  `json:"active,omitempty" doc:"Whether it is applied; it is when this is absent."`
}

// UpdateCorrectionRequest changes a correction: PATCH /api/transcript-corrections/{id}. What is absent stays.
type UpdateCorrectionRequest struct {
	Wrong  *string `json:"wrong,omitempty" maxLength:"200" doc:"What is heard." example:"clic balans"`
	Right  *string `json:"right,omitempty" maxLength:"200" doc:"What was said." example:"ClickBalance"`
	Active *bool   `json:"active,omitempty" doc:"Whether it is applied."`
}

// TranscriptCorrectionFilter is the query of GET /api/transcript-corrections.
type TranscriptCorrectionFilter struct {
	OnlyActive bool `query:"onlyActive" doc:"Leave out those that are not applied."`
	PageQuery
}

// CorrectionPage is a stretch of the corrections, by what they correct.
type CorrectionPage struct {
	Data       []TranscriptCorrection `json:"data" doc:"The corrections."`
	NextCursor *string                `json:"nextCursor" doc:"Where the next page begins; null on the last."`
}

// DeletedAnswer says that something is gone.
type DeletedAnswer struct {
	OK bool `json:"ok" doc:"Always true."`
}

// TranscriptCorrections are applied to what was heard before it is analysed. The search and the trackers follow in the
// background; analyses of before are not changed: have a
// meeting analysed again.
type TranscriptCorrections struct{ c *Client }

const correctionsPath = "/api/transcript-corrections"

// List returns a stretch of the corrections. Everybody may read them.
func (t TranscriptCorrections) List(ctx context.Context, filter TranscriptCorrectionFilter, opts ...CallOption) (CorrectionPage, error) {
	return call[CorrectionPage](ctx, t.c, request{method: http.MethodGet, path: correctionsPath, query: queryOf(filter)}, opts)
}

// All walks over every correction. It ends with the first error.
func (t TranscriptCorrections) All(ctx context.Context, opts ...CallOption) iter.Seq2[TranscriptCorrection, error] {
	return walk(func(cursor string) ([]TranscriptCorrection, *string, error) {
		page, err := t.List(ctx, TranscriptCorrectionFilter{PageQuery: PageQuery{Cursor: cursor}}, opts...)
		return page.Data, page.NextCursor, err
	})
}

// Create makes a correction. CodeCorrectionExists when there is one for the same words. Administrators only.
func (t TranscriptCorrections) Create(ctx context.Context, req CreateCorrectionRequest, opts ...CallOption) (TranscriptCorrection, error) {
	return call[TranscriptCorrection](ctx, t.c, request{method: http.MethodPost, path: correctionsPath, body: req}, opts)
}

// Update changes a correction, or switches it on or off. Administrators only.
func (t TranscriptCorrections) Update(ctx context.Context, id string, req UpdateCorrectionRequest, opts ...CallOption) (TranscriptCorrection, error) {
	return call[TranscriptCorrection](ctx, t.c, request{
		method: http.MethodPatch, path: correctionsPath + "/" + url.PathEscape(id), body: req,
	}, opts)
}

// Delete removes a correction. Administrators only.
func (t TranscriptCorrections) Delete(ctx context.Context, id string, opts ...CallOption) (DeletedAnswer, error) {
	return call[DeletedAnswer](ctx, t.c, request{
		method: http.MethodDelete, path: correctionsPath + "/" + url.PathEscape(id),
	}, opts)
}
