// Package n8n is a double of an n8n instance whose workflows are started by webhooks: it makes Google Meet links, as the
// workflow "create_meet" does. Every path is an active workflow unless the control API says otherwise.
//
// Below the control prefix, POST /workflow {path, active?, signingSecret?, answer?} changes one.
package n8n

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"

	"github.com/tertulia-dev/tertulia/infrastructure/sandbox/core"
)

// maxPayload is the instance's N8N_PAYLOAD_SIZE_MAX, in bytes.
const maxPayload = 16 << 20

// Double is the instance. It is safe for concurrent use.
type Double struct {
	clock   *core.Clock
	api     *http.ServeMux
	control *http.ServeMux

	mu        sync.Mutex
	workflows map[string]workflow
}

// workflow is what the control API has said of one path.
type workflow struct {
	Path string `json:"path"`
	// Active is true when left out.
	Active *bool `json:"active"`
	// SigningSecret is the Standard Webhooks secret ("whsec_<base64>") that signed requests are checked with. Without one
	// the value of X-Webhook-Secret is taken for it.
	SigningSecret string `json:"signingSecret"`
	// Answer replaces {"meetingUrl":…}.
	Answer json.RawMessage `json:"answer"`
}

// New builds an instance whose workflows are all active.
func New(env core.Env) *Double {
	d := &Double{clock: core.NewEnv(env).Clock, api: http.NewServeMux(), control: http.NewServeMux()}
	d.Reset()
	d.api.HandleFunc("POST /webhook/{path...}", d.run)
	d.api.HandleFunc("/webhook/{path...}", func(w http.ResponseWriter, r *http.Request) {
		notRegistered(w, fmt.Sprintf("This webhook is not registered for %s requests. Did you mean to make a POST request?", r.Method), "")
	})
	d.api.HandleFunc("/webhook-test/{path...}", func(w http.ResponseWriter, r *http.Request) {
		notRegistered(w, fmt.Sprintf("The requested webhook %q is not registered.", r.PathValue("path")),
			"Click the 'Execute workflow' button on the canvas, then try again. (In test mode, the webhook only works for one call after you click this button)")
	})
	d.control.HandleFunc("POST /workflow", d.postWorkflow)
	return d
}

// Name is the vendor's name and its path prefix.
func (d *Double) Name() string { return "n8n" }

// Control serves the double's own controls, below its control prefix.
func (d *Double) Control() http.Handler { return d.control }

// Reset makes every workflow active again.
func (d *Double) Reset() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.workflows = map[string]workflow{}
}

// ServeHTTP answers as an n8n instance does.
func (d *Double) ServeHTTP(w http.ResponseWriter, r *http.Request) { d.api.ServeHTTP(w, r) }

// run: POST /webhook/<path>. The order is n8n's: is there such a workflow, does its header match, then its nodes.
func (d *Double) run(w http.ResponseWriter, r *http.Request) {
	path := r.PathValue("path")
	d.mu.Lock()
	flow := d.workflows[path]
	d.mu.Unlock()
	if flow.Active != nil && !*flow.Active {
		notRegistered(w, fmt.Sprintf("The requested webhook \"POST %s\" is not registered.", path),
			"The workflow must be active for a production URL to run successfully. You can activate the workflow using the toggle "+
				"in the top-right of the editor. Note that unlike test URL calls, production URL calls aren't shown on the canvas (only in the executions list)")
		return
	}
	secret := r.Header.Get("X-Webhook-Secret")
	if !core.GoodKey(secret) {
		http.Error(w, "Authorization data is wrong!", http.StatusForbidden)
		return
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxPayload))
	if err != nil {
		core.WriteJSON(w, http.StatusRequestEntityTooLarge, map[string]any{"code": http.StatusRequestEntityTooLarge, "message": "request entity too large"})
		return
	}
	var event struct {
		MeetingID string `json:"meetingId"`
	}
	if err := json.Unmarshal(body, &event); err != nil {
		core.WriteJSON(w, http.StatusUnprocessableEntity, map[string]any{"code": 0, "message": "Failed to parse request body"})
		return
	}
	if flow.SigningSecret != "" {
		secret = flow.SigningSecret
	}
	if fault := checkSignature(r.Header, body, secret, d.clock.Base()); fault != "" {
		core.WriteJSON(w, http.StatusUnauthorized, map[string]string{"message": fault})
		return
	}
	if len(flow.Answer) > 0 {
		core.WriteJSON(w, http.StatusOK, flow.Answer)
		return
	}
	core.WriteJSON(w, http.StatusOK, map[string]string{"meetingUrl": meetURL(path + " " + event.MeetingID)})
}

// meetURL is a Google Meet link: the same one for the same meeting.
func meetURL(meeting string) string {
	code := make([]byte, 10)
	for i, b := range sha256.Sum256([]byte(meeting)) {
		if i < len(code) {
			code[i] = 'a' + b%26
		}
	}
	return fmt.Sprintf("https://meet.google.com/%s-%s-%s", code[:3], code[3:7], code[7:])
}

func notRegistered(w http.ResponseWriter, message, hint string) {
	body := map[string]any{"code": http.StatusNotFound, "message": message}
	if hint != "" {
		body["hint"] = hint
	}
	core.WriteJSON(w, http.StatusNotFound, body)
}

// postWorkflow: POST /workflow describes one path anew.
func (d *Double) postWorkflow(w http.ResponseWriter, r *http.Request) {
	var flow workflow
	if !core.DecodeControl(w, r, &flow) {
		return
	}
	flow.Path = strings.Trim(strings.TrimPrefix(flow.Path, "/webhook"), "/")
	if flow.Path == "" {
		core.FieldError(w, "path", "path must name a workflow: what follows /webhook/")
		return
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.workflows[flow.Path] = flow
	core.WriteJSON(w, http.StatusOK, flow)
}
