package openai

import (
	"cmp"
	"io"
	"net/http"
	"slices"
	"strconv"

	"github.com/tertulia-dev/tertulia/infrastructure/sandbox/core"
)

// maxFile bounds one uploaded file, in bytes: the vendor's 512 MB would not be kept in memory.
const maxFile = 64 << 20

type file struct {
	ID        string `json:"id"`
	Object    string `json:"object"`
	Bytes     int    `json:"bytes"`
	CreatedAt int64  `json:"created_at"`
	ExpiresAt *int64 `json:"expires_at"`
	Filename  string `json:"filename"`
	Purpose   string `json:"purpose"`
	Status    string `json:"status"`
	content   []byte
	serial    int
}

func (d *Double) uploadFile(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, maxFile)
	if err := r.ParseMultipartForm(maxFile); err != nil {
		refuse(w, *badRequest("", "", "Could not parse multipart form"))
		return
	}
	defer func() { _ = r.MultipartForm.RemoveAll() }()
	purposes := []string{"assistants", "batch", "fine-tune", "vision", "user_data", "evals"}
	purpose := r.FormValue("purpose")
	if !slices.Contains(purposes, purpose) {
		refuse(w, *badRequest("purpose", "", "'%s' is not one of %q - 'purpose'", purpose, purposes))
		return
	}
	part, header, err := r.FormFile("file")
	if err != nil {
		refuse(w, *badRequest("file", "", "'file' is a required property"))
		return
	}
	defer func() { _ = part.Close() }()
	content, err := io.ReadAll(part)
	if err != nil {
		refuse(w, *badRequest("file", "", "Could not read the file"))
		return
	}
	if len(content) == 0 {
		refuse(w, *badRequest("file", "", "File is empty."))
		return
	}
	f := &file{
		ID: newID("file"), Object: "file", Bytes: len(content), CreatedAt: d.now().Unix(), Filename: header.Filename,
		Purpose: purpose, Status: "processed", content: content,
	}
	if seconds, err := strconv.ParseInt(r.FormValue("expires_after[seconds]"), 10, 64); err == nil {
		expires := f.CreatedAt + seconds
		f.ExpiresAt = &expires
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	f.serial = len(d.files)
	d.files[f.ID] = f
	core.WriteJSON(w, http.StatusOK, f)
}

func (d *Double) listFiles(w http.ResponseWriter, r *http.Request) {
	d.mu.Lock()
	defer d.mu.Unlock()
	var found []*file
	for _, f := range d.files {
		if purpose := r.URL.Query().Get("purpose"); !d.expired(f) && (purpose == "" || purpose == f.Purpose) {
			found = append(found, f)
		}
	}
	slices.SortFunc(found, func(a, b *file) int { return cmp.Or(cmp.Compare(b.CreatedAt, a.CreatedAt), b.serial-a.serial) })
	core.WriteJSON(w, http.StatusOK, list(found, func(f *file) string { return f.ID }))
}

func (d *Double) getFile(w http.ResponseWriter, r *http.Request) {
	d.withFile(w, r, func(f *file) { core.WriteJSON(w, http.StatusOK, f) })
}

func (d *Double) deleteFile(w http.ResponseWriter, r *http.Request) {
	d.withFile(w, r, func(f *file) {
		delete(d.files, f.ID)
		for _, s := range d.stores { // the vendor takes it out of every store
			s.files = slices.DeleteFunc(s.files, func(in *storeFile) bool { return in.file == f })
		}
		core.WriteJSON(w, http.StatusOK, map[string]any{"id": f.ID, "object": "file", "deleted": true})
	})
}

func (d *Double) fileContent(w http.ResponseWriter, r *http.Request) {
	d.withFile(w, r, func(f *file) {
		if f.Purpose == "assistants" || f.Purpose == "user_data" {
			refuse(w, *badRequest("", "", "Not allowed to download files of purpose: %s", f.Purpose))
			return
		}
		w.Header().Set("Content-Type", "application/octet-stream")
		_, _ = w.Write(f.content)
	})
}

// withFile runs do on the file that the path names, under the lock.
func (d *Double) withFile(w http.ResponseWriter, r *http.Request, do func(*file)) {
	d.mu.Lock()
	defer d.mu.Unlock()
	f, found := d.files[r.PathValue("id")]
	if !found || d.expired(f) {
		refuse(w, apiError{status: http.StatusNotFound, Param: "id", Message: "No such File object: " + r.PathValue("id")})
		return
	}
	do(f)
}

func (d *Double) expired(f *file) bool { return f.ExpiresAt != nil && d.now().Unix() >= *f.ExpiresAt }
