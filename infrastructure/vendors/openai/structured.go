package openai

import (
	"context"
	"encoding/json"
	"fmt"

	sdk "github.com/openai/openai-go/v3"
	"github.com/openai/openai-go/v3/responses"
	"github.com/openai/openai-go/v3/shared"

	"github.com/tertulia-dev/tertulia/infrastructure/outbound"
)

// StructuredRequest asks a model for an answer in the form of a strict JSON schema.
type StructuredRequest struct {
	Model           string
	Instructions    string
	Input           string
	SchemaName      string          // letters, digits, "_" and "-", at most 64
	Schema          json.RawMessage // every object closed, every property required
	Effort          string          // of reasoning, as in "none" or "low"; "" is the model's default
	Temperature     *float64        // newer models refuse it unless Effort is "none"
	TopP            *float64        // likewise
	MaxOutputTokens int64           // thinking included; 0 is the model's own limit
	Stores          []string        // vector stores that the model searches; none without one
	Metadata        map[string]string
}

// Answer is what the model made of a request. Text is complete and in the form of the schema only when IsComplete.
type Answer struct {
	ID         string
	Model      string // the dated model that answered
	Text       string
	Refusal    string // the model's words when it will not answer
	Incomplete string // why the answer stops early: "max_output_tokens", "content_filter", …
	Citations  []Citation
	Usage      Usage
}

// Citation is a file that an answer rests on.
type Citation struct{ File, Name string }

// Usage counts tokens. Input includes Cached.
type Usage struct{ Input, Cached, Output int64 }

// IsComplete reports whether the model answered, and to the end.
func (a Answer) IsComplete() bool { return a.Text != "" && a.Refusal == "" && a.Incomplete == "" }

// Structured asks once. A refusal or an early stop is an Answer, which was paid for; a run that the provider failed is an
// *outbound.Error with its code. The provider keeps nothing of it.
func (c *Client) Structured(ctx context.Context, in StructuredRequest) (Answer, error) {
	const operation = "create_response"
	params, err := in.params()
	if err != nil {
		return Answer{}, outbound.Failed(vendor, operation, outbound.NotSent, err)
	}
	resp, err := c.responses.New(outbound.WithOperation(ctx, operation), params)
	if err != nil {
		return Answer{}, explain(operation, err)
	}
	return answerOf(operation, resp)
}

func (in StructuredRequest) params() (responses.ResponseNewParams, error) {
	var schema map[string]any
	if err := json.Unmarshal(in.Schema, &schema); err != nil {
		return responses.ResponseNewParams{}, fmt.Errorf("read the schema %s: %w", in.SchemaName, err)
	}
	p := responses.ResponseNewParams{
		Model:    in.Model,
		Input:    responses.ResponseNewParamsInputUnion{OfString: sdk.String(in.Input)},
		Store:    sdk.Bool(false),
		Metadata: in.Metadata,
		Tools:    searchTools(in.Stores),
		Text: responses.ResponseTextConfigParam{Format: responses.ResponseFormatTextConfigUnionParam{
			OfJSONSchema: &responses.ResponseFormatTextJSONSchemaConfigParam{
				Name: in.SchemaName, Schema: schema, Strict: sdk.Bool(true),
			},
		}},
	}
	if in.Instructions != "" {
		p.Instructions = sdk.String(in.Instructions)
	}
	if in.Effort != "" {
		p.Reasoning = shared.ReasoningParam{Effort: shared.ReasoningEffort(in.Effort)}
	}
	if in.Temperature != nil {
		p.Temperature = sdk.Float(*in.Temperature)
	}
	if in.TopP != nil {
		p.TopP = sdk.Float(*in.TopP)
	}
	if in.MaxOutputTokens > 0 {
		p.MaxOutputTokens = sdk.Int(in.MaxOutputTokens)
	}
	return p, nil
}

// searchTools has the model look into the stores.
func searchTools(stores []string) []responses.ToolUnionParam {
	if len(stores) == 0 {
		return nil
	}
	return []responses.ToolUnionParam{{OfFileSearch: &responses.FileSearchToolParam{VectorStoreIDs: stores}}}
}

func answerOf(operation string, resp *responses.Response) (Answer, error) {
	switch resp.Status {
	case responses.ResponseStatusCompleted, responses.ResponseStatusIncomplete:
	default: // failed or cancelled, and what is neither is no end at all
		e := outbound.Failed(vendor, operation, outbound.Unknown, fmt.Errorf("the run ended as %q", resp.Status))
		e.Code, e.Message = string(resp.Error.Code), resp.Error.Message
		return Answer{}, e
	}
	a := Answer{
		ID: resp.ID, Model: resp.Model, Text: resp.OutputText(), Incomplete: resp.IncompleteDetails.Reason,
		Usage: Usage{
			Input: resp.Usage.InputTokens, Cached: resp.Usage.InputTokensDetails.CachedTokens, Output: resp.Usage.OutputTokens,
		},
	}
	if resp.Status == responses.ResponseStatusIncomplete && a.Incomplete == "" {
		a.Incomplete = "unspecified"
	}
	for _, item := range resp.Output {
		for _, part := range item.Content {
			a.Refusal += part.Refusal
			for _, note := range part.Annotations {
				if note.Type == "file_citation" {
					a.Citations = append(a.Citations, Citation{File: note.FileID, Name: note.Filename})
				}
			}
		}
	}
	return a, nil
}
