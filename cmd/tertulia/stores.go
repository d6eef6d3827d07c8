package main

import (
	"context"
	"log/slog"

	"golang.org/x/sync/errgroup"

	"github.com/tertulia-dev/tertulia/infrastructure/config"
	"github.com/tertulia-dev/tertulia/infrastructure/embedded"
	"github.com/tertulia-dev/tertulia/pkg/embed"
)

// stores are the servers that dev started itself, and how those that are used are told of.
type stores struct {
	postgres *embedded.Postgres
	redis    *embedded.Redis
	about    string
}

// startStores starts Postgres and Redis side by side where no URL is given, and puts their URLs into cfg.
func startStores(ctx context.Context, cfg *embed.Config, logger *slog.Logger) (*stores, error) {
	s := &stores{}
	group, ctx := errgroup.WithContext(ctx)
	if cfg.Stores.DatabaseURL == "" {
		group.Go(func() (err error) {
			s.postgres, err = embedded.StartPostgres(ctx, embedded.PostgresOptions{DataDir: cfg.Stores.DataDir, Logger: logger})
			return err
		})
	}
	if cfg.Stores.RedisURL == "" {
		group.Go(func() (err error) {
			s.redis, err = embedded.StartRedis(ctx, embedded.RedisOptions{DataDir: cfg.Stores.DataDir, Logger: logger})
			return err
		})
	}
	if err := group.Wait(); err != nil {
		s.stop()
		return nil, err
	}
	s.about = "your Postgres"
	if s.postgres != nil {
		cfg.Stores.DatabaseURL, s.about = config.Secret(s.postgres.URL()), "embedded Postgres"
	}
	if s.redis != nil {
		cfg.Stores.RedisURL = config.Secret(s.redis.URL())
		s.about += ", " + s.redis.Kind()
	} else {
		s.about += ", your Redis"
	}
	return s, nil
}

func (s *stores) stop() {
	if s.redis != nil {
		_ = s.redis.Stop()
	}
	if s.postgres != nil {
		_ = s.postgres.Stop()
	}
}
