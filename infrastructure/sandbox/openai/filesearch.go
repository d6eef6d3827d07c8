package openai

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
)

// searchTool is the file_search tool of a request.
type searchTool struct {
	Type           string   `json:"type"`
	Stores         []string `json:"vector_store_ids"`
	MaxNumResults  int      `json:"max_num_results"`
	RankingOptions struct {
		ScoreThreshold float64 `json:"score_threshold"`
	} `json:"ranking_options"`
}

// checkTools reads the tools: file_search is played, functions are taken and never called, and others are not known here.
func (req *request) checkTools() *apiError {
	var tools []searchTool
	if raw := req.fields["tools"]; len(raw) > 0 && json.Unmarshal(raw, &tools) != nil {
		return badRequest("tools", "invalid_type", "Invalid type for 'tools': expected an array of objects.")
	}
	for i, tool := range tools {
		at := fmt.Sprintf("tools[%d]", i)
		switch {
		case tool.Type == "function" || tool.Type == "custom":
		case tool.Type != "file_search":
			return badRequest(at, "invalid_value", "Invalid value: '%s'. Supported values are: 'file_search', 'function', and 'custom'.", tool.Type)
		case len(tool.Stores) == 0:
			return badRequest(at+".vector_store_ids", "missing_required_parameter", "Missing required parameter: '%s.vector_store_ids'.", at)
		case tool.MaxNumResults < 0 || tool.MaxNumResults > 50:
			return badRequest(at+".max_num_results", "invalid_value", "Invalid '%s.max_num_results': expected an integer from 1 to 50.", at)
		default:
			req.search = &tools[i]
		}
	}
	return nil
}

// lookUp runs the file_search of a turn, if it has one. The caller holds the lock.
func (d *Double) lookUp(t *turn) *apiError {
	if t.search == nil {
		return nil
	}
	t.query = shorten(strings.TrimSpace(questionOf(lastQuestion(t.items()))), 400)
	limit := t.search.MaxNumResults
	if limit == 0 {
		limit = 20
	}
	for _, id := range t.search.Stores {
		s, found := d.stores[id]
		if !found {
			e := missing("Vector store", id)
			e.Param = "tools"
			return &e
		}
		s.activeAt = d.now().Unix()
		t.hits = append(t.hits, s.search([]string{t.query}, limit, t.search.RankingOptions.ScoreThreshold)...)
	}
	slices.SortStableFunc(t.hits, func(a, b hit) int { return cmp.Compare(b.score, a.score) })
	t.hits = t.hits[:min(limit, len(t.hits))]
	for _, h := range t.hits {
		t.retrieved += "\n" + h.text
	}
	return nil
}

// questionOf drops a conversation that was sent along with the question.
func questionOf(text string) string {
	var b strings.Builder
	for row := range strings.Lines(text) {
		if _, said := parseLine(strings.TrimSpace(row)); !said {
			b.WriteString(row)
		}
	}
	return b.String()
}

// call is the file_search_call item of a turn.
func (t *turn) call() map[string]any {
	if t.search == nil {
		return nil
	}
	item := map[string]any{
		"id": newID("fs"), "type": "file_search_call", "status": "completed", "queries": []string{t.query}, "results": nil,
	}
	if slices.Contains(t.Include, "file_search_call.results") {
		results := []any{}
		for _, h := range t.hits {
			results = append(results, map[string]any{
				"file_id": h.file.file.ID, "filename": h.file.file.Filename, "text": h.text, "score": h.score,
				"attributes": h.file.object()["attributes"],
			})
		}
		item["results"] = results
	}
	return item
}

// cite adds to a reply in prose what the best file says, and annotates it.
func (t *turn) cite(text string) (string, []any) {
	if len(t.hits) == 0 || t.schema != nil || t.Text.Format.Type == "json_object" {
		return text, nil
	}
	best := t.hits[0]
	words := phrasesOf(strings.ToLower(t.prompt))
	text += "\n\n" + fmt.Sprintf(words.said, best.file.file.Filename, shorten(strings.Join(strings.Fields(best.text), " "), 240))
	return text, []any{map[string]any{
		"type": "file_citation", "file_id": best.file.file.ID, "filename": best.file.file.Filename, "index": len([]rune(text)),
	}}
}
