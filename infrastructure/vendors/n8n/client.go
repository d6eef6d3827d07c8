// Package n8n asks an n8n workflow, started by a webhook, to make a meeting link. Failures are *outbound.Error.
package n8n

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/tertulia-dev/tertulia/infrastructure/outbound"
	"github.com/tertulia-dev/tertulia/infrastructure/signature"
)

const (
	vendor     = "n8n"
	createMeet = "create_meet"
)

// Options configure a client.
type Options struct {
	URL        string // of the workflow's webhook
	Secret     string // sent as X-Webhook-Secret; signs as well, with its bytes or, after "whsec_", what they decode to
	Guard      outbound.Guard
	Timeout    time.Duration // 0 is 20 seconds
	Logger     *slog.Logger
	Registerer prometheus.Registerer
	Now        func() time.Time
}

// Client calls one workflow.
type Client struct {
	out    *outbound.Client
	url    string
	secret string
	signer *signature.Signer
	now    func() time.Time
}

// New makes a client. The URL is a tenant's, so that it may lead only where the guard lets it.
func New(o Options) (*Client, error) {
	u, err := url.Parse(o.URL)
	if err != nil || u.Host == "" {
		return nil, errors.New("make n8n client: the webhook URL is not absolute")
	}
	newSigner := signature.SharedSecret
	if strings.HasPrefix(o.Secret, "whsec_") {
		newSigner = func(s string) (*signature.Signer, error) { return signature.NewSigner(s) }
	}
	signer, err := newSigner(o.Secret)
	if err != nil {
		return nil, fmt.Errorf("make n8n client: %w", err)
	}
	if o.Timeout <= 0 {
		o.Timeout = 20 * time.Second
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	out, err := outbound.Guarded(outbound.Options{
		Vendor: vendor, Timeout: o.Timeout, MaxAnswer: 1 << 20, Logger: o.Logger, Registerer: o.Registerer,
	}, o.Guard)
	if err != nil {
		return nil, err
	}
	return &Client{out: out, url: o.URL, secret: o.Secret, signer: signer, now: o.Now}, nil
}

// CreateMeet is what the workflow is told.
type CreateMeet struct {
	MeetingID       string
	Title           string
	ScheduledAt     time.Time // sent with its own offset
	DurationMinutes int
	SalesRepEmail   string
	Attendees       []string // e-mail addresses
}

type payload struct {
	Event           string   `json:"event"`
	MeetingID       string   `json:"meetingId"`
	Title           string   `json:"title"`
	ScheduledAt     string   `json:"scheduledAt"`
	DurationMinutes int      `json:"durationMinutes"`
	SalesRepEmail   string   `json:"salesRepEmail"`
	Attendees       []string `json:"attendees"`
}

// CreateMeet returns the URL of a Google Meet made for the meeting. The message's ID follows from the meeting's, so that
// the workflow can tell a repetition. An answer without a Google Meet URL is an error with the code "no_meet_url".
func (c *Client) CreateMeet(ctx context.Context, in CreateMeet) (string, error) {
	body, err := json.Marshal(payload{
		Event: createMeet, MeetingID: in.MeetingID, Title: in.Title, ScheduledAt: in.ScheduledAt.Format(time.RFC3339),
		DurationMinutes: in.DurationMinutes, SalesRepEmail: in.SalesRepEmail, Attendees: append([]string{}, in.Attendees...),
	})
	if err != nil {
		return "", outbound.Failed(vendor, createMeet, outbound.NotSent, err)
	}
	header := http.Header{"Content-Type": {"application/json"}, "X-Webhook-Secret": {c.secret}}
	if err := c.signer.Sign(header, "msg_"+in.MeetingID, body, c.now()); err != nil {
		return "", outbound.Failed(vendor, createMeet, outbound.NotSent, err)
	}
	var answer json.RawMessage
	err = c.out.JSON(ctx, outbound.Call{
		Operation: createMeet, Method: http.MethodPost, URL: c.url, Header: header,
		Body: bytes.NewReader(body), Length: int64(len(body)),
	}, &answer)
	if err != nil {
		return "", err
	}
	link, ok := meetURL(answer)
	if !ok {
		e := outbound.Failed(vendor, createMeet, outbound.Unknown, errors.New("the answer has no Google Meet URL"))
		e.Code = "no_meet_url"
		return "", e
	}
	return link, nil
}

// meetURL finds the link in an answer, which is an object, or a list of one when the workflow answers with its items.
func meetURL(answer json.RawMessage) (string, bool) {
	var list []json.RawMessage
	if json.Unmarshal(answer, &list) == nil && len(list) > 0 {
		answer = list[0]
	}
	var fields map[string]any
	if json.Unmarshal(answer, &fields) != nil {
		return "", false
	}
	for _, name := range []string{"meetingUrl", "meetUrl", "hangoutLink"} {
		link, _ := fields[name].(string)
		if u, err := url.Parse(link); err == nil && u.Scheme == "https" && u.Host == "meet.google.com" && len(u.Path) > 1 && u.User == nil {
			return link, true
		}
	}
	return "", false
}
