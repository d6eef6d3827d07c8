package supabase

import (
	"crypto/md5"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"regexp"
	"time"

	"github.com/google/uuid"
)

// bucket is a named set of objects.
type bucket struct {
	ID        string    `json:"id"`
	Name      string    `json:"name"`
	Owner     string    `json:"owner"`
	Public    bool      `json:"public"`
	SizeLimit *int64    `json:"file_size_limit"`
	CreatedAt time.Time `json:"created_at"`
	UpdatedAt time.Time `json:"updated_at"`
}

// object is a stored file.
type object struct {
	id, bucket, name string
	file             string // where the bytes are
	size             int64
	contentType      string
	cacheControl     string
	etag             string
	created, updated time.Time
}

// validName is what Storage takes for an object's name.
var validName = regexp.MustCompile(`^[\w/!.*'() &$@=;:+,?-]+$`)

// check tells why an object cannot be written there.
func (d *Double) check(bucketID, name string, upsert bool) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.buckets[bucketID] == nil {
		return errNoSuchBucket
	}
	if !validName.MatchString(name) {
		return storageError{"400", "InvalidKey", "InvalidKey", "Invalid key: " + name}
	}
	if d.objects[bucketID+"/"+name] != nil && !upsert {
		return errDuplicate
	}
	return nil
}

// receive streams a body into a file of the folder and returns it with its size and its digest.
func (d *Double) receive(body io.Reader) (file string, size int64, etag string, err error) {
	f, err := d.newFile()
	if err != nil {
		return "", 0, "", err
	}
	d.mu.Lock()
	limit := d.sizeLimit
	d.mu.Unlock()
	digest := md5.New()
	size, err = io.Copy(io.MultiWriter(f, digest), io.LimitReader(body, limit+1))
	if err = errors.Join(err, f.Close()); err == nil && size > limit {
		err = errTooLarge
	}
	if err != nil {
		return "", 0, "", errors.Join(err, os.Remove(f.Name()))
	}
	return f.Name(), size, hex.EncodeToString(digest.Sum(nil)), nil
}

// newFile makes an empty file in the folder, and the folder first.
func (d *Double) newFile() (*os.File, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.folder == "" {
		made, err := os.MkdirTemp("", "sandbox-storage-")
		if err != nil {
			return nil, fmt.Errorf("make a storage folder: %w", err)
		}
		d.folder = made
	}
	return os.CreateTemp(d.folder, "object-")
}

// publish makes a received file an object, unless somebody was quicker and this one may not overwrite.
func (d *Double) publish(o *object, upsert bool) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	key := o.bucket + "/" + o.name
	o.id, o.created, o.updated = uuid.NewString(), d.env.Clock.Now(), d.env.Clock.Now()
	if old := d.objects[key]; old != nil {
		if !upsert {
			return errors.Join(errDuplicate, os.Remove(o.file))
		}
		o.id, o.created = old.id, old.created
		if err := os.Remove(old.file); err != nil {
			return err
		}
	}
	d.objects[key] = o
	return nil
}

// find returns an object; its file is opened while it surely is there.
func (d *Double) find(bucketID, name string) (*object, *os.File, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	o := d.objects[bucketID+"/"+name]
	if d.buckets[bucketID] == nil {
		return nil, nil, errNoSuchBucket
	}
	if o == nil {
		return nil, nil, errNoSuchKey
	}
	f, err := os.Open(o.file)
	return o, f, err
}

// remove deletes an object and tells whether it was there. The caller holds the lock.
func (d *Double) remove(key string) (*object, error) {
	o := d.objects[key]
	if o == nil {
		return nil, nil
	}
	delete(d.objects, key)
	return o, os.Remove(o.file)
}

// row is an object as lists and deletions show it, under the given name.
func (o *object) row(name string) map[string]any {
	return map[string]any{
		"id": o.id, "name": name, "bucket_id": o.bucket, "owner": "", "version": "1",
		"created_at": o.created, "updated_at": o.updated, "last_accessed_at": o.updated,
		"metadata": map[string]any{
			"eTag": `"` + o.etag + `"`, "size": o.size, "mimetype": o.contentType, "cacheControl": o.cacheControl,
			"lastModified": o.updated, "contentLength": o.size, "httpStatusCode": http.StatusOK,
		},
	}
}
