package batchcallshttp

import (
	"bytes"
	"strings"
	"unicode/utf8"
	"unsafe"

	"github.com/tidwall/gjson"
)

// maxDepth is how deep a body may nest. Nobody's variables do; what checks and stores them recurses.
const maxDepth = 500

// repaired returns text that every reader takes: without a byte order mark, and with U+FFFD (the replacement character) for
// what is no UTF-8, as the original's decoder had it.
func repaired(body []byte) []byte {
	body = bytes.TrimPrefix(body, []byte("\xef\xbb\xbf"))
	if utf8.Valid(body) {
		return body
	}
	return bytes.ToValidUTF8(body, []byte("\uFFFD"))
}

// isContainer reports whether the body is one JSON object or array and nothing else (RFC 8259), nested maxDepth deep at most.
func isContainer(body []byte) bool {
	first := bytes.TrimLeft(body, " \t\r\n")
	if len(first) == 0 || first[0] != '{' && first[0] != '[' {
		return false
	}
	return depth(body) <= maxDepth && gjson.ValidBytes(body)
}

// depth is how deep a body nests: exact up to where it stops being JSON.
func depth(body []byte) int {
	now, deepest := 0, 0
	for i := 0; i < len(body); i++ {
		switch body[i] {
		case '"':
			i = closingQuote(body, i)
		case '{', '[':
			now++
			deepest = max(deepest, now)
		case '}', ']':
			now--
		}
	}
	return deepest
}

// closingQuote finds where the string that opens at i ends: the length of the body when it does not.
func closingQuote(body []byte, i int) int {
	for start := i + 1; ; {
		n := bytes.IndexByte(body[start:], '"')
		if n < 0 {
			return len(body)
		}
		end, slashes := start+n, 0
		for end-1-slashes > i && body[end-1-slashes] == '\\' {
			slashes++
		}
		if slashes%2 == 0 {
			return end
		}
		start = end + 1
	}
}

// textOf looks at bytes that nobody changes any more as a string, without copying what may be 100 MB.
func textOf(b []byte) string {
	return unsafe.String(unsafe.SliceData(b), len(b))
}

// bytesOf is textOf backwards. The capacity is cut, so that appending copies.
func bytesOf(s string) []byte {
	return unsafe.Slice(unsafe.StringData(s), len(s))
}

// member is one key of an object with its value.
type member struct {
	key    string
	rawKey string // with quotes and escapes
	value  gjson.Result
}

// few is up to how many members are searched one by one: as many as a batch has.
const few = 24

// object is an object as JavaScript's JSON.parse reads it: of equal keys the last value counts, at the place of the first.
type object struct {
	members  []member
	index    map[string]int // of the members, once they are more than a few
	repeated bool           // some key is there more than once
}

// read takes over v's members; there are none when v is no object.
func (o *object) read(v gjson.Result) {
	clear(o.index)
	o.members, o.repeated = o.members[:0], false
	if v.IsObject() {
		v.ForEach(o.put)
	}
}

func (o *object) put(key, value gjson.Result) bool {
	if at := o.find(key.Str); at >= 0 {
		o.members[at].value, o.repeated = value, true
		return true
	}
	o.members = append(o.members, member{key.Str, key.Raw, value})
	if len(o.members) > few {
		o.note()
	}
	return true
}

// note keeps the index complete.
func (o *object) note() {
	if o.index == nil {
		o.index = map[string]int{}
	}
	for i := len(o.index); i < len(o.members); i++ {
		o.index[o.members[i].key] = i
	}
}

func (o *object) find(key string) int {
	if len(o.members) > few {
		if at, ok := o.index[key]; ok {
			return at
		}
		return -1
	}
	for i := range o.members {
		if o.members[i].key == key {
			return i
		}
	}
	return -1
}

// get returns a value; it does not Exist when there is none.
func (o *object) get(key string) gjson.Result {
	if at := o.find(key); at >= 0 {
		return o.members[at].value
	}
	return gjson.Result{}
}

// isNull tells null from absent, which gjson's type does not.
func isNull(v gjson.Result) bool { return v.Type == gjson.Null && v.Exists() }

// isGiven reports whether an optional value is there: null is as good as absent.
func isGiven(v gjson.Result) bool { return v.Type != gjson.Null }

func isBlank(s string) bool { return strings.TrimSpace(s) == "" }
