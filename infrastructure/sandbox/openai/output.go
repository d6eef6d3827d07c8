package openai

import (
	"encoding/json"
	"unicode/utf8"
)

// output is a finished response: its body and the parts that a stream tells one by one.
type output struct {
	body map[string]any
	// reasoning and search are the items before the message, nil when the model did not reason, or had nothing to search.
	reasoning map[string]any
	search    map[string]any
	// message is nil when the response failed.
	message map[string]any
	text    string
	refused bool
	// citations annotate the text.
	citations []any
}

func (o output) items() []map[string]any {
	items := []map[string]any{}
	for _, item := range []map[string]any{o.reasoning, o.search, o.message} {
		if item != nil {
			items = append(items, item)
		}
	}
	return items
}

// write makes the answer: what the script says, or what the input and the schema suggest.
func (t *turn) write() output {
	var o output
	thought := 0
	if t.effort != "" && t.effort != "none" {
		thought = 2 * cacheBlock
		o.reasoning = map[string]any{"id": newID("rs"), "type": "reasoning", "summary": []any{}}
	}
	if failure := t.answer.Failed; failure != nil {
		o.reasoning = nil
		o.body = t.body("failed", nil)
		o.body["error"] = failure.object()
		return o
	}
	o.refused = t.answer.Refusal != ""
	o.text = t.answer.Refusal
	status, reason := "completed", t.answer.Incomplete
	o.search = t.call()
	if !o.refused {
		o.text = t.text()
		if t.answer.isOwn() {
			o.text, o.citations = t.cite(o.text)
		}
		if limit := t.MaxOutputTokens; limit != nil && tokens(o.text)+thought > *limit && reason == "" {
			reason = "max_output_tokens"
			o.text = cut(o.text, max(0, *limit-thought)*bytesPerToken)
		} else if reason != "" {
			o.text = cut(o.text, len(o.text)/2)
		}
	}
	if reason != "" {
		status, o.citations = "incomplete", nil
	}
	o.message = map[string]any{
		"id": newID("msg"), "type": "message", "role": "assistant", "status": status, "content": []any{o.part()},
	}
	o.body = t.body(status, o.items())
	if reason != "" {
		o.body["incomplete_details"] = map[string]any{"reason": reason}
	}
	o.body["usage"] = usage(tokens(t.prompt)+tokens(t.retrieved), t.cached, tokens(o.text), thought)
	return o
}

// part is the message's one content part.
func (o output) part() map[string]any {
	if o.refused {
		return map[string]any{"type": "refusal", "refusal": o.text}
	}
	citations := o.citations
	if citations == nil {
		citations = []any{}
	}
	return map[string]any{"type": "output_text", "text": o.text, "annotations": citations, "logprobs": []any{}}
}

func (f ScriptedFailure) object() map[string]any {
	if f.Code == "" {
		f.Code = "server_error"
	}
	if f.Message == "" {
		f.Message = "The model failed to generate a response."
	}
	return map[string]any{"code": f.Code, "message": f.Message}
}

// text is what the model says.
func (t *turn) text() string {
	switch {
	case len(t.answer.JSON) > 0:
		return string(t.answer.JSON)
	case t.answer.Text != "":
		return t.answer.Text
	}
	text := t.think()
	if t.answer.Malformed {
		return cut(text, len(text)*2/3)
	}
	return text
}

func (t *turn) think() string {
	heard := listen(t.prompt)
	switch {
	case t.schema != nil:
		return heard.fill(t.schema)
	case t.Text.Format.Type == "json_object":
		whole, _ := json.Marshal(map[string]string{"summary": heard.summary()}) // strings always encode
		return string(whole)
	}
	return heard.reply(lastQuestion(t.items()))
}

// lastQuestion is the text of the last user message.
func lastQuestion(items []map[string]any) string {
	for i := len(items) - 1; i >= 0; i-- {
		if items[i]["role"] == "user" {
			return itemsText(items[i : i+1])
		}
	}
	return ""
}

// body is the response object in the given state, with what the request says echoed.
func (t *turn) body(status string, items []map[string]any) map[string]any {
	if items == nil {
		items = []map[string]any{}
	}
	body := map[string]any{
		"id": t.id, "object": "response", "created_at": t.at, "status": status, "model": t.Model, "output": items,
		"error": nil, "incomplete_details": nil, "instructions": orNull(t.Instructions), "background": t.Background,
		"previous_response_id": orNull(t.PreviousResponseID), "store": t.stores(), "usage": nil, "conversation": nil,
		"max_output_tokens": t.MaxOutputTokens, "access_programs": map[string]string{"cyber": "standard"},
		"reasoning": map[string]any{"effort": orNull(t.effort), "summary": nil},
	}
	if status == "completed" {
		body["completed_at"] = t.at
	}
	if t.talk != nil {
		body["conversation"] = map[string]string{"id": t.talk.ID}
	}
	for name, fallback := range map[string]string{
		"tools": "[]", "tool_choice": `"auto"`, "parallel_tool_calls": "true", "metadata": "{}", "temperature": "1", "top_p": "1",
		"truncation": `"disabled"`, "text": `{"format":{"type":"text"},"verbosity":"medium"}`, "service_tier": `"default"`,
	} {
		body[name] = json.RawMessage(fallback)
		if sent, ok := t.fields[name]; ok && string(sent) != "null" {
			body[name] = sent
		}
	}
	return body
}

// cut shortens a text to at most n bytes, between two characters.
func cut(text string, n int) string {
	if n >= len(text) {
		return text
	}
	for n > 0 && !utf8.RuneStart(text[n]) {
		n--
	}
	return text[:n]
}
