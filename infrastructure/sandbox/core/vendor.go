package core

import (
	"log/slog"
	"net/http"
	"strings"
)

// Vendor is one vendor's double.
type Vendor interface {
	// Name is the path prefix without slashes and the vendor's name in the control API.
	Name() string
	// ServeHTTP answers at the vendor's own paths; the prefix is already cut off.
	http.Handler
	// Reset makes the double as new. It may run while requests are being served.
	Reset()
}

// Controlled is a Vendor with control routes of its own.
type Controlled interface {
	// Control serves what is below /_control/<name>; that prefix is already cut off.
	Control() http.Handler
}

// Env is what a double gets from the server it lives in.
type Env struct {
	Logger *slog.Logger
	Clock  *Clock
	// PublicURL is the server's address as its clients see it, such as http://127.0.0.1:3098. Empty: the address that
	// each request was sent to.
	PublicURL string
}

// NewEnv fills what is left open with working defaults: a silent logger and a clock of real time.
func NewEnv(env Env) Env {
	if env.Logger == nil {
		env.Logger = slog.New(slog.DiscardHandler)
	}
	if env.Clock == nil {
		env.Clock = NewClock(nil)
	}
	env.PublicURL = strings.TrimRight(env.PublicURL, "/")
	return env
}

// URL is the absolute address of a path of a vendor's double, as the sender of r can reach it.
func (e Env) URL(r *http.Request, vendor, path string) string {
	base := e.PublicURL
	if base == "" {
		scheme := "http"
		if r.TLS != nil {
			scheme = "https"
		}
		base = scheme + "://" + r.Host
	}
	return base + "/" + vendor + "/" + strings.TrimLeft(path, "/")
}
