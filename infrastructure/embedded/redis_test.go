package embedded_test

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"net/url"
	"os/exec"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"
	"github.com/stretchr/testify/require"

	"github.com/tertulia-dev/tertulia/infrastructure/embedded"
)

// closed reports whether nobody listens at the URL's address.
func closed(at string) bool {
	u, err := url.Parse(at)
	if err != nil {
		return false
	}
	conn, err := net.Dial("tcp", u.Host)
	if err == nil {
		_ = conn.Close()
	}
	return err != nil
}

func startRedis(t *testing.T) *embedded.Redis {
	t.Helper()
	r, err := embedded.StartRedis(t.Context(), embedded.RedisOptions{DataDir: t.TempDir(), Logger: slog.New(slog.DiscardHandler)})
	require.NoError(t, err)
	return r
}

// checkRedis is what either kind must do: refuse strangers, keep keys, forget them in time, end.
func checkRedis(t *testing.T, r *embedded.Redis) {
	t.Helper()
	ctx := t.Context()
	o, err := redis.ParseURL(r.URL())
	require.NoError(t, err)
	require.Equal(t, r.Addr(), o.Addr)
	client := redis.NewClient(o)
	defer func() { _ = client.Close() }()
	stranger := redis.NewClient(&redis.Options{Addr: r.Addr()})
	defer func() { _ = stranger.Close() }()

	require.ErrorContains(t, stranger.Ping(ctx).Err(), "NOAUTH")
	require.NoError(t, client.Set(ctx, "lock", "taken", time.Second).Err())
	require.Equal(t, "taken", client.Get(ctx, "lock").Val())
	require.Eventually(t, func() bool {
		return errors.Is(client.Get(context.Background(), "lock").Err(), redis.Nil)
	}, 10*time.Second, 50*time.Millisecond)

	require.NoError(t, r.Stop())
	require.True(t, closed(r.URL()))
}

func TestTheServerOnPathIsUsed(t *testing.T) {
	t.Parallel()
	if _, err := exec.LookPath(embedded.RedisServer); err != nil {
		t.Skip("there is no redis-server on PATH")
	}
	r := startRedis(t)
	require.Equal(t, embedded.RedisServer, r.Kind())
	checkRedis(t, r)
}

func TestWithoutAServerRedisRunsInProcess(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	r := startRedis(t)
	require.Equal(t, embedded.InProcess, r.Kind())
	checkRedis(t, r)
}
