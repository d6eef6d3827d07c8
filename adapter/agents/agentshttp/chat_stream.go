package agentshttp

import (
	"bytes"
	"encoding/json"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/tertulia-dev/tertulia/domain/agents"
	"github.com/tertulia-dev/tertulia/infrastructure/httpserver"
	"github.com/tertulia-dev/tertulia/pkg/tertulia"
	agentsuc "github.com/tertulia-dev/tertulia/usecase/agents"
)

const (
	// pingInterval keeps proxies from taking a thinking model for a dead connection.
	pingInterval = 15 * time.Second
	// writeWithin is how long a reader may take for what was written; one that stalls is cut, and may resume.
	writeWithin = 8 * time.Second
	// greeting tells a reader how soon to come back when the connection breaks: before the answer is cancelled.
	greeting = "retry: 100\n\n"
)

// stream writes the answer's frames as server-sent events (WHATWG HTML §9.2) until the last one, until the reader has gone
// or stalls, or until the server drains; a reader that was cut off resumes.
func stream(c echo.Context, id agents.MessageID, following agentsuc.Following, within time.Duration) error {
	ctx, w := c.Request().Context(), httpserver.NewEventWriter(c, within)
	if err := w.Write([]byte(greeting)); err != nil {
		return nil //nolint:nilerr // the reader has gone: nobody is left to be told
	}
	var buffer bytes.Buffer
	for {
		frames, err := following.Next(ctx, pingInterval)
		switch {
		case ctx.Err() != nil: // the reader has gone, or the server drains
			return nil //nolint:nilerr // as above: nobody is left to be told
		case err != nil:
			return err // logged; the reader resumes
		}
		buffer.Reset()
		if len(frames) == 0 {
			buffer.WriteString(": ping\n\n")
		}
		for _, f := range frames {
			if err := appendFrame(&buffer, id, f); err != nil {
				return err
			}
		}
		if err := w.Write(buffer.Bytes()); err != nil {
			return nil //nolint:nilerr // as above
		}
		if n := len(frames); n > 0 && frames[n-1].IsLast() {
			return nil
		}
	}
}

// appendFrame writes one frame as an event.
func appendFrame(b *bytes.Buffer, id agents.MessageID, f agents.Frame) error {
	b.WriteString("id: " + agents.FrameID(id, f.Number) + "\ndata: ")
	encode := json.NewEncoder(b)
	encode.SetEscapeHTML(false)
	if err := encode.Encode(toAPIFrame(id, f)); err != nil { // ends the line
		return err
	}
	b.WriteByte('\n')
	return nil
}

func toAPIFrame(id agents.MessageID, f agents.Frame) tertulia.ChatFrame {
	switch {
	case f.Done:
		return tertulia.ChatFrame{Done: true, MessageID: id.String()}
	case f.IsLast():
		return tertulia.ChatFrame{Error: true, Code: string(f.Code)}
	default:
		return tertulia.ChatFrame{Delta: f.Delta}
	}
}
