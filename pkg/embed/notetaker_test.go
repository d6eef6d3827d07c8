package embed_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tertulia-dev/tertulia/infrastructure/sandbox/sandboxtest"
	"github.com/tertulia-dev/tertulia/pkg/embed/demo"
	"github.com/tertulia-dev/tertulia/pkg/embed/embedtest"
	"github.com/tertulia-dev/tertulia/pkg/tertulia"
)

// talkWith is the shipped conversation with faults.
func talkWith(faults sandboxtest.Faults) sandboxtest.Script {
	script := embedtest.Talk()
	script.Faults = faults
	return script
}

func requireFailed(t *testing.T, d tertulia.MeetingDetail, code string) {
	t.Helper()
	require.Equal(t, tertulia.Failed, d.Meeting.Status)
	require.NotNil(t, d.Meeting.ErrorCode)
	require.Equal(t, code, *d.Meeting.ErrorCode)
	require.NotEmpty(t, *d.Meeting.ErrorMessage, "a sentence for people")
}

func TestAMeetingWhoseWebhooksAreAllLostIsFoundAndFinished(t *testing.T) {
	t.Parallel()
	s := embedtest.New(t)
	id := s.Scheduled(t, talkWith(sandboxtest.Faults{DropWebhooks: []string{"*"}}))
	require.Equal(t, tertulia.Joining, s.Get(t, id).Meeting.Status)

	s.HastenUntil(t, id, tertulia.Completed)
	s.Settled(t, id)
	s.Hasten(t, "the watch ends", func() bool {
		jobs := s.Jobs(t, "watch_meeting")
		return jobs[0].State == tertulia.JobDone
	})
	require.Len(t, s.Analyses(id), 1)
	require.Equal(t, 0, s.Count(t, "select count(*) from inbound_events"))
}

func TestALostTranscriptWebhookIsMadeUpFor(t *testing.T) {
	t.Parallel()
	s := embedtest.New(t)
	id := s.Scheduled(t, talkWith(sandboxtest.Faults{DropWebhooks: []string{"transcript.done"}}))
	s.HastenUntil(t, id, tertulia.Completed)
	require.Len(t, s.Analyses(id), 1)
}

func TestWebhooksThatNameNoNotetakerLoseNothing(t *testing.T) {
	t.Parallel()
	s := embedtest.New(t)
	id := s.Scheduled(t, talkWith(sandboxtest.Faults{NullBot: true}))
	s.HastenUntil(t, id, tertulia.Completed)
}

func TestLateAndShuffledWebhooksAfterTheWatchHasDoneTheWorkChangeNothing(t *testing.T) {
	t.Parallel()
	s := embedtest.New(t)
	script := talkWith(sandboxtest.Faults{DelayWebhooks: 3600})
	script.Shuffle, script.Duplicates = true, 2
	id := s.Scheduled(t, script)
	s.HastenUntil(t, id, tertulia.Completed)
	before := s.Settled(t, id)

	s.Sandbox.AdvanceClock(2 * time.Hour)
	s.WaitFor(t, "the late webhooks have come", func() bool {
		return s.Count(t, "select count(*) from inbound_events") >= 8
	})
	s.Idle(t)
	after := s.Get(t, id)
	require.Equal(t, before.Analyses[0].ID, after.Analyses[0].ID)
	require.Equal(t, tertulia.Completed, after.Meeting.Status)
	require.Len(t, s.Analyses(id), 1)
	require.Len(t, s.CRM(t, "notes", id), 1)
	require.Zero(t, s.Count(t, "select count(*) from jobs where state = 'dead'"))
}

func TestWhatKeepsANotetakerFromRecordingIsTheMeetingsErrorCode(t *testing.T) {
	t.Parallel()
	s := embedtest.New(t)
	for _, c := range []struct {
		name   string
		faults sandboxtest.Faults
		code   string
	}{
		{"fatal", sandboxtest.Faults{Fatal: "meeting_not_found"}, "MEETING_LINK_INVALID"},
		{"unknown fatal", sandboxtest.Faults{Fatal: "something_new"}, "NOTETAKER_FAILED"},
		{"never admitted", sandboxtest.Faults{NeverAdmitted: true}, "NOTETAKER_NOT_ADMITTED"},
		{"may not record", sandboxtest.Faults{PermissionDenied: "host_denied"}, "RECORDING_DENIED"},
		{"no transcript", sandboxtest.Faults{TranscriptFailed: "internal_error"}, "TRANSCRIPT_FAILED"},
		{"nobody spoke", sandboxtest.Faults{EmptyTranscript: true}, "EMPTY_TRANSCRIPT"},
	} {
		for _, lost := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s, webhooks lost: %v", c.name, lost), func(t *testing.T) {
				faults := c.faults
				if lost {
					faults.DropWebhooks = []string{"*"}
				}
				id := s.Scheduled(t, talkWith(faults))
				requireFailed(t, s.HastenUntil(t, id, tertulia.Failed), c.code)
				require.Empty(t, s.Analyses(id))
			})
		}
	}
}

func TestAFatalErrorAfterTheRecordingDoesNotFailTheMeeting(t *testing.T) {
	t.Parallel()
	s := embedtest.New(t)
	for _, lost := range [][]string{nil, {"*"}} {
		id := s.Scheduled(t, talkWith(sandboxtest.Faults{FatalAfterRecording: "bot_errored", DropWebhooks: lost}))
		s.Hasten(t, "completed", func() bool {
			status := s.Get(t, id).Meeting.Status
			require.NotEqual(t, tertulia.Failed, status)
			return status == tertulia.Completed
		})
	}
}

func TestAnUnnamedSpeakerCountsAsAGuest(t *testing.T) {
	t.Parallel()
	s := embedtest.New(t)
	id := s.Scheduled(t, talkWith(sandboxtest.Faults{NullSpeaker: true}))
	d := s.Until(t, id, tertulia.Completed)
	for _, p := range d.Analyses[0].Participation.Participants {
		require.NotEmpty(t, p.Name)
	}
}

func TestSomebodyWhoRejoinsAndARecordingThatIsInterruptedMeasureTheSame(t *testing.T) {
	t.Parallel()
	s := embedtest.New(t)
	measured := map[string]map[string]float64{}
	for name, faults := range map[string]sandboxtest.Faults{
		"plain": {}, "rejoin": {Rejoin: true}, "two recordings": {TwoRecordings: true},
	} {
		id := s.Scheduled(t, talkWith(faults))
		d := s.Until(t, id, tertulia.Completed)
		measured[name] = map[string]float64{}
		for _, p := range d.Analyses[0].Participation.Participants {
			measured[name][p.Name] = p.SpeakingSeconds
		}
	}
	require.Equal(t, measured["plain"], measured["rejoin"], "one participant, however often it came")
	for name, seconds := range measured["plain"] {
		require.InDelta(t, seconds, measured["two recordings"][name], 2, "%s: only a word on the cut may be lost", name)
	}
}

func TestTheRepIsFoundByItsAddress(t *testing.T) {
	t.Parallel()
	s := embedtest.New(t)
	id := s.Scheduled(t, embedtest.Talk(), func(r *tertulia.ScheduleRequest) { r.SalesRepEmail = embedtest.AdminEmail })
	p := s.Until(t, id, tertulia.Completed).Analyses[0].Participation
	require.True(t, p.RepIdentified)
	for _, someone := range p.Participants {
		require.Equal(t, someone.Name == demo.RepName, someone.Role == "rep", someone.Name)
	}
}
