// Package outbound is the one door for HTTP to others: it traces, measures, limits and caps every call, and turns every
// failure into one *Error that tells whether the call may have taken effect. New makes a client for a configured vendor,
// Guarded one for addresses that a customer has given.
package outbound

import (
	"context"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// Defaults of Options.
const (
	DefaultTimeout   = 15 * time.Second
	DefaultMaxAnswer = 8 << 20
)

// Options describe one vendor. Vendor is required, and BaseURL unless every call names its own URL.
type Options struct {
	Vendor     string        // name in traces, metrics and errors
	BaseURL    string        // paths are appended to it
	Header     http.Header   // sent with every call below BaseURL, never to another address: credentials go here
	Timeout    time.Duration // of a whole JSON call, its wait for the rate limit included; of silence in a stream
	MaxAnswer  int64         // bytes of a JSON answer
	Logger     *slog.Logger
	Registerer prometheus.Registerer
	// Wait holds a call back until the vendor's rate limit allows it. Optional.
	Wait func(ctx context.Context, operation string) error
	// Explain fills Code, Message, RetryAfter and Outcome from the vendor's own error body. Optional.
	Explain func(*Error)
	// Transport replaces the network in tests and guards it in Guarded. It must honour httptrace, as http.Transport does.
	Transport http.RoundTripper
}

// Client calls one vendor. It is safe for concurrent use.
type Client struct {
	vendor  string
	base    *url.URL
	header  http.Header
	timeout time.Duration
	max     int64
	explain func(*Error)
	http    *http.Client
}

// New makes a client for a vendor whose base URL is part of the configuration.
func New(o Options) (*Client, error) {
	if o.Vendor == "" {
		return nil, fmt.Errorf("make outbound client: a vendor name is required")
	}
	var base *url.URL
	if o.BaseURL != "" {
		u, err := url.Parse(strings.TrimRight(o.BaseURL, "/"))
		if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
			return nil, fmt.Errorf("make %s client: the base URL is not an absolute http or https URL", o.Vendor)
		}
		base = u
	}
	if o.Timeout <= 0 {
		o.Timeout = DefaultTimeout
	}
	if o.MaxAnswer <= 0 {
		o.MaxAnswer = DefaultMaxAnswer
	}
	if o.Transport == nil {
		o.Transport = plainTransport()
	}
	if o.Explain == nil {
		o.Explain = func(*Error) {}
	}
	t, err := newTransport(o)
	if err != nil {
		return nil, err
	}
	return &Client{
		vendor: o.Vendor, base: base, header: o.Header, timeout: o.Timeout, max: o.MaxAnswer, explain: o.Explain,
		http: &http.Client{Transport: t, CheckRedirect: stayPut},
	}, nil
}

// HTTP returns the instrumented client for a vendor's SDK, with MaxAnswer as the limit of every answer. It adds no
// credential and has no timeout; the SDK's requests carry their operation by WithOperation, and its errors wrap *Error
// when no answer came.
func (c *Client) HTTP() *http.Client {
	return &http.Client{Transport: &capped{next: c.http.Transport, max: c.max}, CheckRedirect: stayPut}
}

// capped ends an answer that grows too long with an *http.MaxBytesError.
type capped struct {
	next http.RoundTripper
	max  int64
}

// RoundTrip implements http.RoundTripper.
func (t *capped) RoundTrip(req *http.Request) (*http.Response, error) {
	resp, err := t.next.RoundTrip(req)
	if err == nil {
		resp.Body = http.MaxBytesReader(nil, resp.Body, t.max)
	}
	return resp, err
}

// stayPut refuses redirects: net/http would carry a vendor's key header to the new address.
func stayPut(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }

func plainTransport() *http.Transport {
	return &http.Transport{
		Proxy:                 http.ProxyFromEnvironment,
		DialContext:           (&net.Dialer{Timeout: 5 * time.Second}).DialContext,
		TLSHandshakeTimeout:   5 * time.Second,
		ExpectContinueTimeout: time.Second,
		MaxIdleConnsPerHost:   128, // as many as call at once: what is beyond would be dialled, and shut, for each call
		IdleConnTimeout:       90 * time.Second,
		ForceAttemptHTTP2:     true,
	}
}
