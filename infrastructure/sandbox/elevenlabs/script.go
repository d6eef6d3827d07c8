package elevenlabs

import (
	"encoding/json"
	"fmt"
	"hash/fnv"
	"maps"
	"slices"
	"strings"
	"time"
)

// fate is how a call ends.
type fate string

const (
	completes   fate = "completed"
	voicemails  fate = "voicemail" // nobody answers but a machine
	unreachable fate = "failed"
	busy        fate = "busy"
	noAnswer    fate = "no-answer"
	stuck       fate = "stuck" // it stays "initiated" for ever
)

func fates() []fate { return []fate{completes, voicemails, unreachable, busy, noAnswer, stuck} }

// Script is how the calls of batches go that are submitted from now on, until another takes its place.
type Script struct {
	// Agent whose calls it is about; left out: of every agent without a script of its own.
	Agent string `json:"agent,omitempty"`
	// Outcomes are "completed", "voicemail", "failed", "busy", "no-answer" or "stuck", by phone number: one, or a list by
	// the times that the number is dialled, whose last one stays.
	Outcomes map[string]Outcomes `json:"outcomes,omitempty"`
	// Weights are how often each outcome befalls the other numbers; left out: all are completed. A number has the same
	// luck in every run.
	Weights map[fate]int `json:"weights,omitempty"`
	// RingSeconds until somebody answers; longer than the batch's ringing timeout is no answer. Left out: 4.
	RingSeconds *float64 `json:"ringSeconds,omitempty"`
	// CallSeconds that are talked; left out: 20.
	CallSeconds *float64 `json:"callSeconds,omitempty"`
	// Transcript of every call; left out: a built-in one.
	Transcript []Turn `json:"transcript,omitempty"`
	// Speed is how many seconds of a call pass in a second of the sandbox's clock; 0: as fast as possible, with each
	// state to be seen for a millisecond of real time.
	Speed float64 `json:"speed,omitempty"`
	// FailBatch ends a batch as "failed" when its time comes, with nobody dialled.
	FailBatch bool `json:"failBatch,omitempty"`
	// StaleReads is how many reads of a cancelled batch still show it as it was before.
	StaleReads int `json:"staleReads,omitempty"`
	// ConversationLate is for how many seconds by the sandbox's clock after a call its recipient has no conversation_id.
	ConversationLate float64 `json:"conversationLate,omitempty"`
	Webhooks
}

// Webhooks is how a script's webhooks are sent.
type Webhooks struct {
	// Audio sends post_call_audio too, AudioBytes of MP3 in size (64 KiB when left out).
	Audio      bool  `json:"audio,omitempty"`
	AudioBytes int64 `json:"audioBytes,omitempty"`
	// Duplicates is how many times more each is delivered.
	Duplicates int `json:"duplicates,omitempty"`
	// Shuffle holds them back until the batch's last call is over, and sends them in random order.
	Shuffle bool `json:"shuffle,omitempty"`
	// EarlyWebhooks arrive while the batch still shows the call as in progress.
	EarlyWebhooks bool `json:"earlyWebhooks,omitempty"`
	// LoseWebhooks are types that are never sent; "*" is all.
	LoseWebhooks   []string `json:"loseWebhooks,omitempty"`
	WrongSignature bool     `json:"wrongSignature,omitempty"` // signed with another secret
	OldTimestamp   bool     `json:"oldTimestamp,omitempty"`   // signed for 31 minutes ago
	DelayWebhooks  float64  `json:"delayWebhooks,omitempty"`  // seconds by the sandbox's clock before the first attempt
	// RetryWebhooks turns on the vendor's retries, which are off by default and for transcripts only.
	RetryWebhooks bool `json:"retryWebhooks,omitempty"`
}

// Outcomes are what befalls a number, by the times that it is dialled. In JSON: one outcome, or a list.
type Outcomes []fate

// UnmarshalJSON reads one outcome or a list.
func (o *Outcomes) UnmarshalJSON(raw []byte) error {
	var one fate
	if json.Unmarshal(raw, &one) == nil {
		*o = Outcomes{one}
		return nil
	}
	var several []fate
	if err := json.Unmarshal(raw, &several); err != nil {
		return fmt.Errorf("reading outcomes: %w", err)
	}
	*o = several
	return nil
}

func defaultScript() *Script { return &Script{} }

// fate is what befalls a number that has been dialled so many times before.
func (s *Script) fate(phone string, before int) fate {
	if list := s.Outcomes[phone]; len(list) > 0 {
		return list[min(before, len(list)-1)]
	}
	total := 0
	for _, weight := range s.Weights {
		total += weight
	}
	if total == 0 {
		return completes
	}
	hash := fnv.New64a()
	_, _ = fmt.Fprintf(hash, "%s %d", phone, before)
	drawn := int(hash.Sum64() % uint64(total))
	for _, f := range fates() {
		if drawn -= s.Weights[f]; drawn < 0 {
			return f
		}
	}
	return completes
}

func (s *Script) ring() time.Duration { return spanOr(s.RingSeconds, 4) }
func (s *Script) call() time.Duration { return spanOr(s.CallSeconds, 20) }

func spanOr(given *float64, usual float64) time.Duration {
	if given != nil {
		usual = *given
	}
	return seconds(usual)
}

// check names the first field that makes no sense.
func (s *Script) check() (field, message string) {
	for _, name := range slices.Sorted(maps.Keys(s.Outcomes)) {
		for _, f := range s.Outcomes[name] {
			if !slices.Contains(fates(), f) {
				return "outcomes", "outcomes must be of " + names(fates())
			}
		}
	}
	for f, weight := range s.Weights {
		if weight < 0 || !slices.Contains(fates(), f) {
			return "weights", "weights must be by " + names(fates()) + ", and not negative"
		}
	}
	for _, turn := range s.Transcript {
		if turn.Role != roleAgent && turn.Role != roleUser {
			return "transcript", `transcript must be a list of {"role": "agent" or "user", "message"}`
		}
	}
	switch {
	case s.ring() < 0:
		return "ringSeconds", "ringSeconds must not be negative"
	case s.call() < 0:
		return "callSeconds", "callSeconds must not be negative"
	case s.Speed < 0:
		return "speed", "speed must not be negative"
	case s.StaleReads < 0:
		return "staleReads", "staleReads must not be negative"
	case s.ConversationLate < 0:
		return "conversationLate", "conversationLate must not be negative"
	case s.Duplicates < 0:
		return "duplicates", "duplicates must not be negative"
	case s.DelayWebhooks < 0:
		return "delayWebhooks", "delayWebhooks must not be negative"
	case s.AudioBytes < 0:
		return "audioBytes", "audioBytes must not be negative"
	}
	return "", ""
}

func names(all []fate) string {
	words := make([]string, len(all))
	for i, f := range all {
		words[i] = string(f)
	}
	return strings.Join(words, ", ")
}
