package core

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"reflect"
	"strings"
)

// maxControlBody bounds a control request: a script may carry a meeting of many hours.
const maxControlBody = 128 << 20

// WriteJSON answers with v as JSON.
func WriteJSON(w http.ResponseWriter, status int, v any) {
	body, err := json.Marshal(v)
	if err != nil {
		http.Error(w, "encoding the answer: "+err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_, _ = w.Write(body)
}

// FieldError answers a control request that cannot be used: 400 {"error","field"}; field is "" when no single field is
// to blame.
func FieldError(w http.ResponseWriter, field, message string) {
	WriteJSON(w, http.StatusBadRequest, map[string]string{"error": message, "field": field})
}

// DecodeControl reads a control request's JSON body into v. An unknown field, a value of the wrong type or broken JSON
// is answered with a FieldError, and false returned. An absent body leaves v as it is.
func DecodeControl(w http.ResponseWriter, r *http.Request, v any) bool {
	dec := json.NewDecoder(http.MaxBytesReader(w, r.Body, maxControlBody))
	dec.DisallowUnknownFields()
	err := dec.Decode(v)
	if err == nil || errors.Is(err, io.EOF) {
		return true
	}
	field, message := Blame(err)
	FieldError(w, field, message)
	return false
}

// Blame finds the field that a JSON error is about.
func Blame(err error) (field, message string) {
	var mistyped *json.UnmarshalTypeError
	if errors.As(err, &mistyped) {
		subject := mistyped.Field
		if subject == "" {
			subject = "the body"
		}
		return mistyped.Field, fmt.Sprintf("%s must be %s, not %s", subject, jsonType(mistyped.Type), jsonValue(mistyped.Value))
	}
	if quoted, found := strings.CutPrefix(err.Error(), "json: unknown field "); found {
		field = strings.Trim(quoted, `"`)
		return field, field + " is not a field of this request"
	}
	return "", "the body is not usable JSON: " + err.Error()
}

// jsonType says in JSON's words what a Go type is written as.
func jsonType(t reflect.Type) string {
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	switch t.Kind() {
	case reflect.Bool:
		return "true or false"
	case reflect.String:
		return "a string"
	case reflect.Slice, reflect.Array:
		return "an array"
	case reflect.Struct, reflect.Map:
		return "an object"
	case reflect.Float32, reflect.Float64:
		return "a number"
	default:
		return "a whole number"
	}
}

// jsonValue says what came: encoding/json describes it as "number 1.5" or "bool".
func jsonValue(described string) string {
	kind, _, _ := strings.Cut(described, " ")
	switch kind {
	case "bool":
		return "true or false"
	case "array", "object":
		return "an " + kind
	default:
		return "a " + kind
	}
}
