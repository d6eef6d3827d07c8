package core

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"time"
)

// controlRoutes wires the control API: the server's own routes and those of the doubles that have some.
func (s *Server) controlRoutes() {
	s.control.HandleFunc("POST /_control/faults", s.postFault)
	s.control.HandleFunc("GET /_control/faults", func(w http.ResponseWriter, _ *http.Request) {
		WriteJSON(w, http.StatusOK, map[string]any{"faults": s.faults.Pending()})
	})
	s.control.HandleFunc("DELETE /_control/faults", func(w http.ResponseWriter, r *http.Request) {
		s.faults.Clear(r.URL.Query().Get("vendor"))
		WriteJSON(w, http.StatusOK, map[string]any{"faults": s.faults.Pending()})
	})
	s.control.HandleFunc("GET /_control/ledger", s.getLedger)
	s.control.HandleFunc("POST /_control/clock", s.postClock)
	s.control.HandleFunc("GET /_control/clock", func(w http.ResponseWriter, _ *http.Request) {
		WriteJSON(w, http.StatusOK, map[string]any{"now": s.env.Clock.Now()})
	})
	s.control.HandleFunc("POST /_control/reset", func(w http.ResponseWriter, _ *http.Request) {
		s.Reset()
		WriteJSON(w, http.StatusOK, map[string]any{"reset": true})
	})
	for name, v := range s.vendors {
		if c, ok := v.(Controlled); ok {
			s.control.Handle("/_control/"+name+"/", http.StripPrefix("/_control/"+name, c.Control()))
		}
	}
	s.control.HandleFunc("/_control/", func(w http.ResponseWriter, r *http.Request) {
		WriteJSON(w, http.StatusNotFound, map[string]string{"error": "no control route " + r.Method + " " + r.URL.Path})
	})
}

// postFault adds a rule. A body that only names a vendor and says reset takes that vendor's rules away instead.
func (s *Server) postFault(w http.ResponseWriter, r *http.Request) {
	var f Fault
	if !DecodeControl(w, r, &f) {
		return
	}
	if f.Reset && f.Method == "" && f.Path == "" && f.Times == 0 && f.Drop == "" {
		s.faults.Clear(f.Vendor)
		WriteJSON(w, http.StatusOK, map[string]any{"faults": s.faults.Pending()})
		return
	}
	if field, message := s.checkFault(f); message != "" {
		FieldError(w, field, message)
		return
	}
	s.faults.Add(f)
	WriteJSON(w, http.StatusCreated, map[string]any{"faults": s.faults.Pending()})
}

// checkFault names the first field that makes no sense.
func (s *Server) checkFault(f Fault) (field, message string) {
	switch {
	case s.vendors[f.Vendor] == nil:
		return "vendor", fmt.Sprintf("vendor must be one of %v", s.names())
	case f.Times < -1:
		return "times", "times must be at least 1, or -1 for always"
	case f.Status != 0 && (f.Status < 200 || f.Status > 599):
		return "status", "status must be an HTTP status from 200 to 599"
	case f.DelayMs < 0:
		return "delayMs", "delayMs must not be negative"
	case f.Drop != "" && f.Drop != DropBefore && f.Drop != DropAfter:
		return "drop", `drop must be "before" or "after"`
	case f.Status == 0 && len(f.Body) == 0 && f.DelayMs == 0 && f.Drop == "" && !f.Reset:
		return "status", "the rule does nothing: give status, body, delayMs, drop or reset"
	}
	return "", ""
}

func (s *Server) getLedger(w http.ResponseWriter, r *http.Request) {
	vendor := r.URL.Query().Get("vendor")
	if vendor != "" && s.vendors[vendor] == nil {
		FieldError(w, "vendor", fmt.Sprintf("vendor must be one of %v", s.names()))
		return
	}
	WriteJSON(w, http.StatusOK, map[string]any{"requests": s.ledger.Requests(vendor)})
}

func (s *Server) postClock(w http.ResponseWriter, r *http.Request) {
	var in struct {
		Advance json.RawMessage `json:"advance"`
	}
	if !DecodeControl(w, r, &in) {
		return
	}
	d, err := ParseSpan(in.Advance)
	if err != nil || d < 0 {
		FieldError(w, "advance", `advance must be a duration such as "90s" or "2h", or a number of seconds, and not negative`)
		return
	}
	WriteJSON(w, http.StatusOK, map[string]any{"now": s.env.Clock.Advance(d)})
}

// ParseSpan reads a span of time from JSON: a Go duration string, or a number of seconds.
func ParseSpan(raw json.RawMessage) (time.Duration, error) {
	var text string
	if json.Unmarshal(raw, &text) == nil {
		return time.ParseDuration(text)
	}
	var seconds float64
	if err := json.Unmarshal(raw, &seconds); err != nil {
		return 0, fmt.Errorf("reading a span of time: %w", err)
	}
	return time.Duration(seconds * float64(time.Second)), nil
}

func (s *Server) names() []string {
	names := make([]string, 0, len(s.vendors))
	for name := range s.vendors {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}
