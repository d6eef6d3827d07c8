package elevenlabs

import (
	"bytes"
	"encoding/json"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strings"

	"github.com/tertulia-dev/tertulia/infrastructure/sandbox/core"
)

// Agent is a voice agent. Every ID is one, unless the control API says otherwise.
type Agent struct {
	ID           string `json:"agent_id"`
	Name         string `json:"name,omitempty"`
	FirstMessage string `json:"first_message,omitempty"`
	Prompt       string `json:"prompt,omitempty"`
	Language     string `json:"language,omitempty"`
	// Tools are in the vendor's own shape.
	Tools []json.RawMessage `json:"tools,omitempty"`
	// Placeholders are values for variables that a recipient does not bring.
	Placeholders map[string]any `json:"placeholders,omitempty"`
	// Overrides are what a recipient may replace: "first_message", "language", "prompt", "voice_id".
	Overrides []string `json:"overrides,omitempty"`
	// ConcurrencyLimit of its calls; -1 or left out is none.
	ConcurrencyLimit int `json:"concurrency_limit,omitempty"`
	// Missing makes it unknown.
	Missing bool `json:"missing,omitempty"`
}

// Number is a phone number of the workspace. Every ID is one, of Twilio, unless the control API says otherwise.
type Number struct {
	ID       string `json:"phone_number_id"`
	Number   string `json:"phone_number,omitempty"`
	Label    string `json:"label,omitempty"`
	Provider string `json:"provider,omitempty"` // "twilio", "sip_trunk" or "exotel"
	Missing  bool   `json:"missing,omitempty"`
}

// Providers of phone numbers.
const (
	twilio   = "twilio"
	sipTrunk = "sip_trunk"
	exotel   = "exotel"
)

// agent is the one with an ID.
func (d *Double) agent(id string) Agent {
	if a, found := d.agents[id]; found {
		return a
	}
	return Agent{ID: id}.complete()
}

// complete fills what was left out.
func (a Agent) complete() Agent {
	a.Name = or(a.Name, "Sandbox Agent")
	a.FirstMessage = or(a.FirstMessage, "Hola, le llamamos de Tertulia.")
	a.Prompt = or(a.Prompt, "Eres un agente amable que confirma una cita.")
	a.Language = or(a.Language, "es")
	if a.ConcurrencyLimit == 0 {
		a.ConcurrencyLimit = -1
	}
	return a
}

// number is the one with an ID.
func (d *Double) number(id string) Number {
	if n, found := d.numbers[id]; found {
		return n
	}
	return Number{ID: id}.complete()
}

func (n Number) complete() Number {
	n.Number, n.Label, n.Provider = or(n.Number, "+15550109999"), or(n.Label, "Sandbox"), or(n.Provider, twilio)
	return n
}

func or(given, usual string) string {
	if given == "" {
		return usual
	}
	return given
}

var variable = regexp.MustCompile(`\{\{\s*([A-Za-z0-9_.-]+)\s*\}\}`)

// brought is what a recipient brings for its call.
type brought struct {
	Variables map[string]any `json:"dynamic_variables"`
	Override  struct {
		Agent struct {
			FirstMessage any `json:"first_message"`
			Language     any `json:"language"`
			Prompt       struct {
				Prompt any `json:"prompt"`
			} `json:"prompt"`
		} `json:"agent"`
		TTS struct {
			VoiceID any `json:"voice_id"`
		} `json:"tts"`
	} `json:"conversation_config_override"`
}

// objection is why the agent cannot talk to a recipient, "" when it can; the words are [?]. It needs every variable of
// its texts and tools, from the recipient or from a placeholder, and what the recipient replaces must be allowed.
func (a Agent) objection(data json.RawMessage) string {
	texts := a.texts()
	if !strings.Contains(texts, "{{") && !bytes.Contains(data, []byte("conversation_config_override")) {
		return ""
	}
	var given brought
	_ = json.Unmarshal(data, &given) // it was an object when it came, or there is none
	o := given.Override
	for _, field := range []struct {
		name  string
		value any
	}{
		{"first_message", o.Agent.FirstMessage},
		{"language", o.Agent.Language},
		{"prompt", o.Agent.Prompt.Prompt},
		{"voice_id", o.TTS.VoiceID},
	} {
		if field.value != nil && !slices.Contains(a.Overrides, field.name) {
			return "Override for field '" + field.name + "' is not allowed by config."
		}
	}
	if missing := a.missing(texts, given.Variables); len(missing) > 0 {
		return "Missing required dynamic variables: {'" + strings.Join(missing, "', '") + "'}"
	}
	return ""
}

// texts are all that may hold variables.
func (a Agent) texts() string {
	texts := []string{a.FirstMessage, a.Prompt}
	for _, tool := range a.Tools {
		texts = append(texts, string(tool))
	}
	return strings.Join(texts, "\n")
}

// missing are the variables that nobody fills. Those that begin with "system__" the vendor fills itself.
func (a Agent) missing(texts string, given map[string]any) []string {
	missing := map[string]bool{}
	for _, found := range variable.FindAllStringSubmatch(texts, -1) {
		name := found[1]
		_, filled := given[name]
		_, placed := a.Placeholders[name]
		if !filled && !placed && !strings.HasPrefix(name, "system__") {
			missing[name] = true
		}
	}
	return slices.Sorted(maps.Keys(missing))
}

func (d *Double) getAgent(w http.ResponseWriter, r *http.Request) {
	d.mu.Lock()
	a := d.agent(r.PathValue("id"))
	began := d.env.Clock.Now().Unix()
	d.mu.Unlock()
	if a.Missing {
		d.refuse(w, unknownDocument("agent", a.ID))
		return
	}
	core.WriteJSON(w, http.StatusOK, a.wire(began))
}

// wire is the part of GetAgentResponseModel that has a meaning here.
func (a Agent) wire(now int64) map[string]any {
	may := func(field string) bool { return slices.Contains(a.Overrides, field) }
	placeholders, tools := a.Placeholders, a.Tools
	if placeholders == nil {
		placeholders = map[string]any{}
	}
	if tools == nil {
		tools = []json.RawMessage{}
	}
	return map[string]any{
		"agent_id": a.ID, "name": a.Name,
		"conversation_config": map[string]any{"agent": map[string]any{
			"first_message": a.FirstMessage, "language": a.Language,
			"dynamic_variables": map[string]any{"dynamic_variable_placeholders": placeholders},
			"prompt":            map[string]any{"prompt": a.Prompt, "llm": "gemini-2.5-flash", "tools": tools, "tool_ids": []string{}},
		}},
		"metadata": map[string]any{"created_at_unix_secs": now, "updated_at_unix_secs": now},
		"platform_settings": map[string]any{
			"overrides": map[string]any{"conversation_config_override": map[string]any{"agent": map[string]any{
				"first_message": may("first_message"), "language": may("language"), "prompt": map[string]any{"prompt": may("prompt")},
			}, "tts": map[string]any{"voice_id": may("voice_id")}}},
			"call_limits": map[string]any{"agent_concurrency_limit": a.ConcurrencyLimit, "daily_limit": 100_000, "bursting_enabled": true},
		},
		"phone_numbers": []any{}, "tags": []string{}, "version_id": nil, "branch_id": nil,
	}
}

func (d *Double) getNumber(w http.ResponseWriter, r *http.Request) {
	d.mu.Lock()
	n := d.number(r.PathValue("id"))
	d.mu.Unlock()
	if n.Missing {
		d.refuse(w, unknownDocument("phone_number", n.ID))
		return
	}
	out := map[string]any{
		"phone_number_id": n.ID, "phone_number": n.Number, "label": n.Label, "provider": n.Provider,
		"supports_inbound": true, "supports_outbound": true, "assigned_agent": nil,
	}
	if n.Provider == sipTrunk {
		out["livekit_stack"] = "standard"
	}
	core.WriteJSON(w, http.StatusOK, out)
}
