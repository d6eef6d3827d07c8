package elevenlabs

import (
	"encoding/json"
	"fmt"
	"time"

	"github.com/tertulia-dev/tertulia/domain/batchcalls"
	"github.com/tertulia-dev/tertulia/infrastructure/vendors/elevenlabs"
	batchcallsuc "github.com/tertulia-dev/tertulia/usecase/batchcalls"
)

// Events reads ElevenLabs' events.
type Events struct{}

// Decode reads an event. Only the end of a call, and that it never began, matter.
func (Events) Decode(body []byte) (batchcallsuc.CallNews, bool, error) {
	e, err := elevenlabs.ReadEvent(body)
	if err != nil {
		return batchcallsuc.CallNews{}, false, err
	}
	switch e.Type {
	case elevenlabs.PostCallTranscription:
		return transcription(e), true, nil
	case elevenlabs.CallInitiationFailure:
		return batchcallsuc.CallNews{Outcome: batchcalls.Outcome{
			Conversation: e.ConversationID, Status: failureStatus(e.Failure.Reason), Reason: e.Failure.Reason, EndedAt: e.At,
		}}, true, nil
	default:
		return batchcallsuc.CallNews{}, false, nil
	}
}

// EventID is what repeated deliveries of an event have in common: the vendor gives events no ID of their own.
func EventID(body []byte) (string, error) {
	e, err := elevenlabs.ReadEvent(body)
	if err != nil {
		return "", err
	}
	return e.Type + "/" + e.ConversationID, nil
}

func failureStatus(reason string) batchcalls.CallStatus {
	switch reason {
	case "busy":
		return batchcalls.CallBusy
	case "no-answer":
		return batchcalls.CallNoAnswer
	default:
		return batchcalls.CallFailed
	}
}

func transcription(e elevenlabs.Event) batchcallsuc.CallNews {
	c := e.Conversation
	o := batchcalls.Outcome{
		Conversation: e.ConversationID, Status: batchcalls.CallCompleted, Reason: c.Metadata.TerminationReason,
		Successful: c.Analysis.CallSuccessful, Summary: c.Analysis.Summary, Seconds: max(0, c.Metadata.DurationSecs),
		Collected: collected(c.Analysis.DataCollected), EndedAt: e.At,
	}
	switch {
	case c.ReachedVoicemail():
		o.Status = batchcalls.CallVoicemail
	case c.Status == elevenlabs.ConversationFailed:
		o.Status = batchcalls.CallFailed
	}
	if c.Metadata.StartUnix > 0 {
		o.EndedAt = time.Unix(c.Metadata.StartUnix, 0).UTC().Add(time.Duration(o.Seconds) * time.Second)
	}
	for _, t := range c.Transcript {
		if t.Message != "" {
			o.Transcript = append(o.Transcript, batchcalls.Turn{Role: t.Role, Text: t.Message, Second: t.TimeInCallSec})
		}
	}
	return batchcallsuc.CallNews{ProviderBatch: c.Metadata.BatchCall.ID, Ref: c.Metadata.BatchCall.RecipientID, Outcome: o}
}

// collected reads what the agent was asked to find out: values by name, each a text, a number or a truth.
func collected(raw json.RawMessage) map[string]string {
	var results map[string]struct {
		Value any `json:"value"`
	}
	if json.Unmarshal(raw, &results) != nil {
		return nil
	}
	values := map[string]string{}
	for name, r := range results {
		if r.Value != nil {
			values[name] = fmt.Sprint(r.Value)
		}
	}
	return values
}
