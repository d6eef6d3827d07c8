package batchcallshttp

import (
	"net/http"
	"net/url"
	"strings"

	"github.com/tertulia-dev/tertulia/domain/batchcalls"
)

// Where the original's routes are.
const (
	root   = "/api/batch-calling"
	health = "/health"
)

// front stands before the router, on the original's paths only, and gives them what its framework gave: any case and a
// trailing slash, HEAD, CORS for everybody, and its headers. What is below an ID that can be none becomes a path that is no
// route, so that it is answered, and sent on, by nobody.
func front(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		path, ours := canonical(r.Method, r.URL.EscapedPath())
		if !ours {
			next.ServeHTTP(w, r)
			return
		}
		dressed := &dressedWriter{ResponseWriter: w}
		if r.Method == http.MethodOptions {
			preflight(dressed, r)
			return
		}
		plain := *r // net/http looks at its own, as to whether there may be a body
		plain.URL = &url.URL{Path: path, RawQuery: r.URL.RawQuery}
		if r.Method == http.MethodHead {
			plain.Method = http.MethodGet
		}
		next.ServeHTTP(dressed, &plain)
	})
}

// canonical returns the path of a route of the original's as it is registered, one that is no route where none is meant, and
// whether the escaped path is in its area at all. To ask about a batch named "submit" is to ask about nothing.
func canonical(method, escaped string) (path string, ours bool) {
	trimmed := strings.TrimSuffix(escaped, "/")
	if strings.EqualFold(trimmed, health) {
		return health, true
	}
	if below(escaped, health) {
		return health + "/-", true
	}
	if !below(escaped, root) {
		return "", false
	}
	steps := strings.Split(strings.TrimPrefix(trimmed[len(root):], "/"), "/")
	switch {
	case len(steps) == 1 && strings.EqualFold(steps[0], "submit") && method == http.MethodPost:
		return root + "/submit", true
	case len(steps) == 1 && isID(steps[0]):
		return root + "/" + idOf(steps[0]), true
	case len(steps) == 2 && isID(steps[0]) && strings.EqualFold(steps[1], "cancel"):
		return root + "/" + idOf(steps[0]) + "/cancel", true
	default:
		return root + "/-/-/-", true
	}
}

// below reports whether a path is the prefix or has it as its first steps, in any case.
func below(path, prefix string) bool {
	return len(path) >= len(prefix) && strings.EqualFold(path[:len(prefix)], prefix) &&
		(len(path) == len(prefix) || path[len(prefix)] == '/')
}

// idOf decodes a step once. What it decodes to is never decoded again.
func idOf(step string) string {
	id, err := url.PathUnescape(step)
	if err != nil {
		return ""
	}
	return id
}

func isID(step string) bool {
	id := idOf(step)
	return batchcalls.IsID(id) && !strings.EqualFold(id, "submit") && !strings.EqualFold(id, "workspace")
}

// preflight answers OPTIONS as the cors package does with its defaults.
func preflight(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Access-Control-Allow-Methods", "GET,HEAD,PUT,PATCH,POST,DELETE")
	h.Add("Vary", "Access-Control-Request-Headers")
	if asked := r.Header.Get("Access-Control-Request-Headers"); asked != "" {
		h.Set("Access-Control-Allow-Headers", asked)
	}
	h.Set("Content-Length", "0")
	w.WriteHeader(http.StatusNoContent)
}

// headers are those of helmet 7.2 with its defaults, and of cors with its.
var headers = map[string]string{
	"Access-Control-Allow-Origin": "*",
	"Content-Security-Policy": "default-src 'self';base-uri 'self';font-src 'self' https: data:;form-action 'self';" +
		"frame-ancestors 'self';img-src 'self' data:;object-src 'none';script-src 'self';script-src-attr 'none';" +
		"style-src 'self' https: 'unsafe-inline';upgrade-insecure-requests",
	"Cross-Origin-Opener-Policy":        "same-origin",
	"Cross-Origin-Resource-Policy":      "same-origin",
	"Origin-Agent-Cluster":              "?1",
	"Referrer-Policy":                   "no-referrer",
	"Strict-Transport-Security":         "max-age=15552000; includeSubDomains",
	"X-Content-Type-Options":            "nosniff",
	"X-Dns-Prefetch-Control":            "off",
	"X-Download-Options":                "noopen",
	"X-Frame-Options":                   "SAMEORIGIN",
	"X-Permitted-Cross-Domain-Policies": "none",
	"X-Xss-Protection":                  "0",
}

// dressedWriter puts the original's headers over those of the layers below, at the last moment.
type dressedWriter struct {
	http.ResponseWriter
	done bool
}

// WriteHeader implements http.ResponseWriter.
func (w *dressedWriter) WriteHeader(status int) {
	w.dress()
	w.ResponseWriter.WriteHeader(status)
}

// Write implements io.Writer.
func (w *dressedWriter) Write(p []byte) (int, error) {
	w.dress()
	return w.ResponseWriter.Write(p)
}

// Unwrap lets http.ResponseController find the connection.
func (w *dressedWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }

func (w *dressedWriter) dress() {
	if w.done {
		return
	}
	w.done = true
	h := w.Header()
	for name, value := range headers {
		h.Set(name, value)
	}
	if h.Get("Content-Type") == "application/json" { // as the layers below write it
		h.Set("Content-Type", contentJSON)
	}
}
