package mcpserver

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/modelcontextprotocol/go-sdk/mcp"
)

// request makes the operation's request for whom the headers speak. wrong says what is missing or not known in the arguments.
func (o operation) request(ctx context.Context, from http.Header, arguments map[string]any) (r *http.Request, wrong string) {
	if names := o.unknown(arguments); len(names) > 0 {
		return nil, "unknown arguments: " + strings.Join(names, ", ")
	}
	path, query := o.path, url.Values{}
	if rep := from.Get(callerHeader); rep != "" {
		query.Set(callerParameter, rep)
	}
	for _, p := range o.arguments() {
		value, given := arguments[p.Name]
		switch {
		case !given && (p.In == "path" || p.Required):
			return nil, "the argument " + p.Name + " is missing"
		case !given:
		case p.In == "path":
			path = strings.ReplaceAll(path, "{"+p.Name+"}", url.PathEscape(plain(value)))
		default:
			query.Set(p.Name, plain(value))
		}
	}
	var body bytes.Buffer
	if o.body != nil {
		fields := map[string]any{}
		for name := range o.body {
			if value, ok := arguments[name]; ok {
				fields[name] = value
			}
		}
		_ = json.NewEncoder(&body).Encode(fields) // of what was decoded from JSON
	}
	r, err := http.NewRequestWithContext(ctx, o.method, path+"?"+query.Encode(), &body)
	if err != nil {
		return nil, "the arguments make no address"
	}
	for _, name := range []string{"Authorization", "X-Api-Key", "Accept-Language", "X-Request-Id"} {
		if values := from.Values(name); len(values) > 0 {
			r.Header[name] = values
		}
	}
	if o.body != nil {
		r.Header.Set("Content-Type", "application/json")
	}
	return r, ""
}

// plain writes a value as a query does: a list with commas, a whole number without a fraction.
func plain(value any) string {
	switch v := value.(type) {
	case []any:
		parts := make([]string, len(v))
		for i, part := range v {
			parts[i] = plain(part)
		}
		return strings.Join(parts, ",")
	case float64:
		return strings.TrimSuffix(fmt.Sprintf("%.6f", v), ".000000")
	default:
		return fmt.Sprint(v)
	}
}

// An answer is what the edge writes. It takes streams whole; deadlines are those of the outer request.
type answer struct {
	header http.Header
	status int
	body   bytes.Buffer
}

func (a *answer) Header() http.Header { return a.header }

func (a *answer) WriteHeader(status int) {
	if a.status == 0 {
		a.status = status
	}
}

func (a *answer) Write(p []byte) (int, error) {
	a.WriteHeader(http.StatusOK)
	return a.body.Write(p)
}

// Flush implements http.Flusher: what is written is there.
func (a *answer) Flush() { a.WriteHeader(http.StatusOK) }

// SetReadDeadline is for http.ResponseController.
func (a *answer) SetReadDeadline(time.Time) error { return nil }

// SetWriteDeadline is for http.ResponseController.
func (a *answer) SetWriteDeadline(time.Time) error { return nil }

// complaint says what went wrong, as the error's code and sentence.
func (a *answer) complaint() string {
	var envelope struct{ Error, Code string }
	if json.Unmarshal(a.body.Bytes(), &envelope) != nil || envelope.Code == "" {
		return http.StatusText(a.status)
	}
	return envelope.Code + ": " + envelope.Error
}

// streamed puts an agent's answer together from the frames in which it came.
func (a *answer) streamed() (*mcp.CallToolResult, bool) {
	if !strings.HasPrefix(a.header.Get("Content-Type"), "text/event-stream") {
		return nil, false
	}
	var text strings.Builder
	var last struct {
		Delta     string `json:"delta"`
		Done      bool   `json:"done"`
		MessageID string `json:"message_id"`
		Error     bool   `json:"error"`
		Code      string `json:"code"`
	}
	for line := range strings.Lines(a.body.String()) {
		if data, ok := strings.CutPrefix(strings.TrimSpace(line), "data:"); ok {
			last.Delta = ""
			if json.Unmarshal([]byte(data), &last) == nil {
				text.WriteString(last.Delta)
			}
		}
	}
	switch {
	case last.Error:
		return failed(last.Code + ": the answer ended early: " + text.String()), true
	case !last.Done:
		return failed("the answer ended early: " + text.String()), true
	}
	result := said(text.String())
	result.StructuredContent = map[string]any{"answer": text.String(), "message_id": last.MessageID}
	return result, true
}
