package recall_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tertulia-dev/tertulia/infrastructure/sandbox/sandboxtest"
)

func TestMediaLinksNeedNoKeyAreNewOnEachReadAndExpire(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	bot, shortcuts := w.lived(sandboxtest.Script{})
	first := link(shortcuts, "video_mixed")
	second := link(w.shortcuts(bot), "video_mixed")
	require.NotEqual(t, first, second)
	require.Equal(t, 200, w.send("GET", first, nil).status)
	require.Equal(t, 200, w.send("GET", second, nil).status)

	a := w.send("GET", first, nil, "Authorization", "Token sandbox-key")
	require.Equal(t, 400, a.status, "a second credential is refused")
	require.Equal(t, 403, w.send("GET", strings.Replace(first, "video.mp4", "audio.mp3", 1), nil).status)
	require.Equal(t, 403, w.send("HEAD", first, nil).status, "the link is signed for GET")

	w.AdvanceClock(6 * time.Hour)
	a = w.send("GET", first, nil)
	require.Equal(t, 403, a.status)
	require.Contains(t, string(a.raw), "Request has expired")
	require.Equal(t, 200, w.send("GET", link(w.shortcuts(bot), "video_mixed"), nil).status)
}

func TestMediaIsServedByRanges(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	_, shortcuts := w.lived(sandboxtest.Script{Faults: sandboxtest.Faults{VideoBytes: 100_001}})
	address := link(shortcuts, "video_mixed")
	whole := w.send("GET", address, nil)
	require.Len(t, whole.raw, 100_001)
	require.Equal(t, "bytes", whole.header.Get("Accept-Ranges"))
	require.Equal(t, "video/mp4", whole.header.Get("Content-Type"))

	part := w.send("GET", address, nil, "Range", "bytes=70003-", "If-Range", whole.header.Get("ETag"))
	require.Equal(t, 206, part.status)
	require.Equal(t, "bytes 70003-100000/100001", part.header.Get("Content-Range"))
	require.True(t, bytes.Equal(whole.raw[70003:], part.raw))
	require.Equal(t, 416, w.send("GET", address, nil, "Range", "bytes=200000-").status)
}

func TestTheVideoIsAWellFormedMP4(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	_, shortcuts := w.lived(sandboxtest.Script{DurationSeconds: 61.5})
	raw := w.send("GET", link(shortcuts, "video_mixed"), nil).raw
	boxes := map[string][]byte{}
	for rest := raw; len(rest) > 0; {
		size := binary.BigEndian.Uint32(rest)
		boxes[string(rest[4:8])] = rest[8:size]
		rest = rest[size:]
	}
	require.Contains(t, boxes, "ftyp")
	require.Contains(t, boxes, "moov")
	require.Contains(t, boxes, "free")
	movieHeader := boxes["moov"][8:]
	require.EqualValues(t, 1000, binary.BigEndian.Uint32(movieHeader[12:]), "units a second")
	require.EqualValues(t, 61_500, binary.BigEndian.Uint32(movieHeader[16:]), "length")
	at := bytes.Index(raw, []byte("stco"))
	offset := binary.BigEndian.Uint32(raw[at+12:])
	require.Equal(t, "mdat", string(raw[offset-4:offset]), "the chunk offset points at the sample")
	require.EqualValues(t, len(boxes["mdat"])-4, binary.BigEndian.Uint32(boxes["mdat"]), "the sample is one whole unit")
}

func TestTheAudioIsFramesOfSilenceForTheWholeCall(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	_, shortcuts := w.lived(sandboxtest.Script{DurationSeconds: 36})
	raw := w.send("GET", link(shortcuts, "audio_mixed"), nil).raw
	require.Len(t, raw, 1000*36)
	for frame := range 1000 {
		require.Equal(t, []byte{0xff, 0xf3, 0x18, 0xc0}, raw[frame*36:frame*36+4])
	}
}

func TestTwoGigabytesStreamAndResume(t *testing.T) {
	t.Parallel()
	const size, from = 2_000_000_000, 1_999_000_000
	w := newWorld(t)
	_, shortcuts := w.lived(sandboxtest.Script{Faults: sandboxtest.Faults{VideoBytes: size}})
	address := link(shortcuts, "video_mixed")
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	require.NoError(t, err)
	got, err := http.DefaultClient.Do(r)
	require.NoError(t, err)
	defer got.Body.Close()
	require.EqualValues(t, size, got.ContentLength)
	n, err := io.CopyN(io.Discard, got.Body, 10<<20)
	require.NoError(t, err)
	require.EqualValues(t, 10<<20, n)

	sum := func() string {
		tail := w.send("GET", address, nil, "Range", fmt.Sprintf("bytes=%d-", from))
		require.Len(t, tail.raw, size-from)
		return fmt.Sprintf("%x", sha256.Sum256(tail.raw))
	}
	require.Equal(t, sum(), sum())
}

func TestATruncatedDownloadBreaksOffOnceAndCanBeResumed(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	_, shortcuts := w.lived(sandboxtest.Script{Faults: sandboxtest.Faults{TruncatedDownload: 1}})
	for _, kind := range []string{"transcript", "video_mixed", "audio_mixed"} {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, link(shortcuts, kind), nil)
		require.NoError(t, err)
		got, err := http.DefaultClient.Do(r)
		require.NoError(t, err)
		half, err := io.ReadAll(got.Body)
		require.ErrorIs(t, err, io.ErrUnexpectedEOF)
		require.NoError(t, got.Body.Close())

		rest := w.send("GET", link(shortcuts, kind), nil, "Range", fmt.Sprintf("bytes=%d-", len(half)))
		whole := w.send("GET", link(shortcuts, kind), nil)
		require.Equal(t, 200, whole.status)
		require.True(t, bytes.Equal(whole.raw, append(half, rest.raw...)), kind)
	}
}

func TestDeletedMediaIsGoneAndSaysSo(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	bot, shortcuts := w.lived(sandboxtest.Script{})
	address := link(shortcuts, "video_mixed")
	require.Equal(t, 200, w.call("POST", "/bot/"+bot+"/delete_media/", nil).status)
	require.Equal(t, 404, w.send("GET", address, nil).status)
	shortcuts = w.shortcuts(bot)
	require.Equal(t, "deleted", shortcuts["video_mixed"].(object)["status"].(object)["code"])
	require.Nil(t, shortcuts["video_mixed"].(object)["data"].(object)["download_url"])
	require.Eventually(t, func() bool {
		events := strings.Join(w.receiver.events(), " ")
		return strings.Contains(events, "recording.deleted") && strings.Contains(events, "transcript.deleted")
	}, patient, 5*time.Millisecond)
}

func TestArtefactsCanBeReadListedAndDeletedByThemselves(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.RecallSettings(object{"pageSize": 1})
	bot, shortcuts := w.lived(sandboxtest.Script{})
	w.lived(sandboxtest.Script{})
	recording := w.get(bot)["recordings"].([]any)[0].(object)["id"].(string)
	transcript := shortcuts["transcript"].(object)["id"].(string)

	list := w.call("GET", "/transcript/?recording_id="+recording, nil)
	require.Equal(t, 200, list.status)
	require.Len(t, list.body["results"], 1)
	require.Nil(t, list.body["next"])
	all := w.call("GET", "/transcript/", nil)
	next := w.send("GET", all.body["next"].(string), nil, "Authorization", "sandbox-key")
	require.Equal(t, 200, next.status)
	require.NotEqual(t, all.body["results"].([]any)[0], next.body["results"].([]any)[0])

	one := w.call("GET", "/transcript/"+transcript+"/", nil)
	require.Equal(t, "done", one.body["status"].(object)["code"])
	require.Equal(t, object{"recallai_streaming": object{}}, one.body["provider"])
	require.Equal(t, 404, w.call("GET", "/video_mixed/"+transcript+"/", nil).status)
	require.Equal(t, 204, w.call("DELETE", "/transcript/"+transcript+"/", nil).status)
	require.Equal(t, "deleted", w.call("GET", "/transcript/"+transcript+"/", nil).body["status"].(object)["code"])
	require.Equal(t, "done", w.shortcuts(bot)["video_mixed"].(object)["status"].(object)["code"])
}
