package tertulia

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"
)

// APIError is an answer outside 2xx.
type APIError struct {
	Status     int           // HTTP status
	Code       string        // for machines; one of the Code constants, or one that is newer than this client
	Message    string        // for people, in the language that was asked for
	Details    []FieldError  // what is wrong with which field of the request
	RequestID  string        // names the request in the server's logs
	RetryAfter time.Duration // how long the server asks to wait; zero when it does not say
	CallBatch  string        // of BatchCalls.Submit: the ID of the batch whose calls may have been placed nevertheless
}

// FieldError is one wrong field of a request.
type FieldError struct {
	Field   string `json:"field"`   // path on the wire, such as "customerInfo.email"
	Message string `json:"message"` // what is wrong with it
}

// Error returns the status, the code, the sentence and the request's ID.
func (e *APIError) Error() string {
	text := fmt.Sprintf("tertulia: %d %s: %s", e.Status, e.Code, e.Message)
	for _, d := range e.Details {
		text += fmt.Sprintf("; %s: %s", d.Field, d.Message)
	}
	if e.RequestID != "" {
		text += " (request " + e.RequestID + ")"
	}
	return text
}

// HasCode reports whether err is an APIError with the code.
func HasCode(err error, code string) bool {
	e, ok := errors.AsType[*APIError](err)
	return ok && e.Code == code
}

// errorEnvelope is how the server writes an error.
type errorEnvelope struct {
	Error     string       `json:"error"`
	Code      string       `json:"code"`
	Details   []FieldError `json:"details"`
	RequestID string       `json:"requestId"`

	// What the call manager's routes write beside "error", or in its place.
	Errors []struct{ Path, Msg string } `json:"errors"`
	Data   struct{ ID string }          `json:"data"`
}

// readAPIError makes an error of an answer, also of one that a proxy on the way wrote.
func readAPIError(res *http.Response) *APIError {
	e := &APIError{
		Status:     res.StatusCode,
		Message:    http.StatusText(res.StatusCode),
		RequestID:  res.Header.Get("X-Request-Id"),
		RetryAfter: retryAfter(res.Header.Get("Retry-After"), time.Now()),
	}
	raw, err := io.ReadAll(io.LimitReader(res.Body, maxErrorBody))
	if err != nil {
		return e
	}
	var envelope errorEnvelope
	if json.Unmarshal(raw, &envelope) != nil || envelope.Code == "" && envelope.Error == "" && len(envelope.Errors) == 0 {
		return e
	}
	for _, wrong := range envelope.Errors {
		envelope.Details = append(envelope.Details, FieldError{Field: wrong.Path, Message: wrong.Msg})
	}
	if envelope.Error != "" {
		e.Message = envelope.Error
	}
	e.Code, e.Details, e.CallBatch = envelope.Code, envelope.Details, envelope.Data.ID
	if envelope.RequestID != "" {
		e.RequestID = envelope.RequestID
	}
	return e
}
