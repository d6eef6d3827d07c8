package reference

import (
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"

	"github.com/labstack/echo/v4"
	"github.com/stretchr/testify/require"
)

func get(t *testing.T, path string, header ...string) *httptest.ResponseRecorder {
	t.Helper()
	e := echo.New()
	Register(e, "Tertulia")
	r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, path, nil)
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	e.ServeHTTP(w, r)
	require.Equal(t, http.StatusOK, w.Code)
	return w
}

func TestTheRendererIsTheOneThatWasPinned(t *testing.T) {
	t.Parallel()
	for _, header := range [][]string{nil, {"Accept-Encoding", "gzip, br"}} {
		w := get(t, scalarPath, header...)
		body := w.Body.Bytes()
		if header != nil {
			require.Equal(t, "gzip", w.Header().Get("Content-Encoding"))
			var err error
			body, err = unpack(body)
			require.NoError(t, err)
		}
		sum := sha256.Sum256(body)
		require.Equal(t, scalarSHA256, hex.EncodeToString(sum[:]))
	}
	readme, err := os.ReadFile("scalar/README.md")
	require.NoError(t, err)
	require.Contains(t, string(readme), scalarSHA256)
	require.Contains(t, string(readme), scalarVersion)
}

func TestThePageRunsNothingButItsOwnScripts(t *testing.T) {
	t.Parallel()
	w, again := get(t, "/"), get(t, "/")
	policy := w.Header().Get("Content-Security-Policy")
	require.NotContains(t, policy, "unsafe")
	require.NotContains(t, policy, "http")
	require.NotEqual(t, policy, again.Header().Get("Content-Security-Policy"), "a nonce is used once")
	body := w.Body.String()
	require.NotContains(t, body, "https://")
	require.Equal(t, strings.Count(body, "<script"), strings.Count(body, `<script src="/reference/`), "no script in the page")
	for _, path := range []string{scalarPath, startPath} {
		require.Contains(t, body, path)
		get(t, path)
	}
	for _, link := range []string{"/openapi.json", "/postman/collection.json", "/postman/environment.json"} {
		require.Contains(t, body, link)
	}
}
