package recall

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"time"
)

// Script is what a notetaker lives through.
type Script struct {
	// Title is the call's title in the meeting metadata.
	Title string `json:"title,omitempty"`
	// Transcript is what is said, in the format of a transcript's download. Left out: a built-in conversation.
	Transcript json.RawMessage `json:"transcript,omitempty"`
	// DurationSeconds is how long is recorded. Left out: until the end of the last word.
	DurationSeconds float64 `json:"durationSeconds,omitempty"`
	// Participants are who is there, with details beyond the transcript's. One with the name of a speaker is that speaker.
	Participants []Participant `json:"participants,omitempty"`
	// Duplicates is how many times more each webhook is delivered, with the same id.
	Duplicates Count `json:"duplicates,omitempty"`
	// Shuffle holds all webhooks back until the life is over, and delivers them in random order.
	Shuffle bool `json:"shuffle,omitempty"`
	// Speed is how many seconds of the life pass in a second of the sandbox's clock; 0 is as fast as possible.
	Speed  float64 `json:"speed,omitempty"`
	Faults Faults  `json:"faults,omitzero"`
}

// Faults are what goes wrong in a life.
type Faults struct {
	WaitingRoom         bool   `json:"waitingRoom,omitempty"`         // it has to wait there
	NeverAdmitted       bool   `json:"neverAdmitted,omitempty"`       // and is never let in
	PermissionDenied    string `json:"permissionDenied,omitempty"`    // sub-code: it may not record
	Fatal               string `json:"fatal,omitempty"`               // sub-code: it never gets into the call
	FatalAfterRecording string `json:"fatalAfterRecording,omitempty"` // sub-code: it dies at the end, with its media made
	CallEnded           string `json:"callEnded,omitempty"`           // sub-code of call_ended; an unknown one is fine
	RecordingFailed     string `json:"recordingFailed,omitempty"`     // sub-code: no media
	TranscriptFailed    string `json:"transcriptFailed,omitempty"`    // sub-code: media, but no transcript

	EmptyTranscript   bool    `json:"emptyTranscript,omitempty"`   // nobody said anything
	NullSpeaker       bool    `json:"nullSpeaker,omitempty"`       // the first utterance has no speaker
	SameNames         bool    `json:"sameNames,omitempty"`         // the first two speakers have the same name
	Rejoin            bool    `json:"rejoin,omitempty"`            // the first speaker leaves and comes back with another id
	TranscriptHours   float64 `json:"transcriptHours,omitempty"`   // the conversation goes on again and again for so long
	TwoRecordings     bool    `json:"twoRecordings,omitempty"`     // the recording is stopped and started in the middle
	TruncatedDownload Count   `json:"truncatedDownload,omitempty"` // so many downloads of each file break off half-way
	VideoBytes        int64   `json:"videoBytes,omitempty"`        // size of the video; 256 KiB when left out
	AudioBytes        int64   `json:"audioBytes,omitempty"`        // size of the audio; 1 kB a second when left out

	WrongSignature bool     `json:"wrongSignature,omitempty"` // webhooks are signed with another secret
	OldTimestamp   bool     `json:"oldTimestamp,omitempty"`   // webhooks are signed for ten minutes ago
	NullBot        bool     `json:"nullBot,omitempty"`        // webhooks have null for the bot
	DropWebhooks   []string `json:"dropWebhooks,omitempty"`   // events that are never sent; "*" is all
	DelayWebhooks  float64  `json:"delayWebhooks,omitempty"`  // seconds by the sandbox's clock before each first attempt
}

// Count is a number in JSON, or true for 1.
type Count int

// UnmarshalJSON reads a number or a boolean.
func (c *Count) UnmarshalJSON(raw []byte) error {
	var yes bool
	if json.Unmarshal(raw, &yes) == nil {
		*c = 0
		if yes {
			*c = 1
		}
		return nil
	}
	var n int
	if err := json.Unmarshal(raw, &n); err != nil {
		return fmt.Errorf("reading a count: %w", err)
	}
	*c = Count(n)
	return nil
}

// part is a recorded stretch of a call.
type part struct {
	seconds    float64
	transcript []byte
}

func (p part) duration() time.Duration { return time.Duration(p.seconds * float64(time.Second)) }

func (s Script) duration() time.Duration { return part{seconds: s.DurationSeconds}.duration() }

// parts are the recorded stretches; a conversation with two recordings is cut in the middle.
func (s Script) parts() []part {
	if !s.Faults.TwoRecordings {
		return []part{{seconds: s.DurationSeconds, transcript: s.Transcript}}
	}
	half := s.DurationSeconds / 2
	before, after := known(s.Transcript).cut(half)
	return []part{
		{seconds: half, transcript: before.encode()}, {seconds: s.DurationSeconds - half, transcript: after.encode()},
	}
}

func (s Script) callEnded() string {
	if s.Faults.CallEnded != "" {
		return s.Faults.CallEnded
	}
	return "timeout_exceeded_everyone_left"
}

// prepare fills what was left out and lets the transcript's faults happen. The error names the field at fault.
func (s Script) prepare() (Script, error) {
	switch {
	case s.Duplicates < 0:
		return s, fieldError{"duplicates", "must not be negative"}
	case s.Speed < 0:
		return s, fieldError{"speed", "must not be negative"}
	case s.DurationSeconds < 0:
		return s, fieldError{"durationSeconds", "must not be negative"}
	case s.Faults.VideoBytes < 0 || s.Faults.AudioBytes < 0:
		return s, fieldError{"faults", "sizes must not be negative"}
	case len(s.Transcript) == 0 || bytes.Equal(s.Transcript, []byte("null")):
		s.Transcript = builtInConversation().encode()
	}
	said, err := readConversation(s.Transcript)
	if err != nil {
		return s, err
	}
	if changed, did := said.suffer(s.Faults); did {
		said, s.Transcript = changed, changed.encode()
	}
	described := len(s.Participants) > 0
	said, s.Participants = said.meet(s.Participants)
	if described {
		s.Transcript = said.encode()
	}
	if s.DurationSeconds == 0 {
		s.DurationSeconds = max(said.end(), 1)
	}
	return s, nil
}

// fieldError is a script's mistake.
type fieldError struct{ field, message string }

func (e fieldError) Error() string { return e.field + " " + e.message }

// fieldOf is the field that an error is about.
func fieldOf(err error) string {
	var f fieldError
	if errors.As(err, &f) {
		return f.field
	}
	return ""
}

// builtIn is the script of a notetaker that was given none.
func builtIn() Script {
	s, err := Script{Title: "Llamada de prueba"}.prepare()
	if err != nil {
		panic("the built-in script is wrong: " + err.Error())
	}
	return s
}
