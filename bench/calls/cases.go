package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/tertulia-dev/tertulia/bench/internal/rig"
)

// measuring is one case: what is asked, by how many at once, and what it has to reach.
type measuring struct {
	name        string
	connections int
	question    func(context.Context, *target) (rig.Question, error)
	// take measures; hammer unless something else.
	take func(context.Context, *target, rig.Question, int, time.Duration) (rig.Load, error)
	// shared tells that the process has other work meanwhile, so that its processor time says nothing of the case.
	shared   bool
	recorded recorded
	bar      bar
}

// recorded is what the original reached elsewhere: two shared cores, node in production mode, in whole runs.
type recorded struct {
	perSecond, p50, p99, cpu string // as ranges, to read
	bestPerSecond            float64
	bestP50                  float64 // ms
}

// A bar is a number of times that the original's rate or its p50 is reached, or a p99. The zero bar is none.
type bar struct {
	rate, p50 float64       // times as good
	p99       time.Duration // less than
}

// group is the cases that a fresh process of the system measures, one after the other, and the memory that it may take.
type group struct {
	name  string
	cases []measuring
}

const (
	memoryBar   = 200.0 // MB resident, as of fifty thousand in one submission
	healthEvery = 10 * time.Millisecond
)

func groups() []group {
	return []group{
		{"small", []measuring{
			{
				name: "health c=50", connections: 50, question: health, take: hammer,
				recorded: recorded{perSecond: "4,665 to 7,515", p50: "6 to 10", p99: "17 to 28", cpu: "0.13 to 0.19"},
			},
			{
				name: "submit 1 c=1", connections: 1, question: submitting(1), take: hammer,
				recorded: recorded{perSecond: "435 to 699", p50: "1.2 to 1.8", p99: "5 to 10", cpu: "1.3 to 2.0"},
			},
			{
				name: "submit 1 c=50", connections: 50, question: submitting(1), take: hammer, bar: bar{rate: 3},
				recorded: recorded{perSecond: "849 to 1,197", p50: "37 to 52", p99: "83 to 153", cpu: "0.8 to 1.0", bestPerSecond: 1197},
			},
			{
				name: "resubmit 1 c=50", connections: 50, question: resubmitting(1), take: hammer, bar: bar{rate: 3},
				recorded: recorded{perSecond: "849 to 1,197", p50: "37 to 52", p99: "83 to 153", cpu: "0.8 to 1.0", bestPerSecond: 1197},
			},
			{
				name: "submit 100 c=50", connections: 50, question: submitting(100), take: hammer,
				recorded: recorded{perSecond: "221 to 285", p50: "159 to 207", p99: "482 to 717", cpu: "3.0 to 3.8"},
			},
		}},
		{"large", []measuring{
			{
				name: "submit 10000 c=1", connections: 1, question: submitting(10_000), take: hammer, bar: bar{p50: 15},
				recorded: recorded{perSecond: "0.35 to 0.47", p50: "2,100 to 2,500", p99: "max 2,600 to 4,900", cpu: "1,700 to 2,100", bestP50: 2100},
			},
			{
				name: "resubmit 10000 c=1", connections: 1, question: resubmitting(10_000), take: hammer, bar: bar{p50: 15},
				recorded: recorded{perSecond: "0.35 to 0.47", p50: "2,100 to 2,500", p99: "max 2,600 to 4,900", cpu: "1,700 to 2,100", bestP50: 2100},
			},
			{
				name: "submit 10000 c=8", connections: 8, question: submitting(10_000), take: hammer,
				recorded: recorded{perSecond: "0.46 to 0.48", p50: "16,000 to 17,000", p99: "max 25,000", cpu: "1,560 to 2,150"},
			},
			{
				name: "health meanwhile", connections: 1, question: health, take: whileSubmitting, shared: true, bar: bar{p99: 20 * time.Millisecond},
				recorded: recorded{p99: "1,200 to 1,500"},
			},
		}},
		{"reads", []measuring{
			{
				name: "get 1 c=50", connections: 50, question: getting(1), take: hammer, bar: bar{rate: 3},
				recorded: recorded{perSecond: "1,248 to 1,317", p50: "33 to 34", p99: "99 to 131", cpu: "0.6", bestPerSecond: 1317},
			},
			{
				name: "get 100 c=50", connections: 50, question: getting(100), take: hammer,
				recorded: recorded{perSecond: "593 to 651", p50: "62 to 76", p99: "215 to 299", cpu: "1.3"},
			},
			{
				name: "get 10000 c=8", connections: 8, question: getting(10_000), take: hammer, bar: bar{rate: 5},
				recorded: recorded{perSecond: "6.5 to 15", p50: "500 to 800", p99: "max 800 to 6,000", cpu: "57 to 67", bestPerSecond: 15},
			},
		}},
	}
}

func health(_ context.Context, t *target) (rig.Question, error) {
	q := rig.Same(t.url, rig.Get(t.url, "/health", ""))
	q.Begins = `{"status":"ok"`
	return q, nil
}

func submitting(recipients int) func(context.Context, *target) (rig.Question, error) {
	return func(_ context.Context, t *target) (rig.Question, error) { return t.submission(recipients), nil }
}

func resubmitting(recipients int) func(context.Context, *target) (rig.Question, error) {
	return func(_ context.Context, t *target) (rig.Question, error) { return t.resubmission(recipients), nil }
}

// getting asks for a batch that it submits first, and that has to come back whole.
func getting(recipients int) func(context.Context, *target) (rig.Question, error) {
	return func(ctx context.Context, t *target) (rig.Question, error) {
		id, err := t.submit(ctx, recipients)
		if err != nil {
			return rig.Question{}, err
		}
		if n, err := t.recipients(ctx, id); err != nil || n != recipients {
			return rig.Question{}, errors.Join(err, fmt.Errorf("%d of %d recipients were read back", n, recipients))
		}
		q := rig.Same(t.url, rig.Get(t.url, "/api/batch-calling/"+id, ""))
		q.Begins = success
		return q, nil
	}
}

func hammer(ctx context.Context, _ *target, q rig.Question, connections int, during time.Duration) (rig.Load, error) {
	return rig.Hammer(ctx, q, connections, during)
}
