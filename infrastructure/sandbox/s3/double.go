// Package s3 is a double of one bucket in an S3-compatible store, as far as Tertulia meets one: objects, multipart
// uploads and pre-signed links, each request checked by Signature Version 4. Objects lie in a temporary folder, so that an
// upload of any size passes without being held in memory.
//
// S3's clients take no path in their endpoint, so the prefix below which the sandbox mounts the double is the bucket's
// name in path-style addresses: /s3-bucket/<key>. A key pair is good when its ID is the sandbox's and its secret is
// SecretAccessKey.
package s3

import (
	"encoding/xml"
	"net/http"
	"os"
	"sync"
	"time"

	"github.com/tertulia-dev/tertulia/infrastructure/sandbox/core"
)

// What clients of the double are configured with.
const (
	Bucket          = "s3-bucket"
	Region          = "us-east-1"
	SecretAccessKey = "sandbox-secret-access-key"
)

// Double is the bucket. It is safe for concurrent use.
type Double struct {
	clock *core.Clock
	api   *http.ServeMux

	mu      sync.Mutex
	folder  string // made by the first upload
	objects map[string]*object
	uploads map[string]*upload // by ID
}

// object is a stored file, or one part of an upload.
type object struct {
	file        string // where the bytes are
	size        int64
	contentType string
	etag        string
	stored      time.Time
}

// New makes an empty bucket.
func New(env core.Env) *Double {
	d := &Double{clock: core.NewEnv(env).Clock, api: http.NewServeMux()}
	d.Reset()
	d.api.HandleFunc("PUT /{key...}", d.put)
	d.api.HandleFunc("POST /{key...}", d.post)
	d.api.HandleFunc("GET /{key...}", d.get) // and HEAD
	d.api.HandleFunc("DELETE /{key...}", d.delete)
	return d
}

// Name is the vendor's name and its path prefix.
func (d *Double) Name() string { return Bucket }

// Reset empties the bucket.
func (d *Double) Reset() {
	d.mu.Lock()
	defer d.mu.Unlock()
	_ = d.dropFolder() // what stays of a temporary folder is not used again
	d.objects, d.uploads = map[string]*object{}, map[string]*upload{}
}

// Close removes the temporary folder.
func (d *Double) Close() error {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.dropFolder()
}

func (d *Double) dropFolder() error {
	folder := d.folder
	d.folder = ""
	if folder == "" {
		return nil
	}
	return os.RemoveAll(folder)
}

// ServeHTTP answers as S3 does: the signature first, then the operation that method and query name.
func (d *Double) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if err := d.authenticate(r); err != nil {
		refuse(w, r, *err)
		return
	}
	d.api.ServeHTTP(w, r)
}

// apiError is a refusal of S3.
type apiError struct {
	status        int
	code, message string
}

// https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html
func accessDenied(message string) *apiError {
	return &apiError{http.StatusForbidden, "AccessDenied", message}
}

func noSuchKey() apiError {
	return apiError{http.StatusNotFound, "NoSuchKey", "The specified key does not exist."}
}

func noSuchUpload() apiError {
	return apiError{http.StatusNotFound, "NoSuchUpload", "The specified multipart upload does not exist."}
}

func internal() apiError {
	return apiError{http.StatusInternalServerError, "InternalError", "We encountered an internal error. Please try again."}
}

func refuse(w http.ResponseWriter, r *http.Request, e apiError) {
	answer(w, e.status, struct {
		XMLName  xml.Name `xml:"Error"`
		Code     string
		Message  string
		Resource string
	}{Code: e.code, Message: e.message, Resource: r.URL.Path})
}

func answer(w http.ResponseWriter, status int, v any) {
	body, err := xml.Marshal(v)
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/xml")
	w.WriteHeader(status)
	_, _ = w.Write(append([]byte(xml.Header), body...))
}
