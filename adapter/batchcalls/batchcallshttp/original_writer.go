package batchcallshttp

import "encoding/json"

// block is how much of what is written anew shares an allocation, in bytes.
const block = 64 << 10

// writer writes JSON objects, one behind the other, into memory that they share.
type writer struct {
	buf   []byte
	start int  // of the object at hand
	first bool // no member is written yet in the innermost object
}

// begin starts an object. The first one takes what it needs.
func (w *writer) begin() {
	if w.buf != nil && cap(w.buf)-len(w.buf) < block/16 {
		w.buf = make([]byte, 0, block)
	}
	w.start, w.first = len(w.buf), true
	w.buf = append(w.buf, '{')
}

// member writes a key, with its quotes, and a value.
func (w *writer) member(rawKey, rawValue string) {
	w.key(rawKey)
	w.buf = append(w.buf, rawValue...)
}

// open starts an object inside the one at hand.
func (w *writer) open(key string) {
	w.key(`"` + key + `"`)
	w.buf = append(w.buf, '{')
	w.first = true
}

// close ends an inner object.
func (w *writer) close() {
	w.buf = append(w.buf, '}')
	w.first = false
}

func (w *writer) key(raw string) {
	if !w.first {
		w.buf = append(w.buf, ',')
	}
	w.first = false
	w.buf = append(append(w.buf, raw...), ':')
}

// end ends the object and returns it.
func (w *writer) end() json.RawMessage {
	w.buf = append(w.buf, '}')
	return w.buf[w.start:len(w.buf):len(w.buf)]
}
