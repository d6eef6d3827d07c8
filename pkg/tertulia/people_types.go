package tertulia

import "time"

// SalesRep is a person who owns meetings.
type SalesRep struct {
	ID        string    `json:"id" doc:"The rep's ID."`
	Email     string    `json:"email" doc:"The rep's e-mail." example:"ventas@example.com"`
	Name      string    `json:"name" doc:"The rep's name." example:"Emmanuel Hernández"`
	IsAdmin   bool      `json:"is_admin" doc:"Whether the rep sees and changes everything."`
	IsActive  bool      `json:"is_active" doc:"Whether the rep may call; false once deactivated."`
	CreatedAt time.Time `json:"created_at" doc:"When the rep was first seen."`
}

// UpdateMeRequest changes the caller: PATCH /api/me.
type UpdateMeRequest struct {
	Name string `json:"name" maxLength:"200" doc:"The new name." example:"Emmanuel Hernández"`
}

// ChangeRepRequest changes a rep: PATCH /api/sales-reps/{id}. At least one of its fields is needed; an absent one stays.
type ChangeRepRequest struct {
	IsAdmin  *bool `json:"is_admin,omitempty" doc:"Whether the rep sees and changes everything." example:"true"`
	IsActive *bool `json:"is_active,omitempty" doc:"false: the rep's next call is refused, whatever is shown; true: the rep may call again."`
}

// SalesRepFilter is the query of GET /api/sales-reps.
type SalesRepFilter struct {
	PageQuery
	IncludeInactive bool `query:"includeInactive" doc:"Also those who were deactivated."`
}

// SalesRepPage is a stretch of the list of reps, by name.
type SalesRepPage struct {
	Data       []SalesRep `json:"data" doc:"The reps."`
	NextCursor *string    `json:"nextCursor" doc:"Where the next page begins; null on the last."`
}

// PageQuery asks for a stretch of a list.
type PageQuery struct {
	Limit  int    `query:"limit" minimum:"1" maximum:"100" doc:"Rows a page, at most 100."`
	Cursor string `query:"cursor" maxLength:"400" doc:"nextCursor of the page before."`
}
