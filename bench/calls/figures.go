package main

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/tertulia-dev/tertulia/bench/internal/rig"
)

// figures are what a case took. Times are in milliseconds.
type figures struct {
	perSecond, p50, p99, cpu float64 // cpu: of the service's process a request, -1 when not known
	most                     float64 // in place of p99 when there are few
	requests                 int
}

// few is where a p99 begins to be more than the slowest.
const few = 100

// measure takes a case once.
func (m measuring) measure(ctx context.Context, t *target, q rig.Question, during time.Duration) (figures, error) {
	known := t.process != 0 && !m.shared
	var before, after time.Duration
	var err error
	if known {
		if before, err = t.process.CPU(); err != nil {
			return figures{}, err
		}
	}
	l, err := m.take(ctx, t, q, m.connections, during)
	if err != nil {
		return figures{}, fmt.Errorf("%s of %s: %w", m.name, t.name, err)
	}
	f := figures{
		perSecond: l.PerSecond, requests: len(l.Took), cpu: -1,
		p50: rig.MS(rig.Quantile(l.Took, .5)), p99: rig.MS(rig.Quantile(l.Took, .99)), most: rig.MS(rig.Quantile(l.Took, 1)),
	}
	if known {
		if after, err = t.process.CPU(); err != nil {
			return figures{}, err
		}
		f.cpu = rig.MS(after-before) / float64(f.requests)
	}
	return f, nil
}

// median is the median of each figure by itself, over rounds.
func median(rounds []figures) figures {
	of := func(figure func(figures) float64) float64 {
		all := make([]float64, len(rounds))
		for i, r := range rounds {
			all[i] = figure(r)
		}
		slices.Sort(all)
		return all[len(all)/2]
	}
	return figures{
		perSecond: of(func(f figures) float64 { return f.perSecond }),
		p50:       of(func(f figures) float64 { return f.p50 }),
		p99:       of(func(f figures) float64 { return f.p99 }),
		most:      of(func(f figures) float64 { return f.most }),
		cpu:       of(func(f figures) float64 { return f.cpu }),
		requests:  int(of(func(f figures) float64 { return float64(f.requests) })),
	}
}

// slow renders the p99, or the slowest of few.
func (f figures) slow() string {
	if f.requests < few {
		return fmt.Sprintf("max %.1f", f.most)
	}
	return fmt.Sprintf("%.1f", f.p99)
}

func row(name, whose, perSecond, p50, p99, cpu, requests string) {
	fmt.Printf("%-18s %-20s %16s %18s %18s %16s %10s\n", name, whose, perSecond, p50, p99, cpu, requests)
}

func heading() {
	row("", "", "requests/s", "p50 ms", "p99 ms", "CPU ms/request", "requests")
}

func (f figures) print(name, whose string) {
	cpu := "not known"
	if f.cpu >= 0 {
		cpu = fmt.Sprintf("%.2f", f.cpu)
	}
	row(name, whose, fmt.Sprintf("%.1f", f.perSecond), fmt.Sprintf("%.1f", f.p50), f.slow(), cpu, fmt.Sprint(f.requests))
}

func (r recorded) print() { row("", "recorded elsewhere", r.perSecond, r.p50, r.p99, r.cpu, "") }

// ratio prints how many times as good ours is.
func ratio(ours, theirs figures) {
	times := func(x float64) string { return fmt.Sprintf("%.1f ×", x) }
	cpu := ""
	if ours.cpu > 0 && theirs.cpu > 0 {
		cpu = times(theirs.cpu / ours.cpu)
	}
	row("", "ratio", times(ours.perSecond/theirs.perSecond), times(theirs.p50/ours.p50), times(theirs.p99/ours.p99), cpu, "")
}
