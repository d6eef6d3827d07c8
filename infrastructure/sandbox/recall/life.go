package recall

import (
	"context"
	"errors"
	"time"
)

// The offsets of a life's steps from its beginning, in its own time. The calls' recorded parts lie between
// recordingStarts and the end of the call; media is ready mediaTakes after that, and the notetaker gone after shutdown.
const (
	entersWaitingRoom = 3 * time.Second
	entersCall        = 5 * time.Second
	permissionDecided = 6 * time.Second
	recordingStarts   = 7 * time.Second
	mediaTakes        = 10 * time.Second
	shutdown          = 20 * time.Second
)

// life is a notetaker living through its script.
//
// At full speed nothing is waited for. The times it tells are then laid out backwards from the present, so that a call
// of forty minutes looks as if it had just ended. At a speed of 1 they are simply the present.
type life struct {
	d      *Double
	b      *bot
	script Script
	began  time.Time     // when it began, by the sandbox's clock
	epoch  time.Time     // the instant that offset 0 is told as
	last   time.Duration // the latest step
}

// ending is how a call ends.
type ending struct {
	at            time.Duration
	code, subCode string
}

// live waits for the notetaker's time and lives through its call. The context call ends with sandbox, and earlier when
// the notetaker is told to leave or is deleted.
func (d *Double) live(sandbox, call context.Context, b *bot) {
	if d.awaitJoin(call, b) != nil {
		return
	}
	l := d.beginLife(b)
	end, err := l.attend(call)
	if errors.Is(err, errLeft) {
		end, err = ending{at: max(l.elapsed(), l.last), code: "call_ended", subCode: "bot_received_leave_call"}, nil
	}
	if err != nil {
		return
	}
	l.finish(sandbox, end)
	b.outbox.release()
}

// awaitJoin returns nil when the notetaker's time has come, and marks it dispatched.
func (d *Double) awaitJoin(ctx context.Context, b *bot) error {
	for {
		d.mu.Lock()
		joinAt := b.joinAt
		if ctx.Err() == nil && !joinAt.After(d.now()) {
			b.dispatched = true
			d.mu.Unlock()
			return nil
		}
		wait, wake := context.WithCancel(ctx)
		b.wake = wake
		d.mu.Unlock()
		_ = d.env.Clock.Wait(wait, joinAt)
		wake()
		if ctx.Err() != nil {
			return ctx.Err()
		}
	}
}

func (d *Double) beginLife(b *bot) *life {
	total := recordingStarts + b.script.duration() + shutdown
	l := &life{d: d, b: b, began: d.now(), script: b.script}
	l.epoch = l.due(total).Add(-total)
	return l
}

// due is when the step at an offset happens by the sandbox's clock.
func (l *life) due(offset time.Duration) time.Time {
	if l.script.Speed <= 0 {
		return l.began
	}
	return l.began.Add(time.Duration(float64(offset) / l.script.Speed))
}

// elapsed is how far the life has come in its own time.
func (l *life) elapsed() time.Duration {
	return time.Duration(float64(l.d.now().Sub(l.began)) * l.script.Speed)
}

// reach waits for a step and lets fn change the double's state. Its error is why the life goes no further.
func (l *life) reach(ctx context.Context, offset time.Duration, fn func(at time.Time)) error {
	_ = l.d.env.Clock.Wait(ctx, l.due(offset))
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	l.d.mu.Lock()
	defer l.d.mu.Unlock()
	l.last = offset
	fn(l.epoch.Add(offset))
	return nil
}

// tell reaches a step and makes its status known.
func (l *life) tell(ctx context.Context, offset time.Duration, code, subCode string) error {
	return l.reach(ctx, offset, func(at time.Time) { l.d.advance(l.b, code, subCode, at) })
}

// attend joins the call and stays until it ends.
func (l *life) attend(ctx context.Context) (ending, error) {
	f := l.script.Faults
	if err := l.tell(ctx, 0, "joining_call", ""); err != nil {
		return ending{}, err
	}
	if f.Fatal != "" {
		return ending{at: entersWaitingRoom, code: "fatal", subCode: f.Fatal}, nil
	}
	if f.WaitingRoom || f.NeverAdmitted {
		if err := l.tell(ctx, entersWaitingRoom, "in_waiting_room", ""); err != nil {
			return ending{}, err
		}
	}
	if f.NeverAdmitted {
		return ending{at: entersCall, code: "call_ended", subCode: "timeout_exceeded_waiting_room"}, nil
	}
	if err := l.tell(ctx, entersCall, "in_call_not_recording", ""); err != nil {
		return ending{}, err
	}
	if f.PermissionDenied != "" {
		err := l.tell(ctx, permissionDecided, "recording_permission_denied", f.PermissionDenied)
		return ending{
			at: recordingStarts, code: "call_ended", subCode: "timeout_exceeded_recording_permission_denied",
		}, err
	}
	if err := l.tell(ctx, permissionDecided, "recording_permission_allowed", ""); err != nil {
		return ending{}, err
	}
	return l.record(ctx)
}

// record records every part of the call.
func (l *life) record(ctx context.Context) (ending, error) {
	offset := recordingStarts
	for i, part := range l.script.parts() {
		if i > 0 {
			if err := l.tell(ctx, offset, "in_call_not_recording", ""); err != nil {
				return ending{}, err
			}
		}
		err := l.reach(ctx, offset, func(at time.Time) { l.d.startRecording(l.b, part, at) })
		if err != nil {
			return ending{}, err
		}
		offset += part.duration()
		err = l.reach(ctx, offset, func(at time.Time) { l.b.recordings[i].endedAt = at })
		if err != nil {
			return ending{}, err
		}
	}
	if f := l.script.Faults; f.FatalAfterRecording != "" {
		return ending{at: offset, code: "fatal", subCode: f.FatalAfterRecording}, nil
	}
	return ending{at: offset, code: "call_ended", subCode: l.script.callEnded()}, nil
}

// finish ends the call, makes the media ready and shuts the notetaker down. After a fatal error there is no done.
func (l *life) finish(ctx context.Context, end ending) {
	_ = l.reach(ctx, end.at, func(at time.Time) {
		l.b.over = true
		l.d.advance(l.b, end.code, end.subCode, at)
	})
	_ = l.reach(ctx, end.at+mediaTakes, func(at time.Time) {
		for _, rec := range l.b.recordings {
			l.d.completeRecording(rec, at, l.epoch.Add(end.at))
		}
	})
	_ = l.reach(ctx, end.at+shutdown, func(at time.Time) {
		if end.code != "fatal" {
			l.d.advance(l.b, "done", "", at)
		}
		if l.b.adHoc {
			l.d.pool.release(l.d.now())
		}
	})
}
