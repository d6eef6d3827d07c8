package openai

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"time"
	"unicode/utf8"

	"github.com/tertulia-dev/tertulia/infrastructure/sandbox/core"
)

// deltaSize is about how many bytes one text delta carries.
const deltaSize = 24

// Streams counts the streamed responses since the last reset.
type Streams struct {
	// Open are being told now, Told came to their end or to their scripted cut, and Left lost their client before.
	Open int `json:"open"`
	Told int `json:"told"`
	Left int `json:"left"`
	// LeftAt is when each of those that were left lost its client, in order and by the machine's clock.
	LeftAt []time.Time `json:"left_at"`
}

// stream writes server-sent events in the vendor's order. Once cut or left by its client it writes nothing more.
type stream struct {
	ctx    context.Context //nolint:containedctx // of the request, for as long as it lasts
	w      http.ResponseWriter
	turn   *turn
	serial int
	over   bool
	left   bool // by its client
}

// stream tells a response to the client as it goes.
func (d *Double) stream(w http.ResponseWriter, r *http.Request, t *turn, o output) {
	w.Header().Set("Content-Type", "text/event-stream; charset=utf-8")
	w.Header().Set("Cache-Control", "no-cache")
	w.WriteHeader(http.StatusOK)
	d.count(func(s *Streams) { s.Open++ })
	s := &stream{ctx: r.Context(), w: w, turn: t}
	s.play(o)
	d.count(func(c *Streams) {
		c.Open--
		if s.left {
			c.Left, c.LeftAt = c.Left+1, append(c.LeftAt, time.Now())
		} else {
			c.Told++
		}
	})
}

func (d *Double) count(change func(*Streams)) {
	d.mu.Lock()
	defer d.mu.Unlock()
	change(&d.streams)
}

// showStreams: GET /streams.
func (d *Double) showStreams(w http.ResponseWriter, _ *http.Request) {
	d.mu.Lock()
	defer d.mu.Unlock()
	core.WriteJSON(w, http.StatusOK, d.streams)
}

// play tells the whole response, event by event.
func (s *stream) play(o output) {
	started := s.turn.body("in_progress", nil)
	s.event("response.created", map[string]any{"response": started})
	s.event("response.in_progress", map[string]any{"response": started})
	if e := s.turn.answer.Error; e != nil {
		s.fail(*e)
		return
	}
	index := 0
	if o.reasoning != nil {
		s.event("response.output_item.added", map[string]any{"output_index": index, "item": o.reasoning})
		s.event("response.output_item.done", map[string]any{"output_index": index, "item": o.reasoning})
		index++
	}
	if o.search != nil && o.message != nil {
		s.searched(index, o.search)
		index++
	}
	if o.message != nil {
		s.message(index, o)
	}
	status, _ := o.body["status"].(string)
	s.event("response."+status, map[string]any{"response": o.body})
}

// searched tells a file_search call.
func (s *stream) searched(index int, item map[string]any) {
	begun := maps.Clone(item)
	begun["status"], begun["results"] = "in_progress", nil
	s.event("response.output_item.added", map[string]any{"output_index": index, "item": begun})
	for _, step := range []string{"in_progress", "searching", "completed"} {
		s.event("response.file_search_call."+step, map[string]any{"output_index": index, "item_id": item["id"]})
	}
	s.event("response.output_item.done", map[string]any{"output_index": index, "item": item})
}

// message tells one message item with its only part.
func (s *stream) message(index int, o output) {
	begun := maps.Clone(o.message)
	begun["status"], begun["content"] = "in_progress", []any{}
	s.event("response.output_item.added", map[string]any{"output_index": index, "item": begun})

	at := func(more map[string]any) map[string]any {
		more["item_id"], more["output_index"], more["content_index"] = o.message["id"], index, 0
		return more
	}
	kind, field := "response.output_text", "text"
	if o.refused {
		kind, field = "response.refusal", "refusal"
	}
	said := func(name, text string) map[string]any {
		fields := at(map[string]any{name: text})
		if !o.refused {
			fields["logprobs"] = []any{}
		}
		return fields
	}
	s.event("response.content_part.added", at(map[string]any{"part": output{refused: o.refused}.part()}))
	for rest := o.text; rest != ""; {
		piece := firstPiece(rest)
		rest = rest[len(piece):]
		if !waited(s.ctx, s.turn.answer.DeltaMs) {
			s.over, s.left = true, true
		}
		s.event(kind+".delta", said("delta", piece))
	}
	for i, citation := range o.citations {
		s.event(kind+".annotation.added", at(map[string]any{"annotation_index": i, "annotation": citation}))
	}
	s.event(kind+".done", said(field, o.text))
	s.event("response.content_part.done", at(map[string]any{"part": o.part()}))
	s.event("response.output_item.done", map[string]any{"output_index": index, "item": o.message})
}

// firstPiece is the next delta: whole characters.
func firstPiece(text string) string {
	n := min(deltaSize, len(text))
	for n < len(text) && !utf8.RuneStart(text[n]) {
		n++
	}
	return text[:n]
}

// fail ends the stream with an error event of the scripted shape.
func (s *stream) fail(e ScriptedError) {
	fault := e.apiError()
	if e.Stream == "nested" {
		s.event("error", map[string]any{"error": fault})
		return
	}
	s.event("error", map[string]any{"code": orNull(fault.Code), "message": fault.Message, "param": orNull(fault.Param)})
}

// event writes and flushes one event, unless the script has cut the stream before it.
func (s *stream) event(kind string, body map[string]any) {
	if limit := s.turn.answer.CutAfterEvents; limit != nil && s.serial >= *limit {
		s.over = true
	}
	if s.over {
		return
	}
	body["type"], body["sequence_number"] = kind, s.serial
	s.serial++
	line, err := json.Marshal(body)
	if err != nil {
		s.over = true
		return
	}
	_, err = fmt.Fprintf(s.w, "event: %s\ndata: %s\n\n", kind, line)
	if err != nil || http.NewResponseController(s.w).Flush() != nil {
		s.over, s.left = true, true
	}
}
