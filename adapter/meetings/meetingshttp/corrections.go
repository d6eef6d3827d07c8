package meetingshttp

import (
	"context"
	"net/http"

	"github.com/tertulia-dev/tertulia/domain/fault"
	"github.com/tertulia-dev/tertulia/domain/kernel"
	"github.com/tertulia-dev/tertulia/domain/meetings"
	"github.com/tertulia-dev/tertulia/infrastructure/httpserver"
	"github.com/tertulia-dev/tertulia/pkg/tertulia"
	meetingsuc "github.com/tertulia-dev/tertulia/usecase/meetings"
)

const (
	correctionsTag  = "transcript corrections"
	correctionsPath = "/api/transcript-corrections"
)

// registerCorrections registers the operations on transcript corrections.
func registerCorrections(api *httpserver.API, uc *meetingsuc.CorrectionUseCases) {
	registerListCorrections(api, uc)
	registerAddCorrection(api, uc.Add)
	registerChangeCorrection(api, uc.Change)
	registerRemoveCorrection(api, uc.Remove)
}

type listCorrectionsInput struct {
	httpserver.Caller
	tertulia.TranscriptCorrectionFilter
}

type listCorrectionsOutput struct {
	Body tertulia.CorrectionPage
}

// registerListCorrections: GET /api/transcript-corrections. Clients of the source know no pages: without a limit they get
// the most.
func registerListCorrections(api *httpserver.API, uc *meetingsuc.CorrectionUseCases) {
	httpserver.Get(api, correctionsPath, httpserver.Spec{
		ID: "listTranscriptCorrections", Tag: correctionsTag, Summary: "List the transcript corrections", Role: kernel.Rep,
	}, func(ctx context.Context, in *listCorrectionsInput) (*listCorrectionsOutput, error) {
		page := kernel.Page{Limit: in.Limit, Cursor: kernel.Cursor(in.Cursor)}
		if page.Limit == 0 {
			page.Limit = kernel.MaxPageSize
		}
		list, next, err := uc.List(ctx, in.Principal, in.OnlyActive, page)
		if err != nil {
			return nil, err
		}
		out := listCorrectionsOutput{Body: tertulia.CorrectionPage{
			Data: httpserver.Each(list, toAPICorrection), NextCursor: httpserver.OrNull(string(next)),
		}}
		return &out, nil
	})
}

type correctionOutput struct {
	Body tertulia.TranscriptCorrection
}

// correctionAnswer is the end of every operation that answers one correction.
func correctionAnswer(c meetings.Correction, err error) (*correctionOutput, error) {
	if err != nil {
		return nil, err
	}
	return &correctionOutput{Body: toAPICorrection(c)}, nil
}

type addCorrectionInput struct {
	httpserver.Caller

	Body tertulia.CreateCorrectionRequest
}

// registerAddCorrection: POST /api/transcript-corrections.
func registerAddCorrection(api *httpserver.API, uc *meetingsuc.AddCorrection) {
	httpserver.Post(api, correctionsPath, httpserver.Spec{
		ID: "createTranscriptCorrection", Tag: correctionsTag, Summary: "Correct what speech recognition gets wrong",
		Description: "Whole words are matched, accents included, whatever their case, which is kept. It is applied to analyses from now on.",
		Role:        kernel.Admin, Status: http.StatusCreated,
		Errors: []fault.Code{fault.ForbiddenCode, meetings.CorrectionExists, meetings.CorrectionLimit},
	}, func(ctx context.Context, in *addCorrectionInput) (*correctionOutput, error) {
		return correctionAnswer(uc.Execute(ctx, meetingsuc.AddCorrectionInput{
			Actor: in.Principal, Wrong: in.Body.Wrong, Right: in.Body.Right, Active: in.Body.Active == nil || *in.Body.Active,
		}))
	})
}

// OneCorrection is the input of an operation on one correction.
type OneCorrection struct {
	httpserver.Caller

	ID string `path:"id" doc:"The correction's ID."`
}

// correction returns the ID; what is no ID names no correction.
func (in OneCorrection) correction() (meetings.CorrectionID, error) {
	id, err := kernel.ParseID[meetings.CorrectionID](in.ID)
	if err != nil {
		return "", fault.New(fault.NotFound, meetings.CorrectionNotFound)
	}
	return id, nil
}

type changeCorrectionInput struct {
	OneCorrection

	Body tertulia.UpdateCorrectionRequest
}

// registerChangeCorrection: PATCH /api/transcript-corrections/{id}.
func registerChangeCorrection(api *httpserver.API, uc *meetingsuc.ChangeCorrection) {
	httpserver.Patch(api, correctionsPath+"/{id}", httpserver.Spec{
		ID: "updateTranscriptCorrection", Tag: correctionsTag, Summary: "Change a transcript correction",
		Description: "What is absent stays as it is.",
		Role:        kernel.Admin, Errors: []fault.Code{fault.ForbiddenCode, meetings.CorrectionNotFound, meetings.CorrectionExists},
	}, func(ctx context.Context, in *changeCorrectionInput) (*correctionOutput, error) {
		id, err := in.correction()
		if err != nil {
			return nil, err
		}
		return correctionAnswer(uc.Execute(ctx, meetingsuc.ChangeCorrectionInput{
			Actor: in.Principal, Correction: id,
			Wrong: changeTo(in.Body.Wrong), Right: changeTo(in.Body.Right), Active: changeTo(in.Body.Active),
		}))
	})
}

type removeCorrectionOutput struct {
	Body tertulia.DeletedAnswer
}

// registerRemoveCorrection: DELETE /api/transcript-corrections/{id}.
func registerRemoveCorrection(api *httpserver.API, uc *meetingsuc.RemoveCorrection) {
	httpserver.Delete(api, correctionsPath+"/{id}", httpserver.Spec{
		ID: "deleteTranscriptCorrection", Tag: correctionsTag, Summary: "Delete a transcript correction",
		Role: kernel.Admin, Errors: []fault.Code{fault.ForbiddenCode, meetings.CorrectionNotFound},
	}, func(ctx context.Context, in *OneCorrection) (*removeCorrectionOutput, error) {
		id, err := in.correction()
		if err != nil {
			return nil, err
		}
		if err := uc.Execute(ctx, in.Principal, id); err != nil {
			return nil, err
		}
		return &removeCorrectionOutput{Body: tertulia.DeletedAnswer{OK: true}}, nil
	})
}

func toAPICorrection(c meetings.Correction) tertulia.TranscriptCorrection {
	return tertulia.TranscriptCorrection{
		ID: c.ID.String(), Wrong: c.Wrong, Right: c.Right, Active: c.Active,
		CreatedByRepID: httpserver.OrNull(c.CreatedBy.String()), CreatedAt: c.CreatedAt, UpdatedAt: c.UpdatedAt,
	}
}

// changeTo takes an absent value for no change.
func changeTo[T any](value *T) meetings.Change[T] {
	if value == nil {
		return meetings.Change[T]{}
	}
	return meetings.ChangeTo(*value)
}
