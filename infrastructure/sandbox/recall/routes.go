package recall

import (
	"net/http"
	"strings"

	"github.com/tertulia-dev/tertulia/infrastructure/sandbox/core"
)

// Patterns that have a rate limit of their own.
const (
	createBot        = "POST /api/v1/bot"
	listBots         = "GET /api/v1/bot"
	listRecordings   = "GET /api/v1/recording"
	createTranscript = "POST /api/v1/recording/{id}/create_transcript"
	readUsage        = "GET /api/v1/billing/usage"
)

// routes wires the API. Paths are without the trailing slash, which is optional.
func (d *Double) routes() {
	d.api = http.NewServeMux()
	d.api.HandleFunc(createBot, d.postBot)
	d.api.HandleFunc(listBots, d.getBots)
	d.api.HandleFunc("GET /api/v1/bot/{id}", d.getBot)
	d.api.HandleFunc("PATCH /api/v1/bot/{id}", d.patchBot)
	d.api.HandleFunc("DELETE /api/v1/bot/{id}", d.deleteBot)
	d.api.HandleFunc("POST /api/v1/bot/{id}/leave_call", d.leaveCall)
	d.api.HandleFunc("POST /api/v1/bot/{id}/delete_media", d.deleteMedia)
	d.api.HandleFunc("POST /api/v1/bot/{id}/send_chat_message", d.sendChatMessage)
	d.api.HandleFunc("POST /api/v1/bot/{id}/pause_recording", d.pauseRecording)
	d.api.HandleFunc("POST /api/v1/bot/{id}/resume_recording", d.resumeRecording)
	d.api.HandleFunc(listRecordings, d.getRecordings)
	d.api.HandleFunc("GET /api/v1/recording/{id}", d.getRecording)
	d.api.HandleFunc("DELETE /api/v1/recording/{id}", d.deleteRecording)
	d.api.HandleFunc(createTranscript, d.postTranscript)
	for _, kind := range kinds() {
		d.api.HandleFunc("GET /api/v1/"+kind, d.getArtefacts(kind))
		d.api.HandleFunc("GET /api/v1/"+kind+"/{id}", d.getArtefact(kind))
		d.api.HandleFunc("DELETE /api/v1/"+kind+"/{id}", d.deleteArtefact(kind))
	}
	d.api.HandleFunc(readUsage, d.getUsage)
}

// ServeHTTP answers media links and the API. A request to the API passes, in this order: key, firewall, rate limit,
// idempotency.
func (d *Double) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if strings.HasPrefix(r.URL.Path, mediaPath) {
		d.serveMedia(w, r)
		return
	}
	d.serving.RLock()
	defer d.serving.RUnlock()
	r.URL.Path, r.URL.RawPath = strings.TrimRight(r.URL.Path, "/"), ""
	if !d.authenticated(w, r) || d.blocked(w, r) {
		return
	}
	handler, pattern := d.api.Handler(r)
	if pattern == "" {
		noRoute(w, r, handler)
		return
	}
	if !d.withinLimit(w, r, pattern) {
		return
	}
	d.keys.serve(w, r, d.api)
}

// authenticated checks the key: "Authorization: Token <key>", or the key alone.
func (d *Double) authenticated(w http.ResponseWriter, r *http.Request) bool {
	key := core.AuthToken(r, "Token")
	if key == "" {
		key = r.Header.Get("Authorization")
	}
	switch {
	case key == "":
		fail(w, http.StatusUnauthorized, "not_authenticated", "Authentication credentials were not provided.")
	case !core.GoodKey(key):
		fail(w, http.StatusUnauthorized, "authentication_failed", "Invalid API token")
	default:
		return true
	}
	return false
}

// blocked plays Recall's firewall, which refuses a GET with any body.
func (d *Double) blocked(w http.ResponseWriter, r *http.Request) bool {
	if r.Method == http.MethodGet && r.ContentLength != 0 {
		blockRequest(w)
		return true
	}
	return false
}

// noRoute words the mux's refusal as Recall does.
func noRoute(w http.ResponseWriter, r *http.Request, refusal http.Handler) {
	probe := newReply()
	refusal.ServeHTTP(probe, r)
	if probe.code == http.StatusMethodNotAllowed {
		w.Header().Set("Allow", probe.Header().Get("Allow"))
		fail(w, http.StatusMethodNotAllowed, "method_not_allowed", `Method "`+r.Method+`" not allowed.`)
		return
	}
	notFound(w)
}
