// Package demo holds the meeting that ships with Tertulia: a sales negotiation in Spanish, ten minutes long, between a
// seller and an engineer of one company and two people of another. It is fiction; names and addresses are made up.
package demo

import _ "embed"

// Facts about the meeting, as a person who schedules it would know them.
const (
	Title    = "Propuesta para Distribuidora del Valle"
	RepName  = "Mariana Ríos"
	RepEmail = "mariana.rios@andamio.example"

	ContactName  = "Pedro García"
	ContactEmail = "pedro.garcia@delvalle.example"
	Company      = "Distribuidora del Valle"
	DealValue    = 750000.0
	DealCurrency = "MXN"

	MeetingURL = "https://meet.google.com/dmo-tert-lia"
	Language   = "es"
)

//go:embed meeting.json
var transcript []byte

// Transcript returns the meeting as a download of Recall.ai's transcript answers it: an array of utterances with word
// times. The caller must not change it.
func Transcript() []byte { return transcript }
