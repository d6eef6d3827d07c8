package signature_test

import (
	"encoding/base64"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tertulia-dev/tertulia/infrastructure/signature"
)

const (
	secret = "whsec_yhVJ7lfTGMQDJY8YSq9aGcsw4I7/XJIz"
	body   = `{"event":"bot.done","data":{"data":{"code":"done","sub_code":null,"updated_at":"2025-08-04T02:34:49.684054+00:00"},"bot":{"id":"38f98d39-d97c-484d-9782-bbc6b55ad1dd","metadata":{}}}}`
	known  = "v1,Hz4m0k8kBPgPG3Zv2R90hw5ml4vN7+v9FRGk0Mu1Nqg="
)

var sentAt = time.Unix(1754274895, 0)

func signed(family, signatures string) http.Header {
	h := http.Header{}
	h.Set(family+"-id", "msg_test_0001")
	h.Set(family+"-timestamp", "1754274895")
	h.Set(family+"-signature", signatures)
	return h
}

func verifier(t *testing.T, secrets ...string) *signature.Verifier {
	t.Helper()
	v, err := signature.NewVerifier(secrets...)
	require.NoError(t, err)
	return v
}

func otherSecret() string {
	return "whsec_" + base64.StdEncoding.EncodeToString([]byte(strings.Repeat("k", 32)))
}

func TestAKnownMessageVerifiesUnderEitherHeaderFamily(t *testing.T) {
	t.Parallel()
	for _, family := range []string{"svix", "webhook"} {
		id, err := verifier(t, secret).Verify(signed(family, known), []byte(body), sentAt)
		require.NoError(t, err, family)
		require.Equal(t, "msg_test_0001", id)
	}
}

func TestAnyOfSeveralSignaturesAndSecretsSuffices(t *testing.T) {
	t.Parallel()
	h := signed("webhook", "v1a,ignored v1,d3Jvbmc= "+known)
	_, err := verifier(t, otherSecret(), secret).Verify(h, []byte(body), sentAt)
	require.NoError(t, err)
}

func TestAMessageIsRefusedWhenAnythingAboutItIsWrong(t *testing.T) {
	t.Parallel()
	without := func(name string) http.Header {
		h := signed("svix", known)
		h.Del(name)
		return h
	}
	retimed := signed("svix", known)
	retimed.Set("svix-timestamp", "1754274896")
	spelt := signed("svix", known)
	spelt.Set("svix-timestamp", "+1754274895")
	cases := map[string]struct {
		header http.Header
		body   string
		now    time.Time
		want   error
	}{
		"altered body":          {signed("svix", known), body + " ", sentAt, signature.ErrForged},
		"no signature":          {without("svix-signature"), body, sentAt, signature.ErrUnsigned},
		"no id":                 {without("svix-id"), body, sentAt, signature.ErrUnsigned},
		"no timestamp":          {without("svix-timestamp"), body, sentAt, signature.ErrUnsigned},
		"another spelling":      {spelt, body, sentAt, signature.ErrUnsigned},
		"another time":          {retimed, body, sentAt, signature.ErrForged},
		"too old":               {signed("svix", known), body, sentAt.Add(5*time.Minute + time.Second), signature.ErrStale},
		"from the future":       {signed("svix", known), body, sentAt.Add(-5*time.Minute - time.Second), signature.ErrStale},
		"no version":            {signed("svix", strings.TrimPrefix(known, "v1,")), body, sentAt, signature.ErrForged},
		"unknown version":       {signed("svix", "v2,"+strings.TrimPrefix(known, "v1,")), body, sentAt, signature.ErrForged},
		"empty signature":       {signed("svix", "v1,"), body, sentAt, signature.ErrForged},
		"mixed header families": {mixed(), body, sentAt, signature.ErrUnsigned},
	}
	for name, c := range cases {
		_, err := verifier(t, secret).Verify(c.header, []byte(c.body), c.now)
		require.ErrorIs(t, err, c.want, name)
	}
	_, err := verifier(t, otherSecret()).Verify(signed("svix", known), []byte(body), sentAt)
	require.ErrorIs(t, err, signature.ErrForged)
}

func mixed() http.Header {
	h := signed("svix", known)
	h.Del("svix-id")
	h.Set("webhook-id", "msg_test_0001")
	return h
}

func TestNoVerifierOrSignerIsMadeOfAnEmptyOrShortSecret(t *testing.T) {
	t.Parallel()
	short := "whsec_" + base64.StdEncoding.EncodeToString([]byte(strings.Repeat("k", 23)))
	for _, secrets := range [][]string{nil, {""}, {"whsec_"}, {short}, {"whsec_not base64!"}, {secret, ""}} {
		_, err := signature.NewVerifier(secrets...)
		require.Error(t, err)
		_, err = signature.NewSigner(secrets...)
		require.Error(t, err)
		for _, s := range secrets {
			if len(s) > 6 {
				require.NotContains(t, err.Error(), s[6:])
			}
		}
	}
	_, err := signature.SharedSecret("")
	require.Error(t, err)
}

func TestARotatingSignerSatisfiesHoldersOfEitherSecret(t *testing.T) {
	t.Parallel()
	s, err := signature.NewSigner(secret, otherSecret())
	require.NoError(t, err)
	h := http.Header{}
	require.NoError(t, s.Sign(h, "msg_1", []byte(body), sentAt))
	for _, one := range []string{secret, otherSecret()} {
		id, err := verifier(t, one).Verify(h, []byte(body), sentAt.Add(time.Minute))
		require.NoError(t, err)
		require.Equal(t, "msg_1", id)
	}
}

func TestASharedSecretSignsWithItsBytes(t *testing.T) {
	t.Parallel()
	shared := "a secret that travels in a header"
	s, err := signature.SharedSecret(shared)
	require.NoError(t, err)
	h := http.Header{}
	require.NoError(t, s.Sign(h, "msg_1", []byte(body), sentAt))
	_, err = verifier(t, base64.StdEncoding.EncodeToString([]byte(shared))).Verify(h, []byte(body), sentAt)
	require.NoError(t, err)
}
