package recall

import (
	"bytes"
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"net/url"
	"reflect"
	"slices"
	"strings"

	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"

	"github.com/tertulia-dev/tertulia/infrastructure/sandbox/core"
)

// maxScript bounds a script: a transcript of many hours.
const maxScript = 128 << 20

func (d *Double) controlRoutes() {
	d.control = http.NewServeMux()
	d.control.HandleFunc("POST /script", d.postScript)
	d.control.HandleFunc("GET /script", func(w http.ResponseWriter, _ *http.Request) {
		d.mu.Lock()
		defer d.mu.Unlock()
		core.WriteJSON(w, http.StatusOK, map[string]any{"queued": len(d.scripts)})
	})
	d.control.HandleFunc("POST /webhook", d.postWebhook)
	d.control.HandleFunc("GET /webhooks", func(w http.ResponseWriter, _ *http.Request) {
		core.WriteJSON(w, http.StatusOK, map[string]any{"messages": d.hooks.sent()})
	})
	d.control.HandleFunc("POST /replay", d.postReplay)
	d.control.HandleFunc("POST /settings", d.postSettings)
}

// postScript queues a script. Fields that a script does not have are ignored, and named in the answer.
func (d *Double) postScript(w http.ResponseWriter, r *http.Request) {
	raw, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxScript))
	if err != nil {
		core.FieldError(w, "transcript", "the script is too large")
		return
	}
	var s Script
	r.Body = io.NopCloser(bytes.NewReader(raw))
	if len(raw) > 0 && !decodeLeniently(w, raw, &s) {
		return
	}
	s, err = s.prepare()
	if err != nil {
		core.FieldError(w, fieldOf(err), err.Error())
		return
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.scripts = append(d.scripts, s)
	core.WriteJSON(w, http.StatusCreated, map[string]any{
		"queued": len(d.scripts), "durationSeconds": s.DurationSeconds, "ignored": unknownFields(raw),
	})
}

// decodeLeniently decodes a script, or answers which field has the wrong type.
func decodeLeniently(w http.ResponseWriter, raw []byte, s *Script) bool {
	err := json.Unmarshal(raw, s)
	if err == nil {
		return true
	}
	field, message := core.Blame(err)
	core.FieldError(w, field, message)
	return false
}

// unknownFields are the names in a script, and in its faults, that mean nothing.
func unknownFields(raw []byte) []string {
	unknown := []string{}
	var given struct {
		Faults map[string]json.RawMessage `json:"faults"`
	}
	var top map[string]json.RawMessage
	if json.Unmarshal(raw, &top) != nil || json.Unmarshal(raw, &given) != nil {
		return unknown
	}
	for name := range top {
		if !hasField(reflect.TypeFor[Script](), name) {
			unknown = append(unknown, name)
		}
	}
	for name := range given.Faults {
		if !hasField(reflect.TypeFor[Faults](), name) {
			unknown = append(unknown, "faults."+name)
		}
	}
	slices.Sort(unknown)
	return unknown
}

// hasField tells whether a struct has a field with a JSON name.
func hasField(t reflect.Type, name string) bool {
	for f := range t.Fields() {
		tag, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		if strings.EqualFold(tag, name) {
			return true
		}
	}
	return false
}

// postWebhook sets where webhooks go from now on.
func (d *Double) postWebhook(w http.ResponseWriter, r *http.Request) {
	var in struct {
		URL     string   `json:"url"`
		Secret  string   `json:"secret"`
		Secrets []string `json:"secrets"`
		Style   string   `json:"style"`
	}
	if !core.DecodeControl(w, r, &in) {
		return
	}
	to := destination{URL: in.URL, Secrets: append(nonEmpty(in.Secret), in.Secrets...), Style: in.Style}
	if address, err := url.Parse(in.URL); err != nil || (in.URL != "" && address.Host == "") {
		core.FieldError(w, "url", "url must be an absolute address, or empty for nowhere")
		return
	}
	if in.Style != "" && in.Style != StyleSvix && in.Style != StyleStandard {
		core.FieldError(w, "style", `style must be "svix" or "webhook"`)
		return
	}
	for _, secret := range to.Secrets {
		if _, err := standardwebhooks.NewWebhook(secret); err != nil {
			core.FieldError(w, "secret", `secret must be "whsec_" and base64`)
			return
		}
	}
	d.hooks.setDestination(to)
	core.WriteJSON(w, http.StatusOK, map[string]any{"url": to.URL, "signatures": len(to.Secrets)})
}

func (d *Double) postReplay(w http.ResponseWriter, r *http.Request) {
	var in struct {
		ID string `json:"id"`
	}
	if !core.DecodeControl(w, r, &in) {
		return
	}
	if !d.hooks.replay(in.ID) {
		core.FieldError(w, "id", "no message has this id")
		return
	}
	core.WriteJSON(w, http.StatusAccepted, map[string]any{"id": in.ID})
}

// postSettings changes the given switches. Rate limits begin to count anew.
func (d *Double) postSettings(w http.ResponseWriter, r *http.Request) {
	d.mu.Lock()
	defer d.mu.Unlock()
	was := d.settings
	is := was
	is.PerMinute = maps.Clone(was.PerMinute)
	if !core.DecodeControl(w, r, &is) {
		return
	}
	if field, message := is.check(); message != "" {
		core.FieldError(w, field, message)
		return
	}
	d.settings = is
	d.limits = newLimits(is, d.env.Clock.Now)
	d.pool.resize(was, is)
	core.WriteJSON(w, http.StatusOK, is)
}
