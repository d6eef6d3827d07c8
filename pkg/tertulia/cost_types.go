package tertulia

// Money is an amount of US dollars, in millionths and in dollars: a model call can cost less than a cent.
type Money struct {
	Micros int64   `json:"micros" doc:"Millionths of a US dollar." example:"654720"`
	USD    float64 `json:"usd" doc:"The same in dollars." example:"0.65472"`
}

// UsagePrice is the published price that a line was charged at.
type UsagePrice struct {
	USD    float64 `json:"usd" doc:"US dollars for every per units." example:"0.5"`
	Per    int64   `json:"per" doc:"Units that the price is for." example:"3600"`
	AsOf   string  `json:"as_of" doc:"The day on which the price was published, or read." example:"2026-10-31"`
	Source string  `json:"source" doc:"Who says so." example:"Recall.ai, usage-based pricing (calculating-usage)"`
}

// UsageLine is what was used of one thing at one price.
type UsageLine struct {
	Activity  string      `json:"activity" enum:"recording,analysis,chat,agent_test,storage" doc:"What it was used for." example:"recording"`
	Kind      string      `json:"kind" enum:"model_input_tokens,model_cached_tokens,model_output_tokens,notetaker_seconds,transcription_seconds,storage_byte_days" doc:"What was used." example:"notetaker_seconds"`
	Resource  string      `json:"resource" doc:"Which model, which vendor." example:"recall.ai"`
	Unit      string      `json:"unit" enum:"token,second,byte-day" doc:"The quantity's unit." example:"second"`
	Quantity  int64       `json:"quantity" doc:"How much." example:"3625"`
	Estimated bool        `json:"estimated" doc:"Whether it was counted by us: the vendor tells nothing of an answer that was cancelled." example:"false"`
	Cost      *Money      `json:"cost" doc:"What that costs; null while no price is known."`
	Price     *UsagePrice `json:"price" doc:"At what price; null while none is known."`
}

// MeetingCosts is what one meeting has used so far: GET /api/meetings/:id/costs.
type MeetingCosts struct {
	MeetingID string      `json:"meeting_id" doc:"The meeting." example:"8c1b6e2f-0f3c-7d51-9a63-c1f2e3a4b5c6"`
	Total     Money       `json:"total" doc:"All priced lines together."`
	Complete  bool        `json:"complete" doc:"Whether every line has a price. If not, the total is a lower bound." example:"true"`
	Lines     []UsageLine `json:"lines" doc:"What was used, dearest first."`
}

// CostsFilter chooses a month: the query of GET /api/admin/costs.
type CostsFilter struct {
	Month string `query:"month" doc:"A calendar month of the workspace's time zone. Absent: the present one." example:"2026-11"`
	Limit int    `query:"limit" minimum:"1" maximum:"100" default:"20" doc:"How many of the dearest meetings."`
}

// MonthCosts is what a workspace's month cost: GET /api/admin/costs.
type MonthCosts struct {
	Month    string        `json:"month" doc:"The month." example:"2026-11"`
	Timezone string        `json:"timezone" doc:"The zone whose month it is." example:"America/Mexico_City"`
	Total    Money         `json:"total" doc:"All priced lines together."`
	Complete bool          `json:"complete" doc:"Whether every line has a price. If not, the total is a lower bound." example:"true"`
	Lines    []UsageLine   `json:"lines" doc:"What was used, dearest first."`
	Meetings MonthMeetings `json:"meetings" doc:"The meetings that were held or analysed in the month."`
	Dearest  []MeetingCost `json:"top_meetings" doc:"The meetings that cost most in the month."`
}

// MonthMeetings is the mean of a month's meetings.
type MonthMeetings struct {
	Count         int     `json:"count" doc:"How many." example:"41"`
	Average       Money   `json:"average" doc:"What one cost on average."`
	AttendedHours float64 `json:"attended_hours" doc:"For how long notetakers attended them." example:"33.25"`
	PerHour       Money   `json:"per_hour" doc:"What an attended hour cost on average."`
}

// MeetingCost is one meeting's part of a month.
type MeetingCost struct {
	MeetingID string  `json:"meeting_id" doc:"The meeting." example:"8c1b6e2f-0f3c-7d51-9a63-c1f2e3a4b5c6"`
	Title     *string `json:"title" doc:"Its title; null when it has been deleted." example:"Propuesta"`
	Company   *string `json:"company" doc:"The customer." example:"Acme S.A."`
	Cost      Money   `json:"cost" doc:"What it cost in the month."`
}
