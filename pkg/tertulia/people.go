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
func (s SalesReps) List(ctx context.Context, filter SalesRepFilter, opts ...CallOption) (SalesRepPage, error) {
	return call[SalesRepPage](ctx, s.c, request{
		method: http.MethodGet, path: "/api/sales-reps", query: queryOf(filter),
	}, opts)
}

// All walks over every rep. It ends with the first error. Administrators only.
func (s SalesReps) All(ctx context.Context, opts ...CallOption) iter.Seq2[SalesRep, error] {
	return walk(func(cursor string) ([]SalesRep, *string, error) {
		page, err := s.List(ctx, SalesRepFilter{PageQuery: PageQuery{Cursor: cursor}}, opts...)
		return page.Data, page.NextCursor, err
	})
}

// SetAdmin makes a rep an administrator, or no longer. CodeLastAdmin when nobody would be left. Administrators only.
func (s SalesReps) SetAdmin(ctx context.Context, id string, isAdmin bool, opts ...CallOption) (SalesRep, error) {
	return s.Change(ctx, id, ChangeRepRequest{IsAdmin: &isAdmin}, opts...)
}

// SetActive ends a rep's access, or restores it. CodeLastAdmin when nobody would be left. Administrators only.
func (s SalesReps) SetActive(ctx context.Context, id string, isActive bool, opts ...CallOption) (SalesRep, error) {
	return s.Change(ctx, id, ChangeRepRequest{IsActive: &isActive}, opts...)
}

// Change changes what is set in the request, all of it or nothing. CodeLastAdmin when nobody would be left to administer
// the workspace. Administrators only.
func (s SalesReps) Change(ctx context.Context, id string, req ChangeRepRequest, opts ...CallOption) (SalesRep, error) {
	return call[SalesRep](ctx, s.c, request{method: http.MethodPatch, path: "/api/sales-reps/" + url.PathEscape(id), body: req}, opts)
}

// FindByEmail returns the rep with the e-mail. CodeSalesRepNotFound when there is none.
func (s SalesReps) FindByEmail(ctx context.Context, email string, opts ...CallOption) (SalesRep, error) {
	return call[SalesRep](ctx, s.c, request{
		method: http.MethodGet, path: "/api/sales-reps/by-email", query: url.Values{"email": {email}},
	}, opts)
}
