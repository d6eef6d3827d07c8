package main

import (
	"context"
	"slices"
	"time"

	"golang.org/x/sync/errgroup"
)

const producers = 8

// system is a job system under measurement.
type system interface {
	name() string
	start(ctx context.Context) error
	stop(ctx context.Context)
	store
}

// store is where a system's jobs lie.
type store interface {
	// enqueue stores one job in a transaction of its own.
	enqueue(ctx context.Context) error
	// fill stores n jobs as fast as it likes, to be drained later.
	fill(ctx context.Context, n int) error
	// unfinished counts jobs whose finish is not committed.
	unfinished(ctx context.Context) (int, error)
	clear(ctx context.Context) error
}

// endToEnd returns jobs per second from the first enqueue to the last committed finish.
func endToEnd(ctx context.Context, s system, jobs int) (float64, error) {
	if err := s.clear(ctx); err != nil {
		return 0, err
	}
	if err := s.start(ctx); err != nil {
		return 0, err
	}
	defer s.stop(ctx)
	if err := warm(ctx, s); err != nil {
		return 0, err
	}
	begun := time.Now()
	work, producing := errgroup.WithContext(ctx)
	for range producers {
		work.Go(func() error {
			for range jobs / producers {
				if err := s.enqueue(producing); err != nil {
					return err
				}
			}
			return nil
		})
	}
	if err := work.Wait(); err != nil {
		return 0, err
	}
	if err := finished(ctx, s); err != nil {
		return 0, err
	}
	return float64(jobs) / time.Since(begun).Seconds(), nil
}

// drain returns jobs per second from the start of the workers to the last committed finish.
func drain(ctx context.Context, s system, jobs int) (float64, error) {
	if err := s.clear(ctx); err != nil {
		return 0, err
	}
	if err := s.fill(ctx, jobs); err != nil {
		return 0, err
	}
	begun := time.Now()
	if err := s.start(ctx); err != nil {
		return 0, err
	}
	defer s.stop(ctx)
	if err := finished(ctx, s); err != nil {
		return 0, err
	}
	return float64(jobs) / time.Since(begun).Seconds(), nil
}

// latency returns how long after its commit a job's handler is called, on an idle system.
func latency(ctx context.Context, s *tertulia, samples int) (p50, p95 time.Duration, err error) {
	if err := s.start(ctx); err != nil {
		return 0, 0, err
	}
	defer s.stop(ctx)
	if err := warm(ctx, s); err != nil {
		return 0, 0, err
	}
	s.called = make(chan time.Time, 1)
	defer func() { s.called = nil }()
	var all []time.Duration
	for i := range samples {
		time.Sleep(20*time.Millisecond + time.Duration(i%13)*time.Millisecond) // never in step with the poll
		begun := time.Now()
		if err := s.enqueue(ctx); err != nil {
			return 0, 0, err
		}
		all = append(all, (<-s.called).Sub(begun))
	}
	slices.Sort(all)
	return all[len(all)/2], all[len(all)*95/100], nil
}

func warm(ctx context.Context, s system) error {
	for range 50 {
		if err := s.enqueue(ctx); err != nil {
			return err
		}
	}
	return finished(ctx, s)
}

func finished(ctx context.Context, s system) error {
	for {
		n, err := s.unfinished(ctx)
		if n == 0 || err != nil {
			return err
		}
		time.Sleep(5 * time.Millisecond)
	}
}
