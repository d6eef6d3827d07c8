package tertulia

import "time"

// DoNotCallRequest puts numbers onto the do-not-call list: POST /v1/calls/do-not-call.
type DoNotCallRequest struct {
	Phones []string `json:"phones" doc:"Up to 1000 numbers, E.164 or as people write them in the region." example:"[\"+525512345678\"]"`
	Region string   `json:"region,omitempty" doc:"Country of numbers without a country code, ISO 3166." example:"MX"`
	Reason string   `json:"reason,omitempty" doc:"Why, up to 200 characters." example:"Lo pidió en la llamada del 3 de mayo"`
}

// RemoveDoNotCallRequest takes a number off the list: POST /v1/calls/do-not-call/remove.
type RemoveDoNotCallRequest struct {
	Phone  string `json:"phone" doc:"E.164, or as people write it in the region." example:"+525512345678"`
	Region string `json:"region,omitempty" doc:"Country of a number without a country code, ISO 3166." example:"MX"`
}

// DoNotCallEntry is a number that must not be called.
type DoNotCallEntry struct {
	Phone   string    `json:"phone" doc:"E.164." example:"+525512345678"`
	Reason  string    `json:"reason" doc:"Why."`
	AddedBy *string   `json:"addedBy" doc:"The rep who added it; null for a service."`
	AddedAt time.Time `json:"addedAt" doc:"When."`
}

// DoNotCallPage is a stretch of the do-not-call list, newest first.
type DoNotCallPage struct {
	Data       []DoNotCallEntry `json:"data" doc:"The numbers."`
	NextCursor *string          `json:"nextCursor" doc:"Where the next page begins; null on the last."`
}

// DoNotCallAdded says how many numbers are new on the list.
type DoNotCallAdded struct {
	Added int `json:"added" doc:"Numbers that were not on it." example:"3"`
}

// DoNotCallImported tells what became of a file of numbers.
type DoNotCallImported struct {
	FileReport

	Added int `json:"added" doc:"Numbers that were not on the list." example:"3"`
}
