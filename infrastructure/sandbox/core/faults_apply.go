package core

import (
	"encoding/json"
	"net"
	"net/http"
	"time"
)

// apply lets a fault happen to a request that would otherwise be served by next.
func (f Fault) apply(w http.ResponseWriter, r *http.Request, next http.Handler) {
	if f.DelayMs > 0 && !pause(r, time.Duration(f.DelayMs)*time.Millisecond) {
		return
	}
	replaced := f.Status != 0 || len(f.Body) > 0
	switch {
	case f.Drop == DropAfter:
		next.ServeHTTP(&discard{header: http.Header{}}, r)
		if !replaced {
			readWhole(r)
			cut(w, f.Reset)
		}
	case f.Drop == DropBefore || f.Reset:
		readWhole(r) // a connection that is cut can be read no more, and the ledger shows what was lost
		cut(w, f.Reset)
	case !replaced:
		next.ServeHTTP(w, r)
		return
	}
	f.answer(w)
}

// answer sends the rule's own answer.
func (f Fault) answer(w http.ResponseWriter) {
	body, kind := []byte(f.Body), "application/json"
	var text string
	if json.Unmarshal(f.Body, &text) == nil {
		body, kind = []byte(text), "text/plain; charset=utf-8"
	}
	w.Header().Set("Content-Type", kind)
	for name, value := range f.Headers {
		w.Header().Set(name, value)
	}
	if f.Status == 0 {
		f.Status = http.StatusOK
	}
	w.WriteHeader(f.Status)
	_, _ = w.Write(body)
}

// pause waits in real time, and reports whether the client is still there.
func pause(r *http.Request, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-r.Context().Done():
		return false
	case <-timer.C:
		return true
	}
}

// cut ends the connection without an answer and does not return. A client on a kept-alive connection may repeat an
// idempotent request by itself then, as net/http does.
func cut(w http.ResponseWriter, reset bool) {
	if reset {
		if conn, _, err := http.NewResponseController(w).Hijack(); err == nil {
			if tcp, ok := conn.(*net.TCPConn); ok {
				_ = tcp.SetLinger(0)
			}
			_ = conn.Close()
		}
	}
	panic(http.ErrAbortHandler)
}

// discard swallows an answer that is lost on its way.
type discard struct{ header http.Header }

func (d *discard) Header() http.Header         { return d.header }
func (d *discard) Write(p []byte) (int, error) { return len(p), nil }
func (d *discard) WriteHeader(int)             {}
func (d *discard) Flush()                      {}
