package telemetry

import (
	"context"
	"fmt"
	"log/slog"

	"github.com/redis/go-redis/v9"
)

// AdoptRedis has what the Redis client says of itself logged as a warning, instead of printed as text to standard error.
// The client knows one place for that in a process, so a program calls this where it begins, and a library never does.
func AdoptRedis(logger *slog.Logger) { redis.SetLogger(redisLog{logger}) }

type redisLog struct{ log *slog.Logger }

// Printf implements the client's logger.
func (l redisLog) Printf(ctx context.Context, format string, args ...any) {
	l.log.LogAttrs(ctx, slog.LevelWarn, "redis", slog.String("message", fmt.Sprintf(format, args...)))
}
