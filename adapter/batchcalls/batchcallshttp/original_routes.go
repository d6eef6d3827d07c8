package batchcallshttp

import (
	"context"
	"net/http"
	"time"

	"github.com/tertulia-dev/tertulia/domain/batchcalls"
	"github.com/tertulia-dev/tertulia/domain/fault"
	"github.com/tertulia-dev/tertulia/domain/kernel"
	"github.com/tertulia-dev/tertulia/infrastructure/catalog"
	"github.com/tertulia-dev/tertulia/infrastructure/httpserver"
	batchcallsuc "github.com/tertulia-dev/tertulia/usecase/batchcalls"
)

const tag = "batch calls"

// Submitter submits a batch.
type Submitter interface {
	// Execute stores the batch and asks the provider for it; see batchcallsuc.SubmitBatch.
	Execute(ctx context.Context, in batchcallsuc.SubmitInput) (batchcallsuc.Submitted, error)
}

// Canceller stops a batch.
type Canceller interface {
	// Execute stops it; an error may be a *batchcallsuc.Refusal. See batchcallsuc.CancelBatch.
	Execute(ctx context.Context, in batchcallsuc.CancelInput) (batchcalls.Batch, error)
}

// Reader reads batches.
type Reader interface {
	// Get returns a batch; an error may be a *batchcallsuc.Refusal.
	Get(ctx context.Context, actor kernel.Principal, publicID string) (batchcalls.Batch, error)
	// Recipients calls fn for every recipient of a batch that Get returned, in the caller's order.
	Recipients(ctx context.Context, b batchcalls.Batch, fn func(batchcalls.Recipient) error) error
}

// Original is what the original's routes need.
type Original struct {
	Submit    Submitter
	Cancel    Canceller
	Reader    Reader
	Texts     *catalog.Catalog
	Anonymous bool // whoever shows no credential is let in, as the original let in everybody
}

// original serves the original's routes.
type original struct {
	Original
	intake   intake
	desk     desk
	listings *listings
}

// providerTime is what the provider has for an answer (30 s, as in the original), and what it takes to store it.
const providerTime = 40 * time.Second

// RegisterOriginal registers the routes of the original service, with its envelopes, its headers and its liberties as to how
// a path is written. Their sentences are Spanish for everybody.
func RegisterOriginal(api *httpserver.API, o Original) {
	h := &original{Original: o, intake: newIntake(), desk: newDesk(), listings: newListings(o.Reader.Recipients)}
	api.Wrap(front)
	api.RegisterEnvelope(root, h.envelope)
	api.RegisterEnvelope(health, h.envelope)
	httpserver.Raw(api, http.MethodPost, root+"/submit", h.spec(httpserver.Spec{
		ID: "submitCallBatch", Summary: "Call a list of people with a voice agent", Description: aboutSubmit,
		BodyLimit: maxBody, UnreadBody: true, Timeout: bodyTime, Idempotent: true, Example: exampleSubmission(),
	}), submitOperation(), h.submit)
	httpserver.Raw(api, http.MethodGet, root+"/{batchId}", h.spec(httpserver.Spec{
		ID: "getCallBatch", Summary: "How far a batch of calls is, person by person", Description: aboutGet,
	}), getOperation(), h.get)
	httpserver.Raw(api, http.MethodPost, root+"/{batchId}/cancel", h.spec(httpserver.Spec{
		ID: "cancelCallBatch", Summary: "Stop a batch of calls", Description: aboutCancel,
		BodyLimit: maxBody, UnreadBody: true,
	}), cancelOperation(), h.cancel)
}

// spec completes what the three routes have in common.
func (o *original) spec(s httpserver.Spec) httpserver.Spec {
	s.Tag, s.ActAs, s.Role = tag, httpserver.ServiceAllowed, kernel.Rep
	if s.Timeout == 0 {
		s.Timeout = providerTime
	}
	if o.Anonymous {
		s.Credential = httpserver.Optional
	}
	return s
}

// envelope renders what the layers below, and the use cases, fail with.
func (o *original) envelope(f httpserver.Failure) (int, any) {
	if f.Fault.Code == fault.NotFoundCode || f.Fault.Code == httpserver.MethodNotAllowed {
		return http.StatusNotFound, failed{Error: notFound}
	}
	told := o.Texts.Sentence(spanish, f.Fault.Kind, f.Fault.Code, f.Fault.Params)
	for _, wrong := range f.Fault.Fields { // of headers and parameters: bodies are judged here
		told += " " + wrong.Name + ": " + o.Texts.Sentence(spanish, fault.Invalid, wrong.Rule, wrong.Params)
	}
	return f.Status, failed{Error: told}
}

// spanish is the language of the original, whatever its callers asked for.
const spanish = "es"
