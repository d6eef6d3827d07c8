// Package recall is a client of Recall.ai's REST API: notetaker bots, their recordings, transcripts and media. It speaks
// Recall's words and knows nothing of meetings. Failures are *outbound.Error.
package recall

import (
	"encoding/json"
	"errors"
	"log/slog"
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/tertulia-dev/tertulia/infrastructure/outbound"
)

// Options configure a client. BaseURL is the region's, as in "https://us-west-2.recall.ai": keys and bots are region-local.
type Options struct {
	BaseURL    string
	APIKey     string
	Timeout    time.Duration
	Logger     *slog.Logger
	Registerer prometheus.Registerer
	Transport  http.RoundTripper
}

// Client calls one Recall.ai region.
type Client struct{ out *outbound.Client }

// New makes a client.
func New(o Options) (*Client, error) {
	if o.APIKey == "" {
		return nil, errors.New("make recall client: an API key is required")
	}
	out, err := outbound.New(outbound.Options{
		Vendor: "recall", BaseURL: o.BaseURL, Timeout: o.Timeout, Logger: o.Logger, Registerer: o.Registerer,
		Transport: o.Transport, Explain: explain,
		Header: http.Header{"Authorization": {"Token " + o.APIKey}, "Accept": {"application/json"}},
	})
	if err != nil {
		return nil, err
	}
	return &Client{out: out}, nil
}

// poolRetry is how long Recall asks to wait after a 507.
const poolRetry = 30 * time.Second

// Codes that this package gives where Recall's body has none.
const (
	codePoolEmpty = "adhoc_pool_empty"
	codeInFlight  = "idempotent_request_in_flight"
	codeFields    = "invalid_fields"
)

// explain reads {"code","detail"}, or the field map of a refused body, of which only the names are kept.
func explain(e *outbound.Error) {
	var body map[string]json.RawMessage
	_ = json.Unmarshal(e.Body, &body) // a body in another shape explains nothing
	_ = json.Unmarshal(body["code"], &e.Code)
	_ = json.Unmarshal(body["detail"], &e.Message)
	switch {
	case e.Status == http.StatusInsufficientStorage:
		e.Code, e.Outcome = codePoolEmpty, outbound.Refused
		if e.RetryAfter == 0 {
			e.RetryAfter = poolRetry
		}
	case e.Status == http.StatusConflict:
		e.Outcome = outbound.Unknown // the earlier request with the same key decides
		if e.Code == "" {
			e.Code = codeInFlight
		}
	case e.Status == http.StatusBadRequest && e.Code == "" && e.Message == "" && len(body) > 0:
		e.Code, e.Message = codeFields, strings.Join(slices.Sorted(maps.Keys(body)), ", ")
	}
}

// IsNotFound reports whether the bot, recording or medium is gone.
func IsNotFound(err error) bool { return outbound.StatusOf(err) == http.StatusNotFound }

// IsPoolEmpty reports whether no ad-hoc bot was free. The next try needs a new idempotency key: the old one replays this.
func IsPoolEmpty(err error) bool { return outbound.StatusOf(err) == http.StatusInsufficientStorage }

// IsInFlight reports whether an earlier request with the same idempotency key is still running.
func IsInFlight(err error) bool { return outbound.StatusOf(err) == http.StatusConflict }

// IsDispatched reports whether a bot could not be changed or deleted because it is already on its way: use LeaveCall.
// Documentation says 405; 400 with these codes is seen as well.
func IsDispatched(err error) bool {
	e, ok := errors.AsType[*outbound.Error](err)
	if !ok {
		return false
	}
	return e.Status == http.StatusMethodNotAllowed ||
		e.Status == http.StatusBadRequest && (e.Code == "cannot_delete_bot" || e.Code == "update_bot_failed")
}
