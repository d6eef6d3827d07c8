package tertulia

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// WebhookTolerance is how far a webhook's time may be from ours, either way.
const WebhookTolerance = 5 * time.Minute

// minWebhookSecret is the least key that the Standard Webhooks specification allows, in bytes.
const minWebhookSecret = 24

// Reasons to refuse a webhook.
var (
	ErrWebhookHeaders   = errors.New("tertulia: verify webhook: webhook-id, webhook-timestamp or webhook-signature is missing or malformed")
	ErrWebhookTime      = errors.New("tertulia: verify webhook: timestamp is more than five minutes away")
	ErrWebhookSignature = errors.New("tertulia: verify webhook: no signature matches")
)

// Webhook verifies the webhooks that Tertulia sends, as the Standard Webhooks specification says
// (https://www.standardwebhooks.com). It is safe for concurrent use.
type Webhook struct{ keys [][]byte }

// NewWebhook takes the endpoint's secret, "whsec_" and base64, and while it is being rotated the old one too.
// A secret that is empty, malformed or of less than 24 bytes is refused.
func NewWebhook(secrets ...string) (*Webhook, error) {
	if len(secrets) == 0 {
		return nil, errors.New("tertulia: make webhook: no secret")
	}
	w := &Webhook{}
	for _, secret := range secrets {
		key, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(secret, "whsec_"))
		if err != nil {
			return nil, errors.New("tertulia: make webhook: the secret is not base64")
		}
		if len(key) < minWebhookSecret {
			return nil, fmt.Errorf("tertulia: make webhook: the secret has %d bytes, want %d", len(key), minWebhookSecret)
		}
		w.keys = append(w.keys, key)
	}
	return w, nil
}

// Verify reports whether Tertulia sent the request within the last five minutes. body is what arrived, byte for byte.
// A sender repeats a webhook whose answer it missed: tell repetitions apart by the webhook-id header.
func (w *Webhook) Verify(header http.Header, body []byte) error {
	return w.VerifyAt(header, body, time.Now())
}

// VerifyAt is Verify at a given time.
func (w *Webhook) VerifyAt(header http.Header, body []byte, now time.Time) error {
	id, timestamp := header.Get("Webhook-Id"), header.Get("Webhook-Timestamp")
	seconds, err := strconv.ParseInt(timestamp, 10, 64)
	if id == "" || err != nil || header.Get("Webhook-Signature") == "" {
		return ErrWebhookHeaders
	}
	if now.Sub(time.Unix(seconds, 0)).Abs() > WebhookTolerance {
		return ErrWebhookTime
	}
	for signature := range strings.FieldsSeq(header.Get("Webhook-Signature")) {
		version, encoded, _ := strings.Cut(signature, ",")
		given, err := base64.StdEncoding.DecodeString(encoded)
		if version == "v1" && err == nil && w.signed(id, timestamp, body, given) {
			return nil
		}
	}
	return ErrWebhookSignature
}

// signed compares in constant time.
func (w *Webhook) signed(id, timestamp string, body, given []byte) bool {
	for _, key := range w.keys {
		mac := hmac.New(sha256.New, key)
		mac.Write([]byte(id + "." + timestamp + "."))
		mac.Write(body)
		if hmac.Equal(mac.Sum(nil), given) {
			return true
		}
	}
	return false
}
