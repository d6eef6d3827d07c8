// Package filesystem is a blob store in a folder, with signed URLs of its own and the handler that serves them.
package filesystem

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/url"
	"os"
	"path"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/tertulia-dev/tertulia/infrastructure/blobstore"
)

// Hidden folders beside the objects; keys cannot begin with a dot.
const (
	partsDir = ".parts" // unfinished uploads
	typesDir = ".types" // one small file an object whose name does not tell its content type
)

// staleAfter is how old an unfinished upload is when it is surely abandoned.
const staleAfter = 24 * time.Hour

// Options configure a store.
type Options struct {
	Dir     string // made when missing
	BaseURL string // absolute URL under which Handler is mounted, as in "https://host/blobs"
	Secret  []byte // signs URLs; at least 32 bytes, the same in every process that signs or serves
	Now     func() time.Time
}

// Store implements blobstore.Store in a folder, which several processes may share.
type Store struct {
	root   *os.Root
	base   string
	secret []byte
	now    func() time.Time
}

var _ blobstore.Store = (*Store)(nil)

// New opens the folder and clears away uploads that were abandoned a day ago.
func New(o Options) (*Store, error) {
	if len(o.Secret) < 32 {
		return nil, fmt.Errorf("open the blob folder: the signing secret has %d bytes, want at least 32", len(o.Secret))
	}
	if u, err := url.Parse(o.BaseURL); err != nil || u.Host == "" {
		return nil, errors.New("open the blob folder: the base URL is not absolute")
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if err := os.MkdirAll(o.Dir, 0o700); err != nil {
		return nil, fmt.Errorf("open the blob folder: %w", err)
	}
	root, err := os.OpenRoot(o.Dir)
	if err != nil {
		return nil, fmt.Errorf("open the blob folder: %w", err)
	}
	s := &Store{root: root, base: strings.TrimRight(o.BaseURL, "/"), secret: o.Secret, now: o.Now}
	if err := s.prepare(); err != nil {
		return nil, errors.Join(fmt.Errorf("prepare the blob folder: %w", err), root.Close())
	}
	return s, nil
}

// Close lets go of the folder.
func (s *Store) Close() error { return s.root.Close() }

func (s *Store) prepare() error {
	for _, dir := range []string{partsDir, typesDir} {
		if err := s.root.MkdirAll(dir, 0o700); err != nil {
			return err
		}
	}
	parts, err := fs.ReadDir(s.root.FS(), partsDir)
	if err != nil {
		return err
	}
	for _, p := range parts {
		if about, err := p.Info(); err == nil && s.now().Sub(about.ModTime()) > staleAfter {
			_ = s.root.Remove(path.Join(partsDir, p.Name())) // the next start tries again
		}
	}
	return nil
}

// Put implements blobstore.Store: it writes beside, syncs, then renames.
func (s *Store) Put(ctx context.Context, key, contentType string, size int64, r io.Reader) (int64, error) {
	if err := blobstore.CheckKey(key); err != nil {
		return 0, err
	}
	n, err := s.put(key, contentType, size, &contextReader{ctx, r})
	if err != nil {
		return 0, fmt.Errorf("store a blob: %w", err)
	}
	return n, nil
}

func (s *Store) put(key, contentType string, size int64, r io.Reader) (n int64, err error) {
	part := path.Join(partsDir, uuid.NewString())
	defer func() {
		if err != nil {
			_ = s.root.Remove(part) // what is left is cleared at a later start
		}
	}()
	if n, err = s.write(part, r); err != nil {
		return 0, err
	}
	if size >= 0 && n != size {
		return 0, fmt.Errorf("%d bytes came, want %d: %w", n, size, io.ErrUnexpectedEOF)
	}
	if err := s.note(key, contentType); err != nil {
		return 0, err
	}
	return n, s.rename(part, key)
}

// usualType is the content type of what is stored most, by its name. Others are noted in a file beside, which costs as
// much as a small object itself.
func usualType(key string) string {
	switch path.Ext(key) {
	case ".mp4":
		return "video/mp4"
	case ".mp3":
		return "audio/mpeg"
	default:
		return ""
	}
}

// note keeps an object's content type.
func (s *Store) note(key, contentType string) error {
	if contentType != usualType(key) {
		return s.place(typesDir+"/"+key, contentType)
	}
	if err := s.root.Remove(typesDir + "/" + key); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

// typeOf returns an object's content type.
func (s *Store) typeOf(key string) (string, error) {
	noted, err := s.root.ReadFile(typesDir + "/" + key)
	if usual := usualType(key); usual != "" && errors.Is(err, fs.ErrNotExist) {
		return usual, nil
	}
	return string(noted), err
}

// writeSize is what is written at once: the kernel's work for a write is little less for a small one.
const writeSize = 256 << 10

// place stores a small text under a name, whole or not at all.
func (s *Store) place(name, text string) error {
	part := path.Join(partsDir, uuid.NewString())
	if _, err := s.write(part, strings.NewReader(text)); err != nil {
		return err
	}
	return s.rename(part, name)
}

func (s *Store) write(name string, r io.Reader) (int64, error) {
	f, err := s.root.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return 0, err
	}
	n, err := io.CopyBuffer(struct{ io.Writer }{f}, r, make([]byte, writeSize))
	if err == nil {
		err = f.Sync()
	}
	return n, errors.Join(err, f.Close())
}

func (s *Store) rename(from, to string) error {
	dir := path.Dir(to)
	if err := s.root.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	if err := s.root.Rename(from, to); err != nil {
		return err
	}
	d, err := s.root.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close()) // so that the name survives a power cut
}

// Stat implements blobstore.Store.
func (s *Store) Stat(_ context.Context, key string) (blobstore.Object, error) {
	if err := blobstore.CheckKey(key); err != nil {
		return blobstore.Object{}, err
	}
	about, err := s.root.Stat(key)
	if errors.Is(err, fs.ErrNotExist) || err == nil && !about.Mode().IsRegular() {
		return blobstore.Object{}, blobstore.NotFound()
	}
	if err != nil {
		return blobstore.Object{}, fmt.Errorf("look up a blob: %w", err)
	}
	contentType, err := s.typeOf(key)
	if err != nil {
		return blobstore.Object{}, fmt.Errorf("look up a blob's type: %w", err)
	}
	return blobstore.Object{Size: about.Size(), ContentType: contentType}, nil
}

// Delete implements blobstore.Store.
func (s *Store) Delete(_ context.Context, key string) error {
	if err := blobstore.CheckKey(key); err != nil {
		return err
	}
	for _, name := range []string{key, typesDir + "/" + key} {
		if err := s.root.Remove(name); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("delete a blob: %w", err)
		}
	}
	return nil
}

// SignedURL implements blobstore.Store.
func (s *Store) SignedURL(ctx context.Context, key string, ttl time.Duration) (string, error) {
	if _, err := s.Stat(ctx, key); err != nil {
		return "", err
	}
	expires := strconv.FormatInt(s.now().Add(ttl).Unix(), 10)
	return s.base + "/" + (&url.URL{Path: key}).EscapedPath() + "?" +
		url.Values{"expires": {expires}, "signature": {s.sign(key, expires)}}.Encode(), nil
}

func (s *Store) sign(key, expires string) string {
	mac := hmac.New(sha256.New, s.secret)
	_, _ = fmt.Fprintf(mac, "blob\n%s\n%s", expires, key)
	return hex.EncodeToString(mac.Sum(nil))
}

// contextReader ends a copy when its context does.
type contextReader struct {
	ctx context.Context
	r   io.Reader
}

func (c *contextReader) Read(p []byte) (int, error) {
	if err := c.ctx.Err(); err != nil {
		return 0, err
	}
	return c.r.Read(p)
}
