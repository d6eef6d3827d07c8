package meetings

import "time"

// Attendance is how long a notetaker was in a call, as its vendor bills it.
type Attendance struct {
	Attended time.Duration // from joining, the waiting room included, to the shutdown; 0 for one that failed
	Recorded time.Duration // of that, what was recorded
	EndedAt  time.Time
}

// Attend reads the notetaker's life, oldest event first. False while it goes on.
//
// Recall.ai bills by the second from joining_call to done, and nothing for a notetaker that ends fatally
// (docs/calculating-usage). A pause in the recording counts as recorded.
func Attend(events []BotEvent) (a Attendance, isOver bool) {
	var joined, started, stopped time.Time
	for _, e := range events {
		switch e.Code {
		case "joining_call", "in_waiting_room", "in_call_not_recording":
			joined = first(joined, e.At)
		case "in_call_recording":
			joined, started = first(joined, e.At), first(started, e.At)
		case "call_ended":
			stopped = first(stopped, e.At)
		case "fatal":
			return Attendance{EndedAt: e.At}, true
		case "done":
			a.EndedAt, isOver = e.At, true
		}
	}
	if !isOver || joined.IsZero() {
		return a, isOver
	}
	a.Attended = max(a.EndedAt.Sub(joined), 0)
	if !started.IsZero() {
		a.Recorded = max(first(stopped, a.EndedAt).Sub(started), 0)
	}
	return a, true
}

func first(known, next time.Time) time.Time {
	if known.IsZero() {
		return next
	}
	return known
}
