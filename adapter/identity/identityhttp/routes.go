package identityhttp

import (
	"context"

	"github.com/tertulia-dev/tertulia/domain/fault"
	"github.com/tertulia-dev/tertulia/domain/identity"
	"github.com/tertulia-dev/tertulia/domain/kernel"
	"github.com/tertulia-dev/tertulia/infrastructure/httpserver"
	"github.com/tertulia-dev/tertulia/pkg/tertulia"
	identityuc "github.com/tertulia-dev/tertulia/usecase/identity"
)

const tag = "identity"

// Register registers the routes of identity.
func Register(api *httpserver.API, uc *identityuc.UseCases) {
	registerMe(api, uc.Queries)
	registerUpdateMe(api, uc.UpdateMe)
	registerListReps(api, uc.Queries)
	registerFindRep(api, uc.Queries)
	registerChangeRep(api, uc.ChangeRep)
	registerOwners(api, uc)
}

type callerInput struct{ httpserver.Caller }

type repOutput struct {
	Body tertulia.SalesRep
}

// repAnswer is the end of every operation that answers one rep.
func repAnswer(rep identity.Rep, err error) (*repOutput, error) {
	if err != nil {
		return nil, err
	}
	return &repOutput{Body: toAPIRep(rep)}, nil
}

// registerMe: GET /api/me.
func registerMe(api *httpserver.API, q *identityuc.Queries) {
	httpserver.Get(api, "/api/me", httpserver.Spec{
		ID: "getMe", Tag: tag, Summary: "The caller's profile", Role: kernel.Rep,
	}, func(ctx context.Context, in *callerInput) (*repOutput, error) {
		return repAnswer(q.Me(ctx, in.Principal))
	})
}

type updateMeInput struct {
	httpserver.Caller

	Body tertulia.UpdateMeRequest
}

// registerUpdateMe: PATCH /api/me.
func registerUpdateMe(api *httpserver.API, uc *identityuc.UpdateMe) {
	httpserver.Patch(api, "/api/me", httpserver.Spec{
		ID: "updateMe", Tag: tag, Summary: "Change the caller's name", Role: kernel.Rep,
	}, func(ctx context.Context, in *updateMeInput) (*repOutput, error) {
		return repAnswer(uc.Execute(ctx, identityuc.UpdateMeInput{Principal: in.Principal, Name: in.Body.Name}))
	})
}

type listInput struct {
	httpserver.Caller
	tertulia.SalesRepFilter
}

type listOutput struct {
	Body tertulia.SalesRepPage
}

// registerListReps: GET /api/sales-reps. Clients of the source know no pages: without a limit they get the most.
func registerListReps(api *httpserver.API, q *identityuc.Queries) {
	httpserver.Get(api, "/api/sales-reps", httpserver.Spec{
		ID: "listSalesReps", Tag: tag, Summary: "List the sales reps by name", Role: kernel.Admin,
		Errors: []fault.Code{fault.ForbiddenCode},
	}, func(ctx context.Context, in *listInput) (*listOutput, error) {
		page := kernel.Page{Limit: in.Limit, Cursor: kernel.Cursor(in.Cursor)}
		if page.Limit == 0 {
			page.Limit = kernel.MaxPageSize
		}
		reps, next, err := q.ListReps(ctx, in.Principal, in.IncludeInactive, page)
		if err != nil {
			return nil, err
		}
		out := listOutput{Body: tertulia.SalesRepPage{
			Data: httpserver.Each(reps, toAPIRep), NextCursor: httpserver.OrNull(string(next)),
		}}
		return &out, nil
	})
}

type findInput struct {
	httpserver.Caller

	Email string `query:"email" maxLength:"320" doc:"Whom to look for." example:"ventas@example.com"`
}

// registerFindRep: GET /api/sales-reps/by-email.
func registerFindRep(api *httpserver.API, q *identityuc.Queries) {
	httpserver.Get(api, "/api/sales-reps/by-email", httpserver.Spec{
		ID: "findSalesRepByEmail", Tag: tag, Summary: "Find a sales rep by e-mail", Role: kernel.Rep,
		Description: "`email` is whom to look for; with an API key `salesRepEmail` is who asks.",
		Errors:      []fault.Code{fault.MissingParam, identity.SalesRepNotFound},
	}, func(ctx context.Context, in *findInput) (*repOutput, error) {
		return repAnswer(q.FindRepByEmail(ctx, in.Principal, in.Email))
	})
}

type changeRepInput struct {
	httpserver.Caller

	ID   string `path:"id" doc:"The rep's ID." example:"8c1b6e2f-0f3c-7d51-9a63-c1f2e3a4b5c6"`
	Body tertulia.ChangeRepRequest
}

// registerChangeRep: PATCH /api/sales-reps/{id}.
func registerChangeRep(api *httpserver.API, uc *identityuc.ChangeRep) {
	httpserver.Patch(api, "/api/sales-reps/{id}", httpserver.Spec{
		ID: "changeSalesRep", Tag: tag, Summary: "Make a rep an administrator or no longer, end or restore its access", Role: kernel.Admin,
		Description: "At least one administrator stays. Whoever is deactivated is refused on the next call, whatever is shown; meetings stay.",
		Errors:      []fault.Code{fault.ForbiddenCode, identity.SalesRepNotFound, identity.LastAdmin},
	}, func(ctx context.Context, in *changeRepInput) (*repOutput, error) {
		id, err := repID(in.ID)
		if err != nil {
			return nil, err
		}
		return repAnswer(uc.Execute(ctx, identityuc.ChangeRepInput{
			Principal: in.Principal, Rep: id, IsAdmin: in.Body.IsAdmin, IsActive: in.Body.IsActive,
		}))
	})
}

// repID returns the ID; what is no ID names no rep.
func repID(s string) (kernel.RepID, error) {
	id, err := kernel.ParseID[kernel.RepID](s)
	if err != nil {
		return "", fault.New(fault.NotFound, identity.SalesRepNotFound)
	}
	return id, nil
}

func toAPIRep(rep identity.Rep) tertulia.SalesRep {
	return tertulia.SalesRep{
		ID: rep.ID.String(), Email: rep.Email.String(), Name: rep.Name, IsAdmin: rep.IsAdmin, IsActive: rep.Active(),
		CreatedAt: rep.CreatedAt,
	}
}
