package agentshttp

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"time"

	"github.com/tertulia-dev/tertulia/domain/agents"
	"github.com/tertulia-dev/tertulia/pkg/tertulia"
	agentsuc "github.com/tertulia-dev/tertulia/usecase/agents"
)

// pingInterval keeps proxies from taking a thinking model for a dead connection.
const pingInterval = 15 * time.Second

// greeting tells a reader how soon to come back when the connection breaks: before the answer is cancelled.
const greeting = "retry: 100\n\n"

// stream writes the answer's frames as server-sent events (WHATWG HTML §9.2) until the last one, until the reader has gone
// or stalls, or until the server drains; a reader that was cut off resumes.
func stream(ctx context.Context, w io.Writer, id agents.MessageID, following agentsuc.Following) error {
	if _, err := io.WriteString(w, greeting); err != nil {
		return nil //nolint:nilerr // the reader has gone: nobody is left to be told
	}
	for {
		frames, err := following.Next(ctx, pingInterval)
		switch {
		case ctx.Err() != nil: // the reader has gone, or the server drains
			return nil //nolint:nilerr // as above: nobody is left to be told
		case err != nil:
			return err // logged; the reader resumes
		}
		raw, err := encode(id, frames)
		if err != nil {
			return err
		}
		if _, err := w.Write(raw); err != nil {
			return nil //nolint:nilerr // as above
		}
		if n := len(frames); n > 0 && frames[n-1].IsLast() {
			return nil
		}
	}
}

// encode writes the frames that have come, or that none has.
func encode(id agents.MessageID, frames []agents.Frame) ([]byte, error) {
	if len(frames) == 0 {
		return []byte(": ping\n\n"), nil
	}
	var b bytes.Buffer
	for _, f := range frames {
		if err := appendFrame(&b, id, f); err != nil {
			return nil, err
		}
	}
	return b.Bytes(), nil
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
