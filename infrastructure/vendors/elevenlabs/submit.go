package elevenlabs

import (
	"bytes"
	"context"
	"encoding/json"
	"maps"
	"net/http"
	"slices"
	"strconv"

	"github.com/tertulia-dev/tertulia/infrastructure/outbound"
)

// MaxRecipients is how many one submission may have.
const MaxRecipients = 10_000

// Submission asks for a batch of calls.
type Submission struct {
	CallName               string
	AgentID                string
	PhoneNumberID          string // the agent's number; "" is none
	ScheduledUnix          *int64 // nil is now
	Timezone               string // IANA; "" is none
	TargetConcurrencyLimit *int   // calls at once; nil leaves it to the workspace's limits
	Telephony              *TelephonyConfig
	Recipients             []Recipient
	// Extra are other fields of the request by name, passed on as they are. A field above comes before one of the same
	// name here.
	Extra map[string]json.RawMessage
}

// TelephonyConfig is how the calls are made.
type TelephonyConfig struct {
	RingingTimeoutSecs int  `json:"ringing_timeout_secs"` // from 1 to 999
	RecordingEnabled   bool `json:"twilio_call_recording_enabled"`
}

// Recipient is one person to call: the fields, or the whole as JSON.
type Recipient struct {
	ID          string // comes back on the recipient; "" lets ElevenLabs choose
	PhoneNumber string // E.164
	// ClientData is "conversation_initiation_client_data", an object: dynamic variables, overrides, the user's ID.
	ClientData json.RawMessage
	// Raw is the whole recipient and takes the place of the others. It must be valid JSON, as ClientData must: neither
	// is looked into, so that ten thousand cost no more than their copy.
	Raw json.RawMessage
}

// Submit makes a batch whose calls begin at once, or at the time that was asked for. It is sent once, whatever happens:
// after an error whose outcome is outbound.Unknown the batch may exist, and only List tells. An answer that went well but
// is no batch has no ID.
func (c *Client) Submit(ctx context.Context, in Submission) (BatchCall, error) {
	body := in.encode()
	answer, status, err := c.out.Whole(ctx, outbound.Call{
		Operation: "submit_batch_call", Method: http.MethodPost, Path: outbound.Path("v1", "convai", batches, "submit"),
		Header: http.Header{"Content-Type": {"application/json"}},
		// A reader that net/http can rewind lets it take another connection when not a byte could be written to an idle
		// one. What has been written it never sends again: a POST without an idempotency key is not replayed.
		Body: bytes.NewReader(body), Length: int64(len(body)),
	})
	if err != nil {
		return BatchCall{}, err
	}
	return readBatch(answer, status), nil
}

// encode writes the body from its pieces.
func (s Submission) encode() []byte {
	size := 1024
	for _, r := range s.Recipients {
		size += 80 + len(r.ID) + len(r.PhoneNumber) + len(r.ClientData) + len(r.Raw)
	}
	b := make([]byte, 0, size)
	b = appendString(append(b, `{"call_name":`...), s.CallName)
	b = appendString(append(b, `,"agent_id":`...), s.AgentID)
	if s.PhoneNumberID != "" {
		b = appendString(append(b, `,"agent_phone_number_id":`...), s.PhoneNumberID)
	}
	if s.ScheduledUnix != nil {
		b = strconv.AppendInt(append(b, `,"scheduled_time_unix":`...), *s.ScheduledUnix, 10)
	}
	if s.Timezone != "" {
		b = appendString(append(b, `,"timezone":`...), s.Timezone)
	}
	if s.TargetConcurrencyLimit != nil {
		b = strconv.AppendInt(append(b, `,"target_concurrency_limit":`...), int64(*s.TargetConcurrencyLimit), 10)
	}
	if s.Telephony != nil {
		config, _ := json.Marshal(s.Telephony) // a number and a boolean always encode
		b = append(append(b, `,"telephony_call_config":`...), config...)
	}
	for _, name := range slices.Sorted(maps.Keys(s.Extra)) {
		if !s.has(name) {
			b = append(appendString(append(b, ','), name), ':')
			b = append(b, s.Extra[name]...)
		}
	}
	b = append(b, `,"recipients":[`...)
	for i, r := range s.Recipients {
		if i > 0 {
			b = append(b, ',')
		}
		b = r.append(b)
	}
	return append(b, "]}"...)
}

// has reports whether a field of the request is one of the submission's own and set.
func (s Submission) has(field string) bool {
	switch field {
	case "call_name", "agent_id", "recipients":
		return true
	case "agent_phone_number_id":
		return s.PhoneNumberID != ""
	case "scheduled_time_unix":
		return s.ScheduledUnix != nil
	case "timezone":
		return s.Timezone != ""
	case "target_concurrency_limit":
		return s.TargetConcurrencyLimit != nil
	case "telephony_call_config":
		return s.Telephony != nil
	}
	return false
}

func (r Recipient) append(b []byte) []byte {
	if r.Raw != nil {
		return append(b, r.Raw...)
	}
	b = appendString(append(b, `{"phone_number":`...), r.PhoneNumber)
	if r.ID != "" {
		b = appendString(append(b, `,"id":`...), r.ID)
	}
	if r.ClientData != nil {
		b = append(append(b, `,"conversation_initiation_client_data":`...), r.ClientData...)
	}
	return append(b, '}')
}

// appendString writes a JSON string; the plain ones, which nearly all are, without the encoder.
func appendString(b []byte, s string) []byte {
	for i := range len(s) {
		if c := s[i]; c < ' ' || c > '~' || c == '"' || c == '\\' {
			quoted, _ := json.Marshal(s) // a string always encodes
			return append(b, quoted...)
		}
	}
	return append(append(append(b, '"'), s...), '"')
}
