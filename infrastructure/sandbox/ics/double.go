// Package ics is a double of a calendar service that publishes calendars as iCalendar files under secret addresses, with
// the validators by which readers tell whether anything has changed.
//
// Below the control prefix, PUT /feed {name, lines} publishes a calendar at /<name>.ics; lines are those between
// BEGIN:VCALENDAR's own and END:VCALENDAR. DELETE /feed?name= takes it away.
package ics

import (
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/tertulia-dev/tertulia/infrastructure/sandbox/core"
)

// Double is the service. It is safe for concurrent use.
type Double struct {
	clock   *core.Clock
	api     *http.ServeMux
	control *http.ServeMux

	mu    sync.Mutex
	feeds map[string]feed
}

type feed struct {
	body    string
	changed time.Time
}

// New makes a service without calendars.
func New(env core.Env) *Double {
	d := &Double{clock: core.NewEnv(env).Clock, api: http.NewServeMux(), control: http.NewServeMux()}
	d.Reset()
	d.api.HandleFunc("GET /{file}", d.getFeed)
	d.control.HandleFunc("PUT /feed", d.putFeed)
	d.control.HandleFunc("DELETE /feed", d.deleteFeed)
	return d
}

// Name is the service's name and its path prefix.
func (d *Double) Name() string { return "ics" }

// Control serves the double's own controls, below its control prefix.
func (d *Double) Control() http.Handler { return d.control }

// ServeHTTP answers as a calendar service does.
func (d *Double) ServeHTTP(w http.ResponseWriter, r *http.Request) { d.api.ServeHTTP(w, r) }

// Reset takes every calendar away.
func (d *Double) Reset() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.feeds = map[string]feed{}
}

// getFeed: GET /<name>.ics, 304 when the reader's version is the current one (RFC 9110 §13.1.2).
func (d *Double) getFeed(w http.ResponseWriter, r *http.Request) {
	d.mu.Lock()
	f, found := d.feeds[strings.TrimSuffix(r.PathValue("file"), ".ics")]
	d.mu.Unlock()
	if !found {
		http.NotFound(w, r)
		return
	}
	sum := sha256.Sum256([]byte(f.body))
	w.Header().Set("Content-Type", "text/calendar; charset=utf-8")
	w.Header().Set("ETag", `"`+hex.EncodeToString(sum[:8])+`"`)
	http.ServeContent(w, r, "", f.changed, strings.NewReader(f.body))
}

func (d *Double) putFeed(w http.ResponseWriter, r *http.Request) {
	var in struct {
		Name  string   `json:"name"`
		Lines []string `json:"lines"`
	}
	if !core.DecodeControl(w, r, &in) {
		return
	}
	if in.Name == "" || strings.Contains(in.Name, "/") {
		core.FieldError(w, "name", "name must name a calendar, without a slash")
		return
	}
	lines := append([]string{"BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Sandbox//Calendar//EN"}, in.Lines...)
	d.mu.Lock()
	defer d.mu.Unlock()
	d.feeds[in.Name] = feed{body: strings.Join(append(lines, "END:VCALENDAR"), "\r\n") + "\r\n", changed: d.clock.Now()}
	core.WriteJSON(w, http.StatusOK, map[string]string{"path": "/" + in.Name + ".ics"})
}

func (d *Double) deleteFeed(w http.ResponseWriter, r *http.Request) {
	d.mu.Lock()
	defer d.mu.Unlock()
	delete(d.feeds, r.URL.Query().Get("name"))
	core.WriteJSON(w, http.StatusOK, map[string]bool{"deleted": true})
}
