package embedtest

import (
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tertulia-dev/tertulia/infrastructure/signature"
)

// Answer is what a raw request was answered.
type Answer struct {
	Status int
	Header http.Header
	Body   string
}

// Do sends a request as it is, for what the SDK does not offer. An address without a host is the system's own; header
// holds name and value in turn. Redirects are answers.
func (s *System) Do(t testing.TB, method, address, body string, header ...string) Answer {
	t.Helper()
	if strings.HasPrefix(address, "/") {
		address = s.URL + address
	}
	r, err := http.NewRequestWithContext(t.Context(), method, address, strings.NewReader(body))
	require.NoError(t, err)
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	answer, err := http.DefaultTransport.RoundTrip(r)
	require.NoError(t, err)
	defer answer.Body.Close()
	raw, err := io.ReadAll(answer.Body)
	require.NoError(t, err)
	return Answer{Status: answer.StatusCode, Header: answer.Header, Body: string(raw)}
}

// Webhook delivers an event as the notetaker's vendor does, signed for a time with a secret.
func (s *System) Webhook(t testing.TB, id, body string, at time.Time, secret string) Answer {
	t.Helper()
	signer, err := signature.NewSigner(secret)
	require.NoError(t, err)
	header := http.Header{}
	require.NoError(t, signer.Sign(header, id, []byte(body), at))
	var pairs []string
	for name := range header {
		pairs = append(pairs, name, header.Get(name))
	}
	return s.Do(t, http.MethodPost, "/api/webhooks/recall", body, pairs...)
}
