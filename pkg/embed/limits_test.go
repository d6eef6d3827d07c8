package embed_test

import (
	"net/http"
	"net/netip"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tertulia-dev/tertulia/pkg/embed"
	"github.com/tertulia-dev/tertulia/pkg/embed/embedtest"
)

// proxied is a system behind a proxy on this machine, which says in X-Forwarded-For where requests come from.
func proxied(c *embed.Config) {
	c.HTTP.TrustedProxies = []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}
}

// withoutRedis is a system whose Redis is away.
func withoutRedis(c *embed.Config) { c.Stores.RedisURL = "redis://127.0.0.1:1" }

func TestAnAddressThatGuessesKeysIsKeptOutAndOthersAreNot(t *testing.T) {
	t.Parallel()
	for name, configure := range map[string]func(*embed.Config){
		"with Redis": proxied, "without": func(c *embed.Config) { proxied(c); withoutRedis(c) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := embedtest.New(t, embedtest.Configured(configure), embedtest.WithoutWorker())
			call := func(from, key string) embedtest.Answer {
				return s.Do(t, http.MethodGet, "/api/meetings", "", "X-API-Key", key, "X-Forwarded-For", from)
			}
			for range 30 {
				require.Equal(t, http.StatusUnauthorized, call("203.0.113.7", "guess").Status)
			}
			require.Equal(t, http.StatusOK, call("203.0.113.7", embedtest.ServiceKey).Status, "nobody is kept out for good")
			require.Equal(t, http.StatusUnauthorized, call("203.0.113.7", "guess").Status)
			shut := call("203.0.113.7", embedtest.ServiceKey)
			require.Equal(t, http.StatusTooManyRequests, shut.Status, "a right guess does not open any more")
			require.Contains(t, shut.Body, `"code":"RATE_LIMITED"`)
			require.NotEmpty(t, shut.Header.Get("Retry-After"))
			require.Equal(t, http.StatusOK, call("203.0.113.8", embedtest.ServiceKey).Status)
			require.Equal(t, http.StatusOK, s.Do(t, http.MethodGet, "/health", "", "X-Forwarded-For", "203.0.113.7").Status)
		})
	}
}

func TestWhatAStrangerWritesInAHeaderIsNotItsAddress(t *testing.T) {
	t.Parallel()
	s := embedtest.New(t, embedtest.WithoutWorker())
	for range 40 {
		answer := s.Do(t, http.MethodGet, "/api/meetings", "", "X-API-Key", "guess", "X-Forwarded-For", "203.0.113.7")
		require.Equal(t, http.StatusUnauthorized, answer.Status)
	}
}

func TestForgedWebhooksShutTheirSenderOut(t *testing.T) {
	t.Parallel()
	s := embedtest.New(t, embedtest.Configured(proxied), embedtest.WithoutWorker())
	forge := func() int {
		return s.Do(t, http.MethodPost, "/api/webhooks/recall", `{}`, "X-Forwarded-For", "203.0.113.7",
			"svix-id", "msg_1", "svix-timestamp", "1", "svix-signature", "v1,AAAA").Status
	}
	for range 31 {
		require.Equal(t, http.StatusUnauthorized, forge())
	}
	require.Equal(t, http.StatusTooManyRequests, forge())
}

func TestACallerIsBoundedOnlyWhereThatIsConfigured(t *testing.T) {
	t.Parallel()
	limited := func(c *embed.Config) { c.HTTP.RateLimit = 3 }
	for name, tt := range map[string]struct {
		configure func(*embed.Config)
		last      int
	}{
		"limited":                      {limited, http.StatusTooManyRequests},
		"limited, with Redis away":     {func(c *embed.Config) { limited(c); withoutRedis(c) }, http.StatusOK},
		"as it comes, without a limit": {func(*embed.Config) {}, http.StatusOK},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := embedtest.New(t, embedtest.Configured(tt.configure), embedtest.WithoutWorker())
			status := func(email string) int {
				return s.Do(t, http.MethodGet, "/api/me?salesRepEmail="+email, "", "X-API-Key", embedtest.ServiceKey).Status
			}
			var last int
			for range 8 { // some have been spent on making the system
				last = status(embedtest.AdminEmail)
			}
			require.Equal(t, tt.last, last)
		})
	}
}

func TestSignInIsBoundedAndClosesWithoutRedis(t *testing.T) {
	t.Parallel()
	s := embedtest.New(t, embedtest.WithoutWorker())
	try := func(s *embedtest.System) embedtest.Answer {
		return s.Do(t, http.MethodGet, "/ops/login?token="+strings.Repeat("a", 43), "")
	}
	for range 20 {
		require.Equal(t, http.StatusUnauthorized, try(s).Status)
	}
	require.Equal(t, http.StatusTooManyRequests, try(s).Status)
	away := embedtest.New(t, embedtest.Configured(withoutRedis), embedtest.WithoutWorker())
	require.Equal(t, http.StatusServiceUnavailable, try(away).Status)
}
