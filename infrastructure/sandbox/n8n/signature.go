package n8n

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// tolerance is how far a signed request's time may be from now, either way.
const tolerance = 5 * time.Minute

// checkSignature tells what is wrong with the Standard Webhooks headers of a request; nothing when it has none. The key is
// the secret's base64 form, or its bytes when it is no base64: the workflow's author may have pasted either.
func checkSignature(h http.Header, body []byte, secret string, now time.Time) string {
	id, stamp, signatures := h.Get("Webhook-Id"), h.Get("Webhook-Timestamp"), h.Get("Webhook-Signature")
	if id == "" && stamp == "" && signatures == "" {
		return ""
	}
	seconds, err := strconv.ParseInt(stamp, 10, 64)
	if err != nil || id == "" || signatures == "" {
		return "the webhook-id, webhook-timestamp and webhook-signature headers are not complete"
	}
	if age := now.Sub(time.Unix(seconds, 0)); age > tolerance || age < -tolerance {
		return "the webhook-timestamp is more than five minutes off"
	}
	plain := strings.TrimPrefix(secret, "whsec_")
	keys := [][]byte{[]byte(plain), []byte(secret)}
	if decoded, err := base64.StdEncoding.DecodeString(plain); err == nil {
		keys = append(keys, decoded)
	}
	for _, key := range keys {
		mac := hmac.New(sha256.New, key)
		mac.Write([]byte(id + "." + stamp + "."))
		mac.Write(body)
		want := "v1," + base64.StdEncoding.EncodeToString(mac.Sum(nil))
		for given := range strings.FieldsSeq(signatures) {
			if hmac.Equal([]byte(given), []byte(want)) {
				return ""
			}
		}
	}
	return "the webhook-signature does not match"
}
