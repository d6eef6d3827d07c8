package hubspot

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"

	"github.com/google/uuid"

	"github.com/tertulia-dev/tertulia/infrastructure/sandbox/core"
)

// maxBody bounds a request body, in bytes.
const maxBody = 16 << 20

// apiError is the vendor's error body. PolicyName is set on a 429 only, whose body has a shape of its own.
type apiError struct {
	Status     int
	Message    string
	Category   string
	Details    []errorDetail
	PolicyName string
}

type errorDetail struct {
	Message string              `json:"message"`
	Code    string              `json:"code,omitempty"`
	In      string              `json:"in,omitempty"`
	Context map[string][]string `json:"context,omitempty"`
}

func refuseMissing(w http.ResponseWriter) {
	refuse(w, apiError{Status: http.StatusNotFound, Category: "OBJECT_NOT_FOUND", Message: "resource not found"})
}

// invalid is a 400 VALIDATION_ERROR.
func invalid(format string, args ...any) *apiError {
	return &apiError{Status: http.StatusBadRequest, Category: "VALIDATION_ERROR", Message: fmt.Sprintf(format, args...)}
}

func refuse(w http.ResponseWriter, e apiError) {
	body := map[string]any{"status": "error", "message": e.Message, "correlationId": uuid.NewString()}
	if e.PolicyName != "" {
		body["errorType"], body["policyName"], body["groupName"] = "RATE_LIMIT", e.PolicyName, "sandbox"
	} else {
		body["category"] = e.Category
	}
	if len(e.Details) > 0 {
		body["errors"] = e.Details
	}
	core.WriteJSON(w, e.Status, body)
}

// readJSON decodes a bounded body into v, and answers with the vendor's refusal when it cannot.
func readJSON(w http.ResponseWriter, r *http.Request, v any) bool {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	if err == nil {
		err = json.Unmarshal(body, v)
	}
	if err != nil {
		refuse(w, *invalid("Invalid input JSON: %s", err))
		return false
	}
	return true
}
