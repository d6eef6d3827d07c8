package batchcallshttp

import (
	"encoding/json"
	"regexp"
	"strconv"
	"strings"

	"github.com/tidwall/gjson"
)

// maxProblems is how many wrong fields one answer lists. The original listed all: 2.2 MB for 30 kB.
const maxProblems = 100

// problem is a wrong field, as express-validator writes it.
type problem struct {
	Type     string          `json:"type" enum:"field"`
	Value    json.RawMessage `json:"value,omitempty"` // as sent; absent when the field is
	Msg      string          `json:"msg"`
	Path     string          `json:"path"`
	Location string          `json:"location" enum:"body"`
}

// problems are those that one rule, or several in order, found. The first ones are kept and all are counted.
type problems struct {
	first []problem
	total int
}

func (p *problems) add(path string, value gjson.Result, msg string) {
	p.total++
	if len(p.first) == maxProblems {
		return
	}
	found := problem{Type: "field", Msg: msg, Path: path, Location: "body"}
	if value.Exists() {
		found.Value = bytesOf(value.Raw)
	}
	p.first = append(p.first, found)
}

// addAt is add for a field of one of the recipients. Its place is only written where somebody will read it.
func (p *problems) addAt(of place, field string, value gjson.Result, msg string) {
	path := ""
	if p.total < maxProblems {
		path = "recipients" + of.String() + "." + field
	}
	p.add(path, value, msg)
}

// place is where a recipient is: in the list at an index, or under a key where somebody has sent an object in its stead.
type place struct {
	index int
	key   string
	isKey bool
}

// String writes a step of a path as express-validator does.
func (p place) String() string {
	switch {
	case !p.isKey:
		return "[" + strconv.Itoa(p.index) + "]"
	case strings.Contains(p.key, "."):
		return `["` + p.key + `"]`
	case digits.MatchString(p.key):
		return "[" + p.key + "]"
	default:
		return "." + p.key
	}
}

var digits = regexp.MustCompile(`^[0-9]+$`)

// join puts the problems of later rules behind.
func (p *problems) join(later ...problems) {
	for _, l := range later {
		p.total += l.total
		p.first = append(p.first, l.first[:min(len(l.first), maxProblems-len(p.first))]...)
	}
}
