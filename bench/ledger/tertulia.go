package main

import (
	"context"
	"log/slog"
	"time"

	"github.com/google/uuid"

	"github.com/tertulia-dev/tertulia/domain/kernel"
	"github.com/tertulia-dev/tertulia/infrastructure/postgres"
	"github.com/tertulia-dev/tertulia/infrastructure/queue"
	"github.com/tertulia-dev/tertulia/migrations"
)

const concurrency = 50

type nothing struct {
	N int `json:"n"`
}

func (nothing) Kind() string { return "nothing" }

type tertulia struct {
	url    string // of a superuser
	db     *postgres.DB
	config queue.Config
	ws     kernel.WorkspaceID
	called chan time.Time

	ledger *queue.Ledger
	worker *queue.Worker
	feeder *queue.Feeder
}

func newTertulia(ctx context.Context, s *stores) (*tertulia, error) {
	url, err := s.database(ctx, "ledger")
	if err != nil {
		return nil, err
	}
	if err := postgres.Migrate(ctx, url, migrations.FS); err != nil {
		return nil, err
	}
	db, err := postgres.Open(ctx, postgres.Config{URL: url})
	if err != nil {
		return nil, err
	}
	t := &tertulia{url: url, db: db, ws: kernel.WorkspaceID(uuid.NewString())}
	registry := queue.NewRegistry()
	queue.Handle(registry, queue.Kind{}, func(context.Context, queue.Run, nothing) error {
		if t.called != nil {
			t.called <- time.Now()
		}
		return nil
	})
	t.config = queue.Config{
		DB: db, Redis: s.redisOption(), Registry: registry, Logger: slog.New(slog.DiscardHandler),
		Tuning: queue.Tuning{Concurrency: map[queue.Class]int{queue.Default: concurrency}},
	}
	return t, nil
}

func (t *tertulia) name() string { return "tertulia" }
func (t *tertulia) close()       { t.db.Close() }

func (t *tertulia) start(context.Context) (err error) {
	if t.ledger, err = queue.NewLedger(t.config); err != nil {
		return err
	}
	t.ledger.Start()
	t.feeder = queue.NewFeeder(t.ledger)
	t.feeder.Start()
	t.worker = queue.NewWorker(t.ledger)
	return t.worker.Start()
}

func (t *tertulia) stop(ctx context.Context) {
	t.feeder.Stop()
	t.worker.Stop(ctx)
	t.ledger.Stop()
}

func (t *tertulia) enqueue(ctx context.Context) error {
	return t.db.InTx(ctx, t.ws, func(ctx context.Context) error {
		_, err := t.ledger.Enqueue(ctx, t.ws, nothing{N: 1})
		return err
	})
}

func (t *tertulia) fill(ctx context.Context, n int) error {
	_, err := t.db.SystemPool().Exec(ctx, `
		insert into jobs (id, workspace_id, kind, class, payload, max_attempts, run_at, created_at)
		select gen_random_uuid(), $1, 'nothing', 'default', '{"n":1}', 10, now(), now() from generate_series(1, $2)`,
		string(t.ws), n)
	return err
}

func (t *tertulia) unfinished(ctx context.Context) (n int, err error) {
	err = t.db.SystemPool().QueryRow(ctx, `select (exists (select from jobs where state = 'pending')
		or exists (select from jobs where state = 'running'))::int`).Scan(&n)
	return n, err
}

func (t *tertulia) clear(ctx context.Context) error { return truncate(ctx, t.url, "jobs") }
