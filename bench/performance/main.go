// Command performance measures the reports on reps over 100,000 completed sales meetings of 50 reps, two years of them, in a
// workspace beside which another has as many: each report by itself and with four readers at once, from the use case down to
// Postgres and back. It exits with 1 when a bar is missed.
package main

import (
	"context"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"sync"
	"time"

	"github.com/tertulia-dev/tertulia/bench/internal/rig"
	"github.com/tertulia-dev/tertulia/domain/kernel"
	meetingsuc "github.com/tertulia-dev/tertulia/usecase/meetings"
)

// bar is for the p95 of each report, by itself.
const bar = 50 * time.Millisecond

type options struct {
	meetings, reps, samples int
}

func main() {
	var o options
	flag.IntVar(&o.meetings, "meetings", 100_000, "completed sales meetings a workspace")
	flag.IntVar(&o.reps, "reps", 50, "reps who share them")
	flag.IntVar(&o.samples, "samples", 200, "questions a report")
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
	h, err := newHouse(ctx, o)
	if err != nil {
		return false, err
	}
	defer h.close()
	held = true
	for _, report := range h.reports() {
		alone, err := measure(ctx, h, report.ask, o.samples, 1)
		if err != nil {
			return false, fmt.Errorf("%s: %w", report.name, err)
		}
		together, err := measure(ctx, h, report.ask, o.samples, 4)
		if err != nil {
			return false, fmt.Errorf("%s: %w", report.name, err)
		}
		verdict := "holds"
		if rig.Quantile(alone, .95) >= bar {
			held, verdict = false, "MISSED"
		}
		fmt.Printf("%-12s p50 %5.1f ms, p95 %5.1f ms (bar: %v); four at once: p50 %5.1f ms, p95 %5.1f ms   %s\n", report.name,
			rig.MS(rig.Quantile(alone, .5)), rig.MS(rig.Quantile(alone, .95)), bar, rig.MS(rig.Quantile(together, .5)), rig.MS(rig.Quantile(together, .95)), verdict)
	}
	return held, nil
}

// report is one question that an admin asks about a rep.
type report struct {
	name string
	ask  func(ctx context.Context, rep kernel.RepID) error
}

func (h *house) reports() []report {
	q := h.uc.Performance
	return []report{
		{"performance", func(ctx context.Context, rep kernel.RepID) error { _, err := q.Rep(ctx, h.admin, rep); return err }},
		{"breakdown", func(ctx context.Context, rep kernel.RepID) error {
			_, err := q.Breakdown(ctx, h.admin, rep, meetingsuc.DefaultDays)
			return err
		}},
		{"weekly", func(ctx context.Context, rep kernel.RepID) error {
			_, err := q.Weekly(ctx, h.admin, rep, meetingsuc.DefaultWeeks)
			return err
		}},
		{"team", func(ctx context.Context, _ kernel.RepID) error {
			_, err := q.Team(ctx, h.admin, 0, 1, kernel.MaxPageSize)
			return err
		}},
		{"coaching", func(ctx context.Context, rep kernel.RepID) error {
			_, err := q.Coaching(ctx, h.admin, rep, meetingsuc.DefaultDays)
			return err
		}},
		{"longest ones", func(ctx context.Context, rep kernel.RepID) error {
			if _, err := q.Breakdown(ctx, h.admin, rep, meetingsuc.MaxDays); err != nil {
				return err
			}
			_, err := q.Weekly(ctx, h.admin, rep, meetingsuc.MaxWeeks)
			return err
		}},
	}
}

// measure asks about random reps, from so many readers at once, and returns how long each answer took, sorted.
func measure(ctx context.Context, h *house, ask func(context.Context, kernel.RepID) error, samples, readers int) ([]time.Duration, error) {
	took, failures := make([]time.Duration, samples), make([]error, readers)
	var all sync.WaitGroup
	for reader := range readers {
		all.Go(func() {
			for i := reader; i < samples; i += readers {
				begun := time.Now()
				if err := ask(ctx, h.reps[rand.IntN(len(h.reps))]); err != nil {
					failures[reader] = err
					return
				}
				took[i] = time.Since(begun)
			}
		})
	}
	all.Wait()
	for _, err := range failures {
		if err != nil {
			return nil, err
		}
	}
	slices.Sort(took)
	return took, nil
}
