// Package reference serves the API reference: the OpenAPI document, shown by Scalar from our own origin under a policy that
// lets nothing else run and nothing be fetched from elsewhere.
package reference

import (
	"bytes"
	"compress/gzip"
	_ "embed"
	"fmt"
	"io"
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"
)

// The renderer, pinned: see scalar/README.md.
const (
	scalarVersion = "1.72.1"
	scalarSHA256  = "bf091006bdc3af6067af77c2f534812e3e633e94a94e87138069f570f33b762c"
)

//go:embed scalar/standalone.js.gz
var scalarPacked []byte

//go:embed start.js
var startScript []byte

// Paths of the page's scripts. The renderer's changes with its version, so that it may be kept for ever.
const (
	scalarPath = "/reference/scalar-" + scalarVersion + ".js"
	startPath  = "/reference/start.js"
)

const javaScript = "text/javascript; charset=utf-8"

// serveScalar sends the renderer packed to those who unpack, which every browser does.
func serveScalar(c echo.Context) error {
	h := c.Response().Header()
	h.Set("Cache-Control", "public, max-age=31536000, immutable")
	h.Add("Vary", "Accept-Encoding")
	if strings.Contains(c.Request().Header.Get("Accept-Encoding"), "gzip") {
		h.Set("Content-Encoding", "gzip")
		return c.Blob(http.StatusOK, javaScript, scalarPacked)
	}
	unpacked, err := unpack(scalarPacked)
	if err != nil {
		return err
	}
	return c.Blob(http.StatusOK, javaScript, unpacked)
}

func unpack(packed []byte) ([]byte, error) {
	r, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		return nil, fmt.Errorf("unpack the reference's renderer: %w", err)
	}
	raw, err := io.ReadAll(r)
	if err != nil {
		return nil, fmt.Errorf("unpack the reference's renderer: %w", err)
	}
	return raw, nil
}
