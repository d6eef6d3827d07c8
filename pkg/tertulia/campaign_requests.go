package tertulia

import "time"

// CreateCampaignRequest makes a draft of a campaign: POST /v1/calls/campaigns.
type CreateCampaignRequest struct {
	Name          string     `json:"name" maxLength:"200" doc:"What it is called." example:"Cobranza octubre"`
	AgentID       string     `json:"agentId" maxLength:"200" doc:"The voice agent, at the provider." example:"agent_01k9x0v2m7"`
	PhoneNumberID string     `json:"phoneNumberId" maxLength:"200" doc:"The number that calls, at the provider." example:"phnum_01k9x0v3n8"`
	StartAt       *time.Time `json:"startAt,omitempty" doc:"Nobody is called before, once it is started; at once without it."`
	CampaignSettings
}

// UpdateCampaignRequest changes a draft or a paused campaign: PATCH /v1/calls/campaigns/{id}. What is absent stays.
type UpdateCampaignRequest struct {
	Name          *string             `json:"name,omitempty" maxLength:"200" doc:"What it is called." example:"Cobranza noviembre"`
	AgentID       *string             `json:"agentId,omitempty" maxLength:"200" doc:"The voice agent, at the provider."`
	PhoneNumberID *string             `json:"phoneNumberId,omitempty" maxLength:"200" doc:"The number that calls, at the provider."`
	StartAt       Nullable[time.Time] `json:"startAt,omitzero" doc:"Nobody is called before; null for at once."`
	CampaignSettings
}

// CampaignSettings are what a campaign promises to keep. What is absent has its default when a campaign is made, and stays as
// it is when one is changed.
type CampaignSettings struct {
	Consent       *ConsentRequest  `json:"consent,omitempty" doc:"On what ground these people may be called by a machine; no campaign starts without."`
	Window        *WindowRequest   `json:"window,omitempty" doc:"When a person may be called, by the clock where that person is; 08:00 to 21:00 on every day by default."`
	DefaultRegion *string          `json:"defaultRegion,omitempty" doc:"Country of numbers without a country code, ISO 3166; empty for none." example:"MX"`
	Limits        *CampaignLimits  `json:"limits,omitempty" doc:"How fast it calls."`
	Retry         *CampaignRetries `json:"retry,omitempty" doc:"Who is called again, and when."`
	Budget        *CampaignBudget  `json:"budget,omitempty" doc:"How long it may talk in all."`
	Breaker       *bool            `json:"breaker,omitempty" doc:"Pause when half of at least five calls within two minutes fail; on by default."`
	RetentionDays *int             `json:"retentionDays,omitempty" doc:"After its end, how many days phones, variables and transcripts are kept, up to 3650; 0 for ever. By default what the server keeps every batch for: CALL_RETENTION_DAYS, 365." example:"90"`
}

// ConsentRequest declares the ground on which people may be called. Who declares it, and when, is kept with it.
type ConsentRequest struct {
	Kind string `json:"kind" enum:"express_written,express,existing_customer,other" doc:"The ground." example:"express_written"`
	Note string `json:"note,omitempty" doc:"What proves it; required for other." example:"Formulario de alta, casilla 3"`
}

// WindowRequest is when people may be called.
type WindowRequest struct {
	Start string   `json:"start,omitempty" doc:"From when, hh:mm." example:"09:00"`
	End   string   `json:"end,omitempty" doc:"Until when, hh:mm, at most 24:00." example:"20:00"`
	Days  []string `json:"days,omitempty" enum:"mon,tue,wed,thu,fri,sat,sun" doc:"On which days." example:"[\"mon\",\"tue\",\"wed\",\"thu\",\"fri\"]"`
}

// CampaignLimits bound how fast a campaign calls.
type CampaignLimits struct {
	MaxConcurrent  *int     `json:"maxConcurrent,omitempty" doc:"Calls at once, 1 to 1000; 10 by default." example:"10"`
	CallsPerSecond *float64 `json:"callsPerSecond,omitempty" doc:"Calls that begin within a second, up to 100; 0, the default, for no limit. A carrier's trunk often takes 1." example:"1"`
	ChunkSize      *int     `json:"chunkSize,omitempty" doc:"People in one request to the provider, 1 to 500; 50 by default." example:"50"`
	DailyCalls     *int     `json:"dailyCalls,omitempty" doc:"Calls to one number within any 24 hours, of all campaigns, up to 10; 0, the default, for no limit." example:"1"`
}

// CampaignRetries tell who is called again.
type CampaignRetries struct {
	MaxAttempts *int        `json:"maxAttempts,omitempty" doc:"Calls to a person over all rules, the first included, 1 to 10; 3 by default." example:"3"`
	Rules       []RetryRule `json:"rules,omitzero" doc:"One an outcome; none by default. An empty list takes them all away."`
}

// RetryRule has people called again whose call ended in a way.
type RetryRule struct {
	Outcome      string `json:"outcome" enum:"busy,no_answer,voicemail,failed" doc:"How the call ended." example:"no_answer"`
	AfterMinutes int    `json:"afterMinutes" doc:"How long after that, 1 to 10080." example:"60"`
	Times        int    `json:"times" doc:"How often at most, 1 to 9." example:"2"`
}

// CampaignBudget bounds how long a campaign talks.
type CampaignBudget struct {
	Minutes         *int64 `json:"minutes,omitempty" doc:"Minutes of talking in all; 0, the default, for no cap." example:"600"`
	EstimateSeconds *int   `json:"estimateSeconds,omitempty" doc:"What a call is reserved with while it runs, 10 to 3600; 120 by default." example:"120"`
}

// RetryCampaignRequest has people called again: POST /v1/calls/campaigns/{id}/retry.
type RetryCampaignRequest struct {
	Outcomes []string `json:"outcomes,omitempty" enum:"failed,no_answer,busy,voicemail,unknown" doc:"How their last call ended; failed, no_answer and busy without it. Unknown are those of whom it is known by now that nobody called them." example:"[\"no_answer\",\"busy\"]"`
}

// CampaignFilter is the query of GET /v1/calls/campaigns.
type CampaignFilter struct {
	Status string `query:"status" enum:"draft,pending,in_progress,paused,completed,cancelled" doc:"Only those that are so."`
	PageQuery
}

// CampaignRecipientFilter is the query of GET /v1/calls/campaigns/{id}/recipients.
type CampaignRecipientFilter struct {
	Status  string `query:"status" enum:"pending,dispatched,initiated,in_progress,completed,voicemail,no_answer,busy,failed,cancelled,unknown,do_not_call" doc:"Only those whose last call is so, and who are not called again."`
	Waiting bool   `query:"waiting" doc:"Only those who wait for a call."`
	PageQuery
}
