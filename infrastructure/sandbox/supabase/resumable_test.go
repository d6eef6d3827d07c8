package supabase_test

import (
	"bytes"
	"encoding/base64"
	"io"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

const chunk = 6 << 20

func (s *running) tus(t *testing.T, method, path string, body io.Reader, headers ...string) answer {
	t.Helper()
	return s.call(t, method, strings.TrimPrefix(path, s.url), body, append([]string{"Tus-Resumable", "1.0.0"}, headers...)...)
}

func (s *running) begin(t *testing.T, name string, headers ...string) string {
	t.Helper()
	b64 := func(text string) string { return base64.StdEncoding.EncodeToString([]byte(text)) }
	about := "bucketName " + b64("meeting-recordings") + ",objectName " + b64(name) + ",contentType " + b64("video/mp4") + ",cacheControl " + b64("60")
	a := s.tus(t, "POST", "/supabase/storage/v1/upload/resumable", nil, append(headers, "Upload-Metadata", about)...)
	require.Equal(t, http.StatusCreated, a.status, string(a.raw))
	require.NotEmpty(t, a.header.Get("Upload-Expires"))
	return a.header.Get("Location")
}

func (s *running) patch(t *testing.T, to string, offset int, body []byte, headers ...string) answer {
	t.Helper()
	return s.tus(t, "PATCH", to, bytes.NewReader(body), append(headers, "Content-Type", "application/offset+octet-stream", "Upload-Offset", strconv.Itoa(offset))...)
}

func TestAResumableUploadArrivesInChunks(t *testing.T) {
	t.Parallel()
	s := start(t)
	video := bytes.Repeat([]byte("0123456789abcdef"), chunk/16+100)
	for name, length := range map[string][]string{
		"known.mp4":    {"Upload-Length", strconv.Itoa(len(video))},
		"deferred.mp4": {"Upload-Defer-Length", "1"},
	} {
		to := s.begin(t, name, length...)
		require.True(t, strings.HasPrefix(to, s.url), to)
		require.Equal(t, http.StatusNoContent, s.patch(t, to, 0, video[:chunk]).status)
		head := s.tus(t, "HEAD", to, nil)
		require.Equal(t, strconv.Itoa(chunk), head.header.Get("Upload-Offset"))
		require.Equal(t, "NoSuchKey", s.call(t, "GET", object+"/meeting-recordings/"+name, nil).refusal(t).Code)

		require.Equal(t, http.StatusConflict, s.patch(t, to, 0, video[:chunk]).status)
		last := s.patch(t, to, chunk, video[chunk:], "Upload-Length", strconv.Itoa(len(video)))
		require.Equal(t, http.StatusNoContent, last.status, string(last.raw))
		require.Equal(t, strconv.Itoa(len(video)), last.header.Get("Upload-Offset"))

		read := s.call(t, "GET", object+"/meeting-recordings/"+name, nil)
		require.True(t, bytes.Equal(video, read.raw))
		require.Equal(t, "video/mp4", read.header.Get("Content-Type"))
	}
}

func TestAChunkOfAnotherSizeIsRefused(t *testing.T) {
	t.Parallel()
	s := start(t)
	to := s.begin(t, "x.mp4", "Upload-Length", strconv.Itoa(2*chunk))
	require.Equal(t, http.StatusBadRequest, s.patch(t, to, 0, make([]byte, 1000)).status)
	require.Equal(t, http.StatusBadRequest, s.patch(t, to, 0, make([]byte, 2*chunk-1)).status)
	require.Equal(t, "0", s.tus(t, "HEAD", to, nil).header.Get("Upload-Offset"))
}

func TestAnUploadEndsWithItsLifeItsAbandonOrItsTwin(t *testing.T) {
	t.Parallel()
	s := start(t)
	old := s.begin(t, "x.mp4", "Upload-Length", "10")
	abandoned := s.begin(t, "x.mp4", "Upload-Length", "10")
	require.Equal(t, http.StatusNoContent, s.tus(t, "DELETE", abandoned, nil).status)
	require.Equal(t, http.StatusNotFound, s.tus(t, "HEAD", abandoned, nil).status)
	s.Clock().Advance(24 * time.Hour)
	require.Equal(t, http.StatusGone, s.patch(t, old, 0, make([]byte, 10)).status)

	one, two := s.begin(t, "x.mp4", "Upload-Length", "3"), s.begin(t, "x.mp4", "Upload-Length", "3")
	require.Equal(t, http.StatusNoContent, s.patch(t, one, 0, []byte("uno")).status)
	require.Equal(t, http.StatusConflict, s.patch(t, two, 0, []byte("dos")).status)
	require.Equal(t, "uno", string(s.call(t, "GET", object+"/meeting-recordings/x.mp4", nil).raw))
	require.Equal(t, http.StatusPreconditionFailed, s.call(t, "HEAD", strings.TrimPrefix(one, s.url), nil).status)
}

func TestASmallUploadCanComeWithItsCreation(t *testing.T) {
	t.Parallel()
	s := start(t)
	b64 := base64.StdEncoding.EncodeToString
	about := "bucketName " + b64([]byte("meeting-recordings")) + ",objectName " + b64([]byte("s.txt"))
	a := s.tus(t, "POST", "/supabase/storage/v1/upload/resumable", strings.NewReader("hola"), "Upload-Metadata", about,
		"Upload-Length", "4", "Content-Type", "application/offset+octet-stream")
	require.Equal(t, http.StatusCreated, a.status, string(a.raw))
	require.Equal(t, "4", a.header.Get("Upload-Offset"))
	require.Equal(t, "hola", string(s.call(t, "GET", object+"/meeting-recordings/s.txt", nil).raw))
}
