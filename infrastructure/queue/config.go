package queue

import (
	"cmp"
	"log/slog"
	"time"

	"github.com/hibiken/asynq"
	"github.com/prometheus/client_golang/prometheus"

	"github.com/tertulia-dev/tertulia/infrastructure/postgres"
)

// Config is what the ledger, its workers and its feeder stand on.
type Config struct {
	DB       *postgres.DB
	Redis    asynq.RedisConnOpt // nil: nothing is delivered, jobs run through RunDue only
	Registry *Registry
	Logger   *slog.Logger          // slog.Default() when nil
	Metrics  prometheus.Registerer // nil: metrics are counted and not published
	// Now moves the schedule, for tests. In production it is nil: the database's clock rules, so that no two machines
	// disagree about what is due. Leases always follow the database's clock.
	Now    func() time.Time
	Tuning Tuning
	// Direct has the worker of the process that enqueues a job run it, when it has room, unless the job is of the Bulk class.
	Direct bool

	unfenced bool // a planted fault: the tests show that they would notice
}

// Tuning holds the durations and bounds. Zero values mean the defaults named here; all processes of one deployment
// share them.
type Tuning struct {
	Lease       time.Duration // a claim holds for so long without a heartbeat; 30 s
	Heartbeat   time.Duration // pause between a worker's heartbeats; a third of Lease
	Tick        time.Duration // pause between the feeder's rounds when there is little to do; 250 ms
	Poll        time.Duration // pause between an idle worker's looks into Redis, five times that for Bulk; 8 ms
	Transit     time.Duration // a pushed job that has not been claimed by then is pushed again; Lease
	Backlog     int           // tasks waiting in one Redis queue at most; 200
	Grace       time.Duration // from the end of a handler's context until it is abandoned; 5 s
	Concurrency map[Class]int // handlers of a class at once in one worker process; 20, 50, 5
}

func (c Config) withDefaults() Config {
	c.Logger = cmp.Or(c.Logger, slog.Default())
	t := &c.Tuning
	t.Lease = cmp.Or(t.Lease, 30*time.Second)
	t.Heartbeat = cmp.Or(t.Heartbeat, t.Lease/3)
	t.Tick = cmp.Or(t.Tick, 250*time.Millisecond)
	t.Poll = cmp.Or(t.Poll, 8*time.Millisecond)
	t.Transit = cmp.Or(t.Transit, t.Lease)
	t.Backlog = cmp.Or(t.Backlog, 200)
	t.Grace = cmp.Or(t.Grace, 5*time.Second)
	given := t.Concurrency
	t.Concurrency = map[Class]int{Urgent: 20, Default: 50, Bulk: 5}
	for class, n := range given {
		t.Concurrency[class] = n
	}
	return c
}
