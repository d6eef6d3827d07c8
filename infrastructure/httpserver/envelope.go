package httpserver

import (
	"encoding/json"
	"net/http"

	"github.com/tertulia-dev/tertulia/domain/fault"
)

// Detail is one wrong field of the common envelope.
type Detail struct {
	Field   string `json:"field" doc:"Path of the field, as in customerInfo.email" example:"customerInfo.contactName"`
	Message string `json:"message" doc:"What is wrong with it, in the caller's language" example:"Es obligatorio."`
}

// Envelope is the common shape of every error.
type Envelope struct {
	Error     string   `json:"error" doc:"What went wrong, in the caller's language" example:"Los datos enviados no son válidos."`
	Code      string   `json:"code" doc:"Machine-readable name of the error" example:"VALIDATION_ERROR"`
	Details   []Detail `json:"details,omitempty" doc:"The wrong fields, when fields are what is wrong"`
	RequestID string   `json:"requestId" doc:"Name this when you ask for help" example:"0198c5f2-7a10-7cc3-9d4e-5b8f3f6a1c20"`
}

// Failure is an error on its way out. A rule given to RegisterEnvelope may render it as it likes.
type Failure struct {
	Status   int
	Fault    *fault.Error
	Envelope Envelope
	header   http.Header
	body     any
}

// Error returns the code: what huma may print, and nothing private.
func (f *Failure) Error() string { return f.Envelope.Code }

// GetStatus tells huma the status.
func (f *Failure) GetStatus() int { return f.Status }

// GetHeaders tells huma the headers.
func (f *Failure) GetHeaders() http.Header { return f.header }

// MarshalJSON writes the body that the envelope rule chose.
func (f *Failure) MarshalJSON() ([]byte, error) { return json.Marshal(f.body) }

type envelopeRule struct {
	prefix string
	render func(Failure) (status int, body any)
}

// RegisterEnvelope gives the path prefix, and every path below it, an envelope of its own. The first rule that fits counts.
func (a *API) RegisterEnvelope(prefix string, render func(Failure) (status int, body any)) {
	a.envelopes = append(a.envelopes, envelopeRule{prefix, render})
}

// envelope renders the common shape in the visitor's language.
func (a *API) envelope(v *visit, e *fault.Error) Envelope {
	out := Envelope{
		Error:     a.opts.Catalog.Sentence(v.lang, e.Kind, e.Code, e.Params),
		Code:      string(e.Code),
		RequestID: v.caller.RequestID,
	}
	for _, f := range e.Fields {
		out.Details = append(out.Details, Detail{
			Field: f.Name, Message: a.opts.Catalog.Sentence(v.lang, fault.Invalid, f.Rule, f.Params),
		})
	}
	return out
}
