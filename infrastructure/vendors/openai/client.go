// Package openai runs models behind OpenAI's Responses API, or behind any base URL that speaks it, and keeps the files and
// vector stores that they search. It is the only package that knows OpenAI's SDK. Failures are *outbound.Error.
package openai

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"time"

	sdk "github.com/openai/openai-go/v3"
	"github.com/openai/openai-go/v3/conversations"
	"github.com/openai/openai-go/v3/option"
	"github.com/openai/openai-go/v3/responses"
	"github.com/prometheus/client_golang/prometheus"

	"github.com/tertulia-dev/tertulia/infrastructure/outbound"
)

const vendor = "openai"

// Options configure a client.
type Options struct {
	BaseURL    string // with the version, as in "https://api.openai.com/v1"
	APIKey     string
	Timeout    time.Duration // of one request, the model's thinking included, and of silence in a stream; 0 is two minutes
	Logger     *slog.Logger
	Registerer prometheus.Registerer
	Transport  http.RoundTripper
}

// Client runs models.
type Client struct {
	responses     responses.ResponseService
	conversations conversations.ConversationService
	models        sdk.ModelService
	files         sdk.FileService
	stores        sdk.VectorStoreService
	http          *outbound.Client // for what the SDK would hold in memory
	silence       time.Duration
}

// New makes a client. The SDK's own retries are off, since they would run beside the job's, and a retried request is
// billed twice; and so is its reading of the environment.
func New(o Options) (*Client, error) {
	if o.APIKey == "" {
		return nil, errors.New("make openai client: an API key is required")
	}
	if o.Timeout <= 0 {
		o.Timeout = 2 * time.Minute
	}
	out, err := outbound.New(outbound.Options{
		Vendor: vendor, BaseURL: o.BaseURL, Logger: o.Logger, Registerer: o.Registerer, Transport: o.Transport,
		Timeout: o.Timeout, Header: http.Header{"Authorization": {"Bearer " + o.APIKey}}, Explain: explainBody,
	})
	if err != nil {
		return nil, err
	}
	opts := []option.RequestOption{
		option.WithBaseURL(strings.TrimRight(o.BaseURL, "/") + "/"), option.WithAPIKey(o.APIKey), option.WithHTTPClient(out.HTTP()),
		option.WithMaxRetries(0), option.WithRequestTimeout(o.Timeout),
	}
	return &Client{
		responses: responses.NewResponseService(opts...), conversations: conversations.NewConversationService(opts...),
		models: sdk.NewModelService(opts...), files: sdk.NewFileService(opts...), stores: sdk.NewVectorStoreService(opts...),
		http: out, silence: o.Timeout,
	}, nil
}

// explain turns the SDK's error into ours.
func explain(operation string, err error) error {
	refused, ok := errors.AsType[*sdk.Error](err)
	if !ok {
		if e, ok := errors.AsType[*outbound.Error](err); ok {
			return e
		}
		return outbound.Failed(vendor, operation, outbound.Unknown, withoutAnswer(err))
	}
	var header http.Header
	if refused.Response != nil {
		header = refused.Response.Header
	}
	e := outbound.NewError(vendor, operation, refused.StatusCode, header, []byte(refused.RawJSON()))
	e.Code, e.Message = cmp.Or(refused.Code, refused.Type), refused.Message
	if ms, err := time.ParseDuration(header.Get("Retry-After-Ms") + "ms"); err == nil && ms > 0 {
		e.RetryAfter = ms
	}
	return e
}

// explainBody reads the error object of an answer that the SDK did not see.
func explainBody(e *outbound.Error) {
	var body struct {
		Error struct{ Code, Type, Message string }
	}
	if json.Unmarshal(e.Body, &body) == nil {
		e.Code, e.Message = cmp.Or(body.Error.Code, body.Error.Type), body.Error.Message
	}
}

// withoutAnswer keeps a decoder's message, which may quote the answer, out of the error.
func withoutAnswer(err error) error {
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	return fmt.Errorf("no usable answer (%T)", err)
}

// Model is one model that the key may use.
type Model struct {
	ID         string
	ShutdownAt time.Time // zero when none is announced
}

// Models returns every model that the key may use.
func (c *Client) Models(ctx context.Context) ([]Model, error) {
	const operation = "list_models"
	page, err := c.models.List(outbound.WithOperation(ctx, operation))
	if err != nil {
		return nil, explain(operation, err)
	}
	list := make([]Model, len(page.Data))
	for i, m := range page.Data {
		list[i] = Model{ID: m.ID, ShutdownAt: m.ShutdownDate}
	}
	return list, nil
}
