package elevenlabs

import (
	"encoding/json"
	"errors"
	"net/http"
	"time"

	"github.com/tertulia-dev/tertulia/infrastructure/sandbox/core"
)

func (d *Double) postSubmit(w http.ResponseWriter, r *http.Request) {
	asked, issues, err := readSubmission(r)
	if long := (*http.MaxBytesError)(nil); errors.As(err, &long) {
		refusal{http.StatusRequestEntityTooLarge, "invalid_request", "request_too_large", "Request body too large"}.send(w, shapeFull)
		return
	}
	if err != nil {
		return // the client is gone
	}
	if len(issues) > 0 {
		core.WriteJSON(w, http.StatusUnprocessableEntity, map[string]any{"detail": issues})
		return
	}
	d.mu.Lock()
	b, refused := d.submit(asked)
	if refused != nil {
		d.mu.Unlock()
		d.refuse(w, *refused)
		return
	}
	out := b.wire()
	d.mu.Unlock()
	core.WriteJSON(w, http.StatusOK, out)
}

// submit adds a batch, or refuses it. Call it with Double.mu held.
func (d *Double) submit(asked submission) (*batch, *refusal) {
	if d.settings.AgreementRequired {
		return nil, new(agreementRequired())
	}
	now := d.env.Clock.Now()
	b := &batch{
		asked: asked, agent: d.agent(asked.agentID), script: d.script(asked.agentID), createdAt: now, updatedAt: now,
		state: batchPending, recipients: make([]recipient, len(asked.recipients)),
	}
	b.asked.recipients = nil
	if b.agent.Missing {
		return nil, new(unknownDocument("agent", asked.agentID))
	}
	if asked.numberID != nil {
		number := d.number(*asked.numberID)
		if number.Missing {
			return nil, new(unknownDocument("phone_number", *asked.numberID))
		}
		b.number = &number
	}
	b.id = d.newID("btcal", now)
	b.waiting = make([]*recipient, len(b.recipients))
	for i, in := range asked.recipients {
		r := &b.recipients[i]
		*r = recipient{batch: b, phone: in.Phone, whatsapp: in.WhatsApp, updated: now.Unix()}
		if in.Data != nil {
			r.data = json.RawMessage(*in.Data)
		}
		if in.ID != nil {
			r.id = *in.ID
		} else {
			r.id = d.newID("rcpt", now) // [?]
		}
		b.waiting[i] = r
	}
	b.counts[pending] = len(b.recipients)
	d.batches[b.id] = b
	d.order = append(d.order, b)
	d.plan(b, now)
	return b, nil
}

// plan lets a batch begin: at its time, or at once when that has passed.
func (d *Double) plan(b *batch, now time.Time) {
	begin := func(at time.Time) { d.start(b, at) }
	if s := b.asked.scheduled; s != nil && time.Unix(*s, 0).After(now) {
		d.at(time.Unix(*s, 0), begin)
		return
	}
	d.after(now, 0, 0, begin)
}
