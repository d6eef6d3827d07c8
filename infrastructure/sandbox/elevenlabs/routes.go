package elevenlabs

import (
	"net/http"

	"github.com/tertulia-dev/tertulia/infrastructure/sandbox/core"
)

// routes wires the API.
func (d *Double) routes() {
	d.api = http.NewServeMux()
	d.api.HandleFunc("POST /v1/convai/batch-calling/submit", d.postSubmit)
	d.api.HandleFunc("GET /v1/convai/batch-calling/workspace", d.getBatches)
	d.api.HandleFunc("GET /v1/convai/batch-calling/{id}", d.getBatch)
	d.api.HandleFunc("DELETE /v1/convai/batch-calling/{id}", d.deleteBatch)
	d.api.HandleFunc("POST /v1/convai/batch-calling/{id}/cancel", d.postCancel)
	d.api.HandleFunc("POST /v1/convai/batch-calling/{id}/retry", d.postRetry)
	d.api.HandleFunc("GET /v1/convai/batch-calling/{id}/export", d.getExport)
	d.api.HandleFunc("GET /v1/convai/conversations/{id}", d.getConversation)
	d.api.HandleFunc("GET /v1/convai/agents/{id}", d.getAgent)
	d.api.HandleFunc("GET /v1/convai/phone-numbers/{id}", d.getNumber)
}

// ServeHTTP answers as FastAPI does: the route first, then the key, then the body.
func (d *Double) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	d.serving.RLock()
	defer d.serving.RUnlock()
	handler, pattern := d.api.Handler(r)
	switch {
	case pattern == "":
		noRoute(w, r, handler)
		return
	case r.Method == http.MethodHead: // which Go's routes answer, and FastAPI's do not
		core.WriteJSON(w, http.StatusMethodNotAllowed, map[string]string{"detail": "Method Not Allowed"})
		return
	}
	switch key := r.Header.Get("xi-api-key"); {
	case key == "":
		d.refuse(w, missingKey())
	case !core.GoodKey(key):
		d.refuse(w, invalidKey())
	default:
		d.mu.Lock()
		d.catchUp(d.env.Clock.Now())
		d.mu.Unlock()
		d.api.ServeHTTP(w, r)
	}
}

// noRoute words the mux's refusal, or its redirection to a clean path, as Starlette does.
func noRoute(w http.ResponseWriter, r *http.Request, refusal http.Handler) {
	probe := &probe{header: http.Header{}}
	refusal.ServeHTTP(probe, r)
	if allow := probe.header.Get("Allow"); allow != "" {
		w.Header().Set("Allow", allow)
		core.WriteJSON(w, http.StatusMethodNotAllowed, map[string]string{"detail": "Method Not Allowed"})
		return
	}
	core.WriteJSON(w, http.StatusNotFound, map[string]string{"detail": "Not Found"})
}

// probe is an answer of which only the headers matter.
type probe struct{ header http.Header }

// Header implements http.ResponseWriter.
func (p *probe) Header() http.Header { return p.header }

// Write implements http.ResponseWriter.
func (p *probe) Write(b []byte) (int, error) { return len(b), nil }

// WriteHeader implements http.ResponseWriter.
func (p *probe) WriteHeader(int) {}

// Control serves the double's own control routes.
func (d *Double) Control() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		d.serving.RLock()
		defer d.serving.RUnlock()
		d.control.ServeHTTP(w, r)
	})
}
