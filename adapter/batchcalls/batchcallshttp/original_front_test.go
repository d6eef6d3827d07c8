package batchcallshttp_test

import (
	"bufio"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// line is a connection on which a test writes what no client would.
type line struct{ net.Conn }

func dial(t *testing.T, url string) line {
	t.Helper()
	var d net.Dialer
	conn, err := d.DialContext(t.Context(), "tcp", strings.TrimPrefix(url, "http://"))
	require.NoError(t, err)
	t.Cleanup(func() { _ = conn.Close() })
	require.NoError(t, conn.SetDeadline(time.Now().Add(20*time.Second)))
	return line{conn}
}

func (l line) answer(t *testing.T) (status int, body string) {
	t.Helper()
	res, err := http.ReadResponse(bufio.NewReader(l), nil)
	require.NoError(t, err)
	defer res.Body.Close()
	raw, err := io.ReadAll(res.Body)
	require.NoError(t, err)
	return res.StatusCode, string(raw)
}

func TestPathsMayBeWrittenInAnyCaseWithATrailingSlash(t *testing.T) {
	t.Parallel()
	e := newEdge(t, true)
	for _, c := range [][2]string{
		{"GET", "/Health/"},
		{"GET", "/API/Batch-Calling/btcal_1/"},
		{"GET", "/api/batch-calling/btcal%5F1"},
		{"POST", "/api/batch-calling/btcal_1/CANCEL/"},
		{"POST", "/api/batch-calling/Submit/"},
	} {
		body := ""
		if strings.Contains(strings.ToLower(c[1]), "submit") {
			body = bodyWith(person, "")
		}
		require.Equal(t, 200, e.call(t, c[0], c[1], body).status, c[1])
	}
	require.Equal(t, []string{"btcal_1", "btcal_1", "btcal_1"}, e.asked)
}

func TestWhatIsNoIDIsNotFoundAndNobodyIsAsked(t *testing.T) {
	t.Parallel()
	e := newEdge(t, false)
	for _, id := range []string{
		"..%2F..%2Fuser", "..%2fuser", "%2e%2e", "..", "a%00b", "a%0ab", "a%20b", "%C3%B1", "a%23b", "a.b", "a%2562", "submit",
		"Submit", "workspace", "WORKSPACE", "%73ubmit", "btcal_1%2Fcancel", "%25", "a;b", "a+b", strings.Repeat("x", 129),
		"btcal_1//", "btcal_1/x/y",
	} {
		for _, request := range []string{"GET /api/batch-calling/" + id, "POST /api/batch-calling/" + id + "/cancel"} {
			if request == "POST /api/batch-calling/submit/cancel" {
				continue
			}
			raw := dial(t, e.url)
			_, err := io.WriteString(raw, request+" HTTP/1.1\r\nHost: x\r\nX-API-Key: key\r\nContent-Length: 0\r\n\r\n")
			require.NoError(t, err)
			status, body := raw.answer(t)
			require.Equal(t, 404, status, request)
			require.JSONEq(t, `{"success":false,"error":"Ruta no encontrada"}`, body)
		}
	}
	for _, request := range []string{
		"GET /api/batch-calling", "GET /api/batch-calling/", "GET /api/batch-calling/submit/", "POST /health", "GET /health/x",
		"DELETE /api/batch-calling/btcal_1", "PUT /api/batch-calling/submit", "POST /api/batch-calling/btcal_1/retry",
		"POST /api/batch-calling/submit/cancel", "POST /api/batch-calling/workspace/cancel", "GET /api/batch-calling/btcal_1/cancel",
	} {
		method, path, _ := strings.Cut(request, " ")
		got := e.call(t, method, path, "", "X-API-Key", "key")
		require.Equal(t, 404, got.status, request)
		require.Equal(t, map[string]any{"success": false, "error": "Ruta no encontrada"}, got.body)
	}
	submitted, asked := e.questions()
	require.Zero(t, submitted+asked)
}

func TestHeadIsGetWithoutABody(t *testing.T) {
	t.Parallel()
	e := newEdge(t, true)
	for _, path := range []string{"/health", "/api/batch-calling/btcal_1"} {
		head, get := e.call(t, "HEAD", path, ""), e.call(t, "GET", path, "")
		require.Equal(t, 200, head.status)
		require.Empty(t, head.text)
		require.Equal(t, get.header.Get("Content-Length"), head.header.Get("Content-Length"))
		require.Equal(t, get.header.Get("ETag"), head.header.Get("ETag"))
		require.Equal(t, "application/json; charset=utf-8", head.header.Get("Content-Type"))
	}
	require.Equal(t, 401, newEdge(t, false).call(t, "HEAD", "/api/batch-calling/btcal_1", "").status)
}

func TestEverybodysBrowserMayCallTheOriginalsRoutesAndNoOthers(t *testing.T) {
	t.Parallel()
	e := newEdge(t, false)
	got := e.call(t, "OPTIONS", submitPath, "", "Origin", "https://app.example", "Access-Control-Request-Headers", "content-type,x-foo")
	require.Equal(t, 204, got.status)
	require.Equal(t, "GET,HEAD,PUT,PATCH,POST,DELETE", got.header.Get("Access-Control-Allow-Methods"))
	require.Equal(t, "content-type,x-foo", got.header.Get("Access-Control-Allow-Headers"))
	require.Contains(t, got.header.Values("Vary"), "Access-Control-Request-Headers")
	for _, c := range [][2]string{
		{"OPTIONS", submitPath}, {"GET", "/health"}, {"POST", submitPath}, {"GET", "/api/batch-calling/x/y"}, {"GET", "/health/x"},
	} {
		for _, origin := range []string{"", "https://app.example", "https://panel.example"} {
			h := e.call(t, c[0], c[1], "", "Origin", origin).header
			require.Equal(t, []string{"*"}, h.Values("Access-Control-Allow-Origin"), c[1])
			require.Equal(t, "SAMEORIGIN", h.Get("X-Frame-Options"))
			require.Equal(t, "max-age=15552000; includeSubDomains", h.Get("Strict-Transport-Security"))
			require.Contains(t, h.Get("Content-Security-Policy"), "upgrade-insecure-requests")
		}
	}
	elsewhere := e.call(t, "GET", "/ready", "", "Origin", "https://app.example").header
	require.Empty(t, elsewhere.Get("Access-Control-Allow-Origin"))
	require.Equal(t, "DENY", elsewhere.Get("X-Frame-Options"))
	require.Equal(t, "NOT_FOUND", e.call(t, "GET", "/api/batch-callings", "").body["code"], "the common envelope")
	require.Equal(t, "NOT_FOUND", e.call(t, "GET", "/healthz", "").body["code"])
}

func TestHealthIsWhatItWas(t *testing.T) {
	t.Parallel()
	got := newEdge(t, false).call(t, "GET", "/health", "")
	require.Equal(t, `{"status":"ok","timestamp":"2026-11-20T23:44:29.747Z","service":"call-manager"}`, got.text)
}
