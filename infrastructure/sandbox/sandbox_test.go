package sandbox_test

import (
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tertulia-dev/tertulia/infrastructure/sandbox/sandboxtest"
)

func TestEveryVendorAnswersBelowItsPrefixAndRefusesStrangers(t *testing.T) {
	t.Parallel()
	s := sandboxtest.Start(t)
	status := func(method, address, key string) int {
		r, err := http.NewRequestWithContext(t.Context(), method, s.BaseURL+address, strings.NewReader(""))
		require.NoError(t, err)
		r.Header.Set("Authorization", "Bearer "+key)
		if strings.HasPrefix(address, "/recall") {
			r.Header.Set("Authorization", "Token "+key)
		}
		got, err := http.DefaultClient.Do(r)
		require.NoError(t, err)
		defer got.Body.Close()
		_, err = io.Copy(io.Discard, got.Body)
		require.NoError(t, err)
		return got.StatusCode
	}
	for vendor, path := range map[string]string{
		"recall": "/api/v1/bot/", "openai": "/v1/models", "hubspot": "/crm/owners/2026-09",
	} {
		require.Equal(t, 200, status("GET", "/"+vendor+path, sandboxtest.Key), vendor)
		require.Equal(t, 401, status("GET", "/"+vendor+path, "live-key"), vendor)
		require.Equal(t, 2, s.Calls(vendor, "GET "+path), vendor)
		require.Equal(t, 200, s.Ledger(vendor)[0].Status, vendor)
	}
	require.Equal(t, 200, status("GET", "/supabase/auth/v1/.well-known/jwks.json", ""))
	require.Equal(t, 403, status("POST", "/n8n/webhook/unknown", ""), "without its header")
}

func TestResetForgetsEveryVendorsRequests(t *testing.T) {
	t.Parallel()
	s := sandboxtest.Start(t)
	got, err := http.Get(s.URL("supabase") + "/auth/v1/.well-known/jwks.json")
	require.NoError(t, err)
	require.NoError(t, got.Body.Close())
	require.Len(t, s.Ledger(""), 1)
	s.Reset()
	require.Empty(t, s.Ledger(""))
}
