package filesystem_test

import (
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tertulia-dev/tertulia/infrastructure/blobstore/blobstoretest"
	"github.com/tertulia-dev/tertulia/infrastructure/blobstore/filesystem"
)

type clock struct{ at atomic.Int64 }

func newClock() *clock {
	c := &clock{}
	c.at.Store(time.Now().Unix())
	return c
}

func (c *clock) now() time.Time          { return time.Unix(c.at.Load(), 0) }
func (c *clock) advance(d time.Duration) { c.at.Add(int64(d / time.Second)) }
func secret() []byte                     { return []byte(strings.Repeat("s", 32)) }
func options(dir string) filesystem.Options {
	return filesystem.Options{Dir: dir, BaseURL: "https://host/blobs/", Secret: secret()}
}

// serve opens a store in dir whose URLs can be opened.
func serve(t *testing.T, dir string) (*filesystem.Store, *clock) {
	t.Helper()
	mux := http.NewServeMux()
	srv := httptest.NewServer(mux)
	t.Cleanup(srv.Close)
	c := newClock()
	o := options(dir)
	o.BaseURL, o.Now = srv.URL+"/blobs", c.now
	s, err := filesystem.New(o)
	require.NoError(t, err)
	t.Cleanup(func() { _ = s.Close() })
	mux.Handle("/blobs/", http.StripPrefix("/blobs", s.Handler()))
	return s, c
}

func TestAFolderKeepsTheContractOfABlobStore(t *testing.T) {
	t.Parallel()
	blobstoretest.Run(t, func(t *testing.T) blobstoretest.Fixture {
		s, c := serve(t, t.TempDir())
		return blobstoretest.Fixture{Store: s, Advance: c.advance}
	})
}

func get(t *testing.T, method, url string) *http.Response {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, url, nil)
	require.NoError(t, err)
	resp, err := http.DefaultClient.Do(req)
	require.NoError(t, err)
	require.NoError(t, resp.Body.Close())
	return resp
}

func TestAServedFileIsPrivateAndCannotRunScript(t *testing.T) {
	t.Parallel()
	s, c := serve(t, t.TempDir())
	for contentType, want := range map[string]string{"video/mp4": "inline; filename=x", "image/svg+xml": "attachment; filename=x", "text/html; x": "attachment; filename=x"} {
		_, err := s.Put(t.Context(), "a/x", contentType, 2, strings.NewReader("hi"))
		require.NoError(t, err)
		url, err := s.SignedURL(t.Context(), "a/x", time.Minute)
		require.NoError(t, err)
		resp := get(t, http.MethodHead, url)
		require.Equal(t, http.StatusOK, resp.StatusCode)
		require.Equal(t, contentType, resp.Header.Get("Content-Type"))
		require.Equal(t, want, resp.Header.Get("Content-Disposition"))
		require.Equal(t, "private", resp.Header.Get("Cache-Control"))
		require.Equal(t, "nosniff", resp.Header.Get("X-Content-Type-Options"))
		require.Equal(t, strings.HasPrefix(want, "attachment"), strings.Contains(resp.Header.Get("Content-Security-Policy"), "sandbox"))
		require.Equal(t, http.StatusMethodNotAllowed, get(t, http.MethodPost, url).StatusCode)

		for _, forged := range []string{strings.Replace(url, "expires=", "expires=9", 1), url + "0", strings.Replace(url, "/a/x", "/a/%2e%2e/x", 1)} {
			require.Equal(t, http.StatusForbidden, get(t, http.MethodGet, forged).StatusCode, forged)
		}
		c.advance(time.Minute)
		require.Equal(t, http.StatusForbidden, get(t, http.MethodGet, url).StatusCode)
	}
}

func TestALinkInsideTheFolderLeadsNowhereElse(t *testing.T) {
	t.Parallel()
	dir, outside := t.TempDir(), t.TempDir()
	s, _ := serve(t, dir)
	require.NoError(t, os.WriteFile(filepath.Join(outside, "x"), []byte("secret"), 0o600))
	require.NoError(t, os.Symlink(outside, filepath.Join(dir, "link")))
	_, err := s.SignedURL(t.Context(), "link/x", time.Minute)
	require.Error(t, err)
	_, err = s.Put(t.Context(), "link/y", "text/plain", 1, strings.NewReader("y"))
	require.Error(t, err)
	require.NoFileExists(t, filepath.Join(outside, "y"))
}

func TestAbandonedUploadsAreClearedAfterADay(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	_, err := filesystem.New(options(dir))
	require.NoError(t, err)
	for name, age := range map[string]time.Duration{"old": 25 * time.Hour, "young": time.Hour} {
		file := filepath.Join(dir, ".parts", name)
		require.NoError(t, os.WriteFile(file, nil, 0o600))
		require.NoError(t, os.Chtimes(file, time.Time{}, time.Now().Add(-age)))
	}
	_, err = filesystem.New(options(dir))
	require.NoError(t, err)
	require.NoFileExists(t, filepath.Join(dir, ".parts", "old"))
	require.FileExists(t, filepath.Join(dir, ".parts", "young"))
}

func TestAFailedUploadLeavesNothingBehind(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s, _ := serve(t, dir)
	_, err := s.Put(t.Context(), "a", "text/plain", 5, strings.NewReader("four"))
	require.Error(t, err)
	left, err := os.ReadDir(filepath.Join(dir, ".parts"))
	require.NoError(t, err)
	require.Empty(t, left)
}

func TestAStoreRefusesAWeakSecretOrARelativeURL(t *testing.T) {
	t.Parallel()
	o := options(t.TempDir())
	o.Secret = []byte("short")
	_, err := filesystem.New(o)
	require.Error(t, err)
	o = options(t.TempDir())
	o.BaseURL = "/blobs"
	_, err = filesystem.New(o)
	require.Error(t, err)
}

func TestATypeThatTheNameTellsIsNotNotedAndAnotherIsKept(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s, _ := serve(t, dir)
	for _, contentType := range []string{"video/mp4", "video/x-odd", "video/mp4"} {
		_, err := s.Put(t.Context(), "ws/m/video.mp4", contentType, -1, strings.NewReader("film"))
		require.NoError(t, err)
		about, err := s.Stat(t.Context(), "ws/m/video.mp4")
		require.NoError(t, err)
		require.Equal(t, contentType, about.ContentType)
	}
	_, err := os.Stat(filepath.Join(dir, ".types", "ws/m/video.mp4"))
	require.ErrorIs(t, err, os.ErrNotExist)
}
