package openai

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"unicode/utf8"
)

// deltaSize is about how many bytes one text delta carries.
const deltaSize = 24

// stream writes server-sent events in the vendor's order. Once cut or left by its client it writes nothing more.
type stream struct {
	w      http.ResponseWriter
	turn   *turn
	serial int
	over   bool
}

func newStream(w http.ResponseWriter, t *turn) *stream {
	w.Header().Set("Content-Type", "text/event-stream; charset=utf-8")
	w.Header().Set("Cache-Control", "no-cache")
	w.WriteHeader(http.StatusOK)
	return &stream{w: w, turn: t}
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
	if o.message != nil {
		s.message(index, o)
	}
	status, _ := o.body["status"].(string)
	s.event("response."+status, map[string]any{"response": o.body})
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
		s.event(kind+".delta", said("delta", piece))
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
	if _, err := fmt.Fprintf(s.w, "event: %s\ndata: %s\n\n", kind, line); err != nil {
		s.over = true
		return
	}
	if http.NewResponseController(s.w).Flush() != nil {
		s.over = true
	}
}
