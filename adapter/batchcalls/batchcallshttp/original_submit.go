package batchcallshttp

import (
	"encoding/json"
	"errors"
	"net/http"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/tertulia-dev/tertulia/infrastructure/httpserver"
	batchcallsuc "github.com/tertulia-dev/tertulia/usecase/batchcalls"
)

// Warnings about a submission that was received before.
const (
	repeatedBody = "Esta misma petición ya se recibió hace menos de 10 minutos: se devuelve el batch de entonces y no se vuelve " +
		`a llamar a nadie. Para llamar otra vez, envía "force": true`
	repeatedKey = "Ya se recibió una petición con este Idempotency-Key: se devuelve el batch de entonces y no se vuelve a llamar a nadie"
)

// submitted is the envelope of a batch that was submitted.
type submitted struct {
	Success         bool            `json:"success"`
	Data            json.RawMessage `json:"data"`
	Warning         string          `json:"warning,omitempty"`
	Duplicates      []duplicate     `json:"duplicates,omitempty"` // the first 100
	DuplicatesTotal int             `json:"duplicates_total,omitempty"`
	DoNotCall       int             `json:"do_not_call,omitempty"`
}

// duplicate is a recipient that was left out, since an earlier one has its number.
type duplicate struct {
	Index int `json:"index"`
	First int `json:"first_index"`
}

// submit: POST /api/batch-calling/submit.
func (o *original) submit(c echo.Context) error {
	body, release, err := o.intake.read(c.Request())
	defer release()
	if r, ok := errors.AsType[*refused](err); ok {
		return fail(c, r.status, r.text)
	}
	_ = http.NewResponseController(c.Response()).SetReadDeadline(time.Time{}) // or the provider's time is cut when it passes
	leave, err := o.desk.enter(c.Request().Context(), len(body))
	if err != nil {
		return fail(c, errBusy.status, errBusy.text)
	}
	defer leave()
	in, found := readSubmission(body)
	if found.total > 0 {
		return answer(c, http.StatusBadRequest, invalid{Errors: found.first, Omitted: found.total - len(found.first)})
	}
	caller := httpserver.CallerOf(c)
	in.Actor, in.Key = caller.Principal, caller.IdempotencyKey
	out, err := o.Submit.Execute(c.Request().Context(), in)
	switch {
	case err != nil:
		return err
	case out.Refusal != nil:
		return answer(c, statusOf(submitFailed, out.Refusal), failed{
			Error: sentence(submitFailed, out.Refusal), Data: &followed{out.Batch.PublicID},
		})
	}
	return answer(c, http.StatusOK, toSubmitted(out, in.Key != ""))
}

func toSubmitted(out batchcallsuc.Submitted, keyed bool) submitted {
	s := submitted{Success: true, Data: append(head(out.Batch), '}'), DoNotCall: out.Batch.Excluded, DuplicatesTotal: len(out.Duplicates)}
	for _, d := range out.Duplicates[:min(len(out.Duplicates), maxProblems)] {
		s.Duplicates = append(s.Duplicates, duplicate{d.Index, d.First})
	}
	switch {
	case out.Repeated && keyed:
		s.Warning = repeatedKey
	case out.Repeated:
		s.Warning = repeatedBody
	}
	return s
}
