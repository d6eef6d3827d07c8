package meetings

import (
	"slices"
	"time"

	"github.com/tertulia-dev/tertulia/domain/fault"
)

// Transition is one allowed step of a meeting. It is applied only if the stored status is one of From, so that events
// never move a meeting backwards, whatever their order or number.
type Transition struct {
	From      []Status
	To        Status
	At        time.Time  // when it happened
	StartedAt *time.Time // what the event tells of the recording's beginning, kept even if the status does not move
	EndedAt   *time.Time // what the event tells of the call's end, kept likewise
	Failure   Failure    // set when To is Failed
}

// Allows reports whether the transition may be taken from s.
func (t Transition) Allows(s Status) bool { return slices.Contains(t.From, s) }

// Apply returns the meeting after the transition and whether anything in it changed; the status moved only if the two
// differ in it. The earliest known beginning and end win. A cancelled meeting does not change.
func (m Meeting) Apply(t Transition) (Meeting, bool) {
	if m.Status == Cancelled {
		return m, false
	}
	next := m
	next.StartedAt = earlier(m.StartedAt, t.StartedAt)
	next.EndedAt = earlier(m.EndedAt, t.EndedAt)
	changed := next.StartedAt != m.StartedAt || next.EndedAt != m.EndedAt
	if t.Allows(m.Status) && t.To != m.Status {
		next.Status, next.Failure, changed = t.To, t.Failure, true
	}
	if changed && t.At.After(next.UpdatedAt) {
		next.UpdatedAt = t.At
	}
	return next, changed
}

func earlier(known, told *time.Time) *time.Time {
	if told == nil || known != nil && !told.Before(*known) {
		return known
	}
	return told
}

// Cancel is taken by a person, and only before the notetaker is on its way.
func Cancel(at time.Time) Transition {
	return Transition{From: []Status{Scheduled}, To: Cancelled, At: at}
}

// TranscriptArrived starts the analysis. It revives a failed meeting: what was said counts more than how the call ended.
func TranscriptArrived(at time.Time) Transition {
	return Transition{From: []Status{Scheduled, Joining, InProgress, Failed}, To: Processing, At: at}
}

// AnalysisStored ends the pipeline.
func AnalysisStored(at time.Time) Transition {
	return Transition{From: []Status{Scheduled, Joining, InProgress, Processing, Failed}, To: Completed, At: at}
}

// Fail ends a meeting that cannot go on. Params come as name, value pairs and must not be private.
func Fail(at time.Time, code fault.Code, params ...string) Transition {
	f := Failure{Code: code}
	for i := 0; i+1 < len(params); i += 2 {
		if f.Params == nil {
			f.Params = map[string]string{}
		}
		f.Params[params[i]] = params[i+1]
	}
	return Transition{From: []Status{Scheduled, Joining, InProgress, Processing}, To: Failed, At: at, Failure: f}
}
