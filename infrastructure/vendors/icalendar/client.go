// Package icalendar reads calendars that others publish under an URL as iCalendar files (RFC 5545): it fetches them, and
// lists what takes place in a window of time.
package icalendar

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/tertulia-dev/tertulia/infrastructure/outbound"
)

const (
	vendor    = "calendar"
	operation = "fetch_feed"
	// maxFeed is the most bytes of a feed: many years of a busy calendar.
	maxFeed = 10 << 20
	// maxTime is the most that fetching may take, however steadily the bytes drip.
	maxTime = 30 * time.Second
)

// ErrTooLarge says that a feed has more than 10 MiB.
var ErrTooLarge = errors.New("the feed is too large")

// Options are all optional.
type Options struct {
	Guard      outbound.Guard
	Logger     *slog.Logger
	Registerer prometheus.Registerer
}

// Client fetches feeds. Their URLs are a customer's, so they may lead only where the guard lets them, and are secret.
type Client struct{ out *outbound.Client }

// New makes a client.
func New(o Options) (*Client, error) {
	out, err := outbound.Guarded(outbound.Options{Vendor: vendor, Logger: o.Logger, Registerer: o.Registerer}, o.Guard)
	if err != nil {
		return nil, err
	}
	return &Client{out: out}, nil
}

// Validators tell the server which version of a feed is known (RFC 9110 §8.8). The zero value asks for the feed itself.
type Validators struct{ ETag, LastModified string }

// Fetch returns a feed and its validators, or nothing when it is as it was. Errors: ErrTooLarge, *outbound.Error.
func (c *Client) Fetch(ctx context.Context, url string, known Validators) (body []byte, fresh Validators, err error) {
	ctx, cancel := context.WithTimeout(ctx, maxTime)
	defer cancel()
	header := http.Header{"Accept": {"text/calendar, */*;q=0.1"}}
	if known.ETag != "" {
		header.Set("If-None-Match", known.ETag)
	}
	if known.LastModified != "" {
		header.Set("If-Modified-Since", known.LastModified)
	}
	resp, err := c.out.Stream(ctx, outbound.Call{Operation: operation, URL: overHTTPS(url), Header: header})
	if outbound.StatusOf(err) == http.StatusNotModified {
		return nil, known, nil
	}
	if err != nil {
		return nil, Validators{}, err
	}
	defer func() { _ = resp.Body.Close() }()
	body, err = io.ReadAll(io.LimitReader(resp.Body, maxFeed+1))
	if err != nil {
		return nil, Validators{}, outbound.Failed(vendor, operation, outbound.Unknown, err)
	}
	if len(body) > maxFeed {
		return nil, Validators{}, ErrTooLarge
	}
	return body, Validators{ETag: resp.Header.Get("ETag"), LastModified: resp.Header.Get("Last-Modified")}, nil
}

// overHTTPS replaces the scheme by which calendars are subscribed to: webcal and webcals name no protocol of their own.
func overHTTPS(url string) string {
	scheme, rest, _ := strings.Cut(url, "://")
	if strings.EqualFold(scheme, "webcal") || strings.EqualFold(scheme, "webcals") {
		return "https://" + rest
	}
	return url
}
