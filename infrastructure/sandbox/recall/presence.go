package recall

import "time"

// The downloads that tell who was there and when (https://docs.recall.ai/docs/download-schemas).

// presence is one participant event.
type presence struct {
	ID          string      `json:"id"`
	Action      string      `json:"action"`
	Participant Participant `json:"participant"`
	Timestamp   instant     `json:"timestamp"`
	Data        any         `json:"data"`
}

// stretch is a time during which one participant spoke.
type stretch struct {
	Participant Participant `json:"participant"`
	Start       instant     `json:"start_timestamp"`
	End         instant     `json:"end_timestamp"`
}

// presences are all joins, turns of speech and leaves. Everybody is there from the start to the end.
func (rec *recording) presences() []presence {
	var events []presence
	add := func(p Participant, action string, at float64) {
		events = append(events, presence{
			ID: stableID(rec.id, action, len(events)), Action: action, Participant: p, Timestamp: rec.instant(at),
		})
	}
	everybody := rec.bot.script.Participants
	for _, p := range everybody {
		add(p, "join", 0)
	}
	for _, s := range rec.timeline() {
		add(s.Participant, "speech_on", s.Start.seconds())
		add(s.Participant, "speech_off", s.End.seconds())
	}
	for _, p := range everybody {
		add(p, "leave", rec.seconds)
	}
	return events
}

// timeline is who spoke when.
func (rec *recording) timeline() []stretch {
	turns := []stretch{}
	for _, u := range known(rec.transcript) {
		if n := len(u.Words); n > 0 {
			turns = append(turns, stretch{
				Participant: u.Participant,
				Start:       rec.instant(u.start()), End: rec.instant(u.Words[n-1].End.seconds()),
			})
		}
	}
	return turns
}

// instant is a moment of the recording with its absolute time.
func (rec *recording) instant(seconds float64) instant {
	at := rec.startedAt.Add(time.Duration(seconds * float64(time.Second))).UTC().Format(apiTime)
	return instant{Relative: &seconds, Absolute: &at}
}
