package openai

import (
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"time"
)

// request is a checked body of POST /v1/responses.
type request struct {
	Model              string            `json:"model"`
	Input              json.RawMessage   `json:"input"`
	Instructions       string            `json:"instructions"`
	Conversation       json.RawMessage   `json:"conversation"`
	PreviousResponseID string            `json:"previous_response_id"`
	Store              *bool             `json:"store"`
	Stream             bool              `json:"stream"`
	Background         bool              `json:"background"`
	MaxOutputTokens    *int              `json:"max_output_tokens"`
	Metadata           map[string]string `json:"metadata"`
	Temperature        *float64          `json:"temperature"`
	TopP               *float64          `json:"top_p"`
	TopLogprobs        *int              `json:"top_logprobs"`
	Include            []string          `json:"include"`
	Reasoning          struct {
		Effort string `json:"effort"`
	} `json:"reasoning"`
	Text struct {
		Format textFormat `json:"format"`
	} `json:"text"`

	// fields is the body as sent: what the answer echoes.
	fields map[string]json.RawMessage
	model  model
	// effort is the reasoning effort in force; empty for a model that does not reason.
	effort string
	// schema is set for the format json_schema.
	schema *schema
	// search is the file_search tool; nil without one.
	search *searchTool
}

type textFormat struct {
	Type   string          `json:"type"`
	Name   string          `json:"name"`
	Schema json.RawMessage `json:"schema"`
	Strict bool            `json:"strict"`
}

// parameters are all that the vendor knows; another is refused.
const parameters = `background context_management conversation include input instructions max_output_tokens
	max_tool_calls metadata model moderation parallel_tool_calls previous_response_id prompt prompt_cache_key
	prompt_cache_options prompt_cache_retention reasoning safety_identifier service_tier store stream stream_options
	temperature text tool_choice tools top_logprobs top_p truncation user`

// parseRequest checks the fields of a body, in the vendor's order and words.
func parseRequest(fields map[string]json.RawMessage, now time.Time) (*request, *apiError) {
	req := &request{fields: fields}
	known := strings.Fields(parameters)
	for name := range fields {
		if !slices.Contains(known, name) {
			return nil, badRequest(name, "unknown_parameter", "Unknown parameter: '%s'.", name)
		}
	}
	whole, _ := json.Marshal(fields) // was decoded from JSON just now
	if err := json.Unmarshal(whole, req); err != nil {
		return nil, badRequest(wrongField(err), "invalid_type", "Invalid type for '%s'.", wrongField(err))
	}
	if e := req.checkModel(now); e != nil {
		return nil, e
	}
	for _, check := range []func() *apiError{req.checkEffort, req.checkInput, req.checkSampling, req.checkLimits, req.checkFormat, req.checkTools} {
		if e := check(); e != nil {
			return nil, e
		}
	}
	return req, nil
}

func wrongField(err error) string {
	if typed, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
		return typed.Field
	}
	return ""
}

func (req *request) checkModel(now time.Time) *apiError {
	if req.Model == "" {
		return badRequest("model", "missing_required_parameter", "Missing required parameter: 'model'.")
	}
	m, found := findModel(req.Model, now)
	if !found {
		e := modelNotFound(req.Model)
		e.Param = "model"
		return &e
	}
	if m.embeds {
		return badRequest("model", "unsupported_model", "The requested model '%s' cannot be used with the Responses API.", req.Model)
	}
	req.model = m
	return nil
}

// checkEffort settles the reasoning effort: medium unless the request says otherwise.
func (req *request) checkEffort() *apiError {
	if len(req.model.efforts) == 0 {
		if req.Reasoning.Effort != "" {
			return unsupported("reasoning.effort")
		}
		return nil
	}
	req.effort = req.Reasoning.Effort
	if req.effort == "" {
		req.effort = "medium"
	}
	if !slices.Contains(req.model.efforts, req.effort) {
		return badRequest("reasoning.effort", "unsupported_value",
			"Unsupported value: '%s' is not supported with the '%s' model. Supported values are: '%s'.",
			req.effort, req.Model, strings.Join(req.model.efforts, "', '"))
	}
	return nil
}

func (req *request) checkInput() *apiError {
	switch {
	case req.fields["prompt"] != nil && string(req.fields["prompt"]) != "null":
		return badRequest("prompt", "prompt_not_found", "Prompt not found.")
	case len(req.Input) == 0:
		return badRequest("input", "missing_required_parameter", "Missing required parameter: 'input'.")
	case req.Input[0] != '"' && req.Input[0] != '[':
		return badRequest("input", "invalid_type", "Invalid type for 'input': expected one of a string or an array of objects.")
	case req.PreviousResponseID != "" && conversationRef(req.Conversation) != "":
		return badRequest("previous_response_id", "mutually_exclusive_parameters",
			"Mutually exclusive parameters: 'previous_response_id' and 'conversation'. Ensure you are only providing one of these parameters.")
	}
	return nil
}

// checkSampling refuses what a reasoning model does not take unless its effort is none.
func (req *request) checkSampling() *apiError {
	if req.effort != "" && req.effort != "none" {
		switch {
		case req.Temperature != nil:
			return unsupported("temperature")
		case req.TopP != nil:
			return unsupported("top_p")
		case req.TopLogprobs != nil:
			return unsupported("top_logprobs")
		case slices.Contains(req.Include, "message.output_text.logprobs"):
			return unsupported("include")
		}
	}
	if e := outside("temperature", req.Temperature, 2); e != nil {
		return e
	}
	return outside("top_p", req.TopP, 1)
}

func unsupported(param string) *apiError {
	return badRequest(param, "unsupported_parameter", "Unsupported parameter: '%s' is not supported with this model.", param)
}

func outside(param string, value *float64, highest float64) *apiError {
	switch {
	case value == nil:
		return nil
	case *value > highest:
		return badRequest(param, "decimal_above_max_value",
			"Invalid '%s': decimal above maximum value. Expected a value <= %g, but got %g instead.", param, highest, *value)
	case *value < 0:
		return badRequest(param, "decimal_below_min_value",
			"Invalid '%s': decimal below minimum value. Expected a value >= 0, but got %g instead.", param, *value)
	}
	return nil
}

func (req *request) checkLimits() *apiError {
	if req.MaxOutputTokens != nil && *req.MaxOutputTokens < 16 {
		return badRequest("max_output_tokens", "integer_below_min_value",
			"Invalid 'max_output_tokens': integer below minimum value. Expected a value >= 16, but got %d instead.", *req.MaxOutputTokens)
	}
	if len(req.Metadata) > 16 {
		return badRequest("metadata", "object_above_max_properties",
			"Invalid 'metadata': too many properties. Expected an object with at most 16 properties, but got an object with %d properties instead.", len(req.Metadata))
	}
	for key, value := range req.Metadata {
		if len(key) > 64 || len(value) > 512 {
			return badRequest("metadata", "string_above_max_length", "Invalid 'metadata': string too long.")
		}
	}
	return nil
}

func (req *request) checkFormat() *apiError {
	format := req.Text.Format
	switch format.Type {
	case "", "text", "json_object":
		return nil
	case "json_schema":
	default:
		return badRequest("text.format.type", "invalid_value",
			"Invalid value: '%s'. Supported values are: 'json_object', 'json_schema', and 'text'.", format.Type)
	}
	if format.Name == "" {
		return badRequest("text.format.name", "missing_required_parameter", "Missing required parameter: 'text.format.name'.")
	}
	if len(format.Schema) == 0 {
		return badRequest("text.format.schema", "missing_required_parameter", "Missing required parameter: 'text.format.schema'.")
	}
	req.schema = &schema{}
	if err := json.Unmarshal(format.Schema, req.schema); err != nil {
		return invalidSchema(format.Name, "schema is not a valid JSON Schema.")
	}
	if format.Strict {
		if fault := strictFault(req.schema); fault != "" {
			return invalidSchema(format.Name, fault)
		}
	}
	return nil
}

func invalidSchema(name, fault string) *apiError {
	return badRequest("text.format.schema", "invalid_json_schema", "Invalid schema for response_format '%s': %s", name, fault)
}

// stores tells whether the response is kept for later reads: the default.
func (req *request) stores() bool { return req.Store == nil || *req.Store }

// items are the input as conversation items.
func (req *request) items() []map[string]any {
	var text string
	if json.Unmarshal(req.Input, &text) == nil {
		return identified([]map[string]any{{"role": "user", "content": text}})
	}
	var items []map[string]any
	_ = json.Unmarshal(req.Input, &items) // checked to be an array; what is no object is not an item
	return identified(items)
}
