package embed

import (
	"time"

	"github.com/hibiken/asynq"
	"github.com/redis/go-redis/v9"

	"github.com/tertulia-dev/tertulia/infrastructure/httpserver"
	"github.com/tertulia-dev/tertulia/infrastructure/ratelimit"
)

// signInsAMinute is how often one address may try a sign-in link.
const signInsAMinute = 20

// limits are the bounds at the edge.
type limits struct {
	guard     httpserver.Guard
	perCaller httpserver.Limiter // nil when there is none
	signIns   httpserver.SignIns
}

func newLimits(cfg Config, opt asynq.RedisConnOpt, c clock) (limits, func()) {
	client := opt.MakeRedisClient().(redis.UniversalClient) // asynq's own contract
	counter := ratelimit.NewCounter(client, c.Now)
	l := limits{
		guard:   ratelimit.NewGuard(counter, ratelimit.Guesses),
		signIns: ratelimit.NewBound(counter, ratelimit.Rule{Name: "sign_in", Limit: signInsAMinute, Window: time.Minute}),
	}
	if cfg.HTTP.RateLimit > 0 {
		l.perCaller = ratelimit.NewLimiter(ratelimit.NewBound(counter, ratelimit.Rule{
			Name: "calls", Limit: cfg.HTTP.RateLimit, Window: time.Minute,
		}))
	}
	return l, func() { _ = client.Close() }
}
