package tertulia

import "time"

// Campaign is a list of people who are called as rules allow.
type Campaign struct {
	ID            string             `json:"id" doc:"The campaign's ID, which is that of a batch too." example:"btcal_01k9x0vbx5e8p3m2d4c6a8b0n1"`
	Name          string             `json:"name" doc:"What it is called." example:"Cobranza octubre"`
	AgentID       string             `json:"agentId" doc:"The voice agent, at the provider."`
	PhoneNumberID string             `json:"phoneNumberId" doc:"The number that calls, at the provider."`
	Status        string             `json:"status" enum:"draft,pending,in_progress,paused,completed,cancelled" doc:"Pending is started, with its time to come."`
	StartAt       *time.Time         `json:"startAt" doc:"Nobody is called before; null for no such time."`
	Consent       *Consent           `json:"consent" doc:"On what ground people may be called; null while nobody has declared one."`
	Window        Window             `json:"window" doc:"When a person may be called, by the clock where that person is."`
	DefaultRegion string             `json:"defaultRegion" doc:"Country of numbers without a country code; empty for none." example:"MX"`
	Limits        CampaignPace       `json:"limits" doc:"How fast it calls."`
	Retry         CampaignRetryState `json:"retry" doc:"Who is called again."`
	Budget        BudgetState        `json:"budget" doc:"How long it may talk, and has talked."`
	Breaker       bool               `json:"breaker" doc:"Whether it pauses when too many calls fail."`
	RetentionDays int                `json:"retentionDays" doc:"After its end, how many days what is personal is kept; 0 for ever."`
	Recipients    int                `json:"recipients" doc:"People in it, those who must not be called included." example:"250"`
	DoNotCall     int                `json:"doNotCall" doc:"Of these, who must not be called."`
	Live          int                `json:"live" doc:"Calls under way, doubtful ones too."`
	PauseReason   *string            `json:"pauseReason" enum:"person,breaker,budget,provider" doc:"Why it is paused; null unless it is."`
	PauseDetail   *string            `json:"pauseDetail" doc:"What the provider said, when that is why."`
	WaitingFor    *string            `json:"waitingFor" enum:"window,budget,cap,rate,on_call,daily,not_due,no_window,breaker,paused,dnc,attempts" doc:"Why nobody else is called at this moment; null when nothing keeps it."`
	NextLook      *time.Time         `json:"nextLook" doc:"When it is looked again whom to call; null when that waits for something to happen."`
	Version       int64              `json:"version" doc:"Grows with every change of the campaign or its calls."`
	CreatedBy     *string            `json:"createdBy" doc:"The rep who made it; null for a service."`
	CreatedAt     time.Time          `json:"createdAt" doc:"When it was made."`
	UpdatedAt     time.Time          `json:"updatedAt" doc:"When it last changed."`
	EndedAt       *time.Time         `json:"endedAt" doc:"When it was over."`
	PurgedAt      *time.Time         `json:"purgedAt" doc:"When what is personal was erased."`
}

// Consent is the ground on which people are called, as a person has declared it.
type Consent struct {
	Kind string    `json:"kind" enum:"express_written,express,existing_customer,other" doc:"The ground."`
	Note string    `json:"note" doc:"What proves it."`
	By   string    `json:"by" doc:"Who declared it." example:"Ana Ruiz"`
	At   time.Time `json:"at" doc:"When."`
}

// Window is when people may be called.
type Window struct {
	Start string   `json:"start" doc:"From when, hh:mm." example:"08:00"`
	End   string   `json:"end" doc:"Until when, hh:mm." example:"21:00"`
	Days  []string `json:"days" enum:"mon,tue,wed,thu,fri,sat,sun" doc:"On which days."`
}

// CampaignPace is how fast a campaign calls.
type CampaignPace struct {
	MaxConcurrent  int     `json:"maxConcurrent" doc:"Calls at once."`
	CallsPerSecond float64 `json:"callsPerSecond" doc:"Calls that begin within a second; 0 for no limit."`
	ChunkSize      int     `json:"chunkSize" doc:"People in one request to the provider."`
	DailyCalls     int     `json:"dailyCalls" doc:"Calls to one number within any 24 hours; 0 for no limit."`
}

// CampaignRetryState is who is called again.
type CampaignRetryState struct {
	MaxAttempts int         `json:"maxAttempts" doc:"Calls to a person over all rules, the first included."`
	Rules       []RetryRule `json:"rules" doc:"One an outcome."`
}

// BudgetState is how long a campaign may talk, and has talked. Seconds of talking.
type BudgetState struct {
	Minutes         int64 `json:"minutes" doc:"Minutes of talking in all; 0 for no cap."`
	EstimateSeconds int64 `json:"estimateSeconds" doc:"What a call is reserved with while it runs."`
	SpentSeconds    int64 `json:"spentSeconds" doc:"Talked so far; calls under way are not in it."`
	ReservedSeconds int64 `json:"reservedSeconds" doc:"Set aside for calls under way."`
}

// CampaignPage is a stretch of the campaigns, newest first.
type CampaignPage struct {
	Data       []Campaign `json:"data" doc:"The campaigns."`
	NextCursor *string    `json:"nextCursor" doc:"Where the next page begins; null on the last."`
}

// CampaignCounts are the people of a campaign by where they are.
type CampaignCounts struct {
	Waiting  int            `json:"waiting" doc:"For their first call or for another."`
	ByStatus map[string]int `json:"byStatus" doc:"The others, by how their last call stands: dispatched, initiated, in_progress, completed, voicemail, no_answer, busy, failed, cancelled, unknown, do_not_call."`
}

// CampaignProgress is where a campaign stands: of GET /v1/calls/campaigns/{id}/progress, and of each event of its stream.
type CampaignProgress struct {
	Campaign       Campaign       `json:"campaign" doc:"The campaign."`
	Counts         CampaignCounts `json:"counts" doc:"Its people by where they are."`
	CallsPerMinute float64        `json:"callsPerMinute" doc:"Calls that ended within the last five minutes, a minute." example:"4.2"`
	Done           bool           `json:"done" doc:"The campaign is over and no call of it runs: no event comes after this one."`
}

// Preflight is what would go wrong if a campaign started now.
type Preflight struct {
	Ready             bool               `json:"ready" doc:"It can be started."`
	Problems          []CampaignProblem  `json:"problems" doc:"Why it cannot."`
	Warnings          []CampaignWarning  `json:"warnings" doc:"What to know, and go on in spite of."`
	AgentName         string             `json:"agentName" doc:"The voice agent's name, at the provider." example:"Cobranza"`
	RequiredVariables []string           `json:"requiredVariables" doc:"Variables that the voice agent needs of each person."`
	Missing           []VariableNotGiven `json:"missing" doc:"The first 100 people who lack one."`
	People            int                `json:"people" doc:"Who would be called."`
	DoNotCall         int                `json:"doNotCall" doc:"Who is left out."`
}

// CampaignProblem is one thing that keeps a campaign from starting.
type CampaignProblem struct {
	Field   string `json:"field" doc:"Where it is put right." example:"consent.kind"`
	Code    string `json:"code" doc:"Machine-readable name." example:"REQUIRED"`
	Message string `json:"message" doc:"What is wrong, in the caller's language."`
}

// CampaignWarning is what a person should know before a campaign starts.
type CampaignWarning struct {
	Code    string `json:"code" enum:"BURSTING_ENABLED,NEVER_OPEN,NO_BUDGET" doc:"Calls above the account's limit cost double; the window never opens for some; nothing bounds the cost."`
	Message string `json:"message" doc:"The same in the caller's language."`
	People  int    `json:"people" doc:"Whom it is about; 0 for all."`
}

// VariableNotGiven is a variable that a person lacks.
type VariableNotGiven struct {
	Position int    `json:"position" doc:"The person's place in the campaign, from 0."`
	Line     int    `json:"line" doc:"The line of the file; 0 for none."`
	Name     string `json:"name" doc:"The variable." example:"nombre"`
}

// RetriedCampaign is a campaign whose people are called again.
type RetriedCampaign struct {
	Campaign Campaign `json:"campaign" doc:"The campaign."`
	Again    int      `json:"again" doc:"People who are called again."`
}
