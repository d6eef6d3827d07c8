package main

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"

	"github.com/hibiken/asynq"
	"github.com/jackc/pgx/v5"

	"github.com/tertulia-dev/tertulia/infrastructure/embedded"
)

// stores are a Postgres with fsync on and a real Redis, of this run only.
type stores struct {
	dir      string
	postgres *embedded.Postgres
	redis    *embedded.Redis
}

func startStores(ctx context.Context) (*stores, error) {
	dir, err := os.MkdirTemp("/var/tmp", "tertulia-bench") // not below a home folder: Postgres runs as another user
	if err != nil {
		return nil, err
	}
	if err := os.Chmod(dir, 0o755); err != nil {
		return nil, err
	}
	s := &stores{dir: dir}
	if s.postgres, err = embedded.StartPostgres(ctx, embedded.PostgresOptions{DataDir: dir}); err != nil {
		return nil, fmt.Errorf("start Postgres: %w", err)
	}
	if s.redis, err = embedded.StartRedis(ctx, embedded.RedisOptions{DataDir: dir}); err != nil {
		return nil, fmt.Errorf("start Redis: %w", err)
	}
	if s.redis.Kind() != embedded.RedisServer {
		return nil, errors.New("a real redis-server on PATH is needed: apt-get install redis-server")
	}
	return s, nil
}

func (s *stores) stop() {
	_ = s.redis.Stop()
	_ = s.postgres.Stop()
	_ = os.RemoveAll(s.dir)
}

// database makes an empty database and returns its URL.
func (s *stores) database(ctx context.Context, name string) (string, error) {
	conn, err := pgx.Connect(ctx, s.postgres.URL())
	if err != nil {
		return "", err
	}
	defer func() { _ = conn.Close(ctx) }()
	if _, err := conn.Exec(ctx, "create database "+name); err != nil {
		return "", err
	}
	u, err := url.Parse(s.postgres.URL())
	if err != nil {
		return "", err
	}
	u.Path = "/" + name
	return u.String(), nil
}

func (s *stores) redisOption() asynq.RedisClientOpt {
	return asynq.RedisClientOpt{Addr: s.redis.Addr(), Password: s.redis.Password()}
}

func truncate(ctx context.Context, url, table string) error {
	conn, err := pgx.Connect(ctx, url)
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close(ctx) }()
	_, err = conn.Exec(ctx, "truncate "+table)
	return err
}
