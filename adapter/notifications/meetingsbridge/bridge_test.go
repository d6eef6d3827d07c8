package meetingsbridge_test

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tertulia-dev/tertulia/adapter/notifications/meetingsbridge"
	"github.com/tertulia-dev/tertulia/domain/kernel"
	"github.com/tertulia-dev/tertulia/domain/meetings"
	"github.com/tertulia-dev/tertulia/domain/notifications"
	meetingsuc "github.com/tertulia-dev/tertulia/usecase/meetings"
)

func payload(t *testing.T, e meetingsuc.MeetingEvent) []byte {
	t.Helper()
	raw, err := json.Marshal(e)
	require.NoError(t, err)
	return raw
}

func TestEveryEventThatPeopleAreToldOfIsTranslated(t *testing.T) {
	t.Parallel()
	want := map[string]notifications.Type{
		meetingsuc.EventCompleted: notifications.MeetingCompleted, meetingsuc.EventFailed: notifications.MeetingFailed,
		meetingsuc.EventCRMUnmatched: notifications.CRMNoMatch,
	}
	require.Len(t, meetingsbridge.Bridge{}.Types(), len(want))
	for _, eventType := range (meetingsbridge.Bridge{}).Types() {
		in, err := meetingsbridge.Bridge{}.Translate(eventType, payload(t, meetingsuc.MeetingEvent{
			Meeting: "m", Title: "Demo", Contact: "Pedro", Code: meetings.EmptyTranscript, SalesRep: "a", CreatedBy: "b",
		}))
		require.NoError(t, err)
		require.Equal(t, want[eventType], in.Type)
		require.Equal(t, "Demo", in.Params["title"])
		require.Equal(t, "Pedro", in.Params["customer"], "the contact stands in for a company that is not known")
		require.Equal(t, []kernel.RepID{"a", "b"}, in.Reps)
	}
}

func TestOnePersonInTwoPartsIsToldOnce(t *testing.T) {
	t.Parallel()
	in, err := meetingsbridge.Bridge{}.Translate(meetingsuc.EventFailed, payload(t, meetingsuc.MeetingEvent{
		SalesRep: "a", CreatedBy: "a", Company: "Acme", Contact: "Pedro", Code: meetings.EmptyTranscript,
	}))
	require.NoError(t, err)
	require.Equal(t, []kernel.RepID{"a"}, in.Reps)
	require.Equal(t, "Acme", in.Params["customer"])
	require.Equal(t, string(meetings.EmptyTranscript), in.Params["code"])
}

func TestWhatTheBridgeDoesNotKnowIsAnError(t *testing.T) {
	t.Parallel()
	_, err := meetingsbridge.Bridge{}.Translate("meeting.joining", payload(t, meetingsuc.MeetingEvent{}))
	require.Error(t, err)
	_, err = meetingsbridge.Bridge{}.Translate(meetingsuc.EventCompleted, []byte("{"))
	require.Error(t, err)
}
