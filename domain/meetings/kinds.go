package meetings

import "slices"

// Status is where a meeting is in its life.
type Status string

// Statuses, as they are on the wire.
const (
	Scheduled  Status = "SCHEDULED"
	Joining    Status = "JOINING"
	InProgress Status = "IN_PROGRESS"
	Processing Status = "PROCESSING"
	Completed  Status = "COMPLETED"
	Failed     Status = "FAILED"
	Cancelled  Status = "CANCELLED"
)

// Statuses returns every status, in the order of a meeting's life.
func Statuses() []Status {
	return []Status{Scheduled, Joining, InProgress, Processing, Completed, Failed, Cancelled}
}

// IsValid reports whether s is a known status.
func (s Status) IsValid() bool { return slices.Contains(Statuses(), s) }

// Platform is where a call takes place, by its display name.
type Platform string

// Platforms.
const (
	GoogleMeet     Platform = "Google Meet"
	Zoom           Platform = "Zoom"
	MicrosoftTeams Platform = "Microsoft Teams"
)

// Type is what a meeting is about. Only sales meetings are scored, and only they are private to their rep.
type Type string

// Types.
const (
	Sales         Type = "ventas"
	General       Type = "general"
	Standup       Type = "standup"
	Technical     Type = "tecnica"
	Documentation Type = "documentacion"
	Planning      Type = "planificacion"
)

// Types returns every type, sales first.
func Types() []Type {
	return []Type{Sales, General, Standup, Technical, Documentation, Planning}
}

// IsValid reports whether t is a known type.
func (t Type) IsValid() bool { return slices.Contains(Types(), t) }

// IsSales reports whether meetings of this type are scored, private and pushed to the CRM.
func (t Type) IsSales() bool { return t == Sales }

// Subtype is the stage of the funnel that a sales meeting belongs to.
type Subtype string

// Subtypes.
const (
	Qualification Subtype = "calificacion"
	Demonstration Subtype = "demostracion"
	Negotiation   Subtype = "negociacion"
)

// Subtypes returns every subtype in funnel order.
func Subtypes() []Subtype { return []Subtype{Qualification, Demonstration, Negotiation} }

// IsValid reports whether s is a known subtype.
func (s Subtype) IsValid() bool { return slices.Contains(Subtypes(), s) }

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
		return ""
	}
}
