// Package blobstoretest is the contract of blobstore.Store as a test suite that every implementation passes.
package blobstoretest

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tertulia-dev/tertulia/domain/fault"
	"github.com/tertulia-dev/tertulia/infrastructure/blobstore"
)

// Fixture is a fresh, empty store whose signed URLs can be opened.
type Fixture struct {
	Store   blobstore.Store
	Advance func(time.Duration) // moves the clock by which signed URLs expire
}

// Run runs the suite. newStore is called for each test.
func Run(t *testing.T, newStore func(*testing.T) Fixture) {
	t.Helper()
	for name, test := range map[string]func(*testing.T, Fixture){
		"an object is served as it was stored":             testServed,
		"an object of unknown size is stored":              testUnknownSize,
		"a large object is stored and served in ranges":    testRanges,
		"a later object replaces an earlier one":           testReplaced,
		"a failing source leaves the earlier object":       testFailingSource,
		"a source of another length stores nothing":        testWrongLength,
		"a cancelled upload stores nothing":                testCancelled,
		"a missing object is not found":                    testMissing,
		"deleting is idempotent":                           testDelete,
		"a signed URL expires":                             testExpiry,
		"a signed URL opens no other object":               testForgery,
		"a key that is not a plain relative path is wrong": testKeys,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test(t, newStore(t))
		})
	}
}

const key = "meetings/8c1b6e2f/final video (1).mp4"

func put(t *testing.T, s blobstore.Store, contentType, content string) {
	t.Helper()
	n, err := s.Put(t.Context(), key, contentType, int64(len(content)), strings.NewReader(content))
	require.NoError(t, err)
	require.Equal(t, int64(len(content)), n)
}

type answer struct {
	status int
	header http.Header
	body   []byte
}

func open(t *testing.T, url, byteRange string) answer {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
	require.NoError(t, err)
	if byteRange != "" {
		req.Header.Set("Range", byteRange)
	}
	resp, err := http.DefaultClient.Do(req)
	require.NoError(t, err)
	body, err := io.ReadAll(resp.Body)
	require.NoError(t, err)
	require.NoError(t, resp.Body.Close())
	return answer{resp.StatusCode, resp.Header, body}
}

func sign(t *testing.T, s blobstore.Store) string {
	t.Helper()
	url, err := s.SignedURL(t.Context(), key, time.Hour)
	require.NoError(t, err)
	return url
}

func content(t *testing.T, s blobstore.Store) string {
	t.Helper()
	got := open(t, sign(t, s), "")
	require.Equal(t, http.StatusOK, got.status)
	return string(got.body)
}

func testServed(t *testing.T, f Fixture) {
	put(t, f.Store, "video/mp4", "moving pictures")
	about, err := f.Store.Stat(t.Context(), key)
	require.NoError(t, err)
	require.Equal(t, blobstore.Object{Size: 15, ContentType: "video/mp4"}, about)
	got := open(t, sign(t, f.Store), "")
	require.Equal(t, http.StatusOK, got.status)
	require.Equal(t, "moving pictures", string(got.body))
	require.Equal(t, "video/mp4", got.header.Get("Content-Type"))
}

func testUnknownSize(t *testing.T, f Fixture) {
	n, err := f.Store.Put(t.Context(), key, "text/plain", -1, strings.NewReader("some text"))
	require.NoError(t, err)
	require.Equal(t, int64(9), n)
	require.Equal(t, "some text", content(t, f.Store))
}

func testRanges(t *testing.T, f Fixture) {
	large := make([]byte, 13<<20)
	_, err := rand.Read(large)
	require.NoError(t, err)
	n, err := f.Store.Put(t.Context(), key, "video/mp4", int64(len(large)), bytes.NewReader(large))
	require.NoError(t, err)
	require.Equal(t, int64(len(large)), n)
	got := open(t, sign(t, f.Store), "bytes=7000000-7000999")
	require.Equal(t, http.StatusPartialContent, got.status)
	require.True(t, bytes.Equal(large[7_000_000:7_001_000], got.body))
}

func testReplaced(t *testing.T, f Fixture) {
	put(t, f.Store, "video/mp4", "first")
	put(t, f.Store, "audio/mpeg", "second one")
	require.Equal(t, "second one", content(t, f.Store))
	about, err := f.Store.Stat(t.Context(), key)
	require.NoError(t, err)
	require.Equal(t, blobstore.Object{Size: 10, ContentType: "audio/mpeg"}, about)
}

type failing struct{ err error }

func (f failing) Read([]byte) (int, error) { return 0, f.err }

func testFailingSource(t *testing.T, f Fixture) {
	put(t, f.Store, "video/mp4", "the first")
	broken := errors.New("the source broke off")
	for _, size := range []int64{-1, 100, 20 << 20} {
		source := io.MultiReader(strings.NewReader("half of"), failing{broken})
		_, err := f.Store.Put(t.Context(), key, "video/mp4", size, source)
		require.ErrorIs(t, err, broken)
	}
	require.Equal(t, "the first", content(t, f.Store))
}

func testWrongLength(t *testing.T, f Fixture) {
	put(t, f.Store, "video/mp4", "the first")
	for _, size := range []int64{3, 100, 20 << 20} {
		_, err := f.Store.Put(t.Context(), key, "video/mp4", size, strings.NewReader("not the first"))
		require.Error(t, err, size)
	}
	require.Equal(t, "the first", content(t, f.Store))
}

func testCancelled(t *testing.T, f Fixture) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := f.Store.Put(ctx, key, "video/mp4", 4, strings.NewReader("half"))
	require.ErrorIs(t, err, context.Canceled)
	requireMissing(t, f.Store)
}

func requireMissing(t *testing.T, s blobstore.Store) {
	t.Helper()
	_, err := s.Stat(t.Context(), key)
	require.Equal(t, fault.NotFound, fault.KindOf(err), err)
	require.Equal(t, blobstore.NotFoundCode, fault.CodeOf(err))
	_, err = s.SignedURL(t.Context(), key, time.Hour)
	require.Equal(t, fault.NotFound, fault.KindOf(err), err)
	require.Equal(t, blobstore.NotFoundCode, fault.CodeOf(err))
}

func testMissing(t *testing.T, f Fixture) { requireMissing(t, f.Store) }

func testDelete(t *testing.T, f Fixture) {
	require.NoError(t, f.Store.Delete(t.Context(), key))
	put(t, f.Store, "video/mp4", "moving pictures")
	url := sign(t, f.Store)
	require.NoError(t, f.Store.Delete(t.Context(), key))
	require.NoError(t, f.Store.Delete(t.Context(), key))
	requireMissing(t, f.Store)
	require.GreaterOrEqual(t, open(t, url, "").status, 400)
}

func testExpiry(t *testing.T, f Fixture) {
	put(t, f.Store, "video/mp4", "moving pictures")
	url := sign(t, f.Store)
	f.Advance(59 * time.Minute)
	require.Equal(t, http.StatusOK, open(t, url, "").status)
	f.Advance(2 * time.Minute)
	require.GreaterOrEqual(t, open(t, url, "").status, 400)
}

func testForgery(t *testing.T, f Fixture) {
	put(t, f.Store, "video/mp4", "moving pictures")
	_, err := f.Store.Put(t.Context(), "meetings/other/video.mp4", "video/mp4", 6, strings.NewReader("secret"))
	require.NoError(t, err)
	url := sign(t, f.Store)
	path, query, _ := strings.Cut(url, "?")
	at := strings.Index(path, "meetings/")
	require.Positive(t, at, "the key is part of the URL's path")
	got := open(t, path[:at]+"meetings/other/video.mp4?"+query, "")
	require.GreaterOrEqual(t, got.status, 400)
	require.NotContains(t, string(got.body), "secret")
	require.GreaterOrEqual(t, open(t, path, "").status, 400)
}

func testKeys(t *testing.T, f Fixture) {
	for _, bad := range []string{"", ".", "..", "/etc/passwd", "../x", "a/../../x", "a//b", "a/", "a/./b", ".types/x", "a/.b", `a\b`, "a\x00b", "vídeo.mp4", "a%2fb", "a?b", strings.Repeat("a", 600)} {
		_, err := f.Store.Put(t.Context(), bad, "text/plain", 1, strings.NewReader("x"))
		require.ErrorIs(t, err, blobstore.ErrKey, bad)
		_, err = f.Store.SignedURL(t.Context(), bad, time.Hour)
		require.ErrorIs(t, err, blobstore.ErrKey, bad)
		_, err = f.Store.Stat(t.Context(), bad)
		require.ErrorIs(t, err, blobstore.ErrKey, bad)
		require.ErrorIs(t, f.Store.Delete(t.Context(), bad), blobstore.ErrKey, bad)
	}
}
