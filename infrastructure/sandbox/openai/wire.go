package openai

import (
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net/http"

	"github.com/tertulia-dev/tertulia/infrastructure/sandbox/core"
)

// maxBody bounds a JSON request body, in bytes.
const maxBody = 64 << 20

// apiError is the vendor's error object, sent as {"error": …}. An empty code or parameter is sent as null.
type apiError struct {
	status  int
	Message string
	Type    string
	Param   string
	Code    string
}

func (e apiError) MarshalJSON() ([]byte, error) {
	return json.Marshal(map[string]any{"message": e.Message, "type": e.Type, "param": orNull(e.Param), "code": orNull(e.Code)})
}

// badRequest is a 400 with its parameter, machine code and sentence.
func badRequest(param, code, format string, args ...any) *apiError {
	return &apiError{status: http.StatusBadRequest, Param: param, Code: code, Message: fmt.Sprintf(format, args...)}
}

// missing is the 404 of an object that is not there.
func missing(noun, id string) apiError {
	return apiError{status: http.StatusNotFound, Message: fmt.Sprintf("%s with id '%s' not found.", noun, id)}
}

func refuse(w http.ResponseWriter, e apiError) {
	if e.Type == "" {
		e.Type = "invalid_request_error"
	}
	core.WriteJSON(w, e.status, map[string]any{"error": e})
}

// readJSON decodes a bounded body into v, and answers with the vendor's refusal when it cannot.
func readJSON(w http.ResponseWriter, r *http.Request, v any) bool {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	if err == nil {
		err = json.Unmarshal(body, v)
	}
	if err != nil {
		refuse(w, *badRequest("", "", "We could not parse the JSON body of your request. (HINT: This likely means you "+
			"aren't using your HTTP library correctly. The OpenAI API expects a JSON payload, but what was sent was not valid JSON.)"))
		return false
	}
	return true
}

func orNull(s string) any {
	if s == "" {
		return nil
	}
	return s
}

// newID makes an identifier of the vendor's shape: a prefix and 32 hex digits.
func newID(prefix string) string {
	var b [16]byte
	_, _ = rand.Read(b[:]) // never fails since Go 1.24
	return prefix + "_" + hex.EncodeToString(b[:])
}

// list is the vendor's page of objects, whole: a sandbox has few.
func list[T any](items []T, id func(T) string) map[string]any {
	page := map[string]any{"object": "list", "data": items, "has_more": false, "first_id": nil, "last_id": nil}
	if len(items) == 0 {
		page["data"] = []T{}
		return page
	}
	page["first_id"], page["last_id"] = id(items[0]), id(items[len(items)-1])
	return page
}
