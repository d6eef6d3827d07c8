package hubspot

import (
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/tertulia-dev/tertulia/infrastructure/sandbox/core"
)

// limits are the portal's: a burst window for every call but searches, a window for searches, and a count a day.
type limits struct {
	searches, burst         *core.Window
	searchLimit, burstLimit int
	day                     string
	usedToday, dailyLimit   int
}

const (
	burstSpan = 10 * time.Second
	// The vendor's limits: 5 searches a second an account, 100 calls in 10 s a private app, 250,000 calls a day.
	defaultSearches = 5
	defaultBurst    = 100
	defaultDaily    = 250_000
)

func newLimits(searches, burst, daily int, now func() time.Time) limits {
	return limits{
		searches: core.NewWindow(searches, time.Second, now), burst: core.NewWindow(burst, burstSpan, now),
		searchLimit: searches, burstLimit: burst, dailyLimit: daily,
	}
}

// checkLimits counts a call; search answers carry no rate headers and do not count into the burst window.
func (d *Double) checkLimits(w http.ResponseWriter, r *http.Request) (apiError, bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	l := &d.limits
	if today := d.now().Format(time.DateOnly); today != l.day {
		l.day, l.usedToday = today, 0
	}
	if l.usedToday++; l.usedToday > l.dailyLimit {
		return tooMany("DAILY", "You have reached your daily limit."), true
	}
	if strings.HasSuffix(r.URL.Path, "/search") {
		if ok, _ := l.searches.Take(""); !ok {
			return tooMany("SECONDLY", "You have reached your secondly limit."), true
		}
		return apiError{}, false
	}
	ok, _ := l.burst.Take("")
	for name, value := range map[string]int{
		"Max": l.burstLimit, "Remaining": l.burstLimit - l.burst.Used(""), "Interval-Milliseconds": int(burstSpan.Milliseconds()),
		"Daily": l.dailyLimit, "Daily-Remaining": l.dailyLimit - l.usedToday,
	} {
		w.Header().Set("X-HubSpot-RateLimit-"+name, strconv.Itoa(value))
	}
	if !ok {
		return tooMany("TEN_SECONDLY_ROLLING", "You have reached your ten_secondly_rolling limit."), true
	}
	return apiError{}, false
}

func tooMany(policy, message string) apiError {
	return apiError{Status: http.StatusTooManyRequests, Message: message, PolicyName: policy}
}
