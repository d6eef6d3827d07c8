package openai

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"slices"
	"time"

	"github.com/tertulia-dev/tertulia/infrastructure/sandbox/core"
)

// Answer is what one response will be. The zero value is the double's own answer, generated from the schema and the
// transcript. The first field that is set among Error, Failed, Refusal, JSON, Text and Malformed decides.
type Answer struct {
	// Schema keeps the answer for a request whose schema has this name; those of another one pass it by.
	Schema string `json:"schema"`
	// Text is the output text.
	Text string `json:"text"`
	// JSON is the output text too, written as JSON so that it need not be quoted.
	JSON json.RawMessage `json:"json"`
	// Refusal is the model's refusal to answer.
	Refusal string `json:"refusal"`
	// Malformed spoils the structured output: the generated text ends in the middle, in a response that says completed.
	Malformed bool `json:"malformed"`
	// Incomplete is the reason of a response.incomplete ("max_output_tokens", "content_filter"); half of the text is sent.
	Incomplete string `json:"incomplete"`
	// Error is an error answer: an HTTP status with a body or, in a stream, optionally an error event.
	Error *ScriptedError `json:"error"`
	// Failed makes a response that ends as failed (HTTP 200), with a code such as "server_error".
	Failed *ScriptedFailure `json:"failed"`
	// CutAfterEvents closes a stream cleanly after so many events, before its terminal one.
	CutAfterEvents *int `json:"cut_after_events"`
	// DelayMs is how long the model thinks, in milliseconds of real time.
	DelayMs int `json:"delayMs"`
	// DeltaMs is how long the model thinks before each text delta of a stream, in milliseconds of real time.
	DeltaMs int `json:"deltaMs"`
}

// ScriptedError is the vendor's error object with its HTTP status (500 when 0).
type ScriptedError struct {
	Status  int    `json:"status"`
	Code    string `json:"code"`
	Message string `json:"message"`
	Type    string `json:"type"`
	Param   string `json:"param"`
	// RetryAfter is sent as the header of that name, in seconds, when above 0.
	RetryAfter int `json:"retryAfter"`
	// Stream sends the error of a streamed request as an event after response.in_progress, in one of the two shapes that
	// the vendor uses: "flat" ({"type":"error","code":…}) or "nested" ({"type":"error","error":{…}}).
	Stream string `json:"stream"`
}

// ScriptedFailure is the error of a failed response.
type ScriptedFailure struct {
	Code    string `json:"code"`
	Message string `json:"message"`
}

// queueScript: POST /script takes one answer or an array of them, and adds them to what is already queued.
func (d *Double) queueScript(w http.ResponseWriter, r *http.Request) {
	var answers answers
	if !core.DecodeControl(w, r, &answers) {
		return
	}
	d.Script(answers...)
	d.mu.Lock()
	defer d.mu.Unlock()
	core.WriteJSON(w, http.StatusOK, map[string]int{"queued": len(d.script)})
}

// answers reads one answer or an array of them.
type answers []Answer

// UnmarshalJSON refuses unknown fields: a misspelt one would silently script nothing.
func (a *answers) UnmarshalJSON(raw []byte) error {
	if !bytes.HasPrefix(raw, []byte("[")) {
		raw = slices.Concat([]byte("["), raw, []byte("]"))
	}
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.DisallowUnknownFields()
	return dec.Decode((*[]Answer)(a))
}

// Script queues answers for the next responses.
func (d *Double) Script(answers ...Answer) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.script = append(d.script, answers...)
}

// nextAnswer takes the next scripted answer that is for a request with a schema of that name, or the zero one. The caller
// holds the lock.
func (d *Double) nextAnswer(schema string) Answer {
	i := slices.IndexFunc(d.script, func(a Answer) bool { return a.Schema == "" || a.Schema == schema })
	if i < 0 {
		return Answer{}
	}
	next := d.script[i]
	d.script = slices.Delete(d.script, i, i+1)
	return next
}

// think waits as long as the script says, and tells whether the client was still there at the end.
func (a Answer) think(r *http.Request) bool { return waited(r.Context(), a.DelayMs) }

// waited lets so many milliseconds of real time pass, and tells whether the context outlived them.
func waited(ctx context.Context, ms int) bool {
	if ms <= 0 {
		return ctx.Err() == nil
	}
	timer := time.NewTimer(time.Duration(ms) * time.Millisecond)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}

// isOwn tells whether the text is the double's own.
func (a Answer) isOwn() bool {
	return a.Refusal == "" && len(a.JSON) == 0 && a.Text == "" && !a.Malformed
}

// apiError is the scripted error as the vendor sends it.
func (e ScriptedError) apiError() apiError {
	out := apiError{status: e.Status, Message: e.Message, Type: e.Type, Param: e.Param, Code: e.Code}
	if out.status == 0 {
		out.status = http.StatusInternalServerError
	}
	if out.Message == "" {
		out.Message = "The server had an error while processing your request. Sorry about that!"
	}
	if out.Type == "" && out.status >= http.StatusInternalServerError {
		out.Type = "server_error"
	}
	if out.Type == "" && out.status == http.StatusTooManyRequests {
		out.Type = "requests"
	}
	return out
}
