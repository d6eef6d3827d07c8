package recall

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"

	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"
)

// The two families of headers: of accounts made before 2025-12-15, and of later ones.
const (
	StyleSvix     = "svix"
	StyleStandard = "webhook"
)

// answerTime is how long a receiver may take.
const answerTime = 15 * time.Second

// retries is how long before each attempt after the first (https://docs.svix.com/retries).
func retries() []time.Duration {
	return []time.Duration{
		5 * time.Second, 5 * time.Minute, 30 * time.Minute, 2 * time.Hour, 5 * time.Hour, 10 * time.Hour, 10 * time.Hour,
	}
}

// foreignSecret signs the webhooks of a script that wants wrong signatures.
const foreignSecret = "whsec_bm90IHRoZSBzZWNyZXQgb2YgdGhpcyB3b3Jrc3BhY2U="

// destination is where webhooks go and how they are signed. During a rotation there are two secrets, and each signature
// is sent. Without a secret nothing is signed.
type destination struct {
	URL     string
	Secrets []string
	Style   string
}

// deliver posts a message once. The error says why it was not accepted.
func (s *sender) deliver(ctx context.Context, to destination, m *message) (int, error) {
	ctx, cancel := context.WithTimeout(ctx, answerTime)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, to.URL, bytes.NewReader(m.Body))
	if err != nil {
		return 0, fmt.Errorf("making the webhook's request: %w", err)
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("User-Agent", "Svix-Webhooks/1.84 (sandbox)")
	if err := sign(r.Header, to, m, s.env.Clock.Base()); err != nil {
		return 0, err
	}
	answer, err := s.client.Do(r)
	if err != nil {
		return 0, fmt.Errorf("sending the webhook: %w", err)
	}
	defer answer.Body.Close()
	_, _ = io.Copy(io.Discard, io.LimitReader(answer.Body, 64<<10))
	if answer.StatusCode/100 != 2 {
		return answer.StatusCode, fmt.Errorf("the receiver answered %d", answer.StatusCode)
	}
	return answer.StatusCode, nil
}

// sign adds the signature headers. The time is the receiver's, not the one that the control API moves: a receiver
// refuses what is not from now.
func sign(h http.Header, to destination, m *message, now time.Time) error {
	if m.faults.OldTimestamp {
		now = now.Add(-10 * time.Minute)
	}
	secrets := to.Secrets
	if m.faults.WrongSignature {
		secrets = []string{foreignSecret}
	}
	if len(secrets) == 0 {
		return nil
	}
	var signatures []string
	for _, secret := range secrets {
		key, err := standardwebhooks.NewWebhook(secret)
		if err != nil {
			return fmt.Errorf("reading the webhook's secret: %w", err)
		}
		signature, err := key.Sign(m.ID, now, m.Body)
		if err != nil {
			return fmt.Errorf("signing the webhook: %w", err)
		}
		signatures = append(signatures, signature)
	}
	prefix := StyleSvix
	if to.Style == StyleStandard {
		prefix = StyleStandard
	}
	h.Set(prefix+"-id", m.ID)
	h.Set(prefix+"-timestamp", strconv.FormatInt(now.Unix(), 10))
	h.Set(prefix+"-signature", strings.Join(signatures, " "))
	return nil
}
