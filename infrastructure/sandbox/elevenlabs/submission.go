package elevenlabs

import (
	"bytes"
	"encoding/json"
	"errors"
	"mime"
	"net/http"
	"strings"

	jsonv2 "github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// Bounds of a submission. The recipients' is documented, the body's is [?].
const (
	maxRecipients = 10_000
	maxBody       = 256 << 20
)

// submission is what was asked for.
type submission struct {
	name, agentID                             string
	numberID, timezone, branchID, environment *string
	scheduled                                 *int64
	target                                    *int
	whatsapp                                  json.RawMessage // an object or nil
	telephony                                 telephony
	recipients                                []*recipientIn
}

// telephony is "telephony_call_config".
type telephony struct {
	RingingTimeoutSecs int  `json:"ringing_timeout_secs"`
	RecordingEnabled   bool `json:"twilio_call_recording_enabled"`
}

// recipientIn is a recipient as it came.
type recipientIn struct {
	ID       *string     `json:"id"`
	Phone    *string     `json:"phone_number"`
	WhatsApp *string     `json:"whatsapp_user_id"`
	Data     *clientData `json:"conversation_initiation_client_data"`
}

// clientData is an object, kept as it came.
type clientData json.RawMessage

// UnmarshalJSON refuses what is not an object, or has dynamic_variables that might not be one.
func (c *clientData) UnmarshalJSON(raw []byte) error {
	if raw[0] != '{' || !hasObject(raw, `"dynamic_variables"`) {
		return &json.UnmarshalTypeError{Value: "client data"}
	}
	*c = append((*c)[:0], raw...)
	return nil
}

// hasObject tells at a glance whether the value after a key is an object; where the key is absent there is nothing wrong.
func hasObject(raw []byte, key string) bool {
	at := bytes.Index(raw, []byte(key))
	if at < 0 {
		return true
	}
	rest := bytes.TrimLeft(raw[at+len(key):], ": \t\r\n")
	return len(rest) > 0 && rest[0] == '{'
}

// body is the submission on the wire. What is not a plain string is judged by the validation.
type body struct {
	CallName    json.RawMessage `json:"call_name"`
	AgentID     json.RawMessage `json:"agent_id"`
	Recipients  json.RawMessage `json:"recipients"`
	Scheduled   json.RawMessage `json:"scheduled_time_unix"`
	NumberID    json.RawMessage `json:"agent_phone_number_id"`
	WhatsApp    json.RawMessage `json:"whatsapp_params"`
	Timezone    json.RawMessage `json:"timezone"`
	BranchID    json.RawMessage `json:"branch_id"`
	Environment json.RawMessage `json:"environment"`
	Telephony   json.RawMessage `json:"telephony_call_config"`
	Target      json.RawMessage `json:"target_concurrency_limit"`
}

// readSubmission reads a body, or tells what FastAPI would complain about. The fields are parameters of their own there:
// one that is null is missing, as all are in a body that is no object.
func readSubmission(r *http.Request) (submission, []issue, error) {
	var read bytes.Buffer
	read.Grow(int(min(max(r.ContentLength, 0), maxBody)) + bytes.MinRead)
	if _, err := read.ReadFrom(http.MaxBytesReader(nil, r.Body, maxBody)); err != nil {
		return submission{}, nil, err
	}
	raw := read.Bytes()
	v := &validation{}
	var b body
	if broken, ok := errors.AsType[*jsontext.SyntacticError](decode(raw, &b)); ok && len(raw) > 0 && isJSON(r) {
		v.add("json_invalid", "JSON decode error", json.RawMessage("{}"), "body", broken.ByteOffset).Ctx = map[string]any{"error": "Expecting value"}
		return submission{}, v.issues, nil
	}
	if !isJSON(r) {
		b = body{} // bytes have no fields
	}
	s := submission{
		name: v.requiredString(nil, b.CallName, "body", "call_name"), agentID: v.requiredString(nil, b.AgentID, "body", "agent_id"),
		recipients:  v.recipients(b.Recipients),
		scheduled:   v.optionalInt(b.Scheduled, nil, "body", "scheduled_time_unix"),
		numberID:    v.optionalString(b.NumberID, "body", "agent_phone_number_id"),
		whatsapp:    v.whatsapp(b.WhatsApp),
		timezone:    v.optionalString(b.Timezone, "body", "timezone"),
		branchID:    v.optionalString(b.BranchID, "body", "branch_id"),
		environment: v.optionalString(b.Environment, "body", "environment"),
		telephony:   v.telephony(b.Telephony),
	}
	if n := v.optionalInt(b.Target, &bounds{least: 1}, "body", "target_concurrency_limit"); n != nil {
		s.target = new(int(*n))
	}
	return s, v.issues, nil
}

// decode reads JSON as Python does: of two equal names the later counts. With ten thousand recipients encoding/json would take
// longer than those whom the double serves.
func decode(raw []byte, to any) error {
	return jsonv2.Unmarshal(raw, to, jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true))
}

// isJSON tells whether FastAPI would look for JSON in a body.
func isJSON(r *http.Request) bool {
	kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	return kind == "" || kind == "application/json" || strings.HasPrefix(kind, "application/") && strings.HasSuffix(kind, "+json")
}
