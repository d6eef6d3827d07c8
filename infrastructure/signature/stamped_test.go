package signature_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tertulia-dev/tertulia/infrastructure/signature"
)

// The vector was made with `printf '%s' "$t.$body" | openssl dgst -sha256 -hmac "$secret"`.
const (
	stampedBody = `{"type":"post_call_transcription","event_timestamp":1739537297,"data":{}}`
	stampedHex  = "d8a0fc2a9a570a47e6ccaf1aafe3739f64d26a9dfac82f7d1a617fade715152a"
)

func stamped(secret string) signature.Stamped {
	return signature.Stamped{Version: "v0", MaxAge: 30 * time.Minute, Secret: secret}
}

func TestAStampedMessageIsVerifiedOrRefused(t *testing.T) {
	t.Parallel()
	at := time.Unix(1739537297, 0)
	const good = "t=1739537297,v0=" + stampedHex
	cases := map[string]struct {
		header string
		body   string
		now    time.Time
		want   error
	}{
		"genuine":                  {good, stampedBody, at, nil},
		"half an hour old":         {good, stampedBody, at.Add(30 * time.Minute), nil},
		"older":                    {good, stampedBody, at.Add(30*time.Minute + time.Second), signature.ErrStale},
		"from the future":          {good, stampedBody, at.Add(-24 * time.Hour), nil},
		"several signatures":       {"t=1739537297,v0=00,v1=zz,v0=" + stampedHex, stampedBody, at, nil},
		"with spaces":              {"t=1739537297, v0=" + stampedHex, stampedBody, at, nil},
		"another version":          {"t=1739537297,v1=" + stampedHex, stampedBody, at, signature.ErrUnsigned},
		"another time":             {"t=1739537298,v0=" + stampedHex, stampedBody, at, signature.ErrForged},
		"the time in other digits": {"t=+1739537297,v0=" + stampedHex, stampedBody, at, signature.ErrUnsigned},
		"another body":             {good, stampedBody + " ", at, signature.ErrForged},
		"half a signature":         {"t=1739537297,v0=" + stampedHex[:32], stampedBody, at, signature.ErrForged},
		"no hex":                   {"t=1739537297,v0=" + strings.Repeat("z", 64), stampedBody, at, signature.ErrForged},
		"no time":                  {"v0=" + stampedHex, stampedBody, at, signature.ErrUnsigned},
		"no signature":             {"t=1739537297", stampedBody, at, signature.ErrUnsigned},
		"nothing":                  {"", stampedBody, at, signature.ErrUnsigned},
	}
	for name, c := range cases {
		require.ErrorIs(t, signature.VerifyStamped(stamped("wsec_test"), c.header, []byte(c.body), c.now), c.want, name)
	}
	require.ErrorIs(t, signature.VerifyStamped(stamped("wsec_other"), good, []byte(stampedBody), at), signature.ErrForged)
}

func TestAnEmptySecretVerifiesNothing(t *testing.T) {
	t.Parallel()
	// The vector is of the empty secret.
	err := signature.VerifyStamped(stamped(""), "t=1739537297,v0=7ea62229083d5bd7d041c2d45d377527dd61d05e66ea502a01a85bef29cc79a2", []byte(stampedBody), time.Unix(1739537297, 0))
	require.ErrorContains(t, err, "secret")
}
