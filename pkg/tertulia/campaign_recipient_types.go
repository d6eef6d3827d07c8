package tertulia

import "time"

// FileColumn says what a column of a customer's file becomes.
type FileColumn struct {
	Header string `json:"header" doc:"The column's header." example:"Teléfono"`
	Target string `json:"target" enum:"phone,variable,override,ignore" doc:"Whom to call (one column), a variable, a setting of the voice agent that it replaces, or nothing."`
	Name   string `json:"name,omitempty" doc:"The variable's name, the header by default; or the setting: language, first_message, voice_id or system_prompt." example:"telefono"`
	Type   string `json:"type,omitempty" enum:"string,number,boolean" doc:"What a variable is read as; string by default."`
}

// FileQuery says how a customer's file is to be read.
type FileQuery struct {
	// Mapping is what its columns become, as Preview proposes it. Nil has it guessed.
	Mapping []FileColumn
	// Region is the country of numbers without a country code, ISO 3166; "" for the campaign's own.
	Region string
}

// FileReport tells what became of a customer's file.
type FileReport struct {
	Rows        int            `json:"rows" doc:"Lines with anything on them, below the header." example:"250"`
	Good        int            `json:"good" doc:"Of these, that can be used." example:"247"`
	Bad         int            `json:"bad" doc:"Of these, that are wrong and left out." example:"1"`
	Repeated    int            `json:"repeated" doc:"Of these, whose number an earlier line has." example:"2"`
	Problems    []RowProblem   `json:"problems" doc:"What is wrong with rows: the first 100."`
	Duplicates  []DuplicateRow `json:"duplicates" doc:"Lines that repeat a number: the first 100."`
	Windows1252 bool           `json:"windows1252" doc:"It was not UTF-8 and was read as Windows-1252: look at the accents."`
}

// RowProblem is what is wrong with a line of a file.
type RowProblem struct {
	Line    int    `json:"line" doc:"The line of the file, from 1." example:"17"`
	Field   string `json:"field" doc:"The column, or what the line lacks." example:"Teléfono"`
	Code    string `json:"code" doc:"Machine-readable name." example:"BAD_PHONE"`
	Message string `json:"message" doc:"What is wrong, in the caller's language."`
}

// DuplicateRow is a line with the number of an earlier one.
type DuplicateRow struct {
	Line      int `json:"line" doc:"The line." example:"18"`
	FirstLine int `json:"firstLine" doc:"The earlier one." example:"4"`
}

// AddedRecipients tells what became of a file of people.
type AddedRecipients struct {
	FileReport

	Mapping    []FileColumn `json:"mapping" doc:"How its columns were read."`
	Added      int          `json:"added" doc:"People who are new in the campaign, those who must not be called included." example:"245"`
	Known      int          `json:"known" doc:"Lines whose number the campaign had already."`
	KnownLines []int        `json:"knownLines" doc:"The first 100 of them."`
	DoNotCall  int          `json:"doNotCall" doc:"Of those added, who must not be called."`
	DNCLines   []int        `json:"doNotCallLines" doc:"The first 100 of them."`
}

// RecipientsPreview shows what adding a file would do.
type RecipientsPreview struct {
	FileReport

	Mapping []FileColumn   `json:"mapping" doc:"How its columns would be read."`
	Header  []string       `json:"header" doc:"The file's header."`
	Sample  [][]string     `json:"sample" doc:"Its first 20 lines, as they are."`
	People  []PreviewedRow `json:"people" doc:"What is made of its first 20 good lines."`
}

// PreviewedRow is a line as a person to be called.
type PreviewedRow struct {
	Line      int               `json:"line" doc:"The line of the file."`
	Phone     string            `json:"phone" doc:"E.164." example:"+525512345678"`
	Variables map[string]any    `json:"variables" doc:"What the agent is told, by name."`
	Overrides map[string]string `json:"overrides" doc:"Settings of the voice agent that the line replaces."`
}

// CampaignRecipient is a person of a campaign.
type CampaignRecipient struct {
	Position  int            `json:"position" doc:"Its place in the campaign, from 0."`
	Phone     string         `json:"phone" doc:"E.164; empty once erased." example:"+525512345678"`
	Line      int            `json:"line" doc:"The line of the file that it came from; 0 for none."`
	Zones     []string       `json:"zones" doc:"IANA time zones in which the number may ring." example:"[\"America/Mexico_City\"]"`
	Status    string         `json:"status" enum:"pending,dispatched,initiated,in_progress,completed,voicemail,no_answer,busy,failed,cancelled,unknown,do_not_call" doc:"How the last call stands."`
	Attempts  int            `json:"attempts" doc:"Calls so far."`
	DueAt     *time.Time     `json:"dueAt" doc:"When the next call is due; null when there is none."`
	Variables map[string]any `json:"variables" doc:"What the agent is told, by name."`
	UpdatedAt time.Time      `json:"updatedAt" doc:"When something last changed."`
}

// CampaignRecipientPage is a stretch of a campaign's people, in order.
type CampaignRecipientPage struct {
	Data       []CampaignRecipient `json:"data" doc:"The people."`
	NextCursor *string             `json:"nextCursor" doc:"Where the next page begins; null on the last."`
}

// RecipientCalls is a person with all calls to it.
type RecipientCalls struct {
	CampaignRecipient

	Calls []CampaignCall `json:"calls" doc:"The calls, in order."`
}

// CampaignCall is one call to a person.
type CampaignCall struct {
	Number         int          `json:"number" doc:"Which call to the person, from 1."`
	Status         string       `json:"status" enum:"pending,dispatched,initiated,in_progress,completed,voicemail,no_answer,busy,failed,cancelled,unknown" doc:"How it stands."`
	DialledAt      time.Time    `json:"dialledAt" doc:"When the provider was asked for it."`
	EndedAt        *time.Time   `json:"endedAt" doc:"When it ended; null while it is under way."`
	Seconds        int64        `json:"seconds" doc:"Counted against the budget."`
	Estimated      bool         `json:"estimated" doc:"Nobody has told yet how long it took."`
	ConversationID *string      `json:"conversationId" doc:"The provider's ID of the call."`
	Outcome        *CallOutcome `json:"outcome" doc:"What the provider has told of it; null before it has."`
	Transcript     []CallTurn   `json:"transcript" doc:"What was said."`
}

// CallTurn is what one side of a call says at a time.
type CallTurn struct {
	Role   string `json:"role" enum:"agent,user" doc:"Who speaks."`
	Text   string `json:"text" doc:"What is said." example:"Buenos días, le llamo por su cita."`
	Second int    `json:"second" doc:"When, from the beginning of the call."`
}
