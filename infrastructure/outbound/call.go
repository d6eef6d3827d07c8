package outbound

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"strings"
)

// Call is one request.
type Call struct {
	Operation string // a fixed name, such as "create_bot": a label of metrics, so never a value
	Method    string // GET when empty
	Path      string // below the base URL, as made by Path
	URL       string // instead of Path: an address that a vendor or customer gave; gets no credential
	Query     url.Values
	Header    http.Header
	JSON      any       // body, encoded as JSON
	Body      io.Reader // or a raw body
	Length    int64     // of Body in bytes; -1 when unknown
}

// Path joins segments into a path, each escaped, so that an identifier cannot reach another endpoint. A last segment
// "" ends the path with a slash.
func Path(segments ...string) string {
	var b strings.Builder
	for _, s := range segments {
		b.WriteString("/" + url.PathEscape(s))
	}
	return b.String()
}

// JSON sends the call and decodes the answer into out, which may be nil. Errors: *Error.
func (c *Client) JSON(ctx context.Context, call Call, out any) error {
	answer, status, err := c.Whole(ctx, call)
	if err == nil && out != nil && json.Unmarshal(answer, out) != nil {
		err = c.unusable(call, status, errors.New("answer is not the expected JSON")) // a decoder's message may quote the answer
	}
	return err
}

// Raw sends the call and returns the answer as it came, for those that need not be JSON. Errors: *Error.
func (c *Client) Raw(ctx context.Context, call Call) ([]byte, error) {
	answer, _, err := c.Whole(ctx, call)
	return answer, err
}

// Whole is Raw with the status of the answer, for callers to whom 200 and 204 are not the same. Errors: *Error.
func (c *Client) Whole(ctx context.Context, call Call) (answer []byte, status int, err error) {
	ctx, cancel := context.WithTimeout(ctx, c.timeout)
	defer cancel()
	resp, err := c.send(ctx, call)
	if err != nil {
		return nil, 0, err
	}
	defer func() { _ = resp.Body.Close() }()
	answer, err = io.ReadAll(io.LimitReader(resp.Body, c.max+1))
	if err == nil && int64(len(answer)) > c.max {
		err = fmt.Errorf("answer is longer than %d bytes", c.max)
	}
	if err != nil {
		return nil, 0, c.unusable(call, resp.StatusCode, err)
	}
	return answer, resp.StatusCode, nil
}

// unusable is the error of a call that went well as far as its status tells.
func (c *Client) unusable(call Call, status int, cause error) *Error {
	failed := Failed(c.vendor, call.Operation, Unknown, cause)
	failed.Status = status
	return failed
}

// Stream sends the call and returns the answer with its body unread, for bodies of any size in either direction. It
// fails when nothing moves for the client's timeout. The caller closes the body. Errors: *Error.
func (c *Client) Stream(ctx context.Context, call Call) (*http.Response, error) {
	ctx, watch := watchStall(ctx, c.timeout)
	if call.Body != nil {
		call.Body = watch.reader(call.Body)
	}
	resp, err := c.send(ctx, call)
	if err != nil {
		watch.stop()
		return nil, err
	}
	watch.moved()
	resp.Body = &watchedBody{Reader: watch.reader(resp.Body), body: resp.Body, watch: watch}
	return resp, nil
}

// send returns a 2xx answer or an *Error.
func (c *Client) send(ctx context.Context, call Call) (*http.Response, error) {
	req, err := c.request(WithOperation(ctx, call.Operation), call)
	if err != nil {
		return nil, Failed(c.vendor, call.Operation, NotSent, err)
	}
	resp, err := c.http.Do(req)
	if err != nil {
		if e, ok := errors.AsType[*Error](err); ok {
			return nil, e
		}
		return nil, Failed(c.vendor, call.Operation, Unknown, err)
	}
	if resp.StatusCode >= 200 && resp.StatusCode < 300 {
		return resp, nil
	}
	defer func() { _ = resp.Body.Close() }()
	body, _ := io.ReadAll(io.LimitReader(resp.Body, maxErrorBody)) // what could be read is what there is to explain
	e := NewError(c.vendor, call.Operation, resp.StatusCode, resp.Header, body)
	c.explain(e)
	return nil, e
}

func (c *Client) request(ctx context.Context, call Call) (*http.Request, error) {
	target, err := c.target(call)
	if err != nil {
		return nil, err
	}
	body := call.Body
	if call.JSON != nil {
		var b bytes.Buffer
		enc := json.NewEncoder(&b)
		enc.SetEscapeHTML(false)
		if err := enc.Encode(call.JSON); err != nil {
			return nil, fmt.Errorf("encode the body: %w", err)
		}
		body = &b
	}
	req, err := http.NewRequestWithContext(ctx, call.Method, target, body)
	if err != nil {
		return nil, errors.New("the URL or method is malformed") // the cause would print the URL
	}
	if call.Body != nil {
		req.ContentLength = call.Length
	}
	req.Header.Set("User-Agent", "Tertulia")
	if call.JSON != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	if call.URL == "" {
		maps.Copy(req.Header, c.header)
	}
	maps.Copy(req.Header, call.Header)
	return req, nil
}

func (c *Client) target(call Call) (string, error) {
	if call.URL != "" {
		return call.URL, nil
	}
	if c.base == nil {
		return "", errors.New("no base URL is configured")
	}
	segments := strings.Split(strings.TrimPrefix(call.Path, "/"), "/")
	for i, s := range segments {
		if s == "." || s == ".." || s == "" && i < len(segments)-1 {
			return "", errors.New("the path has an empty or relative segment")
		}
	}
	target := c.base.String() + call.Path
	if len(call.Query) > 0 {
		target += "?" + call.Query.Encode()
	}
	return target, nil
}
