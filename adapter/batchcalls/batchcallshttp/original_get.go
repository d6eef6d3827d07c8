package batchcallshttp

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"

	"github.com/tertulia-dev/tertulia/domain/batchcalls"
	"github.com/tertulia-dev/tertulia/infrastructure/httpserver"
	batchcallsuc "github.com/tertulia-dev/tertulia/usecase/batchcalls"
)

// get: GET /api/batch-calling/{batchId}.
func (o *original) get(c echo.Context) error {
	ctx := c.Request().Context()
	b, err := o.Reader.Get(ctx, httpserver.CallerOf(c).Principal, c.Param("batchId"))
	if r, ok := refusalOf(err); ok {
		return fail(c, statusOf(getFailed, r), sentence(getFailed, r))
	}
	if err != nil {
		return err
	}
	tag := fmt.Sprintf(`W/"%s-%x"`, b.PublicID, b.Version)
	h := c.Response().Header()
	h.Set("ETag", tag)
	h.Set("Cache-Control", "private, no-cache") // kept by nobody but the caller, who asks whether it still holds
	if isFresh(c.Request().Header, tag) {
		return c.NoContent(http.StatusNotModified)
	}
	if b.Total > maxKept {
		return o.stream(c, b)
	}
	listed, err := o.listings.of(ctx, b)
	if err != nil {
		return err
	}
	return write(c, []byte(`{"success":true,"data":`), head(b), []byte(`,"recipients":`), listed, []byte("}}"))
}

// write answers 200 with pieces that nobody has to put together.
func write(c echo.Context, pieces ...[]byte) error {
	length := 0
	for _, p := range pieces {
		length += len(p)
	}
	h := c.Response().Header()
	h.Set("Content-Type", contentJSON)
	h.Set("Content-Length", fmt.Sprint(length))
	c.Response().WriteHeader(http.StatusOK)
	for _, p := range pieces {
		if _, err := c.Response().Write(p); err != nil {
			return nil //nolint:nilerr // the caller has left
		}
	}
	return nil
}

// stream answers with a list that is too long to be kept. If reading it fails in the middle the connection breaks: half an
// answer must not look like a whole one.
func (o *original) stream(c echo.Context, b batchcalls.Batch) error {
	w := c.Response()
	w.Header().Set("Content-Type", contentJSON)
	w.WriteHeader(http.StatusOK)
	_, err := w.Write(append(append([]byte(`{"success":true,"data":`), head(b)...), `,"recipients":`...))
	if err == nil {
		err = o.listings.writeTo(c.Request().Context(), w, b)
	}
	if err == nil {
		_, err = w.Write([]byte("}}"))
	}
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	return nil
}

// isFresh reports whether the caller has this very answer (RFC 9110 §13.1.2, weak comparison).
func isFresh(h http.Header, tag string) bool {
	if strings.Contains(h.Get("Cache-Control"), "no-cache") { // it wants it anew, as the original's framework understood it
		return false
	}
	for known := range strings.SplitSeq(h.Get("If-None-Match"), ",") {
		known = strings.TrimSpace(known)
		if known == "*" || strings.TrimPrefix(known, "W/") == strings.TrimPrefix(tag, "W/") {
			return true
		}
	}
	return false
}

// cancelled is the envelope of a batch that was stopped.
type cancelled struct {
	Success bool            `json:"success"`
	Data    json.RawMessage `json:"data"`
	Message string          `json:"message"`
}

// cancel: POST /api/batch-calling/{batchId}/cancel. A body is ignored.
func (o *original) cancel(c echo.Context) error {
	b, err := o.Cancel.Execute(c.Request().Context(), batchcallsuc.CancelInput{
		Actor: httpserver.CallerOf(c).Principal, PublicID: c.Param("batchId"),
	})
	if r, ok := refusalOf(err); ok {
		return fail(c, statusOf(cancelFailed, r), sentence(cancelFailed, r))
	}
	if err != nil {
		return err
	}
	return answer(c, http.StatusOK, cancelled{Success: true, Data: append(head(b), '}'), Message: "Batch cancelado exitosamente"})
}
