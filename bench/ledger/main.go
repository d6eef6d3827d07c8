// Command ledger measures the job ledger beside river, on the same Postgres, in the same run, turn by turn:
//
//	latency      from a commit to the handler, on an idle system
//	end to end   eight producers, a transaction for each job, until every job is finished and committed
//	draining     stored jobs at concurrency 50, until every job is finished and committed
//
// Handlers do nothing. Postgres has fsync on, Redis is a real redis-server. It exits with 1 when a bar is missed.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"slices"
	"time"
)

// The bars.
const (
	p50Bar      = 10 * time.Millisecond
	p95Bar      = 20 * time.Millisecond
	endToEndBar = 1.0 // of river's rate
	drainBar    = 0.6 // of river's rate
)

type options struct {
	rounds, endToEnd, drain, samples int
}

func main() {
	var o options
	flag.IntVar(&o.rounds, "rounds", 3, "rounds of each measurement; medians count")
	flag.IntVar(&o.endToEnd, "end-to-end", 10_000, "jobs of one end-to-end round")
	flag.IntVar(&o.drain, "drain", 20_000, "jobs of one draining round")
	flag.IntVar(&o.samples, "samples", 200, "jobs of the latency measurement")
	flag.Parse()
	held, err := run(context.Background(), o)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(2)
	}
	if !held {
		os.Exit(1)
	}
}

func run(ctx context.Context, o options) (held bool, err error) {
	s, err := startStores(ctx)
	if err != nil {
		return false, err
	}
	defer s.stop()
	ours, err := newTertulia(ctx, s)
	if err != nil {
		return false, err
	}
	defer ours.close()
	theirs, err := newRiver(ctx, s)
	if err != nil {
		return false, err
	}
	defer theirs.close()

	held = true
	report := func(name, figure string, ok bool) {
		held = held && ok
		verdict := "holds"
		if !ok {
			verdict = "MISSED"
		}
		fmt.Printf("%-12s %-70s %s\n", name, figure, verdict)
	}
	p50, p95, err := latency(ctx, ours, o.samples)
	if err != nil {
		return false, err
	}
	report("latency", fmt.Sprintf("p50 %.1f ms, p95 %.1f ms (bars: %v, %v)", ms(p50), ms(p95), p50Bar, p95Bar), p50 < p50Bar && p95 < p95Bar)
	for _, m := range []struct {
		name    string
		bar     float64
		measure func(context.Context, system) (float64, error)
	}{
		{"end to end", endToEndBar, func(ctx context.Context, s system) (float64, error) { return endToEnd(ctx, s, o.endToEnd) }},
		{"draining", drainBar, func(ctx context.Context, s system) (float64, error) { return drain(ctx, s, o.drain) }},
	} {
		var a, b, ratios []float64
		for round := range o.rounds {
			pair := []system{ours, theirs}
			rates := map[string]float64{}
			if round%2 == 1 {
				slices.Reverse(pair)
			}
			for _, sys := range pair {
				rate, err := m.measure(ctx, sys)
				if err != nil {
					return false, fmt.Errorf("%s, %s: %w", m.name, sys.name(), err)
				}
				rates[sys.name()] = rate
			}
			a, b = append(a, rates[ours.name()]), append(b, rates[theirs.name()])
			ratios = append(ratios, rates[ours.name()]/rates[theirs.name()])
		}
		ratio := median(ratios)
		report(m.name, fmt.Sprintf("tertulia %.0f/s, river %.0f/s, ratio %.2f of %.2f (bar: %.1f)",
			median(a), median(b), ratio, ratios, m.bar), ratio >= m.bar)
	}
	return held, nil
}

func median(v []float64) float64 {
	v = slices.Sorted(slices.Values(v))
	return v[len(v)/2]
}

func ms(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }
