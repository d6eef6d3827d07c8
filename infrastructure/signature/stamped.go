package signature

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"strconv"
	"strings"
	"time"
)

// Stamped is the scheme of vendors that sign in one header, "t=<unix seconds>,<version>=<hex>": HMAC-SHA256 with the
// secret's own bytes over the time, a dot and the raw body. It began with Stripe ("v1"); ElevenLabs has it as "v0".
type Stamped struct {
	Version string
	// MaxAge is how old a message may be. One from the future passes: only the secret's holder can make it.
	MaxAge time.Duration
	Secret string
}

// VerifyStamped checks the header against the raw body; one of several signatures suffices. It compares in constant
// time, and an empty secret verifies nothing. Errors: ErrUnsigned, ErrStale, ErrForged.
func VerifyStamped(s Stamped, header string, body []byte, now time.Time) error {
	if s.Secret == "" {
		return errors.New("verify a webhook: the secret is empty")
	}
	stamp, given := s.parts(header)
	seconds, err := strconv.ParseInt(stamp, 10, 64)
	if err != nil || strconv.FormatInt(seconds, 10) != stamp || len(given) == 0 {
		return ErrUnsigned
	}
	if now.Sub(time.Unix(seconds, 0)) > s.MaxAge {
		return ErrStale
	}
	mac := hmac.New(sha256.New, []byte(s.Secret))
	mac.Write([]byte(stamp + "."))
	mac.Write(body)
	want := mac.Sum(nil)
	for _, signature := range given {
		if got, err := hex.DecodeString(signature); err == nil && hmac.Equal(got, want) {
			return nil
		}
	}
	return ErrForged
}

// parts are the header's time and its signatures of this version.
func (s Stamped) parts(header string) (stamp string, signatures []string) {
	for part := range strings.SplitSeq(header, ",") {
		name, value, _ := strings.Cut(strings.TrimSpace(part), "=")
		switch name {
		case "t":
			stamp = value
		case s.Version:
			signatures = append(signatures, value)
		}
	}
	return stamp, signatures
}
