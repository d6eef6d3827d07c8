package elevenlabs

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"net/http"
	"slices"
	"strconv"
	"time"

	"github.com/tertulia-dev/tertulia/infrastructure/sandbox/core"
)

// find locks the double and finds the request's batch, or answers that there is none. The caller unlocks when found.
func (d *Double) find(w http.ResponseWriter, r *http.Request) (*batch, bool) {
	d.mu.Lock()
	b, found := d.batches[r.PathValue("id")]
	if !found {
		d.mu.Unlock()
		d.refuse(w, unknownBatch())
	}
	return b, found
}

func (d *Double) getBatch(w http.ResponseWriter, r *http.Request) {
	b, found := d.find(w, r)
	if !found {
		return
	}
	var body []byte
	if b.stale.reads > 0 {
		b.stale.reads--
		body = b.stale.body
	} else {
		body = d.encode(b)
	}
	d.mu.Unlock()
	w.Header().Set("Content-Type", "application/json")
	_, _ = w.Write(body)
}

// getBatches lists the workspace, the newest first [?]. The cursor is the last batch's ID [?].
func (d *Double) getBatches(w http.ResponseWriter, r *http.Request) {
	query := r.URL.Query()
	limit := 100
	if given := query.Get("limit"); query.Has("limit") {
		n, err := strconv.Atoi(given)
		if err != nil {
			v := &validation{}
			input, _ := json.Marshal(given)
			v.add("int_parsing", intComplaints["int_parsing"], input, "query", "limit")
			core.WriteJSON(w, http.StatusUnprocessableEntity, map[string]any{"detail": v.issues})
			return
		}
		limit = max(n, 1)
	}
	core.WriteJSON(w, http.StatusOK, d.page(query.Get("last_doc"), query.Get("agent_id"), limit))
}

// page is a part of the workspace's list.
type page struct {
	Batches []batchOut `json:"batch_calls"`
	Next    *string    `json:"next_doc"`
	More    bool       `json:"has_more"`
}

// page lists the batches after a cursor.
func (d *Double) page(last, agent string, limit int) page {
	d.mu.Lock()
	defer d.mu.Unlock()
	end := len(d.order)
	if last != "" {
		end = max(slices.IndexFunc(d.order, func(b *batch) bool { return b.id == last }), 0)
	}
	out := page{Batches: []batchOut{}}
	for _, b := range slices.Backward(d.order[:end]) {
		if agent != "" && agent != b.asked.agentID {
			continue
		}
		if len(out.Batches) == limit {
			out.Next, out.More = &out.Batches[limit-1].ID, true
			break
		}
		out.Batches = append(out.Batches, b.wire())
	}
	return out
}

func (d *Double) postCancel(w http.ResponseWriter, r *http.Request) {
	d.change(w, r, func(b *batch) bool { return !b.isOver() }, notCancellable(), d.stop)
}

func (d *Double) postRetry(w http.ResponseWriter, r *http.Request) {
	d.change(w, r, func(b *batch) bool { return b.isOver() && b.counts[failed] > 0 }, notRetryable(), d.retry)
}

// change does something to a batch that is fit for it.
func (d *Double) change(w http.ResponseWriter, r *http.Request, fit func(*batch) bool, otherwise refusal, do func(*batch, time.Time)) {
	b, found := d.find(w, r)
	if !found {
		return
	}
	if !fit(b) {
		d.mu.Unlock()
		d.refuse(w, otherwise)
		return
	}
	do(b, d.env.Clock.Now())
	out := b.wire()
	d.mu.Unlock()
	core.WriteJSON(w, http.StatusOK, out)
}

// deleteBatch forgets a batch; conversations stay. One under way is stopped first [?].
func (d *Double) deleteBatch(w http.ResponseWriter, r *http.Request) {
	b, found := d.find(w, r)
	if !found {
		return
	}
	if !b.isOver() {
		d.stop(b, d.env.Clock.Now())
	}
	delete(d.batches, b.id)
	d.order = slices.DeleteFunc(d.order, func(other *batch) bool { return other == b })
	d.mu.Unlock()
	w.WriteHeader(http.StatusNoContent)
}

// getExport answers CSV; its columns are [?].
func (d *Double) getExport(w http.ResponseWriter, r *http.Request) {
	b, found := d.find(w, r)
	if !found {
		return
	}
	if !b.isOver() {
		d.mu.Unlock()
		d.refuse(w, notExportable())
		return
	}
	var file bytes.Buffer
	out := csv.NewWriter(&file)
	_ = out.Write([]string{"recipient_id", "phone_number", "status", "conversation_id", "call_duration_secs", "updated_at_unix"})
	for i := range b.recipients {
		to := &b.recipients[i]
		row := []string{to.id, text(to.phone), to.status.String(), "", "", strconv.FormatInt(to.updated, 10)}
		if c := to.shown; c != nil {
			row[3], row[4] = c.id, strconv.Itoa(c.duration())
		}
		_ = out.Write(row)
	}
	d.mu.Unlock()
	out.Flush()
	w.Header().Set("Content-Type", "text/csv; charset=utf-8")
	w.Header().Set("Content-Disposition", `attachment; filename="batch_call_`+b.id+`.csv"`)
	_, _ = w.Write(file.Bytes())
}
