package recall_test

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tertulia-dev/tertulia/infrastructure/vendors/recall"
)

// shop serves one bot whose media URLs are new on each read, and breaks off the first few downloads half-way.
type shop struct {
	file   []byte
	breaks int32
	served atomic.Int32
	asked  atomic.Int32 // for the bot, and so for fresh links
	etag   func(n int32) string
}

func (s *shop) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if strings.HasPrefix(r.URL.Path, "/api/") {
		s.asked.Add(1)
		link := fmt.Sprintf("http://%s/media?token=%d", r.Host, s.served.Load())
		answer(200, `{"id":"b1","recordings":[
			{"id":"r1","media_shortcuts":{"video_mixed":null,"audio_mixed":{"data":{"download_url":null}}}},
			{"id":"r2","media_shortcuts":{"video_mixed":{"data":{"download_url":"`+link+`"}},"transcript":{"data":{"download_url":"`+link+`"}}}}]}`)(w, r)
		return
	}
	if n := s.served.Load(); r.URL.Query().Get("token") != strconv.Itoa(int(n)) || r.Header.Get("Authorization") != "" {
		w.WriteHeader(http.StatusForbidden)
		return
	}
	n := s.served.Add(1)
	w.Header().Set("Content-Type", "video/mp4")
	if s.etag != nil {
		w.Header().Set("ETag", s.etag(n))
	}
	if n > s.breaks {
		http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(s.file))
		return
	}
	http.ServeContent(cut{w, len(s.file) / 8}, r, "", time.Time{}, bytes.NewReader(s.file))
}

// cut drops the connection after some bytes.
type cut struct {
	http.ResponseWriter
	left int
}

func (c cut) Write(p []byte) (int, error) {
	if len(p) > c.left {
		_, _ = c.ResponseWriter.Write(p[:c.left])
		_ = http.NewResponseController(c.ResponseWriter).Flush()
		panic(http.ErrAbortHandler)
	}
	return c.ResponseWriter.Write(p)
}

func file() []byte { return bytes.Repeat([]byte("0123456789"), 2000) }

func TestADownloadThatBreaksOffGoesOnWhereItStopped(t *testing.T) {
	t.Parallel()
	s := &shop{file: file(), breaks: 3}
	c, _ := fake(t, s)
	media, err := c.OpenMedia(t.Context(), recall.Ref{Bot: "b1", Kind: recall.Video})
	require.NoError(t, err)
	require.Equal(t, int64(len(s.file)), media.Size)
	require.Equal(t, "video/mp4", media.ContentType)
	got, err := io.ReadAll(media)
	require.NoError(t, err)
	require.NoError(t, media.Close())
	require.True(t, bytes.Equal(s.file, got))
	require.Equal(t, int32(4), s.served.Load())
}

func TestADownloadThatKeepsBreakingFails(t *testing.T) {
	t.Parallel()
	c, _ := fake(t, &shop{file: file(), breaks: 100})
	media, err := c.OpenMedia(t.Context(), recall.Ref{Bot: "b1", Kind: recall.Video})
	require.NoError(t, err)
	_, err = io.Copy(io.Discard, media)
	require.ErrorContains(t, err, "unexpected EOF")
	require.NoError(t, media.Close())
}

func TestAServerThatIgnoresRangesIsReadFromTheBeginning(t *testing.T) {
	t.Parallel()
	s := &shop{file: file(), breaks: 1}
	c, _ := fake(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r.Header.Del("Range")
		s.ServeHTTP(w, r)
	}))
	media, err := c.OpenMedia(t.Context(), recall.Ref{Bot: "b1", Kind: recall.Video})
	require.NoError(t, err)
	got, err := io.ReadAll(media)
	require.NoError(t, err)
	require.True(t, bytes.Equal(s.file, got))
}

func TestADownloadIsNotContinuedOnAnotherFile(t *testing.T) {
	t.Parallel()
	c, _ := fake(t, &shop{file: file(), breaks: 1, etag: func(n int32) string { return fmt.Sprintf("%q", strconv.Itoa(int(n))) }})
	media, err := c.OpenMedia(t.Context(), recall.Ref{Bot: "b1", Kind: recall.Video})
	require.NoError(t, err)
	_, err = io.Copy(io.Discard, media)
	require.ErrorContains(t, err, "no longer the one")
}

func TestAnArtefactThatIsMissingOrUnfinishedIsNotReady(t *testing.T) {
	t.Parallel()
	c, _ := fake(t, &shop{})
	for _, ref := range []recall.Ref{
		{Bot: "b1", Recording: "r1", Kind: recall.Video},
		{Bot: "b1", Recording: "r1", Kind: recall.Audio},
		{Bot: "b1", Recording: "unknown", Kind: recall.Video},
		{Bot: "b1", Kind: "other"},
	} {
		_, err := c.OpenMedia(t.Context(), ref)
		require.ErrorIs(t, err, recall.ErrNotReady, ref)
	}
}

func TestALinkThatIsKnownIsNotAskedForUntilTheDownloadBreaksOff(t *testing.T) {
	t.Parallel()
	s := &shop{file: file(), breaks: 1}
	c, server := fake(t, s)
	media, err := c.OpenMedia(t.Context(), recall.Ref{Bot: "b1", Kind: recall.Video, Link: server + "/media?token=0"})
	require.NoError(t, err)
	require.Zero(t, s.asked.Load())
	got, err := io.ReadAll(media)
	require.NoError(t, err)
	require.Equal(t, s.file, got)
	require.Equal(t, int32(1), s.asked.Load())
}

func TestATranscriptIsReadUtteranceByUtterance(t *testing.T) {
	t.Parallel()
	s := &shop{file: []byte(`[
		{"participant":null,"words":[{"text":"Hola","start_timestamp":null,"end_timestamp":{"relative":1.5}}]},
		{"participant":{"id":100,"name":"Ana","is_host":true,"email":null},"language_code":"es",
		 "words":[{"text":"Buenas","start_timestamp":{"relative":1.23,"absolute":"2025-07-17T00:00:01.230Z"},"end_timestamp":{"relative":1.6}}]}]`)}
	c, _ := fake(t, s)
	var got []recall.Utterance
	for u, err := range c.DownloadTranscript(t.Context(), recall.Ref{Bot: "b1"}) {
		require.NoError(t, err)
		got = append(got, u)
	}
	require.Len(t, got, 2)
	require.Nil(t, got[0].Participant)
	require.Equal(t, "Ana", got[1].Participant.Name)
	require.InDelta(t, 1.23, *got[1].Words[0].Start.Relative, 0)
}

func TestATranscriptThatIsCutOrMalformedIsAnErrorThatQuotesNothing(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"", `{"canary":1}`, `[{"participant":{"name":"canary"}}`, `[{"words":"canary"}]`, `[{"words":[{"text":"a","start_timestamp":{"relative":"canary"}}]}]`, `canary`} {
		var last error
		for _, err := range recall.DecodeTranscript(strings.NewReader(text)) {
			last = err
		}
		require.Error(t, last, text)
		require.NotContains(t, last.Error(), "canary")
	}
}

func TestALongTranscriptIsNotHeldAsText(t *testing.T) {
	t.Parallel()
	one := `{"participant":{"id":1,"name":"Ana"},"words":[{"text":"palabra","start_timestamp":{"relative":1},"end_timestamp":{"relative":2}}]},`
	n := 40_000 // about 5 MB
	text := io.MultiReader(strings.NewReader("["), io.LimitReader(repeat(one), int64(n*len(one))), strings.NewReader(one[:len(one)-1]+"]"))
	count := 0
	for _, err := range recall.DecodeTranscript(text) {
		require.NoError(t, err)
		count++
	}
	require.Equal(t, n+1, count)
}

type repeater struct {
	s string
	i int
}

func repeat(s string) io.Reader { return &repeater{s: s} }

func (r *repeater) Read(p []byte) (int, error) {
	n := copy(p, r.s[r.i:])
	r.i = (r.i + n) % len(r.s)
	return n, nil
}
