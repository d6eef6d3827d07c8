package s3

import (
	"encoding/xml"
	"errors"
	"io"
	"net/http"
	"os"
	"strconv"
	"strings"

	"github.com/google/uuid"
)

// https://docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html
const (
	minPart  = 5 << 20 // bytes of every part but the last
	maxParts = 10_000
)

// upload is one that was begun and neither completed nor abandoned.
type upload struct {
	key, contentType string
	parts            map[int]*object
}

// post begins an upload (?uploads) or completes one (?uploadId=).
func (d *Double) post(w http.ResponseWriter, r *http.Request) {
	if r.URL.Query().Has("uploadId") {
		d.complete(w, r)
		return
	}
	if !r.URL.Query().Has("uploads") {
		refuse(w, r, apiError{http.StatusMethodNotAllowed, "MethodNotAllowed", "The specified method is not allowed against this resource."})
		return
	}
	id := uuid.NewString()
	d.mu.Lock()
	d.uploads[id] = &upload{key: r.PathValue("key"), contentType: r.Header.Get("Content-Type"), parts: map[int]*object{}}
	d.mu.Unlock()
	answer(w, http.StatusOK, struct {
		XMLName  xml.Name `xml:"InitiateMultipartUploadResult"`
		Bucket   string
		Key      string
		UploadID string `xml:"UploadId"`
	}{Bucket: Bucket, Key: r.PathValue("key"), UploadID: id})
}

// find returns the upload that a request names. The caller holds the lock.
func (d *Double) find(r *http.Request) *upload {
	u := d.uploads[r.URL.Query().Get("uploadId")]
	if u == nil || u.key != r.PathValue("key") {
		return nil
	}
	return u
}

// putPart stores one part, in place of an earlier one of the same number.
func (d *Double) putPart(w http.ResponseWriter, r *http.Request) {
	number, err := strconv.Atoi(r.URL.Query().Get("partNumber"))
	if err != nil || number < 1 || number > maxParts {
		refuse(w, r, apiError{http.StatusBadRequest, "InvalidArgument", "Part number must be an integer between 1 and 10000, inclusive"})
		return
	}
	part, refused := d.receive(r)
	if refused != nil {
		refuse(w, r, *refused)
		return
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	u := d.find(r)
	if u == nil {
		_ = os.Remove(part.file) // it goes with the folder
		refuse(w, r, noSuchUpload())
		return
	}
	if old := u.parts[number]; old != nil {
		_ = os.Remove(old.file)
	}
	u.parts[number] = part
	w.Header().Set("ETag", part.etag)
	w.WriteHeader(http.StatusOK)
}

// listedPart is a part as the completion of an upload lists it.
type listedPart struct {
	PartNumber int
	ETag       string
}

// complete makes an object of the parts that the request lists, in its order.
func (d *Double) complete(w http.ResponseWriter, r *http.Request) {
	var list struct {
		Parts []listedPart `xml:"Part"`
	}
	if err := xml.NewDecoder(io.LimitReader(r.Body, 4<<20)).Decode(&list); err != nil || len(list.Parts) == 0 {
		refuse(w, r, apiError{http.StatusBadRequest, "MalformedXML", "The XML you provided was not well-formed or did not validate against our published schema."})
		return
	}
	u, parts, refused := d.finish(r, list.Parts)
	if refused != nil {
		refuse(w, r, *refused)
		return
	}
	o, err := d.join(u, parts)
	if err == nil {
		err = d.publish(u.key, o)
	}
	if err != nil {
		refuse(w, r, internal())
		return
	}
	answer(w, http.StatusOK, struct {
		XMLName xml.Name `xml:"CompleteMultipartUploadResult"`
		Bucket  string
		Key     string
		ETag    string
	}{Bucket: Bucket, Key: u.key, ETag: o.etag})
}

// finish takes an upload off the list and returns it with the listed parts, unless they are not all there.
func (d *Double) finish(r *http.Request, list []listedPart) (*upload, []*object, *apiError) {
	d.mu.Lock()
	defer d.mu.Unlock()
	u := d.find(r)
	if u == nil {
		missing := noSuchUpload()
		return nil, nil, &missing
	}
	parts := make([]*object, len(list))
	for i, listed := range list {
		part := u.parts[listed.PartNumber]
		same := part != nil && strings.Trim(listed.ETag, `"`) == strings.Trim(part.etag, `"`)
		if !same || i > 0 && listed.PartNumber <= list[i-1].PartNumber {
			return nil, nil, &apiError{http.StatusBadRequest, "InvalidPart", "One or more of the specified parts could not be found."}
		}
		if part.size < minPart && i < len(list)-1 {
			return nil, nil, &apiError{http.StatusBadRequest, "EntityTooSmall", "Your proposed upload is smaller than the minimum allowed size"}
		}
		parts[i] = part
	}
	delete(d.uploads, r.URL.Query().Get("uploadId"))
	return u, parts, nil
}

// join makes one file of the parts.
func (d *Double) join(u *upload, parts []*object) (*object, error) {
	whole, err := d.newFile()
	if err != nil {
		return nil, err
	}
	o := &object{file: whole.Name(), contentType: u.contentType, etag: `"` + uuid.NewString() + "-" + strconv.Itoa(len(parts)) + `"`, stored: d.clock.Now()}
	for _, part := range parts {
		f, err := os.Open(part.file)
		if err != nil {
			return nil, errors.Join(err, whole.Close())
		}
		n, err := io.Copy(whole, f)
		if err = errors.Join(err, f.Close(), os.Remove(part.file)); err != nil {
			return nil, errors.Join(err, whole.Close())
		}
		o.size += n
	}
	return o, whole.Close()
}

// abort forgets an upload and its parts.
func (d *Double) abort(w http.ResponseWriter, r *http.Request) {
	d.mu.Lock()
	defer d.mu.Unlock()
	u := d.find(r)
	if u == nil {
		refuse(w, r, noSuchUpload())
		return
	}
	for _, part := range u.parts {
		_ = os.Remove(part.file) // it goes with the folder
	}
	delete(d.uploads, r.URL.Query().Get("uploadId"))
	w.WriteHeader(http.StatusNoContent)
}
