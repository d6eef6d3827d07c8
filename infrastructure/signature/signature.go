// Package signature signs outgoing webhooks and verifies incoming ones by the Standard Webhooks scheme, which Svix began:
// base64(HMAC-SHA256(key, id + "." + timestamp + "." + body)).
package signature

import (
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"
)

const (
	minKey    = 24              // bytes, the least that the specification allows
	tolerance = 5 * time.Minute // between a message's timestamp and now, either way
)

// Why a message is refused.
var (
	ErrUnsigned = errors.New("the signature headers are missing or malformed")
	ErrStale    = errors.New("the message's timestamp is too far from now")
	ErrForged   = errors.New("no signature matches")
)

// Verifier tells whether a message was signed with one of its secrets.
type Verifier struct{ keys []*standardwebhooks.Webhook }

// NewVerifier makes a verifier of secrets in the form "whsec_<base64>", the prefix being optional; several while a secret
// is rotated. It refuses to be made of none, or of one that is empty or shorter than 24 bytes: the library would accept an
// empty key, with which anyone can sign.
func NewVerifier(secrets ...string) (*Verifier, error) {
	keys, err := keysOf(secrets)
	if err != nil {
		return nil, fmt.Errorf("make a signature verifier: %w", err)
	}
	return &Verifier{keys: keys}, nil
}

// Verify checks the raw body against the headers, of either family ("webhook-" or "svix-"), and returns the message's ID,
// which stays the same over the sender's retries. Errors: ErrUnsigned, ErrStale, ErrForged.
func (v *Verifier) Verify(h http.Header, body []byte, now time.Time) (id string, err error) {
	m, err := read(h)
	if err != nil {
		return "", err
	}
	if age := now.Sub(m.at); age > tolerance || age < -tolerance {
		return "", ErrStale
	}
	for _, key := range v.keys {
		want, err := key.Sign(m.id, m.at, body)
		if err != nil {
			return "", fmt.Errorf("compute a signature: %w", err)
		}
		for given := range strings.FieldsSeq(m.signatures) {
			if subtle.ConstantTimeCompare([]byte(given), []byte(want)) == 1 {
				return m.id, nil
			}
		}
	}
	return "", ErrForged
}

type message struct {
	id, signatures string
	at             time.Time
}

func read(h http.Header) (message, error) {
	for _, family := range []string{"Webhook-", "Svix-"} {
		m := message{id: h.Get(family + "Id"), signatures: h.Get(family + "Signature")}
		stamp := h.Get(family + "Timestamp")
		seconds, err := strconv.ParseInt(stamp, 10, 64)
		if m.id == "" || m.signatures == "" || err != nil || strconv.FormatInt(seconds, 10) != stamp {
			continue
		}
		m.at = time.Unix(seconds, 0)
		return m, nil
	}
	return message{}, ErrUnsigned
}

// Signer signs messages.
type Signer struct{ keys []*standardwebhooks.Webhook }

// NewSigner makes a signer of secrets as NewVerifier takes them. With several, a message carries a signature of each.
func NewSigner(secrets ...string) (*Signer, error) {
	keys, err := keysOf(secrets)
	if err != nil {
		return nil, fmt.Errorf("make a signer: %w", err)
	}
	return &Signer{keys: keys}, nil
}

// SharedSecret makes a signer whose key is the bytes of a secret that travels in a header of the same request anyway. Who
// can guess at the key sees the secret already, so that only an empty one is refused.
func SharedSecret(secret string) (*Signer, error) {
	if secret == "" {
		return nil, errors.New("make a signer: the secret is empty")
	}
	key, err := standardwebhooks.NewWebhookRaw([]byte(secret))
	if err != nil {
		return nil, fmt.Errorf("make a signer: %w", err)
	}
	return &Signer{keys: []*standardwebhooks.Webhook{key}}, nil
}

// Sign sets the three Standard Webhooks headers for the raw body. A retry keeps the ID and takes a new time.
func (s *Signer) Sign(h http.Header, id string, body []byte, at time.Time) error {
	signatures := make([]string, len(s.keys))
	for i, key := range s.keys {
		sig, err := key.Sign(id, at, body)
		if err != nil {
			return fmt.Errorf("sign a message: %w", err)
		}
		signatures[i] = sig
	}
	h.Set(standardwebhooks.HeaderWebhookID, id)
	h.Set(standardwebhooks.HeaderWebhookTimestamp, strconv.FormatInt(at.Unix(), 10))
	h.Set(standardwebhooks.HeaderWebhookSignature, strings.Join(signatures, " "))
	return nil
}

// keysOf never puts a secret into its errors.
func keysOf(secrets []string) ([]*standardwebhooks.Webhook, error) {
	if len(secrets) == 0 {
		return nil, errors.New("a secret is required")
	}
	keys := make([]*standardwebhooks.Webhook, len(secrets))
	for i, secret := range secrets {
		raw, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(secret, "whsec_"))
		if err != nil {
			return nil, fmt.Errorf("secret %d is not base64", i+1)
		}
		if len(raw) < minKey {
			return nil, fmt.Errorf("secret %d has %d bytes, want at least %d", i+1, len(raw), minKey)
		}
		if keys[i], err = standardwebhooks.NewWebhookRaw(raw); err != nil {
			return nil, fmt.Errorf("secret %d: %w", i+1, err)
		}
	}
	return keys, nil
}
