package contracttest_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tertulia-dev/tertulia/infrastructure/outbound/contracttest"
)

// recorder is a test that may fail without failing ours.
type recorder struct {
	testing.TB
	failures []string
}

func (r *recorder) Errorf(format string, args ...any) {
	r.failures = append(r.failures, fmt.Sprintf(format, args...))
}

func failures(t *testing.T, checker func(testing.TB, string) *contracttest.Checker, method, path, body string) []string {
	t.Helper()
	srv := httptest.NewServer(http.NotFoundHandler())
	t.Cleanup(srv.Close)
	r := &recorder{TB: t}
	client := &http.Client{Transport: checker(r, srv.URL+"/prefix")}
	req, err := http.NewRequestWithContext(t.Context(), method, srv.URL+path, strings.NewReader(body))
	require.NoError(t, err)
	req.Header.Set("Content-Type", "application/json")
	resp, err := client.Do(req)
	require.NoError(t, err)
	require.NoError(t, resp.Body.Close())
	return r.failures
}

func TestARequestThatTheDocumentAllowsPasses(t *testing.T) {
	t.Parallel()
	require.Empty(t, failures(t, contracttest.OpenAI, http.MethodPost, "/prefix/responses", `{"model":"gpt-6-luna","input":"hola","temperature":1}`))
	require.Empty(t, failures(t, contracttest.HubSpot, http.MethodPost, "/prefix/crm/objects/2026-09/contacts/search",
		`{"after":"0","filterGroups":[],"limit":10,"properties":[],"sorts":[],"query":"ana"}`))
}

func TestARequestThatTheDocumentForbidsFailsTheTest(t *testing.T) {
	t.Parallel()
	for name, got := range map[string][]string{
		"range":       failures(t, contracttest.OpenAI, http.MethodPost, "/prefix/responses", `{"model":"gpt-6-luna","input":"hola","temperature":3}`),
		"required":    failures(t, contracttest.HubSpot, http.MethodPost, "/prefix/crm/objects/2026-09/contacts/search", `{"limit":10}`),
		"string only": failures(t, contracttest.HubSpot, http.MethodPost, "/prefix/crm/objects/2026-09/notes", `{"properties":{"hs_timestamp":1},"associations":[]}`),
		"operation":   failures(t, contracttest.HubSpot, http.MethodGet, "/prefix/crm/nothing", ""),
		"elsewhere":   failures(t, contracttest.HubSpot, http.MethodGet, "/crm/owners/2026-09", ""),
	} {
		require.Len(t, got, 1, name)
	}
}
