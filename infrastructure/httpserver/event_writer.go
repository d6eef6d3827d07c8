package httpserver

import (
	"net/http"
	"time"

	"github.com/labstack/echo/v4"
)

// EventWriter answers a request of an operation that is a Stream with server-sent events (WHATWG HTML §9.2).
type EventWriter struct {
	w      http.ResponseWriter
	wire   *http.ResponseController
	within time.Duration
}

// NewEventWriter begins the answer. A reader who does not take what is written within so long is cut off, and may resume.
func NewEventWriter(c echo.Context, within time.Duration) EventWriter {
	header := c.Response().Header()
	header.Set(echo.HeaderContentType, "text/event-stream; charset=utf-8")
	header.Set(echo.HeaderCacheControl, "no-store")
	header.Set("X-Accel-Buffering", "no") // nginx would hold the events back
	c.Response().WriteHeader(http.StatusOK)
	return EventWriter{w: c.Response(), wire: http.NewResponseController(c.Response()), within: within}
}

// Write sends whole events. An error says that the reader has gone, or does not read: nobody is left to be told.
func (e EventWriter) Write(raw []byte) error {
	_ = e.wire.SetWriteDeadline(time.Now().Add(e.within)) // unsupported outside a real connection
	if _, err := e.w.Write(raw); err != nil {
		return err
	}
	return e.wire.Flush()
}
