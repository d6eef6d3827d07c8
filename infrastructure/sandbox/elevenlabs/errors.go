package elevenlabs

import (
	"net/http"

	"github.com/google/uuid"

	"github.com/tertulia-dev/tertulia/infrastructure/sandbox/core"
)

// The three shapes that "detail" has in refusals: an object with everything, the older one, and a plain string.
const (
	shapeFull   = "full"
	shapeLegacy = "legacy"
	shapeString = "string"
)

// refusal is an error of the vendor's own, as opposed to FastAPI's validation.
type refusal struct {
	status  int
	kind    string // "type" on the wire
	code    string
	message string
}

func (e refusal) send(w http.ResponseWriter, shape string) {
	var body any
	switch shape {
	case shapeString:
		body = e.message
	case shapeLegacy:
		body = map[string]any{"status": e.code, "message": e.message}
	default:
		body = map[string]any{
			"type": e.kind, "code": e.code, "message": e.message, "status": e.code, "request_id": uuid.NewString(), "param": nil,
		}
	}
	core.WriteJSON(w, e.status, map[string]any{"detail": body})
}

// The refusals. Where the documents give no code or sentence it is [?].
func missingKey() refusal {
	return refusal{http.StatusUnauthorized, "authentication_error", "needs_authorization", "Neither authorization header nor xi-api-key received, please provide one."}
}

func invalidKey() refusal {
	return refusal{http.StatusUnauthorized, "authentication_error", "invalid_api_key", "Invalid API key"}
}

func agreementRequired() refusal {
	return refusal{http.StatusForbidden, "authorization_error", "batch_calling_agreement_required", "You must accept the batch calling terms before you can submit batch calls."}
}

func unknownBatch() refusal { // [?]
	return refusal{http.StatusNotFound, "not_found", "batch_call_not_found", "Batch call not found"}
}

func unknownDocument(kind, id string) refusal { // [?]
	return refusal{http.StatusNotFound, "not_found", kind + "_not_found", "Document with id " + id + " not found."}
}

func notCancellable() refusal { // the status and the object are seen in the field, the words are [?]
	return refusal{http.StatusBadRequest, "invalid_request", "batch_call_not_cancellable", "Batch call cannot be cancelled in its current state."}
}

func notRetryable() refusal { // [?]
	return refusal{http.StatusBadRequest, "invalid_request", "batch_call_not_retryable", "Batch call cannot be retried in its current state."}
}

func notExportable() refusal { // [?]
	return refusal{http.StatusBadRequest, "invalid_request", "batch_call_not_terminal", "Batch call can be exported when it has ended."}
}

// refuse answers with the vendor's own error.
func (d *Double) refuse(w http.ResponseWriter, e refusal) {
	d.mu.Lock()
	shape := d.settings.ErrorShape
	d.mu.Unlock()
	e.send(w, shape)
}
