package openai

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"github.com/tertulia-dev/tertulia/infrastructure/sandbox/core"
)

const (
	defaultPage = 20
	maxPage     = 100
)

// writePage answers with the part of a list that the query asks for: limit, order, after and before. items are given
// oldest first; the vendor's order is newest first unless the query says asc.
func writePage[T any](w http.ResponseWriter, q url.Values, items []T, id func(T) string) {
	limit := defaultPage
	if asked := q.Get("limit"); asked != "" {
		n, err := strconv.Atoi(asked)
		if err != nil || n < 1 || n > maxPage {
			refuse(w, *badRequest("limit", "invalid_value", "Invalid 'limit': expected an integer from 1 to %d.", maxPage))
			return
		}
		limit = n
	}
	items = slices.Clone(items)
	if q.Get("order") != "asc" {
		slices.Reverse(items)
	}
	at := func(cursor string) int {
		return slices.IndexFunc(items, func(item T) bool { return id(item) == cursor })
	}
	if i := at(q.Get("after")); i >= 0 {
		items = items[i+1:]
	}
	if i := at(q.Get("before")); i >= 0 {
		items = items[max(0, i-limit):i]
	}
	more := len(items) > limit
	page := list(items[:min(limit, len(items))], id)
	page["has_more"] = more
	core.WriteJSON(w, http.StatusOK, page)
}
