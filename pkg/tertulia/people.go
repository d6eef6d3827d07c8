package tertulia

import (
	"context"
	"iter"
	"net/http"
	"net/url"
)

// Me is the caller.
type Me struct{ c *Client }

// Get returns the caller's rep.
func (m Me) Get(ctx context.Context, opts ...CallOption) (SalesRep, error) {
	return call[SalesRep](ctx, m.c, request{method: http.MethodGet, path: "/api/me"}, opts)
}

// Update changes the caller's name.
func (m Me) Update(ctx context.Context, req UpdateMeRequest, opts ...CallOption) (SalesRep, error) {
	return call[SalesRep](ctx, m.c, request{method: http.MethodPatch, path: "/api/me", body: req}, opts)
}

// SalesReps are the people of the workspace.
type SalesReps struct{ c *Client }

// List returns a stretch of the reps, by name. Administrators only.
func (s SalesReps) List(ctx context.Context, page PageQuery, opts ...CallOption) (SalesRepPage, error) {
	return call[SalesRepPage](ctx, s.c, request{
		method: http.MethodGet, path: "/api/sales-reps", query: queryOf(page),
	}, opts)
}

// All walks over every rep. It ends with the first error. Administrators only.
func (s SalesReps) All(ctx context.Context, opts ...CallOption) iter.Seq2[SalesRep, error] {
	return walk(func(cursor string) ([]SalesRep, *string, error) {
		page, err := s.List(ctx, PageQuery{Cursor: cursor}, opts...)
		return page.Data, page.NextCursor, err
	})
}

// SetAdmin makes a rep an administrator, or no longer. CodeLastAdmin when nobody would be left. Administrators only.
func (s SalesReps) SetAdmin(ctx context.Context, id string, isAdmin bool, opts ...CallOption) (SalesRep, error) {
	return call[SalesRep](ctx, s.c, request{
		method: http.MethodPatch, path: "/api/sales-reps/" + url.PathEscape(id), body: SetAdminRequest{IsAdmin: &isAdmin},
	}, opts)
}

// FindByEmail returns the rep with the e-mail. CodeSalesRepNotFound when there is none.
func (s SalesReps) FindByEmail(ctx context.Context, email string, opts ...CallOption) (SalesRep, error) {
	return call[SalesRep](ctx, s.c, request{
		method: http.MethodGet, path: "/api/sales-reps/by-email", query: url.Values{"email": {email}},
	}, opts)
}
