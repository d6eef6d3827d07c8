package rig

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"

	"github.com/jackc/pgx/v5"

	"github.com/tertulia-dev/tertulia/infrastructure/embedded"
	"github.com/tertulia-dev/tertulia/infrastructure/postgres"
	"github.com/tertulia-dev/tertulia/migrations"
)

// Stores are a Postgres with fsync on, which notes the time of each commit, and a real Redis, of this run only.
type Stores struct {
	dir      string
	postgres *embedded.Postgres
	redis    *embedded.Redis
}

// StartStores starts both in a folder of their own.
func StartStores(ctx context.Context) (*Stores, error) {
	dir, err := os.MkdirTemp("/var/tmp", "tertulia-bench") // not below a home folder: Postgres runs as another user
	if err != nil {
		return nil, err
	}
	if err := os.Chmod(dir, 0o755); err != nil { //nolint:gosec // that user has to pass
		return nil, err
	}
	s := &Stores{dir: dir}
	if err := s.startPostgres(ctx); err != nil {
		s.Stop()
		return nil, fmt.Errorf("start Postgres: %w", err)
	}
	if err := s.StartRedis(ctx); err != nil {
		s.Stop()
		return nil, fmt.Errorf("start Redis: %w", err)
	}
	return s, nil
}

// startPostgres starts it twice: commit times are noted only by a server that was started with the setting.
func (s *Stores) startPostgres(ctx context.Context) (err error) {
	options := embedded.PostgresOptions{DataDir: s.dir}
	if s.postgres, err = embedded.StartPostgres(ctx, options); err != nil {
		return err
	}
	if err := s.admin(ctx, "alter system set track_commit_timestamp = on"); err != nil {
		return err
	}
	if err := s.postgres.Stop(); err != nil {
		return err
	}
	s.postgres, err = embedded.StartPostgres(ctx, options)
	return err
}

// StartRedis starts Redis, again after StopRedis.
func (s *Stores) StartRedis(ctx context.Context) (err error) {
	if s.redis, err = embedded.StartRedis(ctx, embedded.RedisOptions{DataDir: s.dir}); err != nil {
		return err
	}
	if s.redis.Kind() != embedded.RedisServer {
		return errors.New("a real redis-server on PATH is needed: apt-get install redis-server")
	}
	return nil
}

// StopRedis takes Redis away.
func (s *Stores) StopRedis() error { return s.redis.Stop() }

// Stop ends both and removes what they stored.
func (s *Stores) Stop() {
	if s.redis != nil {
		_ = s.redis.Stop()
	}
	if s.postgres != nil {
		_ = s.postgres.Stop()
	}
	_ = os.RemoveAll(s.dir)
}

// database makes a database with the current schema and returns its URL.
func (s *Stores) database(ctx context.Context, name string) (string, error) {
	if err := s.admin(ctx, "create database "+pgx.Identifier{name}.Sanitize()); err != nil {
		return "", err
	}
	u, err := url.Parse(s.postgres.URL())
	if err != nil {
		return "", err
	}
	u.Path = "/" + name
	return u.String(), postgres.Migrate(ctx, u.String(), migrations.FS)
}

func (s *Stores) admin(ctx context.Context, statement string) error {
	conn, err := pgx.Connect(ctx, s.postgres.URL())
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close(ctx) }()
	_, err = conn.Exec(ctx, statement)
	return err
}
