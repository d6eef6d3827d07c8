package s3

import (
	"crypto/md5"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
)

// put stores an object, or a part of an upload when the query names one.
func (d *Double) put(w http.ResponseWriter, r *http.Request) {
	if r.URL.Query().Has("uploadId") {
		d.putPart(w, r)
		return
	}
	o, refused := d.receive(r)
	if refused != nil {
		refuse(w, r, *refused)
		return
	}
	if err := d.publish(r.PathValue("key"), o); err != nil {
		refuse(w, r, internal())
		return
	}
	w.Header().Set("ETag", o.etag)
	w.WriteHeader(http.StatusOK)
}

// receive streams a body into a file of the folder. A body of another digest or length than announced leaves nothing.
func (d *Double) receive(r *http.Request) (*object, *apiError) {
	f, err := d.newFile()
	if err != nil {
		failed := internal()
		return nil, &failed
	}
	etag, digest := md5.New(), sha256.New()
	size, err := io.Copy(io.MultiWriter(f, etag, digest), r.Body)
	err = errors.Join(err, f.Close())
	announced := r.Header.Get("X-Amz-Content-Sha256")
	var refused *apiError
	switch {
	case err != nil || size != r.ContentLength:
		refused = &apiError{http.StatusBadRequest, "IncompleteBody", "You did not provide the number of bytes specified by the Content-Length HTTP header."}
	case announced != unsigned && announced != hex.EncodeToString(digest.Sum(nil)):
		refused = &apiError{http.StatusBadRequest, "XAmzContentSHA256Mismatch", "The provided 'x-amz-content-sha256' header does not match what was computed."}
	}
	if refused != nil {
		_ = os.Remove(f.Name()) // it goes with the folder
		return nil, refused
	}
	contentType := r.Header.Get("Content-Type")
	if contentType == "" {
		contentType = "binary/octet-stream"
	}
	return &object{
		file: f.Name(), size: size, contentType: contentType, etag: `"` + hex.EncodeToString(etag.Sum(nil)) + `"`, stored: d.clock.Now(),
	}, nil
}

// newFile makes an empty file in the folder, and the folder first.
func (d *Double) newFile() (*os.File, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.folder == "" {
		made, err := os.MkdirTemp("", "sandbox-bucket-")
		if err != nil {
			return nil, fmt.Errorf("make a bucket's folder: %w", err)
		}
		d.folder = made
	}
	return os.CreateTemp(d.folder, "object-")
}

// publish makes a received file the object under a key.
func (d *Double) publish(key string, o *object) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	old := d.objects[key]
	d.objects[key] = o
	if old == nil {
		return nil
	}
	return os.Remove(old.file)
}

// get streams an object, with ranges; for HEAD its headers only.
func (d *Double) get(w http.ResponseWriter, r *http.Request) {
	d.mu.Lock()
	o := d.objects[r.PathValue("key")]
	var f *os.File
	var err error
	if o != nil {
		f, err = os.Open(o.file) // while it surely is there
	}
	d.mu.Unlock()
	if o == nil || err != nil {
		refuse(w, r, noSuchKey())
		return
	}
	defer func() { _ = f.Close() }() // it was only read
	w.Header().Set("Content-Type", o.contentType)
	w.Header().Set("ETag", o.etag)
	http.ServeContent(w, r, "", o.stored, f)
}

// delete removes an object, or abandons an upload when the query names one. That there is no object is not an error.
func (d *Double) delete(w http.ResponseWriter, r *http.Request) {
	if r.URL.Query().Has("uploadId") {
		d.abort(w, r)
		return
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if o := d.objects[r.PathValue("key")]; o != nil {
		delete(d.objects, r.PathValue("key"))
		_ = os.Remove(o.file) // it goes with the folder
	}
	w.WriteHeader(http.StatusNoContent)
}
