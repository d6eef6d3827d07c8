package openai

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	sdk "github.com/openai/openai-go/v3"
	"github.com/openai/openai-go/v3/option"
	"github.com/openai/openai-go/v3/packages/ssestream"
	"github.com/openai/openai-go/v3/responses"
	"github.com/openai/openai-go/v3/shared"

	"github.com/tertulia-dev/tertulia/infrastructure/outbound"
)

// StreamCut is the code of a stream that ended without its terminal event: the answer may be part of one.
const StreamCut = "stream_cut"

// maxStream bounds a whole stream; silence in it is bounded by Options.Timeout.
const maxStream = 15 * time.Minute

var errSilent = errors.New("nothing came within the timeout")

// Message is one turn of what a model reads.
type Message struct {
	Role string // "user", "assistant" or "developer"
	Text string
}

// StreamRequest asks a model for prose, told as it is written.
type StreamRequest struct {
	Model           string
	Instructions    string
	Messages        []Message // at least one
	Effort          string    // of reasoning, as in "none" or "low"; "" is the model's default
	Temperature     *float64  // newer models refuse it unless Effort is "none"
	TopP            *float64  // likewise
	MaxOutputTokens int64     // thinking included; 0 is the model's own limit
	Stores          []string  // vector stores that the model searches
	Conversation    string    // to read and to extend; "" has the provider keep nothing
	Metadata        map[string]string
}

// Stream asks once and gives every piece of the answer to onDelta, in order; an error of onDelta ends the stream and is
// returned. Ending ctx ends the request at the provider. A refusal or an early stop is an Answer, as with Structured; its
// pieces are given like any other. A run that failed, and a stream without its terminal event (StreamCut), is an
// *outbound.Error, whatever was given before.
func (c *Client) Stream(ctx context.Context, in StreamRequest, onDelta func(text string) error) (Answer, error) {
	const operation = "stream_response"
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	silence := time.AfterFunc(c.silence, func() { cancel(errSilent) })
	defer silence.Stop()
	stream := c.responses.NewStreaming(outbound.WithOperation(ctx, operation), in.params(), option.WithRequestTimeout(maxStream))
	defer func() { _ = stream.Close() }()
	for stream.Next() {
		silence.Reset(c.silence)
		answer, ended, err := onEvent(operation, stream.Current(), onDelta)
		if ended || err != nil {
			return answer, err
		}
	}
	return Answer{}, ending(ctx, operation, stream.Err())
}

// onEvent reads one event, and reports whether it was the terminal one.
func onEvent(operation string, event responses.ResponseStreamEventUnion, onDelta func(string) error) (Answer, bool, error) {
	switch e := event.AsAny().(type) {
	case responses.ResponseTextDeltaEvent:
		return Answer{}, false, onDelta(e.Delta)
	case responses.ResponseRefusalDeltaEvent:
		return Answer{}, false, onDelta(e.Delta)
	case responses.ResponseCompletedEvent:
		answer, err := answerOf(operation, &e.Response)
		return answer, true, err
	case responses.ResponseIncompleteEvent:
		answer, err := answerOf(operation, &e.Response)
		return answer, true, err
	case responses.ResponseFailedEvent:
		answer, err := answerOf(operation, &e.Response)
		return answer, true, err
	case responses.ResponseErrorEvent:
		return Answer{}, true, failedStream(operation, e.Code, e.Message)
	}
	return Answer{}, false, nil
}

// ending is why a stream ended without its terminal event.
func ending(ctx context.Context, operation string, err error) error {
	if err == nil {
		return failedStream(operation, StreamCut, "")
	}
	if told, ok := errors.AsType[*ssestream.StreamError](err); ok {
		var body struct {
			Error struct{ Code, Type, Message string }
		}
		_ = json.Unmarshal(told.Event.Data, &body) // an error that cannot be read is one without a code
		return failedStream(operation, cmp.Or(body.Error.Code, body.Error.Type), body.Error.Message)
	}
	if errors.Is(context.Cause(ctx), errSilent) {
		err = errSilent
	}
	return explain(operation, err)
}

func failedStream(operation, code, message string) error {
	e := outbound.Failed(vendor, operation, outbound.Unknown, fmt.Errorf("the stream failed"))
	e.Code, e.Message = code, message
	return e
}

func (in StreamRequest) params() responses.ResponseNewParams {
	var input responses.ResponseInputParam
	for _, m := range in.Messages {
		item := responses.ResponseInputItemParamOfMessage(m.Text, responses.EasyInputMessageRole(m.Role))
		item.OfMessage.Type = responses.EasyInputMessageTypeMessage // the vendor's document asks for it
		input = append(input, item)
	}
	p := responses.ResponseNewParams{
		Model:    in.Model,
		Input:    responses.ResponseNewParamsInputUnion{OfInputItemList: input},
		Store:    sdk.Bool(in.Conversation != ""),
		Tools:    searchTools(in.Stores),
		Metadata: in.Metadata,
	}
	if in.Instructions != "" {
		p.Instructions = sdk.String(in.Instructions)
	}
	if in.Conversation != "" {
		p.Conversation = responses.ResponseNewParamsConversationUnion{OfString: sdk.String(in.Conversation)}
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
	return p
}
