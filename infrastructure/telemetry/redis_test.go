package telemetry_test

import (
	"bytes"
	"encoding/json"
	"log/slog"
	"testing"

	"github.com/redis/go-redis/v9"
	"github.com/stretchr/testify/require"

	"github.com/tertulia-dev/tertulia/infrastructure/telemetry"
)

// The only test that speaks to a Redis here: the client's logger is the process'.
func TestWhatTheRedisClientSaysOfItselfIsALineOfTheLog(t *testing.T) {
	var out bytes.Buffer
	telemetry.AdoptRedis(telemetry.NewLogger(slog.LevelInfo, &out))
	client := redis.NewClient(&redis.Options{Addr: "127.0.0.1:1", MaxRetries: -1, DialerRetries: 1})
	require.Error(t, client.Ping(t.Context()).Err())
	require.NoError(t, client.Close())

	var line struct{ Level, Msg, Message string }
	require.NoError(t, json.Unmarshal(bytes.SplitN(out.Bytes(), []byte("\n"), 2)[0], &line), out.String())
	require.Equal(t, "WARN", line.Level)
	require.Equal(t, "redis", line.Msg)
	require.Contains(t, line.Message, "failed to dial")
}
