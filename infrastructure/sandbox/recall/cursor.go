package recall

import (
	"encoding/base64"
	"net/http"
	"strconv"

	"github.com/tertulia-dev/tertulia/infrastructure/sandbox/core"
)

// cursorPage answers one page of a list as {next,previous,results}; the cursor is opaque to clients.
func (d *Double) cursorPage(w http.ResponseWriter, r *http.Request, all []any) {
	start, ok := readCursor(r.URL.Query().Get("cursor"), len(all))
	if !ok {
		fail(w, http.StatusNotFound, "not_found", "Invalid cursor")
		return
	}
	size := d.settings.PageSize
	end := min(start+size, len(all))
	core.WriteJSON(w, http.StatusOK, map[string]any{
		"results":  append([]any{}, all[start:end]...),
		"next":     d.cursorLink(r, end, end < len(all)),
		"previous": d.cursorLink(r, max(start-size, 0), start > 0),
	})
}

// readCursor is the index that a cursor stands for; no cursor is the beginning.
func readCursor(cursor string, length int) (start int, ok bool) {
	if cursor == "" {
		return 0, true
	}
	raw, err := base64.URLEncoding.DecodeString(cursor)
	if err != nil {
		return 0, false
	}
	start, err = strconv.Atoi(string(raw))
	return start, err == nil && start >= 0 && start <= length
}

// cursorLink is the address of the page that begins at an index, or nil when there is none.
func (d *Double) cursorLink(r *http.Request, start int, exists bool) any {
	if !exists {
		return nil
	}
	q := r.URL.Query()
	q.Set("cursor", base64.URLEncoding.EncodeToString([]byte(strconv.Itoa(start))))
	return d.env.URL(r, d.Name(), r.URL.Path+"/?"+q.Encode())
}
