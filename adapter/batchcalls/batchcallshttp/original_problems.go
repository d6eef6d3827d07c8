package batchcallshttp

import (
	"encoding/json"
	"strconv"

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

// addAt is add for a field of one of the recipients.
func (p *problems) addAt(index int, field string, value gjson.Result, msg string) {
	path := ""
	if p.total < maxProblems { // else nobody will read it
		path = "recipients[" + strconv.Itoa(index) + "]." + field
	}
	p.add(path, value, msg)
}

// join puts the problems of later rules behind.
func (p *problems) join(later ...problems) {
	for _, l := range later {
		p.total += l.total
		p.first = append(p.first, l.first[:min(len(l.first), maxProblems-len(p.first))]...)
	}
}
