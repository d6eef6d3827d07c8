package elevenlabs

import (
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/tertulia-dev/tertulia/infrastructure/signature"
)

// SignatureHeader is where a webhook has its signature.
const SignatureHeader = "ElevenLabs-Signature"

// webhookAge is how old a webhook may be. A copy of one can be sent again within it: receivers tell copies apart by the
// type and the conversation.
const webhookAge = 30 * time.Minute

// VerifyWebhook checks the value of SignatureHeader against the raw body. Errors: signature.ErrUnsigned, ErrStale,
// ErrForged.
func VerifyWebhook(secret, header string, body []byte, now time.Time) error {
	return signature.VerifyStamped(signature.Stamped{Version: "v0", MaxAge: webhookAge, Secret: secret}, header, body, now)
}

// Types of webhooks. There is none about a batch.
const (
	PostCallTranscription = "post_call_transcription"
	PostCallAudio         = "post_call_audio"
	CallInitiationFailure = "call_initiation_failure"
)

// Event is a webhook that was verified.
type Event struct {
	Type           string
	At             time.Time
	ConversationID string
	Conversation   Conversation // of PostCallTranscription
	Failure        Failure      // of CallInitiationFailure
}

// Failure is why nobody was reached. It names no batch: the recipient is found by the conversation's ID. There is none
// when a voicemail answers.
type Failure struct {
	AgentID string `json:"agent_id"`
	Reason  string `json:"failure_reason"` // "busy", "no-answer" or "unknown"
	// Metadata is the provider's own account.
	Metadata struct {
		Type string `json:"type"` // "twilio" or "sip"
		// Body is a SIP answer (sip_status_code, error_reason, call_sid), or the form of Twilio's StatusCallback.
		Body json.RawMessage `json:"body"`
	} `json:"metadata"`
}

// ReadEvent reads a webhook's body; one of an unknown type has its Type, time and conversation only. The audio of
// PostCallAudio is not decoded.
func ReadEvent(body []byte) (Event, error) {
	var in struct {
		Type string          `json:"type"`
		At   int64           `json:"event_timestamp"`
		Body json.RawMessage `json:"data"`
	}
	if !lenient(body, &in) || in.Type == "" {
		return Event{}, errors.New("read a webhook: it is no event in JSON")
	}
	e := Event{Type: in.Type, At: time.Unix(in.At, 0).UTC()}
	var about struct {
		ConversationID string `json:"conversation_id"`
	}
	lenient(in.Body, &about)
	e.ConversationID = about.ConversationID
	switch in.Type {
	case PostCallTranscription:
		lenient(in.Body, &e.Conversation)
	case CallInitiationFailure:
		lenient(in.Body, &e.Failure)
	}
	if e.ConversationID == "" && (in.Type == PostCallTranscription || in.Type == CallInitiationFailure) {
		return Event{}, fmt.Errorf("read a webhook of type %s: it names no conversation", in.Type)
	}
	return e, nil
}
