package batchcallshttp

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"
	"github.com/labstack/echo/v4"

	"github.com/tertulia-dev/tertulia/domain/batchcalls"
	"github.com/tertulia-dev/tertulia/domain/fault"
	"github.com/tertulia-dev/tertulia/domain/kernel"
	"github.com/tertulia-dev/tertulia/infrastructure/catalog"
	"github.com/tertulia-dev/tertulia/infrastructure/httpserver"
	"github.com/tertulia-dev/tertulia/pkg/tertulia"
	batchcallsuc "github.com/tertulia-dev/tertulia/usecase/batchcalls"
)

const doNotCallTag = "do-not-call list"

// RegisterDoNotCall registers the routes of the do-not-call list. A number never stands in a path: those end up in logs.
func RegisterDoNotCall(api *httpserver.API, uc *batchcallsuc.CampaignUseCases, texts *catalog.Catalog) {
	registerListDoNotCall(api, uc.Queries)
	registerAddDoNotCall(api, uc.AddDoNotCall)
	registerRemoveDoNotCall(api, uc.RemoveDoNotCall)
	registerImportDoNotCall(api, uc.ImportDoNotCall, texts)
}

func doNotCallSpec(s httpserver.Spec, errors ...fault.Code) httpserver.Spec {
	s.Tag, s.Role, s.ActAs, s.Errors = doNotCallTag, kernel.Rep, httpserver.ServiceAllowed, errors
	return s
}

type listDoNotCallInput struct {
	httpserver.Caller
	tertulia.PageQuery
}

type listDoNotCallOutput struct {
	Body tertulia.DoNotCallPage
}

// registerListDoNotCall: GET /v1/calls/do-not-call.
func registerListDoNotCall(api *httpserver.API, q *batchcallsuc.CampaignQueries) {
	httpserver.Get(api, "/v1/calls/do-not-call", doNotCallSpec(httpserver.Spec{
		ID: "listDoNotCall", Summary: "The numbers that must not be called, newest first",
	}, fault.Validation), func(ctx context.Context, in *listDoNotCallInput) (*listDoNotCallOutput, error) {
		list, next, err := q.ListDoNotCall(ctx, in.Principal, pageOf(in.PageQuery))
		if err != nil {
			return nil, err
		}
		return &listDoNotCallOutput{Body: tertulia.DoNotCallPage{
			Data: httpserver.Each(list, toAPIEntry), NextCursor: httpserver.OrNull(string(next)),
		}}, nil
	})
}

func toAPIEntry(e batchcallsuc.DoNotCallEntry) tertulia.DoNotCallEntry {
	return tertulia.DoNotCallEntry{
		Phone: string(e.Phone), Reason: e.Reason, AddedBy: httpserver.OrNull(e.AddedBy.String()), AddedAt: e.AddedAt,
	}
}

type addDoNotCallInput struct {
	httpserver.Caller

	Body tertulia.DoNotCallRequest
}

type addDoNotCallOutput struct {
	Body tertulia.DoNotCallAdded
}

// registerAddDoNotCall: POST /v1/calls/do-not-call.
func registerAddDoNotCall(api *httpserver.API, uc *batchcallsuc.AddDoNotCall) {
	httpserver.Post(api, "/v1/calls/do-not-call", doNotCallSpec(httpserver.Spec{
		ID: "addDoNotCall", Summary: "Have numbers never called again",
		Description: "By nobody of the workspace: also the original's route leaves them out, and whoever waits in a campaign is not called " +
			"any more. A number that is on the list already stays as it is." + byWhom,
	}, fault.ForbiddenCode, fault.Validation), func(ctx context.Context, in *addDoNotCallInput) (*addDoNotCallOutput, error) {
		added, err := uc.Execute(ctx, batchcallsuc.AddDoNotCallInput{
			Actor: in.Principal, Phones: in.Body.Phones, Region: in.Body.Region, Reason: in.Body.Reason,
		})
		if err != nil {
			return nil, err
		}
		return &addDoNotCallOutput{Body: tertulia.DoNotCallAdded{Added: added}}, nil
	})
}

type removeDoNotCallInput struct {
	httpserver.Caller

	Body tertulia.RemoveDoNotCallRequest
}

type removeDoNotCallOutput struct {
	Body tertulia.Done
}

// registerRemoveDoNotCall: POST /v1/calls/do-not-call/remove.
func registerRemoveDoNotCall(api *httpserver.API, uc *batchcallsuc.RemoveDoNotCall) {
	httpserver.Post(api, "/v1/calls/do-not-call/remove", doNotCallSpec(httpserver.Spec{
		ID: "removeDoNotCall", Summary: "Take a number off the do-not-call list",
		Description: "Campaigns that it was left out of leave it out." + byWhom,
	}, fault.ForbiddenCode, fault.Validation, batchcalls.RecipientNotFound), func(ctx context.Context, in *removeDoNotCallInput) (*removeDoNotCallOutput, error) {
		err := uc.Execute(ctx, batchcallsuc.RemoveDoNotCallInput{Actor: in.Principal, Phone: in.Body.Phone, Region: in.Body.Region})
		if err != nil {
			return nil, err
		}
		return &removeDoNotCallOutput{Body: tertulia.Done{OK: true}}, nil
	})
}

// registerImportDoNotCall: POST /v1/calls/do-not-call/import.
func registerImportDoNotCall(api *httpserver.API, uc *batchcallsuc.ImportDoNotCall, texts *catalog.Catalog) {
	op := fileOperation("What became of the file.")
	op.Parameters = append(op.Parameters, &huma.Param{
		Name: "reason", In: "query", Description: "Why, up to 200 characters.", Schema: &huma.Schema{Type: huma.TypeString}, Example: "Lista Robinson",
	})
	httpserver.Raw(api, http.MethodPost, "/v1/calls/do-not-call/import", doNotCallSpec(httpserver.Spec{
		ID: "importDoNotCall", Summary: "Put the numbers of a CSV file onto the do-not-call list",
		Description: aboutFile + " Only the column of the phones counts. The same file may be sent again." + byWhom,
		BodyLimit:   maxBody, UnreadBody: true, Timeout: fileTime,
	}, fault.ForbiddenCode, fault.Validation, fault.PayloadTooLarge), op, func(c echo.Context) error {
		mapping, err := fileIn(c)
		if err != nil {
			return err
		}
		report, added, err := uc.Execute(c.Request().Context(), batchcallsuc.ImportDoNotCallInput{
			Actor: httpserver.CallerOf(c).Principal, File: c.Request().Body, Mapping: mapping, Region: regionIn(c), Reason: c.QueryParam("reason"),
		})
		if err != nil {
			return err
		}
		return c.JSON(http.StatusOK, tertulia.DoNotCallImported{FileReport: reportIn(c, texts).of(report), Added: added})
	})
}
