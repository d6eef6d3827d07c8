package supabase

import (
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"
)

const (
	// chunkSize is what every chunk but the last must be, in bytes.
	chunkSize = 6 << 20
	// uploadLife is how long a resumable upload can be gone on with.
	uploadLife = 24 * time.Hour
	tusVersion = "1.0.0"
	tusContent = "application/offset+octet-stream"
)

// upload is a resumable upload in the making (tus 1.0.0). Its errors are sent with their true HTTP status, as text.
type upload struct {
	id      string
	target  object
	upsert  bool
	offset  int64
	length  int64 // -1 while it is deferred
	expires time.Time
	busy    bool
}

func (d *Double) resumableRoutes() {
	const path = storage + "/upload/resumable"
	tus := func(h http.HandlerFunc) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Tus-Resumable", tusVersion)
			if r.Header.Get("Tus-Resumable") != tusVersion && r.Method != http.MethodOptions {
				http.Error(w, "Tus-Resumable Required", http.StatusPreconditionFailed)
				return
			}
			h(w, r)
		}
	}
	d.api.HandleFunc("POST "+path, tus(d.beginUpload))
	d.api.HandleFunc("HEAD "+path+"/{id}", tus(d.headUpload))
	d.api.HandleFunc("PATCH "+path+"/{id}", tus(d.patchUpload))
	d.api.HandleFunc("DELETE "+path+"/{id}", tus(d.abandonUpload))
	d.api.HandleFunc("OPTIONS "+path, tus(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Tus-Version", tusVersion)
		w.Header().Set("Tus-Extension", "creation,creation-with-upload,creation-defer-length,termination,expiration")
		w.WriteHeader(http.StatusNoContent)
	}))
}

// beginUpload: POST /upload/resumable with Upload-Length (or Upload-Defer-Length: 1) and Upload-Metadata.
func (d *Double) beginUpload(w http.ResponseWriter, r *http.Request) {
	about := metadata(r.Header.Get("Upload-Metadata"))
	u := &upload{
		id: uuid.NewString(), upsert: r.Header.Get("X-Upsert") == "true", length: -1, expires: d.env.Clock.Now().Add(uploadLife),
		target: object{
			bucket: about["bucketName"], name: about["objectName"], contentType: about["contentType"],
			cacheControl: "max-age=" + about["cacheControl"],
		},
	}
	if r.Header.Get("Upload-Defer-Length") != "1" {
		length, err := strconv.ParseInt(r.Header.Get("Upload-Length"), 10, 64)
		if err != nil || length < 0 {
			http.Error(w, "Upload-Length or Upload-Defer-Length header required", http.StatusBadRequest)
			return
		}
		u.length = length
	}
	if err := errors.Join(d.check(u.target.bucket, u.target.name, u.upsert), d.checkLength(u.length)); err != nil {
		refuseUpload(w, err)
		return
	}
	f, err := d.newFile()
	if err == nil {
		u.target.file = f.Name()
		err = f.Close()
	}
	if err != nil {
		refuseUpload(w, err)
		return
	}
	withBody := r.Header.Get("Content-Type") == tusContent || u.length == 0
	u.busy = withBody
	defer d.release(u)
	d.mu.Lock()
	d.uploads[u.id] = u
	d.mu.Unlock()
	w.Header().Set("Location", d.env.URL(r, d.Name(), storage+"/upload/resumable/"+u.id))
	w.Header().Set("Upload-Expires", u.expires.Format(http.TimeFormat))
	if withBody {
		if err := d.take(u, r); err != nil {
			refuseUpload(w, err)
			return
		}
		w.Header().Set("Upload-Offset", strconv.FormatInt(u.offset, 10))
	}
	w.WriteHeader(http.StatusCreated)
}

// headUpload tells how much has arrived.
func (d *Double) headUpload(w http.ResponseWriter, r *http.Request) {
	d.mu.Lock()
	defer d.mu.Unlock()
	u := d.uploads[r.PathValue("id")]
	if status := d.gone(u); status != 0 {
		w.WriteHeader(status)
		return
	}
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("Upload-Offset", strconv.FormatInt(u.offset, 10))
	if u.length >= 0 {
		w.Header().Set("Upload-Length", strconv.FormatInt(u.length, 10))
	} else {
		w.Header().Set("Upload-Defer-Length", "1")
	}
	w.WriteHeader(http.StatusOK)
}

// patchUpload takes one chunk at the offset where the last one ended; the last chunk makes the object.
func (d *Double) patchUpload(w http.ResponseWriter, r *http.Request) {
	if r.Header.Get("Content-Type") != tusContent {
		http.Error(w, "Content-Type must be "+tusContent, http.StatusUnsupportedMediaType)
		return
	}
	d.mu.Lock()
	u := d.uploads[r.PathValue("id")]
	status := d.gone(u)
	switch {
	case status != 0:
	case u.busy, r.Header.Get("Upload-Offset") != strconv.FormatInt(u.offset, 10):
		status = http.StatusConflict
	default:
		u.busy = true
		if length, err := strconv.ParseInt(r.Header.Get("Upload-Length"), 10, 64); err == nil && u.length < 0 {
			u.length = length
		}
	}
	d.mu.Unlock()
	if status != 0 {
		http.Error(w, http.StatusText(status), status)
		return
	}
	defer d.release(u)
	if err := d.take(u, r); err != nil {
		refuseUpload(w, err)
		return
	}
	w.Header().Set("Upload-Offset", strconv.FormatInt(u.offset, 10))
	w.Header().Set("Upload-Expires", u.expires.Format(http.TimeFormat))
	w.WriteHeader(http.StatusNoContent)
}

// take writes a chunk behind what is there; one that is broken off is forgotten. The caller has made the upload busy.
func (d *Double) take(u *upload, r *http.Request) error {
	last := u.length >= 0 && r.ContentLength == u.length-u.offset
	if r.ContentLength != chunkSize && !last {
		return badRequest(fmt.Sprintf("every chunk but the last must be exactly %d bytes", chunkSize))
	}
	f, err := os.OpenFile(u.target.file, os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	n, err := io.Copy(io.NewOffsetWriter(f, u.offset), r.Body)
	if err != nil || n != r.ContentLength {
		return errors.Join(errInternal, f.Truncate(u.offset), f.Close())
	}
	if err := f.Close(); err != nil {
		return err
	}
	d.mu.Lock()
	u.offset += n
	d.mu.Unlock()
	if u.offset != u.length {
		return nil
	}
	o := u.target
	o.size, o.etag = u.offset, u.id
	d.mu.Lock()
	delete(d.uploads, u.id)
	d.mu.Unlock()
	return d.publish(&o, u.upsert)
}

func (d *Double) release(u *upload) {
	d.mu.Lock()
	defer d.mu.Unlock()
	u.busy = false
}

func (d *Double) abandonUpload(w http.ResponseWriter, r *http.Request) {
	d.mu.Lock()
	defer d.mu.Unlock()
	u := d.uploads[r.PathValue("id")]
	if status := d.gone(u); status != 0 {
		w.WriteHeader(status)
		return
	}
	delete(d.uploads, u.id)
	if err := os.Remove(u.target.file); err != nil {
		http.Error(w, errInternal.Message, http.StatusInternalServerError)
		return
	}
	w.WriteHeader(http.StatusNoContent)
}

// gone is the status of an upload that cannot be gone on with, 0 for one that can.
func (d *Double) gone(u *upload) int {
	switch {
	case u == nil:
		return http.StatusNotFound
	case !d.env.Clock.Now().Before(u.expires):
		return http.StatusGone
	}
	return 0
}

func (d *Double) checkLength(length int64) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if length > d.sizeLimit {
		return errTooLarge
	}
	return nil
}

// refuseUpload sends an error with its true status.
func refuseUpload(w http.ResponseWriter, err error) {
	e, ok := errors.AsType[storageError](err)
	if !ok {
		e = errInternal
	}
	status, _ := strconv.Atoi(e.Status) // the table above has numbers only
	http.Error(w, e.Message, status)
}

// metadata reads "name base64value,name base64value" (tus, Upload-Metadata).
func metadata(header string) map[string]string {
	about := map[string]string{}
	for pair := range strings.SplitSeq(header, ",") {
		name, value, _ := strings.Cut(strings.TrimSpace(pair), " ")
		if decoded, err := base64.StdEncoding.DecodeString(value); err == nil {
			about[name] = string(decoded)
		}
	}
	return about
}

// escape writes a path of names for a URL.
func escape(path string) string { return (&url.URL{Path: path}).EscapedPath() }
