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

// Limits that every plan allows: 100 calls in any ten seconds, and apart from them five searches in any second. Calls do
// not arrive as evenly as they are sent: what is sent at the limit itself is refused now and then, and a refused call
// costs a sync seconds.
const (
	callBurst      = 40
	callsPerSecond = 5.5                    // and so at most 40 + 10·5.5 in ten seconds
	searchPause    = 220 * time.Millisecond // and so a sixth search 1.1 s after the first
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
	calls, searches := rate.NewLimiter(callsPerSecond, callBurst), rate.NewLimiter(rate.Every(searchPause), 1)
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

// Names of the limits, as a 429 tells which one was met.
const (
	policyDaily    = "DAILY"
	policySecondly = "SECONDLY"
)

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
	case policyDaily:
		e.RetryAfter = now.UTC().Truncate(24 * time.Hour).Add(24 * time.Hour).Sub(now)
	case policySecondly:
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
