package tertulia

import "encoding/json"

// CallSubmission asks for calls to a list of people.
type CallSubmission struct {
	CallName           string          `json:"call_name"`
	AgentID            string          `json:"agent_id"`              // the voice agent, at the provider
	AgentPhoneNumberID string          `json:"agent_phone_number_id"` // the number that calls, at the provider
	Recipients         []CallRecipient `json:"recipients"`
	// ScheduledTimeUnix is when to call, in seconds since 1970; nil, and what is past, is now.
	ScheduledTimeUnix *int64 `json:"scheduled_time_unix,omitempty"`
	PhoneProvider     string `json:"phone_provider,omitempty"` // "twilio" or "sip_trunk"
	// Timezone, TargetConcurrencyLimit (calls at once) and TelephonyCallConfig are passed on to the provider.
	Timezone               string         `json:"timezone,omitempty"`
	TargetConcurrencyLimit int            `json:"target_concurrency_limit,omitempty"`
	TelephonyCallConfig    map[string]any `json:"telephony_call_config,omitempty"`
	// Force calls although the same was submitted within the last 10 minutes.
	Force bool `json:"force,omitempty"`
}

// CallRecipient is a person to be called.
type CallRecipient struct {
	PhoneNumber string `json:"phone_number"` // E.164, as in +34631021622
	ID          string `json:"id,omitempty"` // the caller's own; one is made when it is empty
	// DynamicVariables is what the agent may speak of, by name: texts, numbers and booleans.
	DynamicVariables map[string]any `json:"dynamic_variables,omitempty"`
	// ClientData is whatever else the provider takes at the start of a conversation.
	ClientData map[string]any `json:"conversation_initiation_client_data,omitempty"`
}

// CallBatch is a batch as the provider writes it, with what is known here.
type CallBatch struct {
	ID                     string          `json:"id"`
	PhoneNumberID          string          `json:"phone_number_id"`
	PhoneProvider          *string         `json:"phone_provider"`
	WhatsAppParams         json.RawMessage `json:"whatsapp_params"`
	Name                   string          `json:"name"`
	AgentID                string          `json:"agent_id"`
	BranchID               *string         `json:"branch_id"`
	Environment            *string         `json:"environment"`
	CreatedAtUnix          int64           `json:"created_at_unix"`
	ScheduledTimeUnix      int64           `json:"scheduled_time_unix"`
	Timezone               *string         `json:"timezone"`
	TotalCallsDispatched   int             `json:"total_calls_dispatched"`
	TotalCallsScheduled    int             `json:"total_calls_scheduled"`
	TotalCallsFinished     int             `json:"total_calls_finished"`
	LastUpdatedAtUnix      int64           `json:"last_updated_at_unix"`
	Status                 CallStatus      `json:"status"`
	RetryCount             *int            `json:"retry_count"`
	TelephonyCallConfig    json.RawMessage `json:"telephony_call_config"`
	TargetConcurrencyLimit *int            `json:"target_concurrency_limit"`
	AgentName              *string         `json:"agent_name"`
	BranchName             *string         `json:"branch_name"`
	Recipients             []CalledPerson  `json:"recipients,omitempty"` // of BatchCalls.Get
}

// CallStatus is where a batch, or the call to one person, is.
type CallStatus string

// Statuses of batches and calls.
const (
	CallPending    CallStatus = "pending"
	CallInProgress CallStatus = "in_progress"
	CallCompleted  CallStatus = "completed"
	CallFailed     CallStatus = "failed"
	CallCancelled  CallStatus = "cancelled"
)

// IsFinal reports whether nothing more will happen.
func (s CallStatus) IsFinal() bool {
	return s == CallCompleted || s == CallFailed || s == CallCancelled
}

// CalledPerson is a recipient and what became of the call.
type CalledPerson struct {
	ID             string     `json:"id"`
	PhoneNumber    string     `json:"phone_number"` // empty once erased
	WhatsAppUserID *string    `json:"whatsapp_user_id"`
	Status         CallStatus `json:"status"`
	// Detail says it more exactly: dispatched, initiated, unknown, voicemail, no_answer, busy or do_not_call. Empty where the
	// status says all.
	Detail         string          `json:"detail,omitempty"`
	CreatedAtUnix  int64           `json:"created_at_unix"`
	UpdatedAtUnix  int64           `json:"updated_at_unix"`
	ConversationID *string         `json:"conversation_id"` // the provider's, once there is a call
	ClientData     json.RawMessage `json:"conversation_initiation_client_data"`
}

// SubmittedCalls is a batch that was submitted.
type SubmittedCalls struct {
	Batch CallBatch `json:"data"`
	// Warning tells, in Spanish, that the same was submitted before: Batch is the one of then, and nobody is called again.
	Warning string `json:"warning,omitempty"`
	// Duplicates are recipients that were left out, since an earlier one has their number: the first 100 of DuplicatesTotal.
	Duplicates      []DuplicateRecipient `json:"duplicates,omitempty"`
	DuplicatesTotal int                  `json:"duplicates_total,omitempty"`
	DoNotCall       int                  `json:"do_not_call,omitempty"` // recipients that may not be called
}

// DuplicateRecipient is one that was left out. Both are positions in the submission, from 0.
type DuplicateRecipient struct {
	Index      int `json:"index"`
	FirstIndex int `json:"first_index"`
}
