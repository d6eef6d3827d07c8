package core

import (
	"encoding/json"
	"regexp"
	"slices"
	"strings"
	"sync"
)

// Where a connection is cut: before the double sees the request, or after it acted and before it answers.
const (
	DropBefore = "before"
	DropAfter  = "after"
)

// Fault is a rule: what becomes of the next requests that match. The first matching rule that is not used up applies.
type Fault struct {
	Vendor string `json:"vendor"`
	// Method is empty or "*" for any.
	Method string `json:"method,omitempty"`
	// Path is below the double's prefix: the beginning of a path, or a glob when it has a * (any run within a segment)
	// or ** (any run). A $ at its end asks for the whole path. Empty matches all. A trailing slash does not matter.
	Path string `json:"path,omitempty"`
	// Times is how many requests it applies to: 1 when left out, -1 for all.
	Times int `json:"times,omitempty"`

	// Status and Body replace the answer; with a Body alone it is 200. Without Drop the double does not act; with
	// DropAfter it acts and its answer is replaced. A Body that is a JSON string is sent as that text.
	Status  int               `json:"status,omitempty"`
	Body    json.RawMessage   `json:"body,omitempty"`
	Headers map[string]string `json:"headers,omitempty"`
	// DelayMs holds the request back in real time, before anything else.
	DelayMs int `json:"delayMs,omitempty"`
	// Drop cuts the connection instead of answering.
	Drop string `json:"drop,omitempty"`
	// Reset cuts with a TCP reset instead of an orderly close (before, unless Drop says after).
	Reset bool `json:"reset,omitempty"`
}

// Faults holds the rules. Safe for concurrent use.
type Faults struct {
	mu    sync.Mutex
	rules []*rule
}

type rule struct {
	Fault
	path *regexp.Regexp
}

// Add appends a rule.
func (f *Faults) Add(fault Fault) {
	if fault.Times == 0 {
		fault.Times = 1
	}
	fault.Path = "/" + strings.TrimLeft(strings.TrimPrefix(fault.Path, "/"+fault.Vendor+"/"), "/")
	f.mu.Lock()
	defer f.mu.Unlock()
	f.rules = append(f.rules, &rule{Fault: fault, path: pathPattern(fault.Path)})
}

// Clear removes the rules of a vendor, or all when vendor is "".
func (f *Faults) Clear(vendor string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.rules = slices.DeleteFunc(f.rules, func(r *rule) bool { return vendor == "" || r.Vendor == vendor })
}

// Pending are the rules that still wait for requests.
func (f *Faults) Pending() []Fault {
	f.mu.Lock()
	defer f.mu.Unlock()
	left := []Fault{}
	for _, r := range f.rules {
		left = append(left, r.Fault)
	}
	return left
}

// take finds the rule for a request and uses it once.
func (f *Faults) take(vendor, method, path string) (Fault, bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	i := slices.IndexFunc(f.rules, func(r *rule) bool { return r.matches(vendor, method, path) })
	if i < 0 {
		return Fault{}, false
	}
	found := f.rules[i]
	if found.Times > 0 {
		found.Times--
	}
	if found.Times == 0 {
		f.rules = slices.Delete(f.rules, i, i+1)
	}
	return found.Fault, true
}

func (r *rule) matches(vendor, method, path string) bool {
	return r.Vendor == vendor && (r.Method == "" || r.Method == "*" || strings.EqualFold(r.Method, method)) &&
		r.path.MatchString(path)
}

// pathPattern turns a rule's path into an expression.
func pathPattern(path string) *regexp.Regexp {
	path, whole := strings.CutSuffix(path, "$")
	whole = whole || strings.Contains(path, "*")
	expr := regexp.QuoteMeta(strings.TrimRight(path, "/"))
	expr = strings.ReplaceAll(expr, `\*\*`, `.*`)
	expr = strings.ReplaceAll(expr, `\*`, `[^/]*`)
	if whole {
		expr += "/?$"
	}
	return regexp.MustCompile("^" + expr)
}
