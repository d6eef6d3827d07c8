package core

import (
	"io"
	"mime"
	"net/http"
	"strings"
	"unicode/utf8"
)

// capture is a request body that remembers its beginning.
type capture struct {
	io.ReadCloser
	kept   []byte
	length int64
}

func (c *capture) Read(p []byte) (int, error) {
	n, err := c.ReadCloser.Read(p)
	c.length += int64(n)
	if room := maxBody - len(c.kept); room > 0 {
		c.kept = append(c.kept, p[:min(n, room)]...)
	}
	return n, err
}

// rest reads what the double left unread, so that a refused request is whole in the ledger too. Long uploads are left.
func (c *capture) rest(r *http.Request) {
	if r.ContentLength > c.length && r.ContentLength <= maxBody {
		_, _ = io.Copy(io.Discard, io.LimitReader(c, r.ContentLength-c.length))
	}
}

// readWhole reads a recorded request's body to its end, as rest does.
func readWhole(r *http.Request) {
	if body, ok := r.Body.(*capture); ok {
		body.rest(r)
	}
}

// text is the remembered beginning when it is text.
func (c *capture) text(contentType string) string {
	kind, _, _ := mime.ParseMediaType(contentType)
	switch {
	case strings.HasPrefix(kind, "audio/"), strings.HasPrefix(kind, "video/"), strings.HasPrefix(kind, "image/"):
		return ""
	case c.length <= maxBody && !utf8.Valid(c.kept):
		return ""
	}
	return strings.ToValidUTF8(string(c.kept), "")
}

// answer is a ResponseWriter that remembers the status.
type answer struct {
	http.ResponseWriter
	status int
}

func (a *answer) WriteHeader(status int) {
	if a.status == 0 && status >= http.StatusOK {
		a.status = status
	}
	a.ResponseWriter.WriteHeader(status)
}

func (a *answer) Write(p []byte) (int, error) {
	if a.status == 0 {
		a.status = http.StatusOK
	}
	return a.ResponseWriter.Write(p)
}

// Flush passes on what is written so far: doubles stream.
func (a *answer) Flush() { _ = http.NewResponseController(a.ResponseWriter).Flush() }

// Unwrap lets http.ResponseController reach the connection.
func (a *answer) Unwrap() http.ResponseWriter { return a.ResponseWriter }

// record serves a request and writes it into the ledger, also when the connection is cut on purpose.
func (s *Server) record(vendor string, w http.ResponseWriter, r *http.Request, serve func(http.ResponseWriter, *http.Request)) {
	entry := s.ledger.open(vendor, s.env.Clock.Now(), r)
	body, reply := &capture{ReadCloser: r.Body}, &answer{ResponseWriter: w}
	r.Body = body
	cut := true
	defer func() {
		if cut {
			reply.status = 0
		}
		s.ledger.close(entry, reply.status, body.text(r.Header.Get("Content-Type")), body.length)
	}()
	serve(reply, r)
	body.rest(r)
	cut = false
	if reply.status == 0 {
		reply.status = http.StatusOK
	}
}
