package elevenlabs

import (
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
)

// issue is one complaint of FastAPI's validation (pydantic 2).
type issue struct {
	Type  string          `json:"type"`
	Loc   []any           `json:"loc"`
	Msg   string          `json:"msg"`
	Input json.RawMessage `json:"input"`
	Ctx   map[string]any  `json:"ctx,omitempty"`
}

const notAnObject = "Input should be a valid dictionary or object to extract fields from"

// validation gathers complaints.
type validation struct{ issues []issue }

func (v *validation) add(kind, msg string, input json.RawMessage, loc ...any) *issue {
	if input == nil {
		input = json.RawMessage("null")
	}
	v.issues = append(v.issues, issue{Type: kind, Loc: loc, Msg: msg, Input: input})
	return &v.issues[len(v.issues)-1]
}

func isNull(raw json.RawMessage) bool { return len(raw) == 0 || string(raw) == "null" }

// text reads a string.
func (v *validation) text(raw json.RawMessage, loc ...any) string {
	var s string
	if string(raw) == "null" || json.Unmarshal(raw, &s) != nil {
		v.add("string_type", "Input should be a valid string", raw, loc...)
	}
	return s
}

// requiredString reads a field of an object; inside nil, the body's parameters, null is missing too.
func (v *validation) requiredString(inside, raw json.RawMessage, loc ...any) string {
	if raw == nil || inside == nil && isNull(raw) {
		v.add("missing", "Field required", inside, loc...)
		return ""
	}
	return v.text(raw, loc...)
}

func (v *validation) optionalString(raw json.RawMessage, loc ...any) *string {
	if isNull(raw) {
		return nil
	}
	return new(v.text(raw, loc...))
}

// bounds of a number; a most of 0 is none.
type bounds struct{ least, most int64 }

// optionalInt reads a whole number as pydantic's lax mode does: also from a string, a float without fraction or a boolean.
func (v *validation) optionalInt(raw json.RawMessage, in *bounds, loc ...any) *int64 {
	if isNull(raw) {
		return nil
	}
	n, complaint := laxInt(raw)
	if complaint != "" {
		v.add(complaint, intComplaints[complaint], raw, loc...)
		return nil
	}
	switch {
	case in != nil && n < in.least:
		v.add("greater_than_equal", fmt.Sprintf("Input should be greater than or equal to %d", in.least), raw, loc...).Ctx = map[string]any{"ge": in.least}
	case in != nil && in.most > 0 && n > in.most:
		v.add("less_than_equal", fmt.Sprintf("Input should be less than or equal to %d", in.most), raw, loc...).Ctx = map[string]any{"le": in.most}
	}
	return &n
}

var intComplaints = map[string]string{
	"int_type":       "Input should be a valid integer",
	"int_parsing":    "Input should be a valid integer, unable to parse string as an integer",
	"int_from_float": "Input should be a valid integer, got a number with a fractional part",
}

func laxInt(raw json.RawMessage) (n int64, complaint string) {
	var value any
	_ = json.Unmarshal(raw, &value) // valid already, as part of the body
	switch value := value.(type) {
	case bool:
		if value {
			return 1, ""
		}
		return 0, ""
	case string:
		if n, err := strconv.ParseInt(strings.TrimSpace(value), 10, 64); err == nil {
			return n, ""
		}
		return 0, "int_parsing"
	case float64:
		if n, err := strconv.ParseInt(string(raw), 10, 64); err == nil {
			return n, ""
		}
		if value != math.Trunc(value) || math.Abs(value) > 1<<53 {
			return 0, "int_from_float"
		}
		return int64(value), ""
	}
	return 0, "int_type"
}

// telephony reads the configuration of calls.
func (v *validation) telephony(raw json.RawMessage) telephony {
	t := telephony{RingingTimeoutSecs: 60}
	if isNull(raw) {
		return t
	}
	const field = "telephony_call_config"
	var in struct {
		Ringing   json.RawMessage `json:"ringing_timeout_secs"`
		Recording json.RawMessage `json:"twilio_call_recording_enabled"`
	}
	if json.Unmarshal(raw, &in) != nil {
		v.add("model_attributes_type", notAnObject, raw, "body", field)
		return t
	}
	if n := v.optionalInt(in.Ringing, &bounds{least: 1, most: 999}, "body", field, "ringing_timeout_secs"); n != nil {
		t.RingingTimeoutSecs = int(*n)
	}
	if in.Recording != nil && json.Unmarshal(in.Recording, &t.RecordingEnabled) != nil {
		v.add("bool_type", "Input should be a valid boolean", in.Recording, "body", field, "twilio_call_recording_enabled")
	}
	return t
}

// whatsapp reads the parameters of calls by WhatsApp.
func (v *validation) whatsapp(raw json.RawMessage) json.RawMessage {
	if isNull(raw) {
		return nil
	}
	const field = "whatsapp_params"
	var in map[string]json.RawMessage
	if json.Unmarshal(raw, &in) != nil {
		v.add("model_attributes_type", notAnObject, raw, "body", field)
		return nil
	}
	for _, name := range []string{"whatsapp_call_permission_request_template_name", "whatsapp_call_permission_request_template_language_code"} {
		v.requiredString(raw, in[name], "body", field, name)
	}
	return raw
}

// recipients reads the list. What is plain is read in one go; only what is not is looked at one by one.
func (v *validation) recipients(raw json.RawMessage) []*recipientIn {
	if isNull(raw) {
		v.add("missing", "Field required", nil, "body", "recipients")
		return nil
	}
	var all []*recipientIn
	if decode(raw, &all) == nil && len(all) <= maxRecipients && !slices.Contains(all, nil) {
		return all
	}
	var pieces []json.RawMessage
	if decode(raw, &pieces) != nil {
		v.add("list_type", "Input should be a valid list", raw, "body", "recipients")
		return nil
	}
	if n := len(pieces); n > maxRecipients {
		v.add("too_long", fmt.Sprintf("List should have at most %d items after validation, not %d", maxRecipients, n), raw, "body", "recipients").
			Ctx = map[string]any{"field_type": "List", "max_length": maxRecipients, "actual_length": n}
		return nil
	}
	all = make([]*recipientIn, len(pieces))
	for i, piece := range pieces {
		all[i] = v.recipient(piece, i)
	}
	return all
}

func (v *validation) recipient(raw json.RawMessage, i int) *recipientIn {
	var in map[string]json.RawMessage
	if isNull(raw) || json.Unmarshal(raw, &in) != nil {
		v.add("model_attributes_type", notAnObject, raw, "body", "recipients", i)
		return nil
	}
	read := &recipientIn{
		ID:       v.optionalString(in["id"], "body", "recipients", i, "id"),
		Phone:    v.optionalString(in["phone_number"], "body", "recipients", i, "phone_number"),
		WhatsApp: v.optionalString(in["whatsapp_user_id"], "body", "recipients", i, "whatsapp_user_id"),
	}
	const field = "conversation_initiation_client_data"
	given := in[field]
	if isNull(given) {
		return read
	}
	var data map[string]json.RawMessage
	if json.Unmarshal(given, &data) != nil {
		v.add("model_attributes_type", notAnObject, given, "body", "recipients", i, field)
		return read
	}
	for _, name := range []string{"dynamic_variables", "custom_llm_extra_body", "conversation_config_override"} {
		if value := data[name]; value != nil && value[0] != '{' {
			v.add("dict_type", "Input should be a valid dictionary", value, "body", "recipients", i, field, name)
		}
	}
	read.Data = new(clientData(given))
	return read
}
