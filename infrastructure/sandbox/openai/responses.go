package openai

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"strings"

	"github.com/tertulia-dev/tertulia/infrastructure/sandbox/core"
)

// storedResponse is a response that can be read again, with the items it was asked with.
type storedResponse struct {
	body  map[string]any
	items []map[string]any
	// text is all that the model read and wrote up to here: the history of a response that names this one as previous.
	text string
	// pending is the finished body of a background response, shown from its second look on.
	pending map[string]any
}

// turn is one response in the making.
type turn struct {
	*request
	id     string
	at     int64
	answer Answer
	// history is the text of the turns before this one.
	history string
	// prompt is all that the model reads.
	prompt string
	cached int
	talk   *conversation
	// query, hits and retrieved are what file_search asked and found; retrieved is the text of the hits.
	query     string
	hits      []hit
	retrieved string
}

// createResponse: POST /v1/responses.
func (d *Double) createResponse(w http.ResponseWriter, r *http.Request) {
	var fields map[string]json.RawMessage
	if !readJSON(w, r, &fields) {
		return
	}
	req, bad := parseRequest(fields, d.now())
	if bad != nil {
		refuse(w, *bad)
		return
	}
	t, bad := d.begin(req)
	if bad != nil {
		refuse(w, *bad)
		return
	}
	defer d.release(t)
	if !t.answer.think(r) {
		return
	}
	if e := t.answer.Error; e != nil && (!req.Stream || e.Stream == "") {
		if e.RetryAfter > 0 {
			w.Header().Set("Retry-After", fmt.Sprint(e.RetryAfter))
		}
		refuse(w, e.apiError())
		return
	}
	out := t.write()
	switch {
	case req.Stream:
		d.keep(t, out, out.body)
		d.stream(w, r, t, out)
	case req.Background:
		queued := t.body("queued", nil)
		d.keep(t, out, queued)
		core.WriteJSON(w, http.StatusOK, queued)
	default:
		d.keep(t, out, out.body)
		core.WriteJSON(w, http.StatusOK, out.body)
	}
}

// begin gathers what the model reads and takes the conversation, which serves one response at a time.
func (d *Double) begin(req *request) (*turn, *apiError) {
	d.mu.Lock()
	defer d.mu.Unlock()
	t := &turn{request: req, id: newID("resp"), at: d.now().Unix()}
	if id := req.PreviousResponseID; id != "" {
		previous, found := d.responses[id]
		if !found {
			return nil, &apiError{
				status: http.StatusBadRequest, Param: "previous_response_id", Code: "previous_response_not_found",
				Message: "Previous response with id '" + id + "' not found.",
			}
		}
		t.history = previous.text
	}
	if id := conversationRef(req.Conversation); id != "" {
		c, found := d.conversations[id]
		if !found || c.deleted {
			e := missing("Conversation", id)
			return nil, &e
		}
		if c.busy {
			return nil, badRequest("", "conversation_locked",
				"Another process is currently operating on this conversation. Please retry in a few seconds.")
		}
		t.talk, t.history = c, itemsText(c.items)
	}
	t.prompt = strings.Join([]string{req.Instructions, t.history, itemsText(req.items())}, "\n")
	if tokens(t.prompt) > req.model.context {
		return nil, badRequest("input", "context_length_exceeded",
			"Your input exceeds the context window of this model. Please adjust your input and try again.")
	}
	if bad := d.lookUp(t); bad != nil {
		return nil, bad
	}
	t.cached = d.prefixes.hit(req.model.id, t.prompt)
	t.answer = d.nextAnswer(req.Text.Format.Name)
	if t.talk != nil {
		t.talk.busy = true
	}
	return t, nil
}

// release lets the next response into the conversation.
func (d *Double) release(t *turn) {
	if t.talk == nil {
		return
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	t.talk.busy = false
}

// keep stores what was answered and extends the conversation. shown is what the first read returns.
func (d *Double) keep(t *turn, out output, shown map[string]any) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if t.talk != nil {
		t.talk.items = append(t.talk.items, t.items()...)
		t.talk.items = append(t.talk.items, out.items()...)
	}
	if !t.stores() {
		return
	}
	d.responses[t.id] = &storedResponse{body: shown, pending: out.body, items: t.items(), text: t.prompt + "\n" + out.text}
}

// getResponse shows a response; a background one is found finished on the second look.
func (d *Double) getResponse(w http.ResponseWriter, r *http.Request) {
	d.withResponse(w, r, func(s *storedResponse) {
		core.WriteJSON(w, http.StatusOK, s.body)
		switch s.body["status"] {
		case "queued":
			s.body = maps.Clone(s.body)
			s.body["status"] = "in_progress"
		case "in_progress":
			s.body = s.pending
		}
	})
}

func (d *Double) deleteResponse(w http.ResponseWriter, r *http.Request) {
	d.withResponse(w, r, func(*storedResponse) {
		delete(d.responses, r.PathValue("id"))
		core.WriteJSON(w, http.StatusOK, map[string]any{"id": r.PathValue("id"), "object": "response", "deleted": true})
	})
}

func (d *Double) cancelResponse(w http.ResponseWriter, r *http.Request) {
	d.withResponse(w, r, func(s *storedResponse) {
		if background, _ := s.body["background"].(bool); !background {
			refuse(w, *badRequest("", "", "Cannot cancel a synchronous response."))
			return
		}
		if status := s.body["status"]; status == "queued" || status == "in_progress" {
			s.body = maps.Clone(s.body)
			s.body["status"] = "cancelled"
		}
		core.WriteJSON(w, http.StatusOK, s.body)
	})
}

func (d *Double) listInputItems(w http.ResponseWriter, r *http.Request) {
	d.withResponse(w, r, func(s *storedResponse) { core.WriteJSON(w, http.StatusOK, list(s.items, itemID)) })
}

// withResponse runs do on the response that the path names, under the lock.
func (d *Double) withResponse(w http.ResponseWriter, r *http.Request, do func(*storedResponse)) {
	d.mu.Lock()
	defer d.mu.Unlock()
	s, found := d.responses[r.PathValue("id")]
	if !found {
		refuse(w, missing("Response", r.PathValue("id")))
		return
	}
	do(s)
}

// itemsText joins the text of items, each on lines of its own.
func itemsText(items []map[string]any) string {
	var b strings.Builder
	for _, item := range items {
		parts, _ := item["content"].([]any)
		for _, part := range parts {
			if text, ok := partText(part); ok {
				b.WriteString(text + "\n")
			}
		}
	}
	return b.String()
}

func partText(part any) (string, bool) {
	fields, ok := part.(map[string]any)
	if !ok {
		return "", false
	}
	text, ok := fields["text"].(string)
	return text, ok
}
