package meetings

import (
	"strings"
	"time"

	"github.com/tertulia-dev/tertulia/domain/fault"
)

// BotEvent is what the notetaker reports of itself. Codes and sub-codes are Recall.ai's (docs/bot-status-change-events);
// both are open sets, so an unknown one is not an error.
type BotEvent struct {
	Code     string
	SubCode  string
	At       time.Time
	HasMedia bool // a recording or transcript is known, to us or to the vendor; ask the vendor before a fatal is believed
}

// Transition returns the step that the event leads to, and whether it leads to any.
func (e BotEvent) Transition() (Transition, bool) {
	switch e.Code {
	case "joining_call", "in_waiting_room", "in_call_not_recording",
		"recording_permission_allowed", "recording_permission_denied":
		return Transition{From: []Status{Scheduled}, To: Joining, At: e.At}, true
	case "in_call_recording":
		return Transition{From: []Status{Scheduled, Joining}, To: InProgress, At: e.At, StartedAt: &e.At}, true
	case "call_ended":
		if code, never := neverRecorded(e.SubCode); never && !e.HasMedia {
			return e.failBeforeRecording(code), true
		}
		return e.toProcessing(), true
	case "done":
		return e.toProcessing(), true // only says that the bot has shut down; media may still be on its way
	case "fatal":
		if e.HasMedia {
			return e.toProcessing(), true
		}
		return Fail(e.At, fatalCode(e.SubCode), "subCode", e.SubCode), true
	default:
		return Transition{}, false
	}
}

// IsInDoubt reports whether the event fails a meeting unless it is known to have been recorded.
func (e BotEvent) IsInDoubt() bool {
	_, never := neverRecorded(e.SubCode)
	return e.Code == "fatal" || e.Code == "call_ended" && never
}

func (e BotEvent) toProcessing() Transition {
	return Transition{From: []Status{Scheduled, Joining, InProgress}, To: Processing, At: e.At, EndedAt: &e.At}
}

// failBeforeRecording spares meetings that are known to have been recorded. One that is PROCESSING may only have heard of
// the notetaker's shutdown before it heard of the reason.
func (e BotEvent) failBeforeRecording(code fault.Code) Transition {
	t := Fail(e.At, code, "subCode", e.SubCode)
	t.From = []Status{Scheduled, Joining, Processing}
	return t
}

// neverRecorded names the reasons to leave a call that exclude a recording.
func neverRecorded(subCode string) (fault.Code, bool) {
	switch subCode {
	case "timeout_exceeded_waiting_room", "call_ended_by_platform_waiting_room_timeout", "bot_kicked_from_waiting_room":
		return NotetakerNotAdmitted, true
	case "timeout_exceeded_noone_joined":
		return NobodyJoined, true
	case "timeout_exceeded_recording_permission_denied":
		return RecordingDenied, true
	case "timeout_exceeded_in_call_not_recording":
		return NoRecording, true
	default:
		return "", false
	}
}

func fatalCode(subCode string) fault.Code {
	switch subCode {
	case "meeting_password_incorrect":
		return MeetingPasswordIncorrect
	case "meeting_requires_registration", "meeting_requires_sign_in":
		return MeetingSignInRequired
	case "meeting_not_found", "meeting_link_expired", "meeting_link_invalid":
		return MeetingLinkInvalid
	case "meeting_not_started", "meeting_locked", "meeting_full", "meeting_ended":
		return MeetingUnavailable
	case "google_meet_bot_blocked", "google_meet_knocking_disabled":
		return NotetakerNotAdmitted
	}
	if strings.HasSuffix(subCode, "sign_in_required") {
		return MeetingSignInRequired
	}
	return NotetakerFailed
}
