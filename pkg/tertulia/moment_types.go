package tertulia

// SearchFilter says what to look for in transcripts: the query of GET /api/meetings/search.
type SearchFilter struct {
	Q           string      `query:"q" required:"true" maxLength:"200" doc:"What was said: words, \"words in a row\", -excluded, begin*. Accents, case and plural do not matter." example:"\"plan anual\" precio"`
	Page        int         `query:"page" minimum:"1" default:"1" doc:"Page, from 1."`
	Limit       int         `query:"limit" minimum:"1" maximum:"100" default:"20" doc:"Meetings a page."`
	Moments     int         `query:"moments" minimum:"1" maximum:"20" default:"5" doc:"Moments shown of each meeting."`
	MeetingType MeetingType `query:"meetingType" doc:"One type of meeting." example:"ventas"`
	DateFrom    string      `query:"dateFrom" doc:"First day or instant, inclusive, as in the list of meetings." example:"2026-05-01"`
	DateTo      string      `query:"dateTo" doc:"Last day or instant, inclusive." example:"2026-05-31"`
	SalesRepID  string      `query:"salesRepId" doc:"Only this rep's sales meetings."`
}

// SearchPage is one page of meetings in which something was said, newest first.
type SearchPage struct {
	Data  []FoundMeeting `json:"data" doc:"The meetings."`
	Total int            `json:"total" doc:"How many meetings there are on all pages."`
	Page  int            `json:"page" doc:"This page, from 1."`
	Limit int            `json:"limit" doc:"Meetings a page."`
}

// FoundMeeting is a meeting in which something was said.
type FoundMeeting struct {
	Meeting     MeetingRow `json:"meeting" doc:"The meeting, as in the list."`
	MomentCount int        `json:"moment_count" doc:"How many utterances were found in it." example:"3"`
	Moments     []Moment   `json:"moments" doc:"The first of them, in the order they were said."`
}

// Moment is an utterance, and why it was found.
type Moment struct {
	StartMS     int64  `json:"start_ms" doc:"Where it begins, in milliseconds of the recording." example:"61200"`
	EndMS       int64  `json:"end_ms" doc:"Where it ends." example:"65900"`
	Speaker     string `json:"speaker" doc:"Who spoke." example:"Pedro García"`
	Text        string `json:"text" doc:"What was said; a long utterance is cut around what was found." example:"¿Cuánto cuesta el plan anual?"`
	Highlighted string `json:"highlighted" doc:"The text as HTML, escaped, with what was found in mark tags." example:"¿Cuánto cuesta el <mark>plan anual</mark>?"`
}
