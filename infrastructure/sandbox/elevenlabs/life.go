package elevenlabs

import (
	"slices"
	"time"
)

// The functions of this file let batches and calls go on. Call them with Double.mu held.

// What takes time besides the script's ringing and talking, in a call's own time [?].
const (
	dispatchTakes = time.Second     // from a free line to the dialling
	refusalTakes  = time.Second     // until a number turns out to be busy or not to be reached
	analysisTakes = 2 * time.Second // from the end of a call to its transcript and analysis
)

// start begins a batch whose time has come.
func (d *Double) start(b *batch, at time.Time) {
	if b.state != batchPending {
		return
	}
	b.touch(at)
	if b.script.FailBatch {
		b.state = batchFailed
		for _, r := range b.waiting {
			r.set(failed, at)
		}
		b.waiting = nil
		return
	}
	b.state = batchInProgress
	d.hungry = append(d.hungry, b)
	d.fill(at)
	d.finish(b, at)
}

// fill gives free lines to who waits for one.
func (d *Double) fill(at time.Time) {
	for _, b := range d.hungry {
		for d.running < d.settings.WorkspaceConcurrency && b.running < d.limit(b) && len(b.waiting) > 0 {
			r := b.waiting[0]
			b.waiting = b.waiting[1:]
			r.set(dispatched, at)
			b.running++
			d.running++
			d.next(r, at, dispatchTakes, d.dial)
		}
		if d.running >= d.settings.WorkspaceConcurrency {
			break
		}
	}
	d.hungry = slices.DeleteFunc(d.hungry, func(b *batch) bool { return len(b.waiting) == 0 })
}

// next plans a recipient's next step, unless another comes first.
func (d *Double) next(r *recipient, now time.Time, span time.Duration, step func(*recipient, time.Time)) {
	turn := r.turn
	d.after(now, span, r.batch.script.Speed, func(at time.Time) {
		if r.turn == turn {
			step(r, at)
		}
	})
}

// dial uses the phone line.
func (d *Double) dial(r *recipient, at time.Time) {
	phone := text(r.phone)
	b := r.batch
	fate := b.script.fate(phone, d.dials[phone])
	if r.phone == nil && r.whatsapp == nil { // which the vendor's document allows [?]
		fate = unreachable
	}
	d.dials[phone]++
	d.dialled = append(d.dialled, Dialled{PhoneNumber: phone, BatchID: b.id, RecipientID: r.id, At: at})
	c := d.newConversation(r, fate, at)
	b.unconcluded++
	if b.script.ConversationLate == 0 {
		r.shown = c
	}
	r.set(initiated, at)
	ring, patience := b.script.ring(), time.Duration(b.asked.telephony.RingingTimeoutSecs)*time.Second
	if fate == completes && ring > patience {
		c.fate, fate = noAnswer, noAnswer
	}
	switch fate {
	case stuck:
	case noAnswer:
		d.next(r, at, patience, c.isNotAnswered)
	case busy, unreachable:
		d.next(r, at, refusalTakes, c.isNotAnswered)
	default:
		d.next(r, at, ring, c.isAnswered)
	}
}

// isNotAnswered ends a call that never began.
func (c *conversation) isNotAnswered(r *recipient, at time.Time) {
	c.status, c.ended = conversationFailed, at
	c.d.hangUp(r, c, failed, at)
	c.d.conclude(c, at)
}

// isAnswered begins the talk, unless the agent cannot talk to this recipient.
func (c *conversation) isAnswered(r *recipient, at time.Time) {
	c.status, c.answered = conversationInProgress, at
	r.set(inProgress, at)
	c.objection = r.batch.agent.objection(r.data)
	if c.objection == "" {
		c.talk = r.batch.script.call()
	}
	c.d.next(r, at, c.talk, c.isOver)
}

// isOver ends the talk. The transcript comes a little later, and with early webhooks before the batch shows the end.
func (c *conversation) isOver(r *recipient, at time.Time) {
	c.ended = at
	last := completed
	switch {
	case c.objection != "":
		last = failed
	case c.fate == voicemails:
		last = voicemail
	}
	b := r.batch
	if b.script.EarlyWebhooks {
		c.d.conclude(c, at)
		c.d.next(r, at, analysisTakes, func(r *recipient, at time.Time) { c.d.hangUp(r, c, last, at) })
		return
	}
	c.status = conversationProcessing
	c.d.hangUp(r, c, last, at)
	c.d.after(at, analysisTakes, b.script.Speed, func(at time.Time) { c.d.conclude(c, at) })
}

// hangUp frees the line and shows the end.
func (d *Double) hangUp(r *recipient, c *conversation, last status, at time.Time) {
	b := r.batch
	r.set(last, at)
	b.running--
	d.running--
	if late := b.script.ConversationLate; late > 0 {
		d.at(at.Add(seconds(late)), func(at time.Time) {
			r.shown = c
			b.touch(at)
		})
	}
	d.fill(at)
	d.finish(b, at)
}

// finish completes a batch that has nobody left.
func (d *Double) finish(b *batch, at time.Time) {
	if b.state == batchInProgress && b.open() == 0 {
		b.state = batchCompleted
		b.touch(at)
	}
}

// conclude makes a conversation's record whole and tells the webhooks.
func (d *Double) conclude(c *conversation, at time.Time) {
	b := c.recipient.batch
	if c.status != conversationFailed {
		c.status = conversationDone
		if c.objection != "" {
			c.status = conversationFailed
		}
	}
	b.unconcluded--
	d.announce(c, at)
}

// stop cancels a batch: who has not been dialled will not be, and calls under way go on to their end [?].
func (d *Double) stop(b *batch, at time.Time) {
	if n := b.script.StaleReads; n > 0 {
		b.stale = detail{body: slices.Clone(d.encode(b)), reads: n}
	}
	b.state = batchCancelled
	b.touch(at)
	b.waiting = nil
	for i := range b.recipients {
		r := &b.recipients[i]
		if r.status == dispatched {
			b.running--
			d.running--
		}
		if r.status == pending || r.status == dispatched {
			r.set(cancelled, at)
		}
	}
	d.fill(at)
}

// retry dials who was not reached once more, in the same batch.
func (d *Double) retry(b *batch, at time.Time) {
	b.retries++
	b.state = batchInProgress
	for i := range b.recipients {
		if r := &b.recipients[i]; r.status == failed {
			r.set(pending, at)
			b.waiting = append(b.waiting, r)
		}
	}
	b.touch(at)
	d.hungry = append(d.hungry, b)
	d.fill(at)
}

func text(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

func seconds(n float64) time.Duration { return time.Duration(n * float64(time.Second)) }
