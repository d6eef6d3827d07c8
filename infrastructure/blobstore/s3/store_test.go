package s3_test

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tertulia-dev/tertulia/domain/fault"
	"github.com/tertulia-dev/tertulia/infrastructure/blobstore"
	"github.com/tertulia-dev/tertulia/infrastructure/blobstore/blobstoretest"
	"github.com/tertulia-dev/tertulia/infrastructure/blobstore/s3"
	"github.com/tertulia-dev/tertulia/infrastructure/outbound"
	sandbox "github.com/tertulia-dev/tertulia/infrastructure/sandbox/s3"
	"github.com/tertulia-dev/tertulia/infrastructure/sandbox/sandboxtest"
)

func options(s *sandboxtest.Running) s3.Options {
	return s3.Options{
		Endpoint: s.BaseURL, Bucket: sandbox.Bucket, Region: sandbox.Region, PathStyle: true,
		AccessKeyID: sandboxtest.Key, SecretAccessKey: sandbox.SecretAccessKey,
	}
}

func open(t *testing.T, o s3.Options) *s3.Store {
	t.Helper()
	store, err := s3.New(o)
	require.NoError(t, err)
	return store
}

func TestABucketKeepsTheContractOfABlobStore(t *testing.T) {
	t.Parallel()
	blobstoretest.Run(t, func(t *testing.T) blobstoretest.Fixture {
		s := sandboxtest.Start(t)
		return blobstoretest.Fixture{Store: open(t, options(s)), Advance: s.AdvanceClock}
	})
}

// endless yields zeroes, and fails after some of them with what ends it.
type endless struct {
	left int64
	end  error
}

func (e *endless) Read(p []byte) (int, error) {
	if e.left == 0 {
		return 0, e.end
	}
	n := min(int64(len(p)), e.left)
	clear(p[:n])
	e.left -= n
	return int(n), nil
}

// counting counts the bytes of bodies that have arrived.
type counting struct{ arrived atomic.Int64 }

func (c *counting) RoundTrip(r *http.Request) (*http.Response, error) {
	resp, err := http.DefaultTransport.RoundTrip(r)
	if err == nil && resp.StatusCode == http.StatusOK && r.Method == http.MethodPut {
		c.arrived.Add(r.ContentLength)
	}
	return resp, err
}

func TestALargeObjectOfUnknownSizePassesWithoutBeingHeldInMemory(t *testing.T) {
	t.Parallel()
	s := sandboxtest.Start(t)
	o, network := options(s), &counting{}
	o.Transport = network
	store := open(t, o)
	const size = 60<<20 + 17
	source, held := &endless{left: size, end: io.EOF}, int64(0)
	n, err := store.Put(t.Context(), "a/video.mp4", "video/mp4", -1, readFunc(func(p []byte) (int, error) {
		n, err := source.Read(p)
		held = max(held, size-source.left-network.arrived.Load())
		return n, err
	}))
	require.NoError(t, err)
	require.EqualValues(t, size, n)
	about, err := store.Stat(t.Context(), "a/video.mp4")
	require.NoError(t, err)
	require.Equal(t, blobstore.Object{Size: size, ContentType: "video/mp4"}, about)
	require.EqualValues(t, 8<<20, held, "one part is in memory, whatever the object's size")
	require.Equal(t, 8, s.Calls(sandbox.Bucket, "PUT /a/video.mp4"))
}

type readFunc func([]byte) (int, error)

func (f readFunc) Read(p []byte) (int, error) { return f(p) }

func TestAnUploadThatFailsHalfWayIsTakenBack(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		announced int64
		source    io.Reader
		want      error
	}{
		"the source breaks off":                         {-1, &endless{left: 20 << 20, end: io.ErrUnexpectedEOF}, io.ErrUnexpectedEOF},
		"the source breaks off before what it promised": {30 << 20, &endless{left: 20 << 20, end: io.EOF}, io.ErrUnexpectedEOF},
		"the source does not end":                       {20 << 20, &endless{left: 21 << 20, end: io.EOF}, io.ErrUnexpectedEOF},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := sandboxtest.Start(t)
			store := open(t, options(s))
			_, err := store.Put(t.Context(), "v", "video/mp4", c.announced, c.source)
			require.ErrorIs(t, err, c.want)
			aborted := s.Matching(sandbox.Bucket, "DELETE /v")
			require.Len(t, aborted, 1)
			require.Equal(t, http.StatusNoContent, aborted[0].Status)
			_, err = store.Stat(t.Context(), "v")
			require.Equal(t, blobstore.NotFoundCode, fault.CodeOf(err))
		})
	}
}

// breaking cuts the connection of the first request of a method, before or after the server has acted.
type breaking struct {
	method string
	after  bool
	done   atomic.Bool
}

func (b *breaking) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.Method != b.method || b.done.Swap(true) {
		return http.DefaultTransport.RoundTrip(r)
	}
	if b.after {
		resp, err := http.DefaultTransport.RoundTrip(r)
		if err != nil {
			return nil, err
		}
		_ = resp.Body.Close()
	}
	return nil, errors.New("connection reset")
}

func TestAPartWhoseConnectionBreaksIsSentAgain(t *testing.T) {
	t.Parallel()
	for _, after := range []bool{false, true} {
		s := sandboxtest.Start(t)
		o := options(s)
		o.Transport = &breaking{method: http.MethodPut, after: after}
		store := open(t, o)
		content := bytes.Repeat([]byte("0123456789abcdef"), 1<<20)
		n, err := store.Put(t.Context(), "v", "video/mp4", int64(len(content)), bytes.NewReader(content))
		require.NoError(t, err)
		require.EqualValues(t, len(content), n)
		link, err := store.SignedURL(t.Context(), "v", time.Hour)
		require.NoError(t, err)
		resp, err := http.Get(link)
		require.NoError(t, err)
		got, err := io.ReadAll(resp.Body)
		require.NoError(t, err)
		require.NoError(t, resp.Body.Close())
		require.True(t, bytes.Equal(content, got))
	}
}

func TestARefusalNamesItsCodeAndNeitherKeyNorSecret(t *testing.T) {
	t.Parallel()
	s := sandboxtest.Start(t)
	for code, change := range map[string]func(*s3.Options){
		"InvalidAccessKeyId":           func(o *s3.Options) { o.AccessKeyID = "canary" },
		"SignatureDoesNotMatch":        func(o *s3.Options) { o.SecretAccessKey = "canary" },
		"AuthorizationHeaderMalformed": func(o *s3.Options) { o.Region = "eu-west-1" },
	} {
		o := options(s)
		change(&o)
		_, err := open(t, o).Put(t.Context(), "canary.txt", "text/plain", 4, strings.NewReader("text"))
		require.ErrorContains(t, err, code)
		require.NotContains(t, err.Error(), "canary")
		e, ok := errors.AsType[*outbound.Error](err)
		require.True(t, ok)
		require.Equal(t, outbound.Refused, e.Outcome)
	}
}

func TestAStoreRefusesAnEndpointWithAPath(t *testing.T) {
	t.Parallel()
	for _, endpoint := range []string{"", "s3.amazonaws.com", "https://host/path", "ftp://host"} {
		_, err := s3.New(s3.Options{Endpoint: endpoint, Bucket: "bucket"})
		require.Error(t, err, endpoint)
	}
}
