package openai

import (
	"cmp"
	"net/http"
	"path"
	"slices"
	"strings"
	"time"

	"github.com/tertulia-dev/tertulia/infrastructure/sandbox/core"
)

// DefaultProcessing is how long, in real time, a file in a store is in_progress.
const DefaultProcessing = 20 * time.Millisecond

// searchable are the endings that the vendor's file_search takes, of those that people upload.
const searchable = " .c .cpp .cs .css .csv .doc .docx .go .html .java .js .json .md .pdf .php .pptx .py .rb .sh .tex .ts .txt "

// storeFile is a file in a store.
type storeFile struct {
	file       *file
	store      string
	createdAt  int64
	attributes map[string]any
	strategy   map[string]any
	readyAt    time.Time // real time
	cancelled  bool
	failure    *ScriptedFailure // what becomes of it when it is ready
	chunks     []string
}

// attachment is a file with what a request says of it.
type attachment struct {
	FileID           string         `json:"file_id"`
	Attributes       map[string]any `json:"attributes"`
	ChunkingStrategy map[string]any `json:"chunking_strategy"`
}

// Processing decides how files in stores are read from now on.
type Processing struct {
	// Ms is how long a file is in_progress, in milliseconds of real time.
	Ms int `json:"processingMs"`
	// Fail makes every file whose name contains it end as failed; "" none.
	Fail string `json:"fail"`
	// Code is that failure's: server_error when left out, unsupported_file or invalid_file.
	Code string `json:"code"`
}

// setProcessing: POST /stores.
func (d *Double) setProcessing(w http.ResponseWriter, r *http.Request) {
	settings := Processing{Ms: int(DefaultProcessing.Milliseconds())}
	if !core.DecodeControl(w, r, &settings) {
		return
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.processing = settings
	core.WriteJSON(w, http.StatusOK, settings)
}

// attach puts a file into a store; a file that is there already is read again. The caller holds the lock.
func (d *Double) attach(s *vectorStore, a attachment, param string) *apiError {
	f, found := d.files[a.FileID]
	if !found || d.expired(f) {
		e := apiError{status: http.StatusNotFound, Param: param, Message: "No such File object: " + a.FileID}
		return &e
	}
	if ending := strings.ToLower(path.Ext(f.Filename)); !strings.Contains(searchable, " "+ending+" ") {
		return badRequest(param, "unsupported_file", "Files with extensions [%s] are not supported for retrieval. "+
			"See https://platform.openai.com/docs/assistants/tools/file-search/supported-files", cmp.Or(ending, "none"))
	}
	sf := &storeFile{
		file: f, store: s.id, createdAt: d.now().Unix(), attributes: a.Attributes, strategy: a.ChunkingStrategy,
		readyAt: time.Now().Add(time.Duration(d.processing.Ms) * time.Millisecond),
	}
	if text, readable := textOf(f.Filename, f.content); readable {
		sf.chunks = chunksOf(text)
	} else {
		sf.failure = &ScriptedFailure{Code: "invalid_file", Message: "The file could not be parsed because it is not valid."}
	}
	if fail := d.processing.Fail; fail != "" && strings.Contains(f.Filename, fail) {
		sf.failure = &ScriptedFailure{Code: d.processing.Code, Message: "An internal error occurred while processing the file."}
	}
	s.files = slices.DeleteFunc(s.files, func(old *storeFile) bool { return old.file.ID == f.ID })
	s.files = append(s.files, sf)
	s.activeAt = d.now().Unix()
	return nil
}

func (f *storeFile) status() string {
	switch {
	case f.cancelled:
		return "cancelled"
	case time.Now().Before(f.readyAt):
		return "in_progress"
	case f.failure != nil:
		return "failed"
	}
	return "completed"
}

// usage is about what the vendor counts: the text and its vectors.
func (f *storeFile) usage() int {
	if f.status() != "completed" {
		return 0
	}
	n := 0
	for _, chunk := range f.chunks {
		n += len(chunk) + 1024
	}
	return n
}

func (f *storeFile) object() map[string]any {
	attributes, strategy := f.attributes, f.strategy
	if attributes == nil {
		attributes = map[string]any{}
	}
	if strategy == nil || strategy["type"] == "auto" {
		strategy = map[string]any{"type": "static", "static": map[string]any{"max_chunk_size_tokens": 800, "chunk_overlap_tokens": 400}}
	}
	object := map[string]any{
		"id": f.file.ID, "object": "vector_store.file", "usage_bytes": f.usage(), "created_at": f.createdAt,
		"vector_store_id": f.store, "status": f.status(), "last_error": nil, "attributes": attributes, "chunking_strategy": strategy,
	}
	if f.status() == "failed" {
		object["last_error"] = f.failure.object()
	}
	return object
}

func (d *Double) attachFile(w http.ResponseWriter, r *http.Request) {
	var body attachment
	if !readJSON(w, r, &body) {
		return
	}
	d.withStore(w, r, func(s *vectorStore) {
		if bad := d.attach(s, body, "file_id"); bad != nil {
			refuse(w, *bad)
			return
		}
		core.WriteJSON(w, http.StatusOK, s.files[len(s.files)-1].object())
	})
}

func (d *Double) listStoreFiles(w http.ResponseWriter, r *http.Request) {
	d.withStore(w, r, func(s *vectorStore) { writeStoreFiles(w, r, s.files) })
}

func writeStoreFiles(w http.ResponseWriter, r *http.Request, files []*storeFile) {
	var found []map[string]any
	for _, f := range files {
		if filter := r.URL.Query().Get("filter"); filter == "" || filter == f.status() {
			found = append(found, f.object())
		}
	}
	writePage(w, r.URL.Query(), found, itemID)
}

func (d *Double) getStoreFile(w http.ResponseWriter, r *http.Request) {
	d.withStoreFile(w, r, func(_ *vectorStore, f *storeFile) { core.WriteJSON(w, http.StatusOK, f.object()) })
}

func (d *Double) updateStoreFile(w http.ResponseWriter, r *http.Request) {
	var body attachment
	if !readJSON(w, r, &body) {
		return
	}
	d.withStoreFile(w, r, func(_ *vectorStore, f *storeFile) {
		f.attributes = body.Attributes
		core.WriteJSON(w, http.StatusOK, f.object())
	})
}

// deleteStoreFile takes a file out of a store; the file itself stays.
func (d *Double) deleteStoreFile(w http.ResponseWriter, r *http.Request) {
	d.withStoreFile(w, r, func(s *vectorStore, f *storeFile) {
		s.files = slices.DeleteFunc(s.files, func(other *storeFile) bool { return other == f })
		core.WriteJSON(w, http.StatusOK, map[string]any{"id": f.file.ID, "object": "vector_store.file.deleted", "deleted": true})
	})
}

func (d *Double) storeFileContent(w http.ResponseWriter, r *http.Request) {
	d.withStoreFile(w, r, func(_ *vectorStore, f *storeFile) {
		data := []any{}
		for _, chunk := range f.chunks {
			data = append(data, map[string]string{"type": "text", "text": chunk})
		}
		core.WriteJSON(w, http.StatusOK, map[string]any{
			"object": "vector_store.file_content.page", "data": data, "has_more": false, "next_page": nil,
		})
	})
}

// withStoreFile runs do on the store's file that the path names, under the lock.
func (d *Double) withStoreFile(w http.ResponseWriter, r *http.Request, do func(*vectorStore, *storeFile)) {
	d.withStore(w, r, func(s *vectorStore) {
		i := slices.IndexFunc(s.files, func(f *storeFile) bool { return f.file.ID == r.PathValue("file") })
		if i < 0 {
			refuse(w, apiError{
				status: http.StatusNotFound, Param: "file_id",
				Message: "No file found with id '" + r.PathValue("file") + "' in vector store '" + s.id + "'.",
			})
			return
		}
		do(s, s.files[i])
	})
}
