// Package elevenlabs is a client of ElevenLabs' batch calling, written by hand: the vendor's own SDKs send a submission
// again after a timeout, and so dial people twice. Nothing here is ever repeated, no redirect is followed, and no
// identifier reaches another endpoint. It speaks ElevenLabs' words. Failures are *outbound.Error, whose Outcome tells
// whether a call may have taken effect.
//
// Source: ElevenLabs' OpenAPI document of 2026-08-22. Fields came over the years, so that answers are read leniently: a
// field that is absent, null or of another type is its zero value.
package elevenlabs

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"regexp"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/tertulia-dev/tertulia/infrastructure/outbound"
)

const vendor = "elevenlabs"

// DefaultTimeout is of a whole call. A provider that has not answered a submission by then may still act on it.
const DefaultTimeout = 30 * time.Second

// maxAnswer bounds an answer: a batch of ten thousand comes whole, with every recipient's variables.
const maxAnswer = 128 << 20

// ErrMalformedID is the cause when an identifier cannot be one of ElevenLabs'; nothing was sent.
var ErrMalformedID = errors.New("the identifier is malformed")

// Options configure a client.
type Options struct {
	BaseURL    string        // as in "https://api.elevenlabs.io"
	APIKey     string        // without one the vendor refuses every call, and says so
	Timeout    time.Duration // 0 is DefaultTimeout
	Logger     *slog.Logger
	Registerer prometheus.Registerer
	Transport  http.RoundTripper
}

// Client calls one ElevenLabs workspace. It is safe for concurrent use.
type Client struct{ out *outbound.Client }

// New makes a client.
func New(o Options) (*Client, error) {
	if o.Timeout <= 0 {
		o.Timeout = DefaultTimeout
	}
	out, err := outbound.New(outbound.Options{
		Vendor: vendor, BaseURL: o.BaseURL, Timeout: o.Timeout, MaxAnswer: maxAnswer,
		Logger: o.Logger, Registerer: o.Registerer, Transport: o.Transport, Explain: explain,
		Header: http.Header{"Xi-Api-Key": {o.APIKey}, "Accept": {"application/json"}},
	})
	if err != nil {
		return nil, err
	}
	return &Client{out: out}, nil
}

// reserved are words that ElevenLabs has endpoints at, where a batch's ID would stand.
var reserved = map[string]bool{"submit": true, "workspace": true}

var identifier = regexp.MustCompile(`^[A-Za-z0-9_-]{1,128}$`)

// call is one call about something that an ID names, at /v1/convai/<kind>/<id>/<rest>. It returns the answer and its status.
func (c *Client) call(ctx context.Context, operation, method, kind, id string, rest ...string) ([]byte, int, error) {
	if !identifier.MatchString(id) || reserved[id] {
		return nil, 0, outbound.Failed(vendor, operation, outbound.NotSent, ErrMalformedID)
	}
	segments := append([]string{"v1", "convai", kind, id}, rest...)
	sent := outbound.Call{Operation: operation, Method: method, Path: outbound.Path(segments...)}
	if method == http.MethodGet {
		sent.Body, sent.Length = unrepeatable{}, -1
	}
	return c.out.Whole(ctx, sent)
}

// unrepeatable is no body at all, of which net/http does not know: a GET without one it sends again by itself when a
// connection breaks that it has used before, and the caller would not hear that ElevenLabs broke it.
type unrepeatable struct{}

// Read implements io.Reader.
func (unrepeatable) Read([]byte) (int, error) { return 0, io.EOF }

// read is call for an answer that must be a JSON object.
func (c *Client) read(ctx context.Context, out any, operation, kind, id string) error {
	answer, status, err := c.call(ctx, operation, http.MethodGet, kind, id)
	if err != nil {
		return err
	}
	return decode(operation, answer, status, out)
}

// decode reads an answer that must be a JSON object.
func decode(operation string, answer []byte, status int, out any) error {
	if !lenient(answer, out) {
		failed := outbound.Failed(vendor, operation, outbound.Unknown, errors.New("answer is not the expected JSON"))
		failed.Status = status
		return failed
	}
	return nil
}

// lenient decodes what fits, and reports whether the JSON was sound and an object.
func lenient(raw []byte, out any) bool {
	err := json.Unmarshal(raw, out)
	mistyped, ok := errors.AsType[*json.UnmarshalTypeError](err)
	return err == nil || ok && mistyped.Field != ""
}
