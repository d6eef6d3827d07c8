package meetings_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tertulia-dev/tertulia/domain/meetings"
)

func TestAttendanceIsBilledFromJoiningToTheShutdown(t *testing.T) {
	t.Parallel()
	begin := time.Date(2026, 11, 23, 15, 0, 0, 0, time.UTC)
	at := func(code string, seconds int) meetings.BotEvent {
		return meetings.BotEvent{Code: code, At: begin.Add(time.Duration(seconds) * time.Second)}
	}
	end := func(seconds int) time.Time { return begin.Add(time.Duration(seconds) * time.Second) }
	for name, c := range map[string]struct {
		events []meetings.BotEvent
		want   meetings.Attendance
		over   bool
	}{
		"a call": {
			[]meetings.BotEvent{at("joining_call", 10), at("in_waiting_room", 20), at("in_call_recording", 100), at("call_ended", 700), at("done", 705)},
			meetings.Attendance{Attended: 695 * time.Second, Recorded: 600 * time.Second, EndedAt: end(705)},
			true,
		},
		"nobody let it in": {
			[]meetings.BotEvent{at("joining_call", 0), at("in_waiting_room", 5), at("call_ended", 1205), at("done", 1206)},
			meetings.Attendance{Attended: 1206 * time.Second, EndedAt: end(1206)},
			true,
		},
		"no word of the call's end": {
			[]meetings.BotEvent{at("in_call_recording", 0), at("done", 60)},
			meetings.Attendance{Attended: time.Minute, Recorded: time.Minute, EndedAt: end(60)},
			true,
		},
		"it failed":        {[]meetings.BotEvent{at("joining_call", 0), at("fatal", 90)}, meetings.Attendance{EndedAt: end(90)}, true},
		"it never joined":  {[]meetings.BotEvent{at("ready", 0), at("done", 9)}, meetings.Attendance{EndedAt: end(9)}, true},
		"it is in there":   {[]meetings.BotEvent{at("joining_call", 0), at("in_call_recording", 9)}, meetings.Attendance{}, false},
		"nothing happened": {nil, meetings.Attendance{}, false},
	} {
		got, over := meetings.Attend(c.events)
		require.Equal(t, c.over, over, name)
		require.Equal(t, c.want, got, name)
	}
}
