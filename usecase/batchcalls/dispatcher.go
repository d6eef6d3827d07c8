package batchcallsuc

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"github.com/tertulia-dev/tertulia/domain/batchcalls"
)

// Settings are the pauses of the engine, the size of its requests, and how long people are kept. Zero values mean the defaults
// named here.
type Settings struct {
	Watch       time.Duration // between looks for what is due; 5 s
	Answer      time.Duration // a request without an answer by then is doubtful: above the client's own limit; 45 s
	FirstPoll   time.Duration // from the request until the provider is first asked how it goes; 10 s
	LongestPoll time.Duration // up to which the pause between polls grows while nothing happens; 5 min
	EarlyPoll   time.Duration // between polls of a batch whose time has not come; 1 h
	FirstSweep  time.Duration // from the request until a doubtful one is first looked for; 1 min
	SecondSweep time.Duration // from the first look in vain to the second; 5 min
	Hold        time.Duration // until the rest of a batch is tried again after the provider had no room; 30 s
	ChunkSize   int           // recipients in one request; what the provider takes, 10,000
	// RetentionDays is after how many days what is personal of a batch that is over is erased, and what a campaign begins with; 0
	// for ever.
	RetentionDays int
}

// WatchPause is the default of Settings.Watch.
const WatchPause = 5 * time.Second

// sendWithin is how fresh the permission to send must be: a process that was stopped in between must not send what has been
// looked for, and perhaps sent by somebody else, meanwhile.
const sendWithin = 15 * time.Second

func (t Settings) withDefaults() Settings {
	set := func(d *time.Duration, otherwise time.Duration) {
		if *d == 0 {
			*d = otherwise
		}
	}
	set(&t.Watch, WatchPause)
	set(&t.Answer, 45*time.Second)
	set(&t.FirstPoll, 10*time.Second)
	set(&t.LongestPoll, 5*time.Minute)
	set(&t.EarlyPoll, time.Hour)
	set(&t.FirstSweep, time.Minute)
	set(&t.SecondSweep, 5*time.Minute)
	set(&t.Hold, 30*time.Second)
	if t.ChunkSize == 0 {
		t.ChunkSize = batchcalls.ChunkSize
	}
	return t
}

// poll is the pause before the next question about a batch of which nothing new was heard so often.
func (t Settings) poll(looks int) time.Duration {
	pause := t.FirstPoll
	for range min(looks, 16) {
		pause = min(pause*3/2, t.LongestPoll)
	}
	return pause
}

// follow says when the provider is asked next about a chunk that it has just answered for. Until the time of its calls has come
// nothing happens, but that somebody cancels them on the provider's own pages: then it is asked rarely, and when they begin.
func (t Settings) follow(c batchcalls.Chunk, answer ProviderBatch, now time.Time) batchcalls.Chunk {
	pause := t.poll(c.Looks)
	if until := answer.ScheduledAt.Sub(now); answer.Status == batchcalls.Pending && until > pause {
		pause, c.Looks = min(until, t.EarlyPoll), 0
	}
	c.NextLook = now.Add(pause)
	return c
}

// dispatcher makes the one request that a chunk is allowed.
type dispatcher struct {
	provider Provider
	now      func() time.Time
	settings Settings
}

// send asks the provider to dial a chunk that the caller alone has moved to sending, and returns what the chunk is now. The
// request is not called off when ctx ends: half a request may be a whole one to the provider.
func (d dispatcher) send(ctx context.Context, b batchcalls.Batch, c batchcalls.Chunk, bodies []json.RawMessage) (batchcalls.Chunk, json.RawMessage, *Refusal) {
	if d.now().Sub(c.SentAt) > sendWithin {
		c.Status, c.NextLook = batchcalls.Stored, d.now()
		return c, nil, nil
	}
	answer, err := d.provider.Submit(context.WithoutCancel(ctx), Submission{
		Name: b.Name, Agent: b.Agent, PhoneNumber: b.PhoneNumber, ScheduledAt: b.ScheduledAt, Options: b.Options, Recipients: bodies,
	})
	refusal := refusalOf(err)
	if refusal == nil {
		c.Status, c.ProviderID, c.State = batchcalls.Accepted, answer.ID, answer.Status
		c.Dispatched, c.Finished = answer.Dispatched, answer.Finished
		return d.settings.follow(c, answer, d.now()), answer.Head, nil
	}
	c.ErrorStatus, c.Error = refusal.Status, refusal.Message
	if refusal.Doubtful {
		c.Status, c.NextLook = batchcalls.Doubtful, c.SentAt.Add(d.settings.FirstSweep)
	} else {
		c.Status, c.NextLook = batchcalls.Rejected, time.Time{}
	}
	return c, nil, refusal
}

// refusalOf makes a refusal of every error of the provider's, nil of nil.
func refusalOf(err error) *Refusal {
	if err == nil {
		return nil
	}
	if r, ok := errors.AsType[*Refusal](err); ok {
		return r
	}
	return &Refusal{Doubtful: true, Cause: err}
}
