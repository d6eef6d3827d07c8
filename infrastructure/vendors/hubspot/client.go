// Package hubspot is a client of HubSpot's CRM API, in its date-versioned form: contacts, owners, deals, notes, meetings
// and their associations. It speaks HubSpot's words. Failures are *outbound.Error.
package hubspot

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"strings"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"golang.org/x/time/rate"

	"github.com/tertulia-dev/tertulia/infrastructure/outbound"
)

const vendor = "hubspot"

// DefaultVersion is the API version that this client was written against.
const DefaultVersion = "2026-09"

// Options configure a client.
type Options struct {
	BaseURL     string // as in "https://api.hubapi.com"
	AccessToken string // of a service key or private app
	Version     string // "" is DefaultVersion
	Timeout     time.Duration
	Logger      *slog.Logger
	Registerer  prometheus.Registerer
	Transport   http.RoundTripper
	Now         func() time.Time
}

// Client calls one HubSpot account. It keeps below the account's rate limits by itself, so an account has one client in
// a process.
type Client struct {
	out     *outbound.Client
	version string
}

// Limits that every plan allows: 100 calls in any ten seconds, and apart from them five searches a second.
const (
	callBurst         = 40
	callsPerSecond    = 6 // and so at most 40 + 10·6 in ten seconds
	searchesPerSecond = 5
)

// New makes a client.
func New(o Options) (*Client, error) {
	if o.AccessToken == "" {
		return nil, errors.New("make hubspot client: an access token is required")
	}
	if o.Version == "" {
		o.Version = DefaultVersion
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	calls, searches := rate.NewLimiter(callsPerSecond, callBurst), rate.NewLimiter(searchesPerSecond, 1)
	out, err := outbound.New(outbound.Options{
		Vendor: vendor, BaseURL: o.BaseURL, Timeout: o.Timeout, Logger: o.Logger, Registerer: o.Registerer, Transport: o.Transport,
		Header:  http.Header{"Authorization": {"Bearer " + o.AccessToken}, "Accept": {"application/json"}},
		Explain: func(e *outbound.Error) { explain(e, o.Now()) },
		Wait: func(ctx context.Context, operation string) error {
			if strings.HasPrefix(operation, "search_") {
				return searches.Wait(ctx)
			}
			return calls.Wait(ctx)
		},
	})
	if err != nil {
		return nil, err
	}
	return &Client{out: out, version: o.Version}, nil
}

// explain reads HubSpot's error body. A 429 has no Retry-After: the policy's name tells whether seconds will do.
func explain(e *outbound.Error, now time.Time) {
	var body struct {
		Message    string `json:"message"`
		Category   string `json:"category"`
		ErrorType  string `json:"errorType"`
		PolicyName string `json:"policyName"`
	}
	_ = json.Unmarshal(e.Body, &body) // a body in another shape explains nothing
	e.Code, e.Message = body.Category, body.Message
	if e.Status != http.StatusTooManyRequests {
		return
	}
	e.Code = body.ErrorType
	if body.PolicyName != "" {
		e.Code = body.PolicyName
	}
	if e.RetryAfter > 0 {
		return
	}
	switch body.PolicyName {
	case "DAILY":
		e.RetryAfter = now.UTC().Truncate(24 * time.Hour).Add(24 * time.Hour).Sub(now)
	case "SECONDLY":
		e.RetryAfter = time.Second
	default: // TEN_SECONDLY_ROLLING
		e.RetryAfter = 10 * time.Second
	}
}

// IsNotFound reports whether the object does not exist.
func IsNotFound(err error) bool { return outbound.StatusOf(err) == http.StatusNotFound }

func (c *Client) objects(rest ...string) string {
	return outbound.Path(append([]string{"crm", "objects", c.version}, rest...)...)
}
