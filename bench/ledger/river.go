package main

import (
	"context"
	"log/slog"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"github.com/riverqueue/river/rivermigrate"
)

type nothingArgs struct {
	N int `json:"n"`
}

func (nothingArgs) Kind() string { return "nothing" }

type nothingWorker struct {
	river.WorkerDefaults[nothingArgs]
}

func (nothingWorker) Work(context.Context, *river.Job[nothingArgs]) error { return nil }

// riverSystem is river with its fetch cooldown at the minimum: at its default it works off 500 jobs a second.
type riverSystem struct {
	pool   *pgxpool.Pool
	client *river.Client[pgx.Tx]
}

func newRiver(ctx context.Context, s *stores) (*riverSystem, error) {
	url, err := s.database(ctx, "river")
	if err != nil {
		return nil, err
	}
	config, err := pgxpool.ParseConfig(url)
	if err != nil {
		return nil, err
	}
	config.MaxConns = 24 // as many as both pools of the other side
	pool, err := pgxpool.NewWithConfig(ctx, config)
	if err != nil {
		return nil, err
	}
	migrator, err := rivermigrate.New(riverpgxv5.New(pool), nil)
	if err != nil {
		return nil, err
	}
	if _, err := migrator.Migrate(ctx, rivermigrate.DirectionUp, nil); err != nil {
		return nil, err
	}
	return &riverSystem{pool: pool}, nil
}

func (r *riverSystem) name() string { return "river" }
func (r *riverSystem) close()       { r.pool.Close() }

func (r *riverSystem) newClient() (*river.Client[pgx.Tx], error) {
	workers := river.NewWorkers()
	river.AddWorker(workers, nothingWorker{})
	return river.NewClient(riverpgxv5.New(r.pool), &river.Config{
		Queues:        map[string]river.QueueConfig{river.QueueDefault: {MaxWorkers: concurrency}},
		Workers:       workers,
		FetchCooldown: time.Millisecond,
		Logger:        slog.New(slog.DiscardHandler),
	})
}

func (r *riverSystem) start(ctx context.Context) (err error) {
	if r.client, err = r.newClient(); err != nil {
		return err
	}
	return r.client.Start(ctx)
}

func (r *riverSystem) stop(ctx context.Context) { _ = r.client.Stop(ctx) }

func (r *riverSystem) enqueue(ctx context.Context) error {
	return pgx.BeginFunc(ctx, r.pool, func(tx pgx.Tx) error {
		_, err := r.client.InsertTx(ctx, tx, nothingArgs{N: 1}, nil)
		return err
	})
}

func (r *riverSystem) fill(ctx context.Context, n int) error {
	client, err := r.newClient()
	if err != nil {
		return err
	}
	params := make([]river.InsertManyParams, n)
	for i := range params {
		params[i] = river.InsertManyParams{Args: nothingArgs{N: 1}}
	}
	_, err = client.InsertManyFast(ctx, params)
	return err
}

func (r *riverSystem) unfinished(ctx context.Context) (n int, err error) {
	err = r.pool.QueryRow(ctx, `select exists (select from river_job where state not in ('completed'))::int`).Scan(&n)
	return n, err
}

func (r *riverSystem) clear(ctx context.Context) error {
	_, err := r.pool.Exec(ctx, "truncate river_job")
	return err
}
