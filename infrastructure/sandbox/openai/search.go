package openai

import (
	"cmp"
	"encoding/json"
	"net/http"
	"slices"
	"strings"

	"github.com/tertulia-dev/tertulia/infrastructure/sandbox/core"
)

// hit is a chunk of a file that a query found.
type hit struct {
	file  *storeFile
	text  string
	score float64 // the share of the query's words that it has, from 0 to 1
}

// search ranks the chunks of the completed files of a store, best first; what shares no word with the query is not found.
// The caller holds the lock.
func (s *vectorStore) search(queries []string, limit int, threshold float64) []hit {
	words := map[string]bool{}
	for _, query := range queries {
		for word := range strings.FieldsSeq(strings.ToLower(query)) {
			if word = bare(word); len(word) > 3 {
				words[word] = true
			}
		}
	}
	var hits []hit
	for _, f := range s.files {
		if f.status() != "completed" {
			continue
		}
		for _, chunk := range f.chunks {
			if score := likeness(words, strings.ToLower(chunk)); score > 0 && score >= threshold {
				hits = append(hits, hit{file: f, text: chunk, score: score})
			}
		}
	}
	slices.SortStableFunc(hits, func(a, b hit) int { return cmp.Compare(b.score, a.score) })
	return hits[:min(limit, len(hits))]
}

func likeness(words map[string]bool, text string) float64 {
	n := 0
	for word := range words {
		if strings.Contains(text, word) {
			n++
		}
	}
	if n == 0 {
		return 0
	}
	return float64(n) / float64(len(words))
}

// searchStore: POST /v1/vector_stores/{id}/search.
func (d *Double) searchStore(w http.ResponseWriter, r *http.Request) {
	var body struct {
		Query          json.RawMessage `json:"query"`
		MaxNumResults  int             `json:"max_num_results"`
		RankingOptions struct {
			ScoreThreshold float64 `json:"score_threshold"`
		} `json:"ranking_options"`
	}
	body.MaxNumResults = 10
	if !readJSON(w, r, &body) {
		return
	}
	var queries []string
	var query string
	if json.Unmarshal(body.Query, &query) == nil {
		queries = []string{query}
	} else {
		_ = json.Unmarshal(body.Query, &queries) // what is no list of strings is no query
	}
	switch {
	case len(queries) == 0:
		refuse(w, *badRequest("query", "missing_required_parameter", "Missing required parameter: 'query'."))
		return
	case body.MaxNumResults < 1 || body.MaxNumResults > 50:
		refuse(w, *badRequest("max_num_results", "invalid_value", "Invalid 'max_num_results': expected an integer from 1 to 50."))
		return
	}
	d.withStore(w, r, func(s *vectorStore) {
		data := []any{}
		for _, h := range s.search(queries, body.MaxNumResults, body.RankingOptions.ScoreThreshold) {
			data = append(data, map[string]any{
				"file_id": h.file.file.ID, "filename": h.file.file.Filename, "score": h.score,
				"attributes": h.file.object()["attributes"], "content": []any{map[string]string{"type": "text", "text": h.text}},
			})
		}
		core.WriteJSON(w, http.StatusOK, map[string]any{
			"object": "vector_store.search_results.page", "search_query": queries, "data": data, "has_more": false, "next_page": nil,
		})
	})
}
