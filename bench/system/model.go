package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
)

// rehearse has the model's double answer the next n meetings at once: with what it has answered to one like them before,
// which it otherwise makes anew of every transcript, on the processors that the measured system works on.
func (h house) rehearse(ctx context.Context, n int) error {
	var heard struct {
		Requests []struct{ Method, Path, Body string }
	}
	if err := h.Control(ctx, "/ledger?vendor=openai", nil, &heard); err != nil {
		return err
	}
	type scripted struct {
		Schema string `json:"schema"`
		Text   string `json:"text"`
	}
	known, script := map[string]bool{}, []scripted{}
	for _, r := range heard.Requests {
		var asked struct {
			Text struct{ Format struct{ Name string } }
		}
		if json.Unmarshal([]byte(r.Body), &asked) != nil || asked.Text.Format.Name == "" || known[asked.Text.Format.Name] {
			continue
		}
		known[asked.Text.Format.Name] = true
		text, err := h.ask(ctx, r.Path, r.Body)
		if err != nil {
			return err
		}
		for range n {
			script = append(script, scripted{asked.Text.Format.Name, text})
		}
	}
	if len(script) == 0 {
		return fmt.Errorf("the model was asked nothing in %d requests", len(heard.Requests))
	}
	return h.Control(ctx, "/openai/script", script, nil)
}

// ask puts a question to the model's double once more and returns its words.
func (h house) ask(ctx context.Context, path, body string) (string, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, h.Sandbox.URL+"/openai"+path, bytes.NewBufferString(body))
	if err != nil {
		return "", err
	}
	r.Header.Set("Authorization", "Bearer sandbox")
	r.Header.Set("Content-Type", "application/json")
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		return "", err
	}
	defer func() { _ = answer.Body.Close() }()
	var said struct {
		Output []struct {
			Content []struct{ Text string }
		}
	}
	if err := json.NewDecoder(answer.Body).Decode(&said); err != nil {
		return "", err
	}
	for _, item := range said.Output { // what it thought comes before
		for _, part := range item.Content {
			return part.Text, nil
		}
	}
	return "", fmt.Errorf("the model answered %s and said nothing", answer.Status)
}
