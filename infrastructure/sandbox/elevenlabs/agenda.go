package elevenlabs

import (
	"container/heap"
	"context"
	"time"
)

// pace is how long, in real time, a state can be seen at full speed before the next one.
const pace = time.Millisecond

// never is further away than any test looks.
const never = 24 * 365 * time.Hour

// agenda is what is going to happen. There is no goroutine a call: one lets time pass for all.
type agenda struct {
	soon  []func(time.Time) // at full speed: the next round
	later timeline          // at a time of the sandbox's clock
	count int
	wake  chan struct{} // tells that there is something new to wait for
}

// after lets fn happen when a span of a call's own time has passed.
func (d *Double) after(now time.Time, span time.Duration, speed float64, fn func(at time.Time)) {
	if speed > 0 {
		d.at(now.Add(time.Duration(float64(span)/speed)), fn)
		return
	}
	d.soon = append(d.soon, fn)
	d.rouse()
}

// at lets fn happen at a time of the sandbox's clock.
func (d *Double) at(when time.Time, fn func(at time.Time)) {
	d.count++
	heap.Push(&d.later, event{at: when, order: d.count, do: fn})
	d.rouse()
}

func (d *Double) rouse() {
	select {
	case d.wake <- struct{}{}:
	default:
	}
}

// catchUp lets everything happen whose time has come, each at its own time. Requests call it too, so that nobody sees
// the double behind its clock.
func (d *Double) catchUp(now time.Time) {
	for len(d.later) > 0 && !d.later[0].at.After(now) {
		e := heap.Pop(&d.later).(event)
		e.do(e.at)
	}
}

// round lets the next step of everything at full speed happen, and tells when to look again: at once, or at a time.
func (d *Double) round() (again bool, next time.Time) {
	d.mu.Lock()
	defer d.mu.Unlock()
	now := d.env.Clock.Now()
	d.catchUp(now)
	steps := d.soon
	d.soon = nil
	for _, step := range steps {
		step(now)
	}
	if len(d.later) > 0 {
		return len(d.soon) > 0, d.later[0].at
	}
	return len(d.soon) > 0, now.Add(never)
}

// live lets time pass until the context ends.
func (d *Double) live(ctx context.Context) {
	for ctx.Err() == nil {
		again, next := d.round()
		if again {
			rest(ctx)
			continue
		}
		d.sleep(ctx, next)
	}
}

// sleep returns when the clock shows next or there is something new.
func (d *Double) sleep(ctx context.Context, next time.Time) {
	waiting, stop := context.WithCancel(ctx)
	defer stop()
	reached := make(chan struct{})
	go func() {
		defer close(reached)
		_ = d.env.Clock.Wait(waiting, next) // either way there is something to look at
	}()
	select {
	case <-d.wake:
	case <-reached:
	}
	stop()
	<-reached
}

// rest lets a state be seen.
func rest(ctx context.Context) {
	timer := time.NewTimer(pace)
	defer timer.Stop()
	select {
	case <-ctx.Done():
	case <-timer.C:
	}
}

// event is something that happens at a time.
type event struct {
	at    time.Time
	order int // among those of one time, in order of planning
	do    func(at time.Time)
}

// timeline is a heap of events, the next one first.
type timeline []event

// Len implements heap.Interface.
func (t timeline) Len() int { return len(t) }

// Less implements heap.Interface.
func (t timeline) Less(i, j int) bool {
	if t[i].at.Equal(t[j].at) {
		return t[i].order < t[j].order
	}
	return t[i].at.Before(t[j].at)
}

// Swap implements heap.Interface.
func (t timeline) Swap(i, j int) { t[i], t[j] = t[j], t[i] }

// Push implements heap.Interface.
func (t *timeline) Push(e any) { *t = append(*t, e.(event)) }

// Pop implements heap.Interface.
func (t *timeline) Pop() any {
	last := len(*t) - 1
	e := (*t)[last]
	(*t)[last] = event{}
	*t = (*t)[:last]
	return e
}
