package core

import (
	"errors"
	"io"
	"net/http"
	"strings"
)

// Server is the sandbox: doubles under a path prefix each, and the control API under /_control.
type Server struct {
	env     Env
	vendors map[string]Vendor
	ledger  Ledger
	faults  Faults
	control *http.ServeMux
}

// NewServer mounts doubles. They must have been made with the same env.
func NewServer(env Env, vendors ...Vendor) *Server {
	s := &Server{env: NewEnv(env), vendors: map[string]Vendor{}, control: http.NewServeMux()}
	for _, v := range vendors {
		s.vendors[v.Name()] = v
	}
	s.controlRoutes()
	return s
}

// ServeHTTP answers the control API and the doubles.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if strings.HasPrefix(r.URL.Path, "/_control/") {
		s.control.ServeHTTP(w, r)
		return
	}
	name, _, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/"), "/")
	vendor, found := s.vendors[name]
	if !found {
		WriteJSON(w, http.StatusNotFound, map[string]string{"error": "the sandbox has no vendor at this path"})
		return
	}
	http.StripPrefix("/"+name, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.record(name, w, r, func(w http.ResponseWriter, r *http.Request) {
			if fault, found := s.faults.take(name, r.Method, r.URL.Path); found {
				fault.apply(w, r, vendor)
				return
			}
			vendor.ServeHTTP(w, r)
		})
	})).ServeHTTP(w, r)
}

// Ledger is what the doubles have received.
func (s *Server) Ledger() *Ledger { return &s.ledger }

// Faults are the rules for coming requests.
func (s *Server) Faults() *Faults { return &s.faults }

// Clock is the time that the doubles live in.
func (s *Server) Clock() *Clock { return s.env.Clock }

// Reset makes everything as new.
func (s *Server) Reset() {
	s.faults.Clear("")
	for _, v := range s.vendors {
		v.Reset()
	}
	s.env.Clock.Reset()
	s.ledger.Reset()
}

// Close stops the doubles' goroutines.
func (s *Server) Close() error {
	var errs []error
	for _, v := range s.vendors {
		if c, ok := v.(io.Closer); ok {
			errs = append(errs, c.Close())
		}
	}
	return errors.Join(errs...)
}
