package batchcallsuc

import (
	"encoding/json"

	"github.com/tertulia-dev/tertulia/domain/batchcalls"
)

// The provider's recipient (ElevenLabs, POST /v1/convai/batch-calling/submit), as far as a row fills it.
type (
	rowBody struct {
		ID    string     `json:"id"`
		Phone string     `json:"phone_number"`
		Data  *rowClient `json:"conversation_initiation_client_data,omitempty"`
	}
	rowClient struct {
		Variables map[string]any `json:"dynamic_variables,omitempty"`
		Override  *rowOverride   `json:"conversation_config_override,omitempty"`
	}
	rowOverride struct {
		Agent *rowAgent `json:"agent,omitempty"`
		TTS   *rowTTS   `json:"tts,omitempty"`
	}
	rowAgent struct {
		Prompt       *rowPrompt `json:"prompt,omitempty"`
		FirstMessage string     `json:"first_message,omitempty"`
		Language     string     `json:"language,omitempty"`
	}
	rowPrompt struct {
		Prompt string `json:"prompt,omitempty"`
	}
	rowTTS struct {
		VoiceID string `json:"voice_id,omitempty"`
	}
)

// bodyOfRow is what the provider is sent about a row.
func bodyOfRow(ref string, row batchcalls.Row) (json.RawMessage, error) {
	b := rowBody{ID: ref, Phone: string(row.Phone)}
	if len(row.Variables) > 0 || len(row.Overrides) > 0 {
		b.Data = &rowClient{Variables: row.Variables, Override: overrideOf(row.Overrides)}
	}
	return json.Marshal(b)
}

func overrideOf(given map[string]string) *rowOverride {
	if len(given) == 0 {
		return nil
	}
	o := &rowOverride{}
	agent := rowAgent{FirstMessage: given["first_message"], Language: given["language"]}
	if prompt := given["system_prompt"]; prompt != "" {
		agent.Prompt = &rowPrompt{prompt}
	}
	if agent != (rowAgent{}) {
		o.Agent = &agent
	}
	if voice := given["voice_id"]; voice != "" {
		o.TTS = &rowTTS{voice}
	}
	return o
}

// readBody is bodyOfRow backwards: what a call is given, by name.
func readBody(raw json.RawMessage) (variables map[string]any, overrides []string) {
	var b rowBody
	if err := json.Unmarshal(raw, &b); err != nil || b.Data == nil {
		return nil, nil // it was erased
	}
	if o := b.Data.Override; o != nil {
		if a := o.Agent; a != nil {
			overrides = namedIf(overrides, "language", a.Language != "")
			overrides = namedIf(overrides, "first_message", a.FirstMessage != "")
			overrides = namedIf(overrides, "system_prompt", a.Prompt != nil)
		}
		overrides = namedIf(overrides, "voice_id", o.TTS != nil)
	}
	return b.Data.Variables, overrides
}

func namedIf(names []string, name string, given bool) []string {
	if given {
		return append(names, name)
	}
	return names
}
