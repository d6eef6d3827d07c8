package recall

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/tertulia-dev/tertulia/infrastructure/sandbox/core"
)

// notice is how long before its time a notetaker must be asked for to be a scheduled one.
const notice = 10 * time.Minute

// maxBody bounds a request to the API.
const maxBody = 1 << 20

// postBot makes a notetaker: scheduled when join_at is more than ten minutes ahead, else from the ad-hoc pool.
func (d *Double) postBot(w http.ResponseWriter, r *http.Request) {
	var q botRequest
	if !d.readBody(w, r, &q) {
		return
	}
	url, joinAt, fields := q.complaints()
	if len(fields) > 0 {
		invalid(w, fields)
		return
	}
	if q.Metadata == nil {
		q.Metadata = map[string]any{}
	}
	if q.BotName == "" {
		q.BotName = "Meeting Notetaker"
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	adHoc := !joinAt.After(d.now().Add(notice))
	if adHoc && !d.pool.claim(d.now()) {
		w.Header().Set("Retry-After", "30")
		fail(w, http.StatusInsufficientStorage, "adhoc_pool_depleted",
			"All ad-hoc bots are in use. Please try again in 30 seconds.")
		return
	}
	b := &bot{id: newID(), url: url, name: q.BotName, joinAt: joinAt, adHoc: adHoc, request: q, wake: func() {}}
	d.send(b)
	core.WriteJSON(w, http.StatusCreated, d.view(r, b))
}

// send gives a new notetaker its script and starts its life. Call with d.mu held.
func (d *Double) send(b *bot) {
	if len(d.scripts) > 0 {
		b.script, d.scripts = d.scripts[0], d.scripts[1:]
	} else {
		b.script = builtIn()
	}
	b.outbox = d.hooks.outbox(b.id, b.script)
	sandbox := d.ctx
	call, stop := context.WithCancelCause(sandbox)
	b.stop = stop
	d.bots = append(d.bots, b)
	d.lives.Go(func() {
		defer stop(nil)
		d.live(sandbox, call, b)
	})
}

// readBody decodes a request's body, or answers what is wrong with it.
func (d *Double) readBody(w http.ResponseWriter, r *http.Request, into any) bool {
	raw, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	if err != nil {
		fail(w, http.StatusRequestEntityTooLarge, "request_too_large", "Request body is too large.")
		return false
	}
	d.mu.Lock()
	blockLocalhost := d.settings.BlockLocalhost
	d.mu.Unlock()
	if blockLocalhost && strings.Contains(string(raw), "://localhost") {
		blockRequest(w)
		return false
	}
	if len(raw) == 0 {
		raw = []byte("{}")
	}
	if err := json.Unmarshal(raw, into); err != nil {
		fail(w, http.StatusBadRequest, "parse_error", "JSON parse error - "+err.Error())
		return false
	}
	return true
}
