package openai

import (
	"net/http"
	"regexp"
	"strings"
	"time"

	"github.com/tertulia-dev/tertulia/infrastructure/sandbox/core"
)

// model is what the double knows of one model.
type model struct {
	id string
	// shutdown is the first day, in UTC, on which the model no longer answers; empty when none is announced.
	shutdown string
	// efforts are the reasoning efforts that it takes; a model without any does not reason and takes temperature and top_p.
	efforts []string
	// context is the most tokens it reads.
	context int
	// embeds is set on a model that cannot answer.
	embeds bool
}

// models is the vendor's table of November 2026, as far as a caller may meet it. Shutdown dates are those of the vendor's
// deprecations page.
func models() []model {
	o := strings.Fields("low medium high")
	gpt5 := strings.Fields("minimal low medium high")
	wide := strings.Fields("none low medium high xhigh")
	all := strings.Fields("none low medium high xhigh max")
	high := all[1:] // of the models that cannot stop reasoning
	return []model{
		{id: "gpt-6-luna", efforts: all, context: 1_050_000},
		{id: "gpt-6-sol", efforts: all, context: 1_050_000},
		{id: "gpt-6.1-terra", efforts: all, context: 1_050_000},
		{id: "gpt-6.1-sol", efforts: high, context: 1_050_000},
		{id: "gpt-6-astra", efforts: high, context: 1_050_000},
		{id: "gpt-5.6-luna", efforts: all, context: 1_050_000},
		{id: "gpt-5.6-terra", efforts: all, context: 1_050_000},
		{id: "gpt-5.5", efforts: wide, context: 1_050_000},
		{id: "gpt-5.4", efforts: wide, context: 1_050_000},
		{id: "gpt-5.4-mini", efforts: wide, context: 400_000},
		{id: "gpt-5.4-nano", efforts: wide, context: 400_000, shutdown: "2027-04-01"},
		{id: "gpt-5.1", efforts: wide, context: 400_000, shutdown: "2027-04-01"},
		{id: "gpt-5", efforts: gpt5, context: 400_000, shutdown: "2026-12-11"},
		{id: "gpt-5-mini", efforts: gpt5, context: 400_000, shutdown: "2026-12-11"},
		{id: "gpt-5-nano", efforts: gpt5, context: 400_000, shutdown: "2026-12-11"},
		{id: "o3", efforts: o, context: 200_000, shutdown: "2026-12-11"},
		{id: "gpt-4.1", context: 1_047_576, shutdown: "2027-01-14"},
		{id: "gpt-4.1-mini", context: 1_047_576, shutdown: "2027-01-14"},
		{id: "gpt-4.1-nano", context: 1_047_576, shutdown: "2026-10-23"},
		{id: "gpt-4o", context: 128_000, shutdown: "2027-01-14"},
		{id: "gpt-4o-mini", context: 128_000, shutdown: "2027-01-14"},
		{id: "text-embedding-3-small", context: 8_192, embeds: true},
		{id: "text-embedding-3-large", context: 8_192, embeds: true},
	}
}

var snapshot = regexp.MustCompile(`-20\d\d-\d\d-\d\d$`)

// findModel looks a model up by its name or by a dated snapshot of it; a retired model is not found.
func findModel(name string, now time.Time) (model, bool) {
	base := snapshot.ReplaceAllString(name, "")
	for _, m := range models() {
		if m.id == base {
			return m, !m.retired(now)
		}
	}
	return model{}, false
}

func (m model) retired(now time.Time) bool {
	return m.shutdown != "" && now.UTC().Format(time.DateOnly) >= m.shutdown
}

func modelNotFound(name string) apiError {
	return apiError{
		status: http.StatusNotFound, Code: "model_not_found",
		Message: "The model `" + name + "` does not exist or you do not have access to it.",
	}
}

func (m model) object() map[string]any {
	return map[string]any{
		"id": m.id, "object": "model", "created": 1_767_225_600, "owned_by": "system", "shutdown_date": orNull(m.shutdown),
	}
}

func (d *Double) listModels(w http.ResponseWriter, _ *http.Request) {
	data := []any{}
	for _, m := range models() {
		if !m.retired(d.now()) {
			data = append(data, m.object())
		}
	}
	core.WriteJSON(w, http.StatusOK, map[string]any{"object": "list", "data": data})
}

func (d *Double) getModel(w http.ResponseWriter, r *http.Request) {
	name := r.PathValue("id")
	m, found := findModel(name, d.now())
	if !found {
		refuse(w, modelNotFound(name))
		return
	}
	m.id = name
	core.WriteJSON(w, http.StatusOK, m.object())
}
