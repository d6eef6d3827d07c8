package outbound_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tertulia-dev/tertulia/infrastructure/outbound"
)

func guarded(t *testing.T, g outbound.Guard) *outbound.Client {
	t.Helper()
	c, err := outbound.Guarded(outbound.Options{Vendor: "customer"}, g)
	require.NoError(t, err)
	return c
}

func TestACustomersURLReachesNoPrivateAddress(t *testing.T) {
	t.Parallel()
	c := guarded(t, outbound.Guard{})
	for _, host := range []string{
		"0.0.0.0", "0.1.2.3", "10.1.2.3", "100.64.0.1", "127.0.0.1", "169.254.169.254", "172.16.0.1", "172.31.255.255",
		"192.0.0.8", "192.0.2.1", "192.88.99.1", "192.168.1.1", "198.18.0.1", "198.51.100.1", "203.0.113.1", "224.0.0.1",
		"240.0.0.1", "255.255.255.255", "localhost", "[::]", "[::1]", "[::ffff:127.0.0.1]", "[::ffff:a9fe:a9fe]", "[::127.0.0.1]",
		"[64:ff9b::7f00:1]", "[64:ff9b:1::1]", "[100::1]", "[2001::1]", "[2001:db8::1]", "[2002:7f00:1::]", "[3fff::1]",
		"[fc00::1]", "[fd00:ec2::254]", "[fe80::1]", "[ff02::1]", "[5f00::1]",
	} {
		err := c.JSON(t.Context(), outbound.Call{Operation: "op", URL: "https://" + host + "/"}, nil)
		require.ErrorIs(t, err, outbound.ErrForbiddenAddress, host)
		require.Equal(t, outbound.NotSent, outbound.OutcomeOf(err), host)
		require.False(t, asError(t, err).Retryable(), host)
	}
}

func TestACustomersURLReachesOnlyHTTPSOnKnownPorts(t *testing.T) {
	t.Parallel()
	c := guarded(t, outbound.Guard{})
	for _, u := range []string{"http://93.184.215.14/", "HTTP://93.184.215.14/", "https://93.184.215.14:22/", "https://[2606:4700::1]:8080/"} {
		err := c.JSON(t.Context(), outbound.Call{Operation: "op", URL: u}, nil)
		require.ErrorIs(t, err, outbound.ErrForbiddenAddress, u)
	}
}

func TestLoopbackIsReachedOnlyWhenAllowedAndWithoutRedirects(t *testing.T) {
	t.Parallel()
	var followed atomic.Bool
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/redirect":
			http.Redirect(w, r, "/followed", http.StatusTemporaryRedirect)
		case "/followed":
			followed.Store(true)
		default:
			_, _ = io.WriteString(w, "{}")
		}
	}))
	t.Cleanup(srv.Close)
	dev := guarded(t, outbound.Guard{AllowLoopback: true})
	require.NoError(t, dev.JSON(t.Context(), outbound.Call{Operation: "op", URL: srv.URL}, nil))
	require.NoError(t, dev.JSON(t.Context(), outbound.Call{Operation: "op", URL: strings.Replace(srv.URL, "127.0.0.1", "localhost", 1)}, nil))
	err := dev.JSON(t.Context(), outbound.Call{Operation: "op", URL: srv.URL + "/redirect"}, nil)
	require.Equal(t, http.StatusTemporaryRedirect, outbound.StatusOf(err))
	require.False(t, followed.Load())

	err = guarded(t, outbound.Guard{}).JSON(t.Context(), outbound.Call{Operation: "op", URL: srv.URL}, nil)
	require.ErrorIs(t, err, outbound.ErrForbiddenAddress)
	err = dev.JSON(t.Context(), outbound.Call{Operation: "op", URL: "https://192.168.1.1/"}, nil)
	require.ErrorIs(t, err, outbound.ErrForbiddenAddress)
}
