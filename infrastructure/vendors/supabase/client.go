// Package supabase is a client of Supabase Storage. Failures are *outbound.Error, with the status that Storage means and
// not the 400 under which it hides most of them.
package supabase

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/tertulia-dev/tertulia/infrastructure/outbound"
)

const vendor = "supabase"

// Options configure a client.
type Options struct {
	BaseURL    string // of the project, as in "https://<ref>.supabase.co"
	Key        string // "sb_secret_…", or the older service_role token
	Timeout    time.Duration
	Logger     *slog.Logger
	Registerer prometheus.Registerer
	Transport  http.RoundTripper
}

// Client calls one project's Storage.
type Client struct {
	out  *outbound.Client
	base string // absolute URL of Storage
}

const storagePrefix = "/storage/v1"

// New makes a client.
func New(o Options) (*Client, error) {
	if o.Key == "" {
		return nil, errors.New("make supabase client: a key is required")
	}
	header := http.Header{"Apikey": {o.Key}}
	if !strings.HasPrefix(o.Key, "sb_secret_") { // which is no token, and refused as one
		header.Set("Authorization", "Bearer "+o.Key)
	}
	base := strings.TrimRight(o.BaseURL, "/") + storagePrefix
	out, err := outbound.New(outbound.Options{
		Vendor: vendor, BaseURL: base, Header: header, Timeout: o.Timeout, Logger: o.Logger, Registerer: o.Registerer,
		Transport: o.Transport, Explain: explain,
	})
	if err != nil {
		return nil, err
	}
	return &Client{out: out, base: base}, nil
}

// explain takes the true status from the body: {"statusCode":"404","code":"NoSuchKey","error":"not_found","message"}.
func explain(e *outbound.Error) {
	var body struct {
		StatusCode any    `json:"statusCode"` // a string, or a number from the gateway
		Code       string `json:"code"`
		Error      string `json:"error"`
		Message    string `json:"message"`
	}
	_ = json.Unmarshal(e.Body, &body) // a body in another shape explains nothing
	e.Code, e.Message = body.Code, body.Message
	if e.Code == "" {
		e.Code = body.Error
	}
	text, _ := body.StatusCode.(string)
	status, err := strconv.Atoi(text)
	if err != nil || e.Status != http.StatusBadRequest || status < 400 {
		return
	}
	e.Status = status
	if status >= 500 {
		e.Outcome = outbound.Unknown
	}
}

// IsNotFound reports whether the object or bucket does not exist.
func IsNotFound(err error) bool { return outbound.StatusOf(err) == http.StatusNotFound }

// Object is what Storage knows of one object.
type Object struct {
	Size        int64  `json:"size"` // bytes
	ContentType string `json:"content_type"`
}

// Stat tells of an object. Errors: IsNotFound.
func (c *Client) Stat(ctx context.Context, bucket, path string) (Object, error) {
	var o Object
	err := c.out.JSON(ctx, outbound.Call{Operation: "stat_object", Path: objectPath(path, "info", bucket)}, &o)
	return o, err
}

// Sign returns an absolute URL that serves the object to whoever holds it until ttl has passed. Errors: IsNotFound.
func (c *Client) Sign(ctx context.Context, bucket, path string, ttl time.Duration) (string, error) {
	var answer struct {
		SignedURL string `json:"signedURL"` // relative to Storage
	}
	err := c.out.JSON(ctx, outbound.Call{
		Operation: "sign_object", Method: http.MethodPost, Path: objectPath(path, "sign", bucket),
		JSON: map[string]int64{"expiresIn": max(1, int64(ttl/time.Second))},
	}, &answer)
	if err == nil && !strings.HasPrefix(answer.SignedURL, "/") {
		err = outbound.Failed(vendor, "sign_object", outbound.Unknown, errors.New("the answer has no signed URL"))
	}
	if err != nil {
		return "", err
	}
	return c.base + answer.SignedURL, nil
}

// Delete removes an object. That there is none is not an error.
func (c *Client) Delete(ctx context.Context, bucket, path string) error {
	err := c.out.JSON(ctx, outbound.Call{
		Operation: "delete_object", Method: http.MethodDelete, Path: objectPath(path, bucket),
	}, nil)
	if IsNotFound(err) {
		return nil
	}
	return err
}

func objectPath(path string, front ...string) string {
	segments := append([]string{"object"}, front...)
	return outbound.Path(append(segments, strings.Split(path, "/")...)...)
}
