package elevenlabs

import (
	"net/http"
	"net/url"
	"slices"

	"github.com/tertulia-dev/tertulia/infrastructure/sandbox/core"
)

// Settings are the switches of the workspace. Left out in a request, a switch keeps its value.
type Settings struct {
	// AgreementRequired refuses every submission, as before the terms are accepted in the dashboard.
	AgreementRequired bool `json:"agreementRequired"`
	// WorkspaceConcurrency is how many calls can be under way at once; a batch gets half of it.
	WorkspaceConcurrency int `json:"workspaceConcurrency"`
	// ErrorShape is the form of "detail": "full", "legacy" or "string".
	ErrorShape string `json:"errorShape"`
}

func defaultSettings() Settings { return Settings{WorkspaceConcurrency: 1000, ErrorShape: shapeFull} }

func (d *Double) controlRoutes() {
	d.control = http.NewServeMux()
	d.control.HandleFunc("POST /script", d.postScript)
	d.control.HandleFunc("POST /settings", d.postSettings)
	d.control.HandleFunc("PUT /agent", d.putAgent)
	d.control.HandleFunc("PUT /number", d.putNumber)
	d.control.HandleFunc("POST /webhook", d.postWebhook)
	d.control.HandleFunc("GET /webhooks", func(w http.ResponseWriter, _ *http.Request) {
		core.WriteJSON(w, http.StatusOK, map[string]any{"messages": d.hooks.sent()})
	})
	d.control.HandleFunc("POST /replay", d.postReplay)
	d.control.HandleFunc("GET /dialled", d.getDialled)
}

// script is the one in force for an agent.
func (d *Double) script(agent string) *Script {
	if s, found := d.scripts[agent]; found {
		return s
	}
	return d.scripts[""]
}

func (d *Double) postScript(w http.ResponseWriter, r *http.Request) {
	s := defaultScript()
	if !core.DecodeControl(w, r, s) {
		return
	}
	if field, message := s.check(); message != "" {
		core.FieldError(w, field, message)
		return
	}
	d.mu.Lock()
	d.scripts[s.Agent] = s
	d.mu.Unlock()
	core.WriteJSON(w, http.StatusCreated, s)
}

func (d *Double) postSettings(w http.ResponseWriter, r *http.Request) {
	d.mu.Lock()
	is := d.settings
	d.mu.Unlock()
	if !core.DecodeControl(w, r, &is) {
		return
	}
	if is.WorkspaceConcurrency < 1 {
		core.FieldError(w, "workspaceConcurrency", "workspaceConcurrency must be at least 1")
		return
	}
	if !slices.Contains([]string{shapeFull, shapeLegacy, shapeString}, is.ErrorShape) {
		core.FieldError(w, "errorShape", `errorShape must be "full", "legacy" or "string"`)
		return
	}
	d.mu.Lock()
	d.settings = is
	d.fill(d.env.Clock.Now())
	d.mu.Unlock()
	core.WriteJSON(w, http.StatusOK, is)
}

func (d *Double) putAgent(w http.ResponseWriter, r *http.Request) {
	var a Agent
	if !core.DecodeControl(w, r, &a) {
		return
	}
	if a.ID == "" {
		core.FieldError(w, "agent_id", "agent_id is required")
		return
	}
	for _, field := range a.Overrides {
		if !slices.Contains([]string{"first_message", "language", "prompt", "voice_id"}, field) {
			core.FieldError(w, "overrides", `overrides must be of "first_message", "language", "prompt", "voice_id"`)
			return
		}
	}
	a = a.complete()
	d.mu.Lock()
	d.agents[a.ID] = a
	d.mu.Unlock()
	core.WriteJSON(w, http.StatusOK, a)
}

func (d *Double) putNumber(w http.ResponseWriter, r *http.Request) {
	var n Number
	if !core.DecodeControl(w, r, &n) {
		return
	}
	n = n.complete()
	if n.ID == "" {
		core.FieldError(w, "phone_number_id", "phone_number_id is required")
		return
	}
	if !slices.Contains([]string{twilio, sipTrunk, exotel}, n.Provider) {
		core.FieldError(w, "provider", `provider must be "twilio", "sip_trunk" or "exotel"`)
		return
	}
	d.mu.Lock()
	d.numbers[n.ID] = n
	d.mu.Unlock()
	core.WriteJSON(w, http.StatusOK, n)
}

// postWebhook sets where webhooks go from now on.
func (d *Double) postWebhook(w http.ResponseWriter, r *http.Request) {
	var in struct {
		URL    string `json:"url"`
		Secret string `json:"secret"`
	}
	if !core.DecodeControl(w, r, &in) {
		return
	}
	if address, err := url.Parse(in.URL); err != nil || (in.URL != "" && address.Host == "") {
		core.FieldError(w, "url", "url must be an absolute address, or empty for nowhere")
		return
	}
	d.hooks.setDestination(destination{URL: in.URL, Secret: in.Secret})
	core.WriteJSON(w, http.StatusOK, map[string]any{"url": in.URL, "signed": in.Secret != ""})
}

func (d *Double) postReplay(w http.ResponseWriter, r *http.Request) {
	var in struct {
		ID string `json:"id"`
	}
	if !core.DecodeControl(w, r, &in) {
		return
	}
	if !d.hooks.replay(in.ID) {
		core.FieldError(w, "id", "no webhook has this id")
		return
	}
	core.WriteJSON(w, http.StatusAccepted, map[string]any{"id": in.ID})
}

// getDialled answers each use of the phone line, in order.
func (d *Double) getDialled(w http.ResponseWriter, r *http.Request) {
	batch, phone := r.URL.Query().Get("batch_id"), r.URL.Query().Get("phone_number")
	found := []Dialled{}
	d.mu.Lock()
	d.catchUp(d.env.Clock.Now())
	for _, use := range d.dialled {
		if (batch == "" || use.BatchID == batch) && (phone == "" || use.PhoneNumber == phone) {
			found = append(found, use)
		}
	}
	d.mu.Unlock()
	core.WriteJSON(w, http.StatusOK, map[string]any{"dialled": found})
}
