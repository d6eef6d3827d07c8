package elevenlabs

import (
	"bytes"
	"context"
	"encoding/json"
	"strings"
)

// Statuses of conversations.
const (
	ConversationInitiated  = "initiated"
	ConversationInProgress = "in-progress"
	ConversationProcessing = "processing"
	ConversationDone       = "done"
	ConversationFailed     = "failed"
)

// Conversation is one call, as a read and the webhook of a transcript tell of it.
type Conversation struct {
	ID         string `json:"conversation_id"`
	AgentID    string `json:"agent_id"`
	Status     string `json:"status"`
	HasAudio   bool   `json:"has_audio"`
	Transcript []Turn `json:"transcript"`
	Metadata   struct {
		StartUnix         int64   `json:"start_time_unix_secs"`
		DurationSecs      int     `json:"call_duration_secs"`
		Cost              int     `json:"cost"` // in credits
		CostUSD           float64 `json:"cost_fiat"`
		TerminationReason string  `json:"termination_reason"`
		MainLanguage      string  `json:"main_language"`
		Error             struct {
			Code   int    `json:"code"`
			Reason string `json:"reason"`
		} `json:"error"`
		// BatchCall is what the call belongs to: the recipient is found by it.
		BatchCall struct {
			ID          string `json:"batch_call_id"`
			RecipientID string `json:"batch_call_recipient_id"`
		} `json:"batch_call"`
		PhoneCall struct {
			Direction      string `json:"direction"`
			ExternalNumber string `json:"external_number"`
			CallSID        string `json:"call_sid"`
		} `json:"phone_call"`
	} `json:"metadata"`
	Analysis struct {
		CallSuccessful     string          `json:"call_successful"` // "success", "failure", "unknown"; "" before the analysis
		Summary            string          `json:"transcript_summary"`
		EvaluationCriteria json.RawMessage `json:"evaluation_criteria_results"`
		DataCollected      json.RawMessage `json:"data_collection_results"`
	} `json:"analysis"`
	// Raw is the conversation with every key as it came.
	Raw json.RawMessage `json:"-"`
}

// Turn is what one side said.
type Turn struct {
	Role          string `json:"role"` // "agent" or "user"
	Message       string `json:"message"`
	TimeInCallSec int    `json:"time_in_call_secs"`
}

// UnmarshalJSON keeps the raw form beside the fields.
func (c *Conversation) UnmarshalJSON(raw []byte) error {
	type fields Conversation
	lenient(raw, (*fields)(c))
	c.Raw = bytes.Clone(raw)
	return nil
}

// IsOver reports whether nothing will change any more.
func (c Conversation) IsOver() bool {
	return c.Status == ConversationDone || c.Status == ConversationFailed
}

// ReachedVoicemail reports whether a machine answered, as far as the reason for the call's end tells: voicemail is found
// by a tool of the agent's, which names it.
func (c Conversation) ReachedVoicemail() bool {
	return strings.Contains(strings.ToLower(c.Metadata.TerminationReason), "voicemail")
}

// Conversation returns one call with its transcript. Errors: IsNotFound, ErrMalformedID.
func (c *Client) Conversation(ctx context.Context, id string) (Conversation, error) {
	var out Conversation
	err := c.read(ctx, &out, "get_conversation", "conversations", id)
	return out, err
}
