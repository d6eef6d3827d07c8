package openai

import (
	"net/http"

	"github.com/tertulia-dev/tertulia/infrastructure/sandbox/core"
)

// fileBatch is a set of files that were put into a store together.
type fileBatch struct {
	id        string
	createdAt int64
	files     []*storeFile
	cancelled bool
}

func (d *Double) createBatch(w http.ResponseWriter, r *http.Request) {
	var body struct {
		FileIDs          []string       `json:"file_ids"`
		Files            []attachment   `json:"files"`
		Attributes       map[string]any `json:"attributes"`
		ChunkingStrategy map[string]any `json:"chunking_strategy"`
	}
	if !readJSON(w, r, &body) {
		return
	}
	for _, id := range body.FileIDs {
		body.Files = append(body.Files, attachment{FileID: id, Attributes: body.Attributes, ChunkingStrategy: body.ChunkingStrategy})
	}
	if len(body.Files) == 0 {
		refuse(w, *badRequest("file_ids", "missing_required_parameter", "Missing required parameter: 'file_ids'."))
		return
	}
	d.withStore(w, r, func(s *vectorStore) {
		b := &fileBatch{id: newID("vsfb"), createdAt: d.now().Unix()}
		for _, a := range body.Files {
			if bad := d.attach(s, a, "file_ids"); bad != nil {
				refuse(w, *bad)
				return
			}
			b.files = append(b.files, s.files[len(s.files)-1])
		}
		s.batches[b.id] = b
		core.WriteJSON(w, http.StatusOK, b.object(s))
	})
}

func (b *fileBatch) object(s *vectorStore) map[string]any {
	counts := map[string]int{"in_progress": 0, "completed": 0, "failed": 0, "cancelled": 0, "total": len(b.files)}
	for _, f := range b.files {
		counts[f.status()]++
	}
	status := "completed"
	switch {
	case b.cancelled:
		status = "cancelled"
	case counts["in_progress"] > 0:
		status = "in_progress"
	}
	return map[string]any{
		"id": b.id, "object": "vector_store.files_batch", "created_at": b.createdAt, "vector_store_id": s.id,
		"status": status, "file_counts": counts,
	}
}

func (d *Double) getBatch(w http.ResponseWriter, r *http.Request) {
	d.withBatch(w, r, func(s *vectorStore, b *fileBatch) { core.WriteJSON(w, http.StatusOK, b.object(s)) })
}

func (d *Double) cancelBatch(w http.ResponseWriter, r *http.Request) {
	d.withBatch(w, r, func(s *vectorStore, b *fileBatch) {
		for _, f := range b.files {
			if f.status() == "in_progress" {
				f.cancelled, b.cancelled = true, true
			}
		}
		core.WriteJSON(w, http.StatusOK, b.object(s))
	})
}

func (d *Double) listBatchFiles(w http.ResponseWriter, r *http.Request) {
	d.withBatch(w, r, func(_ *vectorStore, b *fileBatch) { writeStoreFiles(w, r, b.files) })
}

func (d *Double) withBatch(w http.ResponseWriter, r *http.Request, do func(*vectorStore, *fileBatch)) {
	d.withStore(w, r, func(s *vectorStore) {
		b, found := s.batches[r.PathValue("batch")]
		if !found {
			refuse(w, missing("Vector store file batch", r.PathValue("batch")))
			return
		}
		do(s, b)
	})
}
