package tertulia

import (
	"context"
	"iter"
	"net/http"
	"net/url"
	"strconv"
	"time"
)

// Playbooks are what a workspace scores its sellers by.
type Playbooks struct{ c *Client }

// Get returns the current playbook.
func (p Playbooks) Get(ctx context.Context, opts ...CallOption) (Playbook, error) {
	return call[Playbook](ctx, p.c, request{method: http.MethodGet, path: "/api/playbook"}, opts)
}

// Version returns an earlier playbook, such as the one of an analysis. CodePlaybookNotFound.
func (p Playbooks) Version(ctx context.Context, version int, opts ...CallOption) (Playbook, error) {
	return call[Playbook](ctx, p.c, request{
		method: http.MethodGet, path: "/api/playbook", query: url.Values{"version": {strconv.Itoa(version)}},
	}, opts)
}

// History returns a stretch of the versions, the newest first.
func (p Playbooks) History(ctx context.Context, page PageQuery, opts ...CallOption) (PlaybookHistory, error) {
	return call[PlaybookHistory](ctx, p.c, request{method: http.MethodGet, path: "/api/playbook/history", query: queryOf(page)}, opts)
}

// All walks over every version, the newest first. It ends with the first error.
func (p Playbooks) All(ctx context.Context, opts ...CallOption) iter.Seq2[Playbook, error] {
	return walk(func(cursor string) ([]Playbook, *string, error) {
		page, err := p.History(ctx, PageQuery{Cursor: cursor}, opts...)
		return page.Data, page.NextCursor, err
	})
}

// Edit makes the next version. CodeVersionConflict when version is no longer the current one; 0 replaces whichever is.
// Administrators only.
func (p Playbooks) Edit(ctx context.Context, version int, dimensions []PlaybookDimension, opts ...CallOption) (Playbook, error) {
	r := request{method: http.MethodPut, path: "/api/admin/playbook", body: EditPlaybookRequest{Dimensions: dimensions}}
	if version != 0 {
		r.ifMatch = strconv.Quote(strconv.Itoa(version))
	}
	return call[Playbook](ctx, p.c, r, opts)
}

// PlaybookDimension is one thing that sellers are scored on, 0 to 20 points.
type PlaybookDimension struct {
	Key   string `json:"key" doc:"Its name in scores: a lower-case letter, then letters, digits and underscores, at most 40 in all." example:"manejo_objeciones"`
	Label string `json:"label" doc:"Its name for people, at most 80 characters." example:"Manejo de objeciones"`
	High  string `json:"high" doc:"What scores high, at most 1,000 characters." example:"Escucha las objeciones, las aclara y las responde."`
	Low   string `json:"low" doc:"What scores low, at most 1,000 characters." example:"Las ignora o las discute."`
}

// Playbook is what sellers are scored by: GET /api/playbook.
type Playbook struct {
	Version    int                 `json:"version" doc:"From 1, which every workspace starts with." example:"2"`
	IsDefault  bool                `json:"is_default" doc:"Whether it is the one that every workspace starts with."`
	Dimensions []PlaybookDimension `json:"dimensions" doc:"Five; the score is the sum of their points."`
	EditedBy   *string             `json:"edited_by" doc:"The rep who wrote it; null for the default."`
	EditedAt   *time.Time          `json:"edited_at" doc:"When it was written; null for the default."`
}

// EditPlaybookRequest is the next version: PUT /api/admin/playbook.
type EditPlaybookRequest struct {
	Dimensions []PlaybookDimension `json:"dimensions" doc:"Exactly five, with different keys."`
}

// PlaybookHistory is a stretch of the versions, the newest first: GET /api/playbook/history.
type PlaybookHistory struct {
	Data       []Playbook `json:"data" doc:"The versions."`
	NextCursor *string    `json:"nextCursor" doc:"Where the next page begins; null on the last."`
}
