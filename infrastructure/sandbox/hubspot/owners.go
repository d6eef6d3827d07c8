package hubspot

import (
	"cmp"
	"hash/crc32"
	"net/http"
	"slices"

	"github.com/tertulia-dev/tertulia/infrastructure/sandbox/core"
)

// listOwners: GET /crm/owners/{version}?email=&limit=&after=&archived=. The cursor is the last owner's ID.
func (d *Double) listOwners(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	limit := atoi(q.Get("limit"), 100, 500)
	d.mu.Lock()
	defer d.mu.Unlock()
	var found []owner
	for _, o := range d.owners {
		if o.Archived == (q.Get("archived") == "true") && (q.Get("email") == "" || foldEqual(o.Email, q.Get("email"))) {
			found = append(found, o)
		}
	}
	slices.SortFunc(found, func(a, b owner) int {
		return cmp.Or(cmp.Compare(len(a.ID), len(b.ID)), cmp.Compare(a.ID, b.ID))
	})
	if after := q.Get("after"); after != "" {
		i := slices.IndexFunc(found, func(o owner) bool { return o.ID == after })
		found = found[i+1:]
	}
	body := map[string]any{}
	if len(found) > limit {
		found = found[:limit]
		body["paging"] = map[string]any{"next": map[string]string{"after": found[limit-1].ID}}
	}
	results := []any{}
	for _, o := range found {
		results = append(results, d.ownerJSON(o))
	}
	body["results"] = results
	core.WriteJSON(w, http.StatusOK, body)
}

// getOwner: GET /crm/owners/{version}/{id}?archived=. An archived owner is found only when asked for.
func (d *Double) getOwner(w http.ResponseWriter, r *http.Request) {
	d.mu.Lock()
	defer d.mu.Unlock()
	o, found := d.owner(r.PathValue("id"))
	if !found || o.Archived != (r.URL.Query().Get("archived") == "true") {
		refuseMissing(w)
		return
	}
	core.WriteJSON(w, http.StatusOK, d.ownerJSON(o))
}

func (d *Double) ownerJSON(o owner) map[string]any {
	user := int32(crc32.ChecksumIEEE([]byte(o.ID)) & 0x7fffffff)
	at := "2025-01-15T09:00:00.000Z"
	body := map[string]any{
		"id": o.ID, "email": o.Email, "type": "PERSON", "firstName": o.FirstName, "lastName": o.LastName,
		"userIdIncludingInactive": user, "createdAt": at, "updatedAt": at, "archived": o.Archived,
	}
	if !o.Archived {
		body["userId"] = user
	}
	return body
}
