package recall

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
)

// conversation is a transcript in the format of its download (https://docs.recall.ai/docs/download-schemas).
type conversation []utterance

type utterance struct {
	Participant  Participant `json:"participant"`
	LanguageCode *string     `json:"language_code"`
	Words        []word      `json:"words"`
}

// Participant is somebody in a call.
type Participant struct {
	ID        *int            `json:"id"`
	Name      *string         `json:"name"`
	IsHost    *bool           `json:"is_host"`
	Platform  *string         `json:"platform"`
	ExtraData json.RawMessage `json:"extra_data"`
	Email     *string         `json:"email"`
}

type word struct {
	Text  string  `json:"text"`
	Start instant `json:"start_timestamp"`
	End   instant `json:"end_timestamp"`
}

// instant is a moment in seconds from the recording's start, and absolutely when that is known.
type instant struct {
	Relative *float64 `json:"relative"`
	Absolute *string  `json:"absolute,omitempty"`
}

func (i instant) seconds() float64 {
	if i.Relative == nil {
		return 0
	}
	return *i.Relative
}

// moved is the same moment seen from a start that is later by the given seconds.
func (i instant) moved(by float64) instant {
	if i.Relative == nil {
		return i
	}
	at := *i.Relative - by
	return instant{Relative: &at, Absolute: i.Absolute}
}

// readConversation decodes a transcript; its error names the utterance that is wrong.
func readConversation(raw []byte) (conversation, error) {
	dec := json.NewDecoder(bytes.NewReader(raw))
	if token, err := dec.Token(); err != nil || token != json.Delim('[') {
		return nil, fieldError{"transcript", "must be an array of utterances, as a transcript download has them"}
	}
	said := conversation{}
	for dec.More() {
		var u utterance
		if err := dec.Decode(&u); err != nil {
			return nil, fieldError{fmt.Sprintf("transcript[%d]", len(said)), "is not an utterance: " + err.Error()}
		}
		for i, w := range u.Words {
			if w.End.seconds() < w.Start.seconds() {
				return nil, fieldError{fmt.Sprintf("transcript[%d].words[%d]", len(said), i), "ends before it starts"}
			}
		}
		said = append(said, u)
	}
	return said, nil
}

// known decodes a transcript that has been checked before.
func known(raw []byte) conversation {
	said, err := readConversation(raw)
	if err != nil {
		return nil
	}
	return said
}

func (c conversation) encode() []byte {
	if c == nil {
		c = conversation{}
	}
	raw, err := json.Marshal(c)
	if err != nil {
		return []byte("[]")
	}
	return raw
}

// end is when the last word ends, in seconds.
func (c conversation) end() float64 {
	end := 0.0
	for _, u := range c {
		for _, w := range u.Words {
			end = max(end, w.End.seconds())
		}
	}
	return end
}

// start is when an utterance begins, in seconds.
func (u utterance) start() float64 {
	if len(u.Words) == 0 {
		return 0
	}
	return u.Words[0].Start.seconds()
}

// cut parts a conversation at an instant. Words after it count from there.
func (c conversation) cut(at float64) (before, after conversation) {
	for _, u := range c {
		i := slices.IndexFunc(u.Words, func(w word) bool { return w.Start.seconds() >= at })
		if i < 0 {
			i = len(u.Words)
		}
		head, tail := u, u.moved(at)
		head.Words, tail.Words = u.Words[:i], tail.Words[i:]
		if len(head.Words) > 0 {
			before = append(before, head)
		}
		if len(tail.Words) > 0 {
			after = append(after, tail)
		}
	}
	return before, after
}

// moved is the utterance seen from a start that is later by the given seconds.
func (u utterance) moved(by float64) utterance {
	words := make([]word, len(u.Words))
	for i, w := range u.Words {
		words[i] = word{Text: w.Text, Start: w.Start.moved(by), End: w.End.moved(by)}
	}
	u.Words = words
	return u
}
