package openai

import (
	"cmp"
	"net/http"
	"slices"
	"strconv"

	"github.com/tertulia-dev/tertulia/infrastructure/sandbox/core"
)

// maxStoreFiles is the most files that one request may put into a store.
const maxStoreFiles = 500

// vectorStore is a set of files that file_search reads.
type vectorStore struct {
	id, name, description string
	createdAt, activeAt   int64
	metadata              map[string]string
	expiresAfterDays      int
	files                 []*storeFile // in the order in which they came
	batches               map[string]*fileBatch
	serial                int
}

type storeBody struct {
	Name         *string           `json:"name"`
	Description  *string           `json:"description"`
	FileIDs      []string          `json:"file_ids"`
	Metadata     map[string]string `json:"metadata"`
	ExpiresAfter *struct {
		Anchor string `json:"anchor"`
		Days   int    `json:"days"`
	} `json:"expires_after"`
	ChunkingStrategy map[string]any `json:"chunking_strategy"`
}

func (d *Double) createStore(w http.ResponseWriter, r *http.Request) {
	var body storeBody
	if !readJSON(w, r, &body) {
		return
	}
	if len(body.FileIDs) > maxStoreFiles {
		refuse(w, *badRequest("file_ids", "array_above_max_length", "Invalid 'file_ids': array too long. Expected an array with "+
			"maximum length %d, but got an array with length %d instead.", maxStoreFiles, len(body.FileIDs)))
		return
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	now := d.now().Unix()
	s := &vectorStore{id: newID("vs"), createdAt: now, activeAt: now, batches: map[string]*fileBatch{}, serial: len(d.stores)}
	for i, id := range body.FileIDs {
		if bad := d.attach(s, attachment{FileID: id}, "file_ids["+strconv.Itoa(i)+"]"); bad != nil {
			refuse(w, *bad)
			return
		}
	}
	if bad := s.change(body); bad != nil {
		refuse(w, *bad)
		return
	}
	d.stores[s.id] = s
	core.WriteJSON(w, http.StatusOK, d.storeObject(s))
}

// change sets what the body names.
func (s *vectorStore) change(body storeBody) *apiError {
	if e := body.ExpiresAfter; e != nil {
		if e.Anchor != "last_active_at" || e.Days < 1 || e.Days > 365 {
			return badRequest("expires_after", "invalid_value", "Invalid 'expires_after': the anchor must be 'last_active_at' and days from 1 to 365.")
		}
		s.expiresAfterDays = e.Days
	}
	if body.Name != nil {
		s.name = *body.Name
	}
	if body.Description != nil {
		s.description = *body.Description
	}
	if body.Metadata != nil {
		s.metadata = body.Metadata
	}
	return nil
}

func (d *Double) listStores(w http.ResponseWriter, r *http.Request) {
	d.mu.Lock()
	defer d.mu.Unlock()
	all := make([]map[string]any, 0, len(d.stores))
	for _, s := range d.sortedStores() {
		all = append(all, d.storeObject(s))
	}
	writePage(w, r.URL.Query(), all, itemID)
}

// sortedStores are the stores, oldest first.
func (d *Double) sortedStores() []*vectorStore {
	var all []*vectorStore
	for _, s := range d.stores {
		all = append(all, s)
	}
	slices.SortFunc(all, func(a, b *vectorStore) int {
		return cmp.Or(cmp.Compare(a.createdAt, b.createdAt), cmp.Compare(a.serial, b.serial))
	})
	return all
}

func (d *Double) getStore(w http.ResponseWriter, r *http.Request) {
	d.withStore(w, r, func(s *vectorStore) { core.WriteJSON(w, http.StatusOK, d.storeObject(s)) })
}

func (d *Double) updateStore(w http.ResponseWriter, r *http.Request) {
	var body storeBody
	if !readJSON(w, r, &body) {
		return
	}
	d.withStore(w, r, func(s *vectorStore) {
		if bad := s.change(body); bad != nil {
			refuse(w, *bad)
			return
		}
		core.WriteJSON(w, http.StatusOK, d.storeObject(s))
	})
}

// deleteStore forgets the store; its files stay.
func (d *Double) deleteStore(w http.ResponseWriter, r *http.Request) {
	d.withStore(w, r, func(s *vectorStore) {
		delete(d.stores, s.id)
		core.WriteJSON(w, http.StatusOK, map[string]any{"id": s.id, "object": "vector_store.deleted", "deleted": true})
	})
}

// withStore runs do on the store that the path names, under the lock.
func (d *Double) withStore(w http.ResponseWriter, r *http.Request, do func(*vectorStore)) {
	d.mu.Lock()
	defer d.mu.Unlock()
	s, found := d.stores[r.PathValue("id")]
	if !found {
		refuse(w, missing("Vector store", r.PathValue("id")))
		return
	}
	do(s)
}

func (d *Double) storeObject(s *vectorStore) map[string]any {
	counts, bytes := map[string]int{"in_progress": 0, "completed": 0, "failed": 0, "cancelled": 0, "total": len(s.files)}, 0
	for _, f := range s.files {
		counts[f.status()]++
		bytes += f.usage()
	}
	status := "completed"
	if counts["in_progress"] > 0 {
		status = "in_progress"
	}
	object := map[string]any{
		"id": s.id, "object": "vector_store", "created_at": s.createdAt, "name": s.name, "usage_bytes": bytes,
		"file_counts": counts, "status": status, "expires_at": nil, "last_active_at": s.activeAt, "metadata": s.metadata,
	}
	if s.description != "" {
		object["description"] = s.description
	}
	if s.expiresAfterDays > 0 {
		object["expires_after"] = map[string]any{"anchor": "last_active_at", "days": s.expiresAfterDays}
		object["expires_at"] = s.activeAt + int64(s.expiresAfterDays)*86_400
	}
	if s.metadata == nil {
		object["metadata"] = map[string]string{}
	}
	return object
}
