package supabase_test

import (
	"bytes"
	"crypto/rand"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tertulia-dev/tertulia/infrastructure/outbound"
	"github.com/tertulia-dev/tertulia/infrastructure/sandbox/sandboxtest"
	sandbox "github.com/tertulia-dev/tertulia/infrastructure/sandbox/supabase"
	"github.com/tertulia-dev/tertulia/infrastructure/vendors/supabase"
)

func TestTheTrueStatusIsTakenFromTheBody(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		status  int
		code    string
		outcome outbound.Outcome
	}{
		`{"statusCode":"404","code":"NoSuchKey","error":"not_found","message":"canary"}`: {404, "NoSuchKey", outbound.Refused},
		`{"statusCode":"409","error":"Duplicate","message":"canary"}`:                    {409, "Duplicate", outbound.Refused},
		`{"statusCode":"500","error":"internal"}`:                                        {500, "internal", outbound.Unknown},
		`{"statusCode":"nonsense"}`:                                                      {400, "", outbound.Refused},
		`<html>`:                                                                         {400, "", outbound.Refused},
	}
	for body, want := range cases {
		srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(http.StatusBadRequest)
			_, _ = io.WriteString(w, body)
		}))
		t.Cleanup(srv.Close)
		c, err := supabase.New(supabase.Options{BaseURL: srv.URL, Key: "sb_secret_x"})
		require.NoError(t, err)
		_, err = c.Sign(t.Context(), "b", "p", time.Hour)
		e, ok := errors.AsType[*outbound.Error](err)
		require.True(t, ok)
		require.Equal(t, want.status, e.Status, body)
		require.Equal(t, want.code, e.Code, body)
		require.Equal(t, want.outcome, e.Outcome, body)
		require.NotContains(t, err.Error(), "canary")
		require.Equal(t, want.status == 404, c.Delete(t.Context(), "b", "p") == nil, body)
	}
}

func TestASecretKeyIsNoBearerToken(t *testing.T) {
	t.Parallel()
	var got http.Header
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		got = r.Header.Clone()
		_, _ = io.WriteString(w, `{}`)
	}))
	t.Cleanup(srv.Close)
	for key, bearer := range map[string]string{"sb_secret_x": "", "eyJ.old.token": "Bearer eyJ.old.token"} {
		c, err := supabase.New(supabase.Options{BaseURL: srv.URL + "/", Key: key})
		require.NoError(t, err)
		_, err = c.Stat(t.Context(), "b", "p")
		require.NoError(t, err)
		require.Equal(t, key, got.Get("apikey"))
		require.Equal(t, bearer, got.Get("Authorization"))
	}
}

func large(t *testing.T) []byte {
	t.Helper()
	content := make([]byte, 13<<20)
	_, err := rand.Read(content)
	require.NoError(t, err)
	return content
}

// dropping breaks the first chunk's connection, before or after the server has taken it.
type dropping struct {
	after bool
	done  bool
}

func (d *dropping) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.Method != http.MethodPatch || d.done {
		return http.DefaultTransport.RoundTrip(r)
	}
	d.done = true
	if d.after {
		resp, err := http.DefaultTransport.RoundTrip(r)
		if err != nil {
			return nil, err
		}
		_ = resp.Body.Close()
	}
	return nil, errors.New("connection reset")
}

func TestAChunkThatBreaksOffIsSentAgainFromWhereItStopped(t *testing.T) {
	t.Parallel()
	for _, after := range []bool{false, true} {
		s := sandboxtest.Start(t)
		c, err := supabase.New(supabase.Options{BaseURL: s.URL("supabase"), Key: sandboxtest.Key, Transport: &dropping{after: after}})
		require.NoError(t, err)
		content := large(t)
		require.NoError(t, c.Upload(t.Context(), sandbox.Bucket, "a/video.mp4", "video/mp4", int64(len(content)), bytes.NewReader(content)))
		link, err := c.Sign(t.Context(), sandbox.Bucket, "a/video.mp4", time.Hour)
		require.NoError(t, err)
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, link, nil)
		require.NoError(t, err)
		resp, err := http.DefaultClient.Do(req)
		require.NoError(t, err)
		got, err := io.ReadAll(resp.Body)
		require.NoError(t, err)
		require.NoError(t, resp.Body.Close())
		require.True(t, bytes.Equal(content, got))
	}
}

func TestAnUploadWhoseSourceFailsIsTakenBack(t *testing.T) {
	t.Parallel()
	s := sandboxtest.Start(t)
	c, err := supabase.New(supabase.Options{BaseURL: s.URL("supabase"), Key: sandboxtest.Key})
	require.NoError(t, err)
	content := large(t)
	err = c.Upload(t.Context(), sandbox.Bucket, "v", "video/mp4", int64(len(content))+1, bytes.NewReader(content))
	require.ErrorIs(t, err, io.ErrUnexpectedEOF)
	require.Equal(t, 1, s.Calls("supabase", "DELETE /storage/v1/upload/resumable/*"))
	_, err = c.Stat(t.Context(), sandbox.Bucket, "v")
	require.True(t, supabase.IsNotFound(err))
}
