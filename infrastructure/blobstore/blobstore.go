// Package blobstore keeps large objects, such as recordings, outside the database. Its stores are interchangeable: each
// passes blobstoretest.
package blobstore

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"strings"
	"time"

	"github.com/tertulia-dev/tertulia/domain/fault"
)

// NotFoundCode is the code of the NotFound fault when there is no object under a key.
const NotFoundCode fault.Code = "BLOB_NOT_FOUND"

// ErrKey says that a key is not a plain relative path.
var ErrKey = errors.New("the blob key is not a plain relative path")

// Store keeps objects under keys: relative paths such as "meetings/<id>/video.mp4".
type Store interface {
	// Put stores what r yields, without ever holding it in memory, and returns the number of bytes. size is -1 when it is
	// not known. An object becomes visible whole or not at all: when r fails, or yields another number of bytes than
	// size, there is an error and the earlier object stands. An object under the same key is replaced.
	Put(ctx context.Context, key, contentType string, size int64, r io.Reader) (n int64, err error)
	// SignedURL returns an absolute URL that serves the object, with byte ranges, to whoever holds it until ttl has passed.
	// NotFound BLOB_NOT_FOUND.
	SignedURL(ctx context.Context, key string, ttl time.Duration) (string, error)
	// Stat tells of an object. NotFound BLOB_NOT_FOUND.
	Stat(ctx context.Context, key string) (Object, error)
	// Delete removes an object. That there is none is not an error.
	Delete(ctx context.Context, key string) error
}

// Object is what a store knows of one.
type Object struct {
	Size        int64 // bytes
	ContentType string
}

// keyCharacters are those that every store takes: Supabase refuses most others, accented letters among them.
const keyCharacters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_. ()/"

// CheckKey returns ErrKey unless key is a relative path of plain ASCII names, none empty or beginning with a dot, of at
// most 512 bytes.
func CheckKey(key string) error {
	hidden := strings.HasPrefix(key, ".") || strings.Contains(key, "/.")
	if !fs.ValidPath(key) || hidden || strings.ContainsFunc(key, isStrange) || len(key) > 512 {
		return ErrKey
	}
	return nil
}

func isStrange(r rune) bool { return !strings.ContainsRune(keyCharacters, r) }

// NotFound is the fault of a missing object.
func NotFound() error { return fault.New(fault.NotFound, NotFoundCode) }
