package elevenlabs

import (
	"bytes"
	"context"
	"encoding/json"
	"maps"
	"regexp"
	"slices"
	"strings"
)

// Agent is a voice agent, as far as a batch of calls depends on it.
type Agent struct {
	ID     string `json:"agent_id"`
	Name   string `json:"name"`
	Config struct {
		Agent struct {
			FirstMessage string `json:"first_message"`
			Language     string `json:"language"`
			Prompt       struct {
				Prompt string `json:"prompt"`
			} `json:"prompt"`
			DynamicVariables struct {
				Placeholders map[string]any `json:"dynamic_variable_placeholders"`
			} `json:"dynamic_variables"`
		} `json:"agent"`
	} `json:"conversation_config"`
	Platform struct {
		Overrides struct {
			Config struct {
				Agent struct {
					FirstMessage bool `json:"first_message"`
					Language     bool `json:"language"`
					Prompt       struct {
						Prompt bool `json:"prompt"`
					} `json:"prompt"`
				} `json:"agent"`
				TTS struct {
					VoiceID bool `json:"voice_id"`
				} `json:"tts"`
			} `json:"conversation_config_override"`
		} `json:"overrides"`
		// Limits: a concurrency of -1 is none. Bursting lets three times as many calls through, at double the price.
		Limits struct {
			Concurrency int  `json:"agent_concurrency_limit"`
			Daily       int  `json:"daily_limit"`
			Bursting    bool `json:"bursting_enabled"`
		} `json:"call_limits"`
	} `json:"platform_settings"`
	// Raw is the agent with every key as it came.
	Raw json.RawMessage `json:"-"`
}

// UnmarshalJSON keeps the raw form beside the fields.
func (a *Agent) UnmarshalJSON(raw []byte) error {
	type fields Agent
	lenient(raw, (*fields)(a))
	a.Raw = bytes.Clone(raw)
	return nil
}

// Agent returns one voice agent. Errors: IsNotFound, ErrMalformedID.
func (c *Client) Agent(ctx context.Context, id string) (Agent, error) {
	var out Agent
	err := c.read(ctx, &out, "get_agent", "agents", id)
	return out, err
}

var variable = regexp.MustCompile(`\{\{\s*([A-Za-z0-9_.-]+)\s*\}\}`)

// RequiredVariables are the dynamic variables that each recipient has to bring, in alphabetical order: those that stand
// as {{name}} anywhere in the agent's texts, tools and workflow and have no placeholder. Without one of them a call ends
// as soon as it begins. What begins with "system__" is ElevenLabs' own.
func (a Agent) RequiredVariables() []string {
	var texts struct {
		Config   json.RawMessage `json:"conversation_config"`
		Workflow json.RawMessage `json:"workflow"`
	}
	lenient(a.Raw, &texts)
	names := map[string]bool{}
	for _, text := range []json.RawMessage{texts.Config, texts.Workflow} {
		for _, found := range variable.FindAllSubmatch(text, -1) {
			names[string(found[1])] = true
		}
	}
	for name := range names {
		_, placed := a.Config.Agent.DynamicVariables.Placeholders[name]
		if placed || strings.HasPrefix(name, "system__") {
			delete(names, name)
		}
	}
	return slices.Sorted(maps.Keys(names))
}

// Overrides are the parts of the agent that a recipient may replace, by the names that a CSV file has for them:
// "first_message", "language", "system_prompt", "voice_id". Another one fails its batch.
func (a Agent) Overrides() []string {
	allowed := a.Platform.Overrides.Config
	var names []string
	for _, o := range []struct {
		name string
		may  bool
	}{
		{"first_message", allowed.Agent.FirstMessage},
		{"language", allowed.Agent.Language},
		{"system_prompt", allowed.Agent.Prompt.Prompt},
		{"voice_id", allowed.TTS.VoiceID},
	} {
		if o.may {
			names = append(names, o.name)
		}
	}
	return names
}

// PhoneNumber is a number that an agent calls from.
type PhoneNumber struct {
	ID       string `json:"phone_number_id"`
	Number   string `json:"phone_number"`
	Label    string `json:"label"`
	Provider string `json:"provider"` // "twilio", "sip_trunk" or "exotel"
}

// PhoneNumber returns one number of the workspace. Errors: IsNotFound, ErrMalformedID.
func (c *Client) PhoneNumber(ctx context.Context, id string) (PhoneNumber, error) {
	var out PhoneNumber
	err := c.read(ctx, &out, "get_phone_number", "phone-numbers", id)
	return out, err
}
