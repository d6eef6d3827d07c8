package recall

import (
	"net/http"
	"strconv"
	"time"

	"github.com/tertulia-dev/tertulia/infrastructure/sandbox/core"
)

// Settings are the switches of the double. Left out in a request, a switch keeps its value.
type Settings struct {
	// NoLimits turns the rate limits off. PerMinute replaces single ones, by "METHOD /api/v1/path".
	NoLimits  bool           `json:"noLimits"`
	PerMinute map[string]int `json:"perMinute"`
	// Pool is how many ad-hoc notetakers can be in calls at once; PoolRefillSeconds is how long a finished one needs to
	// be replaced.
	Pool              int `json:"pool"`
	PoolRefillSeconds int `json:"poolRefillSeconds"`
	// PageSize of the list of bots.
	PageSize int `json:"pageSize"`
	// MediaLinkSeconds is how long a media link is good.
	MediaLinkSeconds int `json:"mediaLinkSeconds"`
	// BlockLocalhost refuses payloads with a localhost address, as the real firewall does.
	BlockLocalhost bool `json:"blockLocalhost"`
	// LateDeleteStatus answers the deletion of a dispatched notetaker: 405 as documented, or 400 as seen in the field.
	LateDeleteStatus int `json:"lateDeleteStatus"`
}

func defaultSettings() Settings {
	return Settings{
		PerMinute: map[string]int{},
		Pool:      1000, PoolRefillSeconds: 0,
		PageSize:         100,
		MediaLinkSeconds: int((5 * time.Hour).Seconds()),
		LateDeleteStatus: http.StatusMethodNotAllowed,
	}
}

// check names the first switch that makes no sense.
func (s Settings) check() (field, message string) {
	switch {
	case s.Pool < 0:
		return "pool", "pool must not be negative"
	case s.PoolRefillSeconds < 0:
		return "poolRefillSeconds", "poolRefillSeconds must not be negative"
	case s.PageSize < 1:
		return "pageSize", "pageSize must be at least 1"
	case s.MediaLinkSeconds < 1:
		return "mediaLinkSeconds", "mediaLinkSeconds must be at least 1"
	case s.LateDeleteStatus != http.StatusMethodNotAllowed && s.LateDeleteStatus != http.StatusBadRequest:
		return "lateDeleteStatus", "lateDeleteStatus must be 405 or 400"
	}
	return "", ""
}

// documentedLimits are per minute and workspace; everything else has usualLimit.
func documentedLimits() map[string]int {
	table := map[string]int{createBot: 60, listBots: 60, listRecordings: 60, createTranscript: 5, readUsage: 5}
	for _, kind := range kinds() {
		table["GET /api/v1/"+kind] = 60
	}
	return table
}

const usualLimit = 300

// limits are the rate limits in force.
type limits struct {
	off     bool
	usual   *core.Window
	special map[string]*core.Window
}

func newLimits(s Settings, now func() time.Time) *limits {
	l := &limits{
		off: s.NoLimits, usual: core.NewWindow(usualLimit, time.Minute, now), special: map[string]*core.Window{},
	}
	for _, table := range []map[string]int{documentedLimits(), s.PerMinute} {
		for pattern, limit := range table {
			l.special[pattern] = core.NewWindow(limit, time.Minute, now)
		}
	}
	return l
}

// take counts a request to pattern. The limit of create_transcript is one per recording, the others are per workspace.
func (l *limits) take(pattern, path string) (ok bool, wait time.Duration) {
	if l.off {
		return true, 0
	}
	key := pattern
	if pattern == createTranscript {
		key = path
	}
	if w, found := l.special[pattern]; found {
		return w.Take(key)
	}
	return l.usual.Take(key)
}

// withinLimit answers 429 when the request is one too many.
func (d *Double) withinLimit(w http.ResponseWriter, r *http.Request, pattern string) bool {
	d.mu.Lock()
	current := d.limits
	d.mu.Unlock()
	ok, wait := current.take(pattern, r.URL.Path)
	if !ok {
		seconds := strconv.Itoa(int((wait + time.Second - 1) / time.Second))
		w.Header().Set("Retry-After", seconds)
		fail(w, http.StatusTooManyRequests, "throttled", "Request was throttled. Expected available in "+seconds+" seconds.")
	}
	return ok
}
