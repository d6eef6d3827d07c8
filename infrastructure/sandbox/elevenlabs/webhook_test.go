package elevenlabs_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// signedAt checks a webhook's signature and returns its time.
func signedAt(h hook, secret string) (time.Time, bool) {
	stamp, given, _ := strings.Cut(strings.TrimPrefix(h.header.Get("ElevenLabs-Signature"), "t="), ",v0=")
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte(stamp + "." + string(h.raw)))
	seconds, _ := strconv.ParseInt(stamp, 10, 64)
	return time.Unix(seconds, 0), given == hex.EncodeToString(mac.Sum(nil))
}

func TestATranscriptIsSentSignedInTheShapeOfTheConversation(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	r := w.receive()
	id := w.submit(1, nil)
	h := r.await(t, 1)[0]
	at, genuine := signedAt(h, secret)
	require.True(t, genuine)
	require.True(t, noon.Equal(at))
	require.Equal(t, "post_call_transcription", h.kind)
	conversation := w.recipients(id, "conversation_id")[0].(string)
	require.Equal(t, w.call("GET", "/v1/convai/conversations/"+conversation, nil).body, h.data)
	require.Equal(t, "done", h.data["status"])
}

func TestAFailureIsToldInTheProvidersWords(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	r := w.receive()
	w.Control("PUT", "/elevenlabs/number", object{"phone_number_id": "phnum_sip", "provider": "sip_trunk"}, nil)
	w.script(object{"outcomes": object{phone(0): "busy", phone(1): "no-answer", phone(2): "failed", phone(3): "voicemail"}})
	for _, number := range []string{"phnum_1", "phnum_sip"} {
		w.submit(4, object{"agent_phone_number_id": number})
	}
	reasons, kinds := map[string]int{}, map[string]int{}
	for _, h := range r.await(t, 8) {
		if h.kind != "call_initiation_failure" {
			require.Contains(t, h.data["metadata"].(object)["termination_reason"], "voicemail")
			continue
		}
		metadata := h.data["metadata"].(object)
		reasons[h.data["failure_reason"].(string)]++
		kinds[metadata["type"].(string)]++
		body := metadata["body"].(object)
		if metadata["type"] == "sip" {
			require.Contains(t, body, "sip_status_code")
		} else {
			require.Contains(t, body, "CallStatus")
			require.Contains(t, body, "CallSid")
		}
	}
	require.Equal(t, map[string]int{"busy": 2, "no-answer": 2, "unknown": 2}, reasons)
	require.Equal(t, map[string]int{"twilio": 3, "sip": 3}, kinds)
}

func TestAudioComesInChunks(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	r := w.receive()
	w.script(object{"audio": true, "audioBytes": 1_000_001})
	w.submit(1, nil)
	for _, h := range r.await(t, 2) {
		_, genuine := signedAt(h, secret)
		require.True(t, genuine)
		if h.kind != "post_call_audio" {
			continue
		}
		require.True(t, h.chunked)
		audio, err := base64.StdEncoding.DecodeString(h.data["full_audio"].(string))
		require.NoError(t, err)
		require.Len(t, audio, 1_000_001)
		require.Equal(t, []byte{0xff, 0xfb}, audio[:2])
	}
}

func TestWebhooksComeTwiceAndInNoOrder(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	r := w.receive()
	w.script(object{"duplicates": 1, "shuffle": true, "speed": 1, "ringSeconds": 1, "callSeconds": 1})
	id := w.submit(20, object{"target_concurrency_limit": 1})
	w.begun(id)
	w.AdvanceClock(30 * time.Second)
	require.Equal(t, "in_progress", w.get(id)["status"])
	require.Empty(t, r.hooks(), "they wait for the last call")
	w.AdvanceClock(time.Hour)
	got := r.await(t, 40)
	var order []string
	for _, h := range got {
		order = append(order, h.data["metadata"].(object)["batch_call"].(object)["batch_call_recipient_id"].(string))
	}
	sorted := true
	for i := 2; i < len(order); i += 2 {
		sorted = sorted && order[i-1] == order[i-2]
	}
	require.False(t, sorted, "the copies of each came next to each other: %v", order)
	times := map[string]int{}
	for _, recipient := range order {
		times[recipient]++
	}
	require.Len(t, times, 20)
	for _, n := range times {
		require.Equal(t, 2, n)
	}
}

func TestAnEarlyWebhookComesBeforeTheBatchShowsTheEnd(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	r := w.receive()
	w.script(object{"earlyWebhooks": true, "speed": 1, "ringSeconds": 1, "callSeconds": 1})
	id := w.submit(1, nil)
	w.begun(id)
	w.AdvanceClock(3 * time.Second)
	require.Equal(t, "done", r.await(t, 1)[0].data["status"])
	require.Equal(t, []any{"in_progress"}, w.recipients(id, "status"))
	w.AdvanceClock(2 * time.Second)
	require.Equal(t, []any{"completed"}, w.recipients(id, "status"))
	require.Len(t, r.hooks(), 1)
}

func TestAWebhookIsForgedOldOrLost(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	r := w.receive()
	w.script(object{"wrongSignature": true})
	w.submit(1, nil)
	_, genuine := signedAt(r.await(t, 1)[0], secret)
	require.False(t, genuine)
	w.script(object{"oldTimestamp": true})
	w.submit(1, nil)
	at, genuine := signedAt(r.await(t, 2)[1], secret)
	require.True(t, genuine)
	require.Equal(t, 31*time.Minute, noon.Sub(at))
	w.script(object{"loseWebhooks": []string{"*"}})
	w.until(w.submit(1, nil), "completed")
	w.script(object{"delayWebhooks": 60})
	w.submit(1, nil)
	require.Eventually(t, func() bool { return len(w.messages()) == 3 }, patient, time.Millisecond, "the lost ones were never made")
	require.Len(t, r.hooks(), 2)
	w.AdvanceClock(time.Minute)
	r.await(t, 3)
}

func TestRetriesAreOffByDefaultAndForTranscriptsOnly(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	r := w.receive()
	r.status = func(n int) int { return []int{503, 503, 429, 408, 200}[min(n-1, 4)] }
	attempts := func() (n int) {
		for _, m := range w.messages() {
			n += len(m.Attempts)
		}
		return n
	}
	tried := func(n int) {
		t.Helper()
		require.Eventually(t, func() bool { return attempts() == n }, patient, time.Millisecond)
	}
	w.submit(1, nil)
	tried(1)
	w.script(object{"retryWebhooks": true})
	w.submit(1, nil)
	tried(2)
	for i, pause := range []time.Duration{30 * time.Second, 2 * time.Minute, 8 * time.Minute} {
		w.AdvanceClock(pause - time.Second)
		require.Equal(t, 2+i, attempts(), "before its time")
		w.AdvanceClock(time.Second)
		tried(3 + i)
	}
	w.AdvanceClock(24 * time.Hour)
	require.Equal(t, 5, attempts(), "it was accepted")
	w.Control("POST", "/elevenlabs/replay", object{"id": "whmsg_1"}, nil)
	tried(6)
}
