package agents

import "slices"

// MeetingType is what a meeting is about: the same words as those of meetings.
type MeetingType string

// Types of meetings.
const (
	Sales         MeetingType = "ventas"
	General       MeetingType = "general"
	Standup       MeetingType = "standup"
	Technical     MeetingType = "tecnica"
	Documentation MeetingType = "documentacion"
	Planning      MeetingType = "planificacion"
)

// MeetingTypes returns every type, sales first.
func MeetingTypes() []MeetingType {
	return []MeetingType{Sales, General, Standup, Technical, Documentation, Planning}
}

// IsValid reports whether t is a known type.
func (t MeetingType) IsValid() bool { return slices.Contains(MeetingTypes(), t) }

// Subtype is a stage of the funnel: the same words as those of meetings.
type Subtype string

// Subtypes of sales meetings.
const (
	Qualification Subtype = "calificacion"
	Demonstration Subtype = "demostracion"
	Negotiation   Subtype = "negociacion"
)

// Subtypes returns every subtype in funnel order.
func Subtypes() []Subtype { return []Subtype{Qualification, Demonstration, Negotiation} }

// Label is the subtype's name for people, in Spanish.
func (s Subtype) Label() string {
	switch s {
	case Qualification:
		return "Calificación"
	case Demonstration:
		return "Demostración"
	case Negotiation:
		return "Negociación"
	default:
		return string(s)
	}
}
