package tertulia

import "time"

// BatchFilter is the query of GET /v1/calls/batches.
type BatchFilter struct {
	Status   string `query:"status" enum:"draft,pending,in_progress,paused,completed,failed,cancelled" doc:"Only those that are so."`
	Doubtful bool   `query:"doubtful" doc:"Only those of which nobody knows whether the provider has a part, or of which a part is known not to be there."`
	PageQuery
}

// BatchRecord is a batch as it is kept here, whatever it came from.
type BatchRecord struct {
	ID            string     `json:"id" doc:"The batch's ID." example:"btcal_01k9x0vbx5e8p3m2d4c6a8b0n1"`
	Kind          string     `json:"kind" enum:"submitted,campaign,adopted" doc:"Whether it was submitted here, belongs to a campaign, or was made elsewhere on the provider's account."`
	Name          string     `json:"name" doc:"What it is called." example:"Cobranza octubre"`
	AgentID       string     `json:"agentId" doc:"The voice agent, at the provider." example:"agent_01k9x0v2m7"`
	PhoneNumberID string     `json:"phoneNumberId" doc:"The number that calls, at the provider." example:"phnum_01k9x0v3n8"`
	Status        string     `json:"status" enum:"draft,pending,in_progress,paused,completed,failed,cancelled" doc:"Where it stands; only a campaign is a draft or paused."`
	ScheduledAt   *time.Time `json:"scheduledAt" doc:"When its calls are to begin; null for as soon as possible."`
	Recipients    int        `json:"recipients" doc:"People in it, those who must not be called included." example:"250"`
	DoNotCall     int        `json:"doNotCall" doc:"Of these, whom the do-not-call list keeps from being called."`
	Dispatched    int        `json:"dispatched" doc:"Calls that the provider has begun."`
	Finished      int        `json:"finished" doc:"Calls that have ended."`
	Version       int64      `json:"version" doc:"Grows with every change of the batch, its parts or its calls."`
	CreatedBy     *string    `json:"createdBy" doc:"The rep who made it; null for a service."`
	CreatedAt     time.Time  `json:"createdAt" doc:"When it was made."`
	UpdatedAt     time.Time  `json:"updatedAt" doc:"When it last changed."`
}

// IsFinal reports whether nothing more will happen by itself.
func (b BatchRecord) IsFinal() bool { return CallStatus(b.Status).IsFinal() }

// BatchPart is one request to the provider, at most 10,000 recipients of a batch.
type BatchPart struct {
	Index          int        `json:"index" doc:"Its place in the batch, from 0."`
	Status         string     `json:"status" enum:"stored,sending,accepted,rejected,unknown,absent,cancelled,superseded" doc:"What is known about the request: not sent yet, on its way, taken, refused (nobody was called), without an answer and being looked for, looked for and not there, stopped before it was sent, sent again as a later part."`
	Size           int        `json:"size" doc:"Recipients in it." example:"10000"`
	ProviderID     *string    `json:"providerId" doc:"The provider's ID of it, once it has told one."`
	ProviderStatus *string    `json:"providerStatus" enum:"pending,in_progress,completed,failed,cancelled" doc:"Where it stands at the provider, while accepted."`
	Error          *string    `json:"error" doc:"What the provider said when it refused." example:"Agent not found"`
	ErrorStatus    *int       `json:"errorStatus" doc:"The HTTP status of that; null without an answer." example:"422"`
	Sweeps         int        `json:"sweeps" doc:"How often it was looked for in vain; after two it is absent."`
	Dispatched     int        `json:"dispatched" doc:"Calls of it that the provider has begun."`
	Finished       int        `json:"finished" doc:"Calls of it that have ended."`
	SentAt         *time.Time `json:"sentAt" doc:"When the provider was asked."`
}

// IsDoubtful reports whether the provider may not have the part: an absent one can be sent again with BatchCalls.Resume.
func (p BatchPart) IsDoubtful() bool { return p.Status == "unknown" || p.Status == "absent" }

// BatchDetail is a batch with its parts.
type BatchDetail struct {
	BatchRecord

	Parts []BatchPart `json:"parts" doc:"What was asked of the provider, in order."`
}

// BatchPage is a stretch of the batches, newest first.
type BatchPage struct {
	Data       []BatchRecord `json:"data" doc:"The batches."`
	NextCursor *string       `json:"nextCursor" doc:"Where the next page begins; null on the last."`
}

// BatchCallFilter is the query of GET /v1/calls/batches/{id}/recipients.
type BatchCallFilter struct {
	Status string `query:"status" enum:"pending,dispatched,initiated,in_progress,completed,voicemail,no_answer,busy,failed,cancelled,unknown,do_not_call" doc:"Only those whose call is so."`
	PageQuery
}

// BatchCall is a recipient of a batch and the latest call to it.
type BatchCall struct {
	Position       int            `json:"position" doc:"Its place in the batch, from 0."`
	ID             string         `json:"id" doc:"What the provider knows it by: the caller's own ID, or one that was made." example:"cliente-4711"`
	Phone          string         `json:"phone" doc:"E.164; empty once erased." example:"+525512345678"`
	Status         string         `json:"status" enum:"pending,dispatched,initiated,in_progress,completed,voicemail,no_answer,busy,failed,cancelled,unknown,do_not_call" doc:"Where the call is. Unknown: nobody knows whether the provider has it, and nobody is called again for it."`
	Part           *int           `json:"part" doc:"The part that it is in; null while in none."`
	Attempts       int            `json:"attempts" doc:"Requests to the provider that named it."`
	ConversationID *string        `json:"conversationId" doc:"The provider's ID of the call, once there is one."`
	Variables      map[string]any `json:"variables" doc:"What the agent was told of it, by name."`
	UpdatedAt      time.Time      `json:"updatedAt" doc:"When something was last heard."`
	Outcome        *CallOutcome   `json:"outcome" doc:"What the provider has told of the call; null before it has."`
}

// CallOutcome is what became of one call, as the provider's event of it tells.
type CallOutcome struct {
	Status     string            `json:"status" enum:"completed,voicemail,no_answer,busy,failed" doc:"How it ended."`
	Reason     *string           `json:"reason" doc:"Why, in the provider's words." example:"end_call tool was called."`
	Successful *string           `json:"successful" enum:"success,failure,unknown" doc:"What the agent's own evaluation says."`
	Summary    *string           `json:"summary" doc:"What was spoken of." example:"Confirma su cita del martes."`
	Seconds    int               `json:"seconds" doc:"How long it lasted." example:"74"`
	Collected  map[string]string `json:"collected" doc:"What the agent has found out, by name."`
	EndedAt    time.Time         `json:"endedAt" doc:"When it ended."`
}

// BatchCallPage is a stretch of a batch's recipients, in order.
type BatchCallPage struct {
	Data       []BatchCall `json:"data" doc:"The recipients."`
	NextCursor *string     `json:"nextCursor" doc:"Where the next page begins; null on the last."`
}
