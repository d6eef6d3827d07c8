package tertulia

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
)

// maxErrorBody bounds what is read of an answer that is not the expected one.
const maxErrorBody = 64 << 10

// request is one call, whatever number of attempts it takes.
type request struct {
	method         string
	path           string
	query          url.Values
	body           any
	idempotencyKey string
	salesRep       string
	requestID      string
	ifMatch        string
}

// call sends the request and decodes the answer into a T.
func call[T any](ctx context.Context, c *Client, r request, opts []CallOption) (T, error) {
	var zero, answer T
	raw, err := c.send(ctx, r, opts)
	if err != nil {
		return zero, err
	}
	if err := json.Unmarshal(raw, &answer); err != nil {
		return zero, fmt.Errorf("tertulia: decode the answer to %s %s: %w", r.method, r.path, err)
	}
	return answer, nil
}

// prepare applies the options and encodes the body.
func (c *Client) prepare(r request, opts []CallOption) (request, []byte, error) {
	if r.salesRep == "" {
		r.salesRep = c.salesRep
	}
	for _, opt := range opts {
		opt(&r)
	}
	if r.body == nil {
		return r, nil, nil
	}
	body, err := json.Marshal(r.body)
	if err != nil {
		return r, nil, fmt.Errorf("tertulia: encode %s %s: %w", r.method, r.path, err)
	}
	return r, body, nil
}

// openStream makes one HTTP exchange whose answer is a stream of events, which the client's timeout does not cut.
func (c *Client) openStream(ctx context.Context, r request, lastEventID string, opts []CallOption) (io.ReadCloser, error) {
	r, body, err := c.prepare(r, opts)
	if err != nil {
		return nil, err
	}
	req, err := c.httpRequest(ctx, r, body)
	if err != nil {
		return nil, fmt.Errorf("tertulia: make %s %s: %w", r.method, r.path, withoutURL(err))
	}
	req.Header.Set("Accept", "text/event-stream")
	if lastEventID != "" {
		req.Header.Set("Last-Event-ID", lastEventID)
	}
	endless := *c.http
	endless.Timeout = 0
	res, err := endless.Do(req)
	if err != nil {
		return nil, fmt.Errorf("tertulia: %s %s: %w", r.method, r.path, withoutURL(err))
	}
	if res.StatusCode != http.StatusOK {
		defer res.Body.Close()
		return nil, readAPIError(res)
	}
	return res.Body, nil
}

// send returns the body of a 2xx answer, or an error.
func (c *Client) send(ctx context.Context, r request, opts []CallOption) ([]byte, error) {
	r, body, err := c.prepare(r, opts)
	if err != nil {
		return nil, err
	}
	for attempt := 0; ; attempt++ {
		answer, err := c.attempt(ctx, r, body)
		if err == nil {
			return answer, nil
		}
		if attempt >= c.retries || ctx.Err() != nil || !r.repeatable() || !transient(err) {
			return nil, err
		}
		if waitErr := c.wait(ctx, attempt, err); waitErr != nil {
			return nil, errors.Join(err, waitErr)
		}
	}
}

// attempt makes one HTTP exchange.
func (c *Client) attempt(ctx context.Context, r request, body []byte) ([]byte, error) {
	req, err := c.httpRequest(ctx, r, body)
	if err != nil {
		return nil, fmt.Errorf("tertulia: make %s %s: %w", r.method, r.path, withoutURL(err))
	}
	res, err := c.http.Do(req)
	if err != nil {
		return nil, fmt.Errorf("tertulia: %s %s: %w", r.method, r.path, withoutURL(err))
	}
	defer res.Body.Close()
	if res.StatusCode < 200 || res.StatusCode > 299 {
		return nil, readAPIError(res)
	}
	answer, err := io.ReadAll(res.Body)
	if err != nil {
		return nil, fmt.Errorf("tertulia: read the answer to %s %s: %w", r.method, r.path, err)
	}
	return answer, nil
}

func (c *Client) httpRequest(ctx context.Context, r request, body []byte) (*http.Request, error) {
	req, err := http.NewRequestWithContext(ctx, r.method, c.url(r), bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	req.Header = c.header.Clone()
	if body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	if r.idempotencyKey != "" {
		req.Header.Set("Idempotency-Key", r.idempotencyKey)
	}
	if r.ifMatch != "" {
		req.Header.Set("If-Match", r.ifMatch)
	}
	if r.requestID != "" {
		req.Header.Set("X-Request-Id", r.requestID)
	}
	return req, nil
}

func (c *Client) url(r request) string {
	query := r.query
	if r.salesRep != "" {
		query = url.Values{}
		for name, values := range r.query {
			query[name] = values
		}
		query.Set("salesRepEmail", r.salesRep)
	}
	if len(query) == 0 {
		return c.baseURL + r.path
	}
	return c.baseURL + r.path + "?" + query.Encode()
}

// withoutURL drops the URL that net/http puts into its errors: its query may name a person.
func withoutURL(err error) error {
	if e, ok := errors.AsType[*url.Error](err); ok {
		return e.Err
	}
	return err
}

// freshKey makes an Idempotency-Key, so that a call that creates something is safe to repeat.
func freshKey() string { return rand.Text() }
