package recall_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tertulia-dev/tertulia/adapter/meetings/recall"
	"github.com/tertulia-dev/tertulia/domain/meetings"
	meetingsuc "github.com/tertulia-dev/tertulia/usecase/meetings"
)

const ours = "0193d2a4-7c1e-7000-8000-000000000001"

// The first two are the forms that Recall.ai documents; the first is a captured delivery.
func TestEventsAreDecodedWhateverTheyLeaveOut(t *testing.T) {
	t.Parallel()
	at := time.Date(2025, 8, 4, 2, 34, 49, 684054000, time.UTC)
	for name, c := range map[string]struct {
		body string
		want meetingsuc.NotetakerEvent
	}{
		"a bot's": {
			`{"event":"bot.done","data":{"data":{"code":"done","sub_code":null,"updated_at":"2025-08-04T02:34:49.684054+00:00"},"bot":{"id":"38f98d39-d97c-484d-9782-bbc6b55ad1dd","metadata":{}}}}`,
			meetingsuc.NotetakerEvent{Subject: meetingsuc.AboutBot, Bot: "38f98d39-d97c-484d-9782-bbc6b55ad1dd", Report: meetings.BotEvent{Code: "done", At: at}},
		},
		"a transcript's": {
			`{"event":"transcript.done","data":{"data":{"code":"done","updated_at":"2025-08-03T20:34:49.684054-06:00"},"transcript":{"id":"t1","metadata":{}},
				"recording":{"id":"r1","metadata":{}},"bot":{"id":"b1","metadata":{"meeting_id":"` + ours + `"}}}}`,
			meetingsuc.NotetakerEvent{
				Subject: meetingsuc.AboutTranscript, Bot: "b1", Meeting: ours, Recording: "r1", Transcript: "t1", Report: meetings.BotEvent{Code: "done", At: at},
			},
		},
		"without a bot, a time or a code": {
			`{"event":"recording.done","data":{"data":{"updated_at":null},"bot":null,"recording":{"id":"r1"}}}`,
			meetingsuc.NotetakerEvent{Subject: meetingsuc.AboutRecording, Recording: "r1", Report: meetings.BotEvent{Code: "done"}},
		},
		"of a notetaker with other people's metadata": {
			`{"event":"bot.fatal","data":{"data":{"code":"fatal","sub_code":"new_reason"},"bot":{"id":"b2","metadata":{"meeting_id":7,"tags":["a"],"deep":{"x":1}}}}}`,
			meetingsuc.NotetakerEvent{Subject: meetingsuc.AboutBot, Bot: "b2", Report: meetings.BotEvent{Code: "fatal", SubCode: "new_reason"}},
		},
		"with a meeting's ID that is none": {
			`{"event":"bot.done","data":{"bot":{"id":"b3","metadata":{"meeting_id":"'; drop table meetings"}}}}`,
			meetingsuc.NotetakerEvent{Subject: meetingsuc.AboutBot, Bot: "b3", Report: meetings.BotEvent{Code: "done"}},
		},
		"of a kind nobody knows yet": {
			`{"event":"bot.breakout_room_opened","data":{},"extra":[]}`,
			meetingsuc.NotetakerEvent{Subject: meetingsuc.AboutBot, Report: meetings.BotEvent{Code: "breakout_room_opened"}},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := recall.Events{}.Decode([]byte(c.body))
			require.NoError(t, err)
			require.Equal(t, c.want, got)
		})
	}
}

func TestABodyThatIsNoEventIsAnErrorThatQuotesNothing(t *testing.T) {
	t.Parallel()
	for _, body := range []string{"", "canary", `["canary"]`, `{"event":{"canary":1}}`, `{"event":"bot.done","data":{"data":{"updated_at":"canary"}}}`} {
		_, err := recall.Events{}.Decode([]byte(body))
		require.Error(t, err, body)
		require.NotContains(t, err.Error(), "canary")
	}
}
