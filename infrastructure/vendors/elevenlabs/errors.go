package elevenlabs

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/tertulia-dev/tertulia/infrastructure/outbound"
)

// Codes that ask for something particular.
const (
	// CodeAgreement: somebody has to accept the terms of batch calling in the dashboard.
	CodeAgreement = "batch_calling_agreement_required"
	// CodeValidation is what this client calls FastAPI's 422, which has no code.
	CodeValidation = "validation_error"
)

// IsNotFound reports whether the thing does not exist.
func IsNotFound(err error) bool { return outbound.StatusOf(err) == http.StatusNotFound }

// IsAgreementRequired reports whether the terms of batch calling have not been accepted yet.
func IsAgreementRequired(err error) bool {
	e, ok := errors.AsType[*outbound.Error](err)
	return ok && e.Code == CodeAgreement
}

// maxIssues is how many complaints of a validation are told.
const maxIssues = 20

// explain reads a refusal. Its "detail" is an object {type, code, message} or an older {status, message}, a list of
// complaints about fields, or a plain value; other bodies have a "message", or are told as they are.
func explain(e *outbound.Error) {
	body := bytes.TrimSpace(e.Body)
	var fields struct {
		Detail  json.RawMessage `json:"detail"`
		Message json.RawMessage `json:"message"`
	}
	if len(body) == 0 {
		return
	}
	err := json.Unmarshal(body, &fields)
	switch {
	case err == nil && isSet(fields.Detail):
		e.Code, e.Message = explainDetail(fields.Detail)
	case err == nil && isSet(fields.Message):
		e.Message = plain(fields.Message)
	default:
		e.Message = plain(body)
	}
}

// explainDetail finds the code and the sentence of a "detail".
func explainDetail(detail json.RawMessage) (code, message string) {
	switch detail[0] {
	case '{':
		var d struct{ Code, Status, Message string }
		if lenient(detail, &d); d.Message == "" {
			d.Message = plain(detail)
		}
		if d.Code == "" {
			d.Code = d.Status
		}
		return d.Code, d.Message
	case '[':
		return CodeValidation, explainIssues(detail)
	}
	return "", plain(detail)
}

// explainIssues says which fields are wrong and how. It quotes no values.
func explainIssues(detail json.RawMessage) string {
	var issues []struct {
		Loc []any  `json:"loc"`
		Msg string `json:"msg"`
	}
	if json.Unmarshal(detail, &issues) != nil || len(issues) == 0 {
		return plain(detail)
	}
	told := make([]string, 0, min(len(issues), maxIssues+1))
	for i, issue := range issues {
		if i == maxIssues {
			told = append(told, fmt.Sprintf("and %d more", len(issues)-i))
			break
		}
		told = append(told, fieldPath(issue.Loc)+": "+issue.Msg)
	}
	return strings.Join(told, "; ")
}

// fieldPath writes a place as in "recipients[0].phone_number". What it is in, "body" mostly, goes without saying.
func fieldPath(loc []any) string {
	if len(loc) > 1 {
		loc = loc[1:]
	}
	var b strings.Builder
	for _, step := range loc {
		switch step := step.(type) {
		case float64:
			fmt.Fprintf(&b, "[%d]", int(step))
		default:
			if b.Len() > 0 {
				b.WriteByte('.')
			}
			fmt.Fprint(&b, step)
		}
	}
	return b.String()
}

// isSet reports whether a value is there that JavaScript would not call false: so the original chose its message.
func isSet(raw json.RawMessage) bool {
	switch string(raw) {
	case "", "null", "false", "0", `""`:
		return false
	}
	return true
}

// plain is a JSON string's text, other JSON without its spaces, and anything else as it is.
func plain(raw []byte) string {
	var text string
	if json.Unmarshal(raw, &text) == nil {
		return text
	}
	var compact bytes.Buffer
	if json.Compact(&compact, raw) == nil {
		return compact.String()
	}
	return string(raw)
}
