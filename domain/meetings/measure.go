package meetings

import (
	"cmp"
	"math"
	"slices"
	"strings"
)

// Measure computes who spoke how much and how the conversation went, from word times alone. Definitions:
//
//   - speaking time is the union of the times of a person's words, so that a person heard twice counts once, while
//     people who speak at once each count;
//   - talk ratio is rep speech ÷ all speech;
//   - a monologue is one person's turn with back-channels absorbed, from its first word to its last; a customer story
//     is the same with all guests taken as one;
//   - interactivity is changes of speaker per minute, back-channels included, over the conversation;
//   - patience is taken over turns with back-channels absorbed;
//   - a question is a word of the rep that ends in a question mark.
//
// The conversation lasts from the first timed word to the last.
func Measure(t Transcript, rep RepIdentity) (Participation, Metrics) {
	c := castOf(t)
	seller := c.find(rep)
	voices := voicesOf(t, c)
	turns := turnsOf(t, func(u int) int { return c.speaker[u] })

	var all voice
	for _, v := range voices {
		all.spoken += v.spoken
		all.words += v.words
	}
	duration := lengthOf(turns)
	m := Metrics{
		WordsPerMinute:  round(all.wordsPerMinute(), 1),
		Interactivity:   round(per(float64(Switches(turns)), duration/60), 2),
		DurationSeconds: round(duration, 1),
	}
	if seller != nobody {
		m.measureSides(t, c, seller, turns)
		v := voices[seller]
		m.TalkRatio = rounded(per(v.spoken.Seconds(), all.spoken.Seconds()), 3)
		m.RepQuestionsPerHour = rounded(per(float64(v.questions), duration/3600), 1)
		m.RepWordsPerMinute = rounded(v.wordsPerMinute(), 1)
		guests := voice{spoken: all.spoken - v.spoken, words: all.words - v.words}
		m.GuestWordsPerMinute = rounded(guests.wordsPerMinute(), 1)
		if guests.words == 0 { // nobody to be measured, and nobody to be patient with
			m.GuestWordsPerMinute, m.LongestGuestMonologue, m.LongestCustomerStory, m.Patience = nil, nil, nil, nil
		}
	}
	return participation(c, voices, all, seller), m
}

func (m *Metrics) measureSides(t Transcript, c cast, seller int, turns []Turn) {
	isRep := func(speaker int) bool { return speaker == seller }
	isGuest := func(speaker int) bool { return speaker != seller }
	floor := Absorbed(turns)
	m.LongestRepMonologue = rounded(Longest(floor, isRep), 1)
	m.LongestGuestMonologue = rounded(Longest(floor, isGuest), 1)
	m.Patience = rounded(Patience(floor, seller), 2)

	sides := turnsOf(t, func(u int) int {
		if isRep(c.speaker[u]) {
			return seller
		}
		return nobody
	})
	m.LongestCustomerStory = rounded(Longest(Absorbed(sides), isGuest), 1)
}

// voice is what one person said, in numbers.
type voice struct {
	spoken    Millis
	words     int
	questions int
}

func (v voice) wordsPerMinute() float64 { return per(float64(v.words), v.spoken.Seconds()/60) }

func voicesOf(t Transcript, c cast) []voice {
	voices := make([]voice, len(c.people))
	times := make([][]Word, len(c.people))
	for i, u := range t.Utterances {
		p := c.speaker[i]
		for _, w := range u.Words {
			if w.isTimed() {
				times[p] = append(times[p], w)
			}
			if w.isSpoken() {
				voices[p].words++
			}
			if strings.HasSuffix(strings.TrimRight(w.Text, " \"'”»).!…"), "?") {
				voices[p].questions++
			}
		}
	}
	for p := range voices {
		voices[p].spoken = union(times[p])
	}
	return voices
}

// union is the time covered by the words, overlaps counted once.
func union(words []Word) Millis {
	slices.SortFunc(words, func(a, b Word) int { return cmp.Compare(a.Start, b.Start) })
	var covered, until Millis
	for _, w := range words {
		if from := max(w.Start, until); w.End > from {
			covered += w.End - from
		}
		until = max(until, w.End)
	}
	return covered
}

// lengthOf is the time from the first turn's beginning to the last end, in seconds.
func lengthOf(turns []Turn) float64 {
	if len(turns) == 0 {
		return 0
	}
	var end Millis
	for _, t := range turns {
		end = max(end, t.End)
	}
	return (end - turns[0].Start).Seconds()
}

func participation(c cast, voices []voice, all voice, seller int) Participation {
	p := Participation{
		RepIdentified:        seller != nobody,
		TotalSpeakingSeconds: round(all.spoken.Seconds(), 1),
		Participants:         make([]Participant, 0, len(voices)),
	}
	for i, v := range voices {
		one := Participant{
			Name: c.name(i), Role: RoleGuest, Words: v.words,
			SpeakingSeconds: round(v.spoken.Seconds(), 1),
			Percentage:      round(100*per(v.spoken.Seconds(), all.spoken.Seconds()), 1),
		}
		if i == seller {
			one.Role = RoleRep
		}
		if email := c.people[i].email; email != "" {
			one.Email = &email
		}
		p.Participants = append(p.Participants, one)
	}
	slices.SortStableFunc(p.Participants, func(a, b Participant) int {
		return cmp.Compare(b.SpeakingSeconds, a.SpeakingSeconds)
	})
	return p
}

// per is a ÷ b, and 0 when there is no b.
func per(a, b float64) float64 {
	if b <= 0 {
		return 0
	}
	return a / b
}

func round(x float64, decimals int) float64 {
	scale := math.Pow10(decimals)
	return math.Round(x*scale) / scale
}

func rounded(x float64, decimals int) *float64 { return new(round(x, decimals)) }
