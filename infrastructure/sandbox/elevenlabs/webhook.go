package elevenlabs

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Types of webhooks.
const (
	postCallTranscription = "post_call_transcription"
	postCallAudio         = "post_call_audio"
	callInitiationFailure = "call_initiation_failure"
)

// announce tells the webhooks of a call that is over. Call it with Double.mu held.
func (d *Double) announce(c *conversation, at time.Time) {
	b := c.recipient.batch
	types := []string{postCallTranscription}
	switch {
	case c.answered.IsZero():
		types = []string{callInitiationFailure}
	case b.script.Audio && c.status == conversationDone:
		types = append(types, postCallAudio)
	}
	for _, kind := range types {
		if slices.Contains(b.script.LoseWebhooks, kind) || slices.Contains(b.script.LoseWebhooks, "*") {
			continue
		}
		m := d.hooks.newMessage(kind, c, at)
		for range 1 + b.script.Duplicates {
			b.held = append(b.held, m)
		}
	}
	if b.script.Shuffle {
		if b.unconcluded > 0 || b.open() > 0 {
			return
		}
		rand.Shuffle(len(b.held), func(i, j int) { b.held[i], b.held[j] = b.held[j], b.held[i] })
	}
	d.post(b.held, b.script, at)
	b.held = nil
}

// post gives webhooks to the sender, when their delay is over.
func (d *Double) post(messages []*message, s *Script, at time.Time) {
	if s.DelayWebhooks > 0 {
		d.at(at.Add(seconds(s.DelayWebhooks)), func(time.Time) { d.hooks.send(messages...) })
		return
	}
	d.hooks.send(messages...)
}

// body is what a webhook says. An audio is made while it is read: the real ones are large and arrive in chunks.
func (m *message) body() (io.Reader, error) {
	at, c := m.made.Unix(), m.about
	var data any
	switch m.Type {
	case postCallAudio:
		return c.audio(at), nil
	case callInitiationFailure:
		data = c.failure(m.made)
	default:
		data = c.wire()
	}
	raw, err := json.Marshal(map[string]any{"type": m.Type, "event_timestamp": at, "data": data})
	if err != nil {
		return nil, fmt.Errorf("encoding the webhook: %w", err)
	}
	return strings.NewReader(string(raw)), nil
}

// failure is why nobody was reached. It names no batch: only the conversation's ID leads to the recipient.
func (c *conversation) failure(at time.Time) map[string]any {
	reason := "unknown"
	if c.fate == busy || c.fate == noAnswer {
		reason = string(c.fate)
	}
	return map[string]any{
		"agent_id": c.recipient.batch.asked.agentID, "conversation_id": c.id, "failure_reason": reason, "metadata": c.failureMetadata(at),
	}
}

// failureMetadata is the SIP answer, or Twilio's StatusCallback form (www.twilio.com/docs/voice/api/call-resource).
func (c *conversation) failureMetadata(at time.Time) map[string]any {
	sip := c.sip()
	if c.provider() == sipTrunk {
		return map[string]any{"type": "sip", "body": map[string]any{
			"sip_status_code": sip.status, "error_reason": sip.words, "call_sid": c.sid("SC"), "sip_status": sip.words, "twirp_code": "unavailable",
		}}
	}
	return map[string]any{"type": twilio, "body": map[string]any{
		"Called": text(c.recipient.phone), "To": text(c.recipient.phone), "Caller": c.from(), "From": c.from(),
		"CallSid": c.sid("CA"), "AccountSid": "AC00000000000000000000000000000000", "ApiVersion": "2010-04-01",
		"CallStatus": sip.twilio, "SipResponseCode": strconv.Itoa(sip.status), "Direction": "outbound-api",
		"Duration": "0", "CallDuration": "0", "SequenceNumber": "2", "CallbackSource": "call-progress-events",
		"Timestamp": at.Format(time.RFC1123Z),
	}}
}

// sipAnswer is why a call was refused (RFC 3261 §21), and Twilio's word for it.
type sipAnswer struct {
	status        int
	words, twilio string
}

func (c *conversation) sip() sipAnswer {
	switch c.fate {
	case busy:
		return sipAnswer{486, "Busy Here", "busy"}
	case noAnswer:
		return sipAnswer{480, "Temporarily Unavailable", "no-answer"}
	}
	return sipAnswer{503, "Service Unavailable", "failed"}
}

// usualAudio is in bytes.
const usualAudio = 64 << 10

// audio is a webhook with silent MP3 in base64.
func (c *conversation) audio(at int64) io.Reader {
	size := c.recipient.batch.script.AudioBytes
	if size == 0 {
		size = usualAudio
	}
	head := fmt.Sprintf(`{"type":%q,"event_timestamp":%d,"data":{"agent_id":%s,"conversation_id":%q,"full_audio":"`,
		postCallAudio, at, appendText(nil, &c.recipient.batch.asked.agentID), c.id)
	return io.MultiReader(strings.NewReader(head), &encodedSilence{left: size}, strings.NewReader(`"}}`))
}

// frame is one of MPEG-1 Layer III at 32 kbit/s and 32 kHz, mono: 36 ms of silence.
const frameBytes = 144

// encodedSilence is so many bytes of MP3 in base64.
type encodedSilence struct {
	left int64
	rest []byte
}

// Read implements io.Reader.
func (s *encodedSilence) Read(p []byte) (int, error) {
	if len(s.rest) == 0 {
		if s.left <= 0 {
			return 0, io.EOF
		}
		frame := make([]byte, frameBytes) // a multiple of three, so that only the last one is padded
		copy(frame, []byte{0xff, 0xfb, 0x18, 0xc0})
		s.rest = []byte(base64.StdEncoding.EncodeToString(frame[:min(s.left, frameBytes)]))
		s.left -= frameBytes
	}
	n := copy(p, s.rest)
	s.rest = s.rest[n:]
	return n, nil
}

// foreignSecret signs the webhooks of a script that wants wrong signatures.
const foreignSecret = "wsec_not_the_secret_of_this_workspace" //nolint:gosec // a double's, and meant to be wrong

// tooOld is beyond the half hour that a receiver tolerates.
const tooOld = 31 * time.Minute

// signature is the header's value: the time, and HMAC-SHA256 over the time, a dot and the body (ElevenLabs, Webhooks,
// HMAC signatures). The time is the receiver's, not the one that the control API moves.
func signature(secret string, at time.Time, body []byte) string {
	stamp := strconv.FormatInt(at.Unix(), 10)
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte(stamp + "."))
	mac.Write(body)
	return "t=" + stamp + ",v0=" + hex.EncodeToString(mac.Sum(nil))
}
