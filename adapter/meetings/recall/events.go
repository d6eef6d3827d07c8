package recall

import (
	"encoding/json"
	"errors"
	"strings"
	"time"

	"github.com/tertulia-dev/tertulia/domain/meetings"
	meetingsuc "github.com/tertulia-dev/tertulia/usecase/meetings"
)

// Events implements meetingstask.Decoder: Recall.ai's webhooks (docs, "Status change webhooks").
type Events struct{}

// object is what an event names: only its ID and what we gave it along.
type object struct {
	ID       string         `json:"id"`
	Metadata map[string]any `json:"metadata"` // of a notetaker that is not ours it may hold anything
}

type envelope struct {
	Event string `json:"event"`
	Data  struct {
		Data struct {
			Code      string    `json:"code"`
			SubCode   string    `json:"sub_code"`
			UpdatedAt time.Time `json:"updated_at"`
		} `json:"data"`
		Bot        *object `json:"bot"` // may be null
		Recording  *object `json:"recording"`
		Transcript *object `json:"transcript"`
	} `json:"data"`
}

// Decode reads "bot.done", "transcript.done" and their like. The part before the first dot is the subject, the rest the
// code; both are open sets, so an event of no interest is decoded all the same.
func (Events) Decode(body []byte) (meetingsuc.NotetakerEvent, error) {
	var in envelope
	if err := json.Unmarshal(body, &in); err != nil {
		return meetingsuc.NotetakerEvent{}, errors.New("decode recall event: not the expected JSON")
	}
	subject, code, _ := strings.Cut(in.Event, ".")
	e := meetingsuc.NotetakerEvent{
		Subject: meetingsuc.Subject(subject),
		Report:  meetings.BotEvent{Code: code, SubCode: in.Data.Data.SubCode, At: in.Data.Data.UpdatedAt.UTC()},
	}
	if bot := in.Data.Bot; bot != nil {
		e.Bot, e.Meeting = meetings.BotID(bot.ID), meetingOf(bot.Metadata)
	}
	if in.Data.Recording != nil {
		e.Recording = meetings.RecordingID(in.Data.Recording.ID)
	}
	if in.Data.Transcript != nil {
		e.Transcript = meetings.TranscriptID(in.Data.Transcript.ID)
	}
	return e, nil
}
