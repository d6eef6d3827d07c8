// Package supabase is a blob store in a bucket of Supabase Storage.
package supabase

import (
	"context"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/tertulia-dev/tertulia/infrastructure/blobstore"
	"github.com/tertulia-dev/tertulia/infrastructure/vendors/supabase"
)

// Store implements blobstore.Store in one private bucket, which exists.
type Store struct {
	client *supabase.Client
	bucket string
}

var _ blobstore.Store = (*Store)(nil)

// New makes a store in a bucket.
func New(client *supabase.Client, bucket string) *Store {
	return &Store{client: client, bucket: bucket}
}

// Put implements blobstore.Store. Storage wants to know the size before: a source that does not tell is first written to
// a temporary file.
func (s *Store) Put(ctx context.Context, key, contentType string, size int64, r io.Reader) (int64, error) {
	if err := blobstore.CheckKey(key); err != nil {
		return 0, err
	}
	if size < 0 {
		file, n, err := spool(r)
		if err != nil {
			return 0, err
		}
		defer func() { _ = file.Close() }()
		size, r = n, file
	}
	if err := s.client.Upload(ctx, s.bucket, key, contentType, size, r); err != nil {
		return 0, fmt.Errorf("store a blob: %w", err)
	}
	return size, nil
}

// spool copies r to a file that has no name any more, and so is gone with its last reader.
func spool(r io.Reader) (*os.File, int64, error) {
	file, err := os.CreateTemp("", "tertulia-blob-*")
	if err != nil {
		return nil, 0, fmt.Errorf("make a file for a blob of unknown size: %w", err)
	}
	_ = os.Remove(file.Name()) // where that is not possible, the system's own cleaning does it
	n, err := io.Copy(file, r)
	if err == nil {
		_, err = file.Seek(0, io.SeekStart)
	}
	if err != nil {
		_ = file.Close()
		return nil, 0, fmt.Errorf("write a blob of unknown size to a file: %w", err)
	}
	return file, n, nil
}

// SignedURL implements blobstore.Store.
func (s *Store) SignedURL(ctx context.Context, key string, ttl time.Duration) (string, error) {
	if err := blobstore.CheckKey(key); err != nil {
		return "", err
	}
	link, err := s.client.Sign(ctx, s.bucket, key, ttl)
	return link, explain("sign a blob's URL", err)
}

// Stat implements blobstore.Store.
func (s *Store) Stat(ctx context.Context, key string) (blobstore.Object, error) {
	if err := blobstore.CheckKey(key); err != nil {
		return blobstore.Object{}, err
	}
	object, err := s.client.Stat(ctx, s.bucket, key)
	return blobstore.Object(object), explain("look up a blob", err)
}

// Delete implements blobstore.Store.
func (s *Store) Delete(ctx context.Context, key string) error {
	if err := blobstore.CheckKey(key); err != nil {
		return err
	}
	return explain("delete a blob", s.client.Delete(ctx, s.bucket, key))
}

func explain(what string, err error) error {
	if err == nil {
		return nil
	}
	if supabase.IsNotFound(err) {
		return blobstore.NotFound()
	}
	return fmt.Errorf("%s: %w", what, err)
}
