package recall

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/tertulia-dev/tertulia/infrastructure/sandbox/core"
)

func (d *Double) getBot(w http.ResponseWriter, r *http.Request) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if b := d.findBot(w, r); b != nil {
		core.WriteJSON(w, http.StatusOK, d.view(r, b))
	}
}

// getBots lists notetakers, newest first, by pages: {count,next,previous,results}.
func (d *Double) getBots(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	page, err := strconv.Atoi(q.Get("page"))
	if q.Get("page") == "" {
		page, err = 1, nil
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	found := []*bot{}
	for _, b := range slices.Backward(d.bots) {
		if b.matches(q) {
			found = append(found, b)
		}
	}
	size := d.settings.PageSize
	if err != nil || page < 1 || (page > 1 && (page-1)*size >= len(found)) {
		fail(w, http.StatusNotFound, "not_found", "Invalid page.")
		return
	}
	results := []any{}
	for _, b := range found[(page-1)*size : min(page*size, len(found))] {
		results = append(results, d.view(r, b))
	}
	core.WriteJSON(w, http.StatusOK, map[string]any{
		"count": len(found), "results": results,
		"next":     d.pageLink(r, page+1, page*size < len(found)),
		"previous": d.pageLink(r, page-1, page > 1),
	})
}

// pageLink is the address of another page of the same list, or nil when there is none.
func (d *Double) pageLink(r *http.Request, page int, exists bool) any {
	if !exists {
		return nil
	}
	q := r.URL.Query()
	q.Set("page", strconv.Itoa(page))
	return d.env.URL(r, d.Name(), r.URL.Path+"/?"+q.Encode())
}

// matches applies the list's filters: status (repeated), join_at_after, join_at_before, metadata__<key>.
func (b *bot) matches(q url.Values) bool {
	if wanted := q["status"]; len(wanted) > 0 && !slices.Contains(wanted, b.code()) {
		return false
	}
	if after, err := time.Parse(time.RFC3339, q.Get("join_at_after")); err == nil && !b.joinAt.After(after) {
		return false
	}
	if before, err := time.Parse(time.RFC3339, q.Get("join_at_before")); err == nil &&
		(b.joinAt.IsZero() || !b.joinAt.Before(before)) {
		return false
	}
	for name := range q {
		key, found := strings.CutPrefix(name, "metadata__")
		if found && fmt.Sprint(b.request.Metadata[key]) != q.Get(name) {
			return false
		}
	}
	return true
}

// patchBot changes a scheduled notetaker that has not been dispatched.
func (d *Double) patchBot(w http.ResponseWriter, r *http.Request) {
	var patch botPatch
	if !d.readBody(w, r, &patch) {
		return
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	b := d.findBot(w, r)
	if b == nil {
		return
	}
	q := patch.over(b.request)
	url, joinAt, fields := q.complaints()
	switch {
	case len(fields) > 0:
		invalid(w, fields)
		return
	case b.dispatched:
		fail(w, http.StatusBadRequest, "update_bot_failed", "Only non-dispatched bots can be updated")
		return
	case patch.JoinAt != nil && !joinAt.After(d.now().Add(notice)):
		fail(w, http.StatusBadRequest, "update_bot_failed", "Not enough time to launch new bot")
		return
	}
	b.url, b.name, b.request = url, q.BotName, q
	if patch.JoinAt != nil {
		b.joinAt = joinAt
		b.wake()
	}
	core.WriteJSON(w, http.StatusOK, d.view(r, b))
}

// deleteBot takes back a notetaker that has not been dispatched.
func (d *Double) deleteBot(w http.ResponseWriter, r *http.Request) {
	d.mu.Lock()
	defer d.mu.Unlock()
	b := d.findBot(w, r)
	switch {
	case b == nil:
		return
	case b.dispatched:
		fail(w, d.settings.LateDeleteStatus, "cannot_delete_bot", "Only scheduled bots that have not joined can be deleted.")
		return
	}
	b.stop(errDeleted)
	d.bots = slices.DeleteFunc(d.bots, func(other *bot) bool { return other == b })
	if b.adHoc {
		d.pool.release(d.now())
	}
	w.WriteHeader(http.StatusNoContent)
}
