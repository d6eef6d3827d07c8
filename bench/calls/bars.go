package main

import (
	"context"
	"fmt"

	"github.com/tertulia-dev/tertulia/bench/internal/rig"
)

// measureCase takes a case of one service, or of two in turns, and judges its bar.
func (b *bench) measureCase(ctx context.Context, m measuring, ours, theirs *target) error {
	targets, rounds := []*target{ours}, 1
	if theirs != nil {
		targets, rounds = append(targets, theirs), besideRounds
	}
	questions := make([]rig.Question, len(targets))
	for i, t := range targets {
		var err error
		if questions[i], err = m.question(ctx, t); err != nil {
			return fmt.Errorf("%s of %s: %w", m.name, t.name, err)
		}
		if _, err := rig.Hammer(ctx, questions[i], 1, b.during/4); err != nil { // plans, pools and caches
			return fmt.Errorf("%s of %s: %w", m.name, t.name, err)
		}
	}
	taken := make([][]figures, len(targets))
	for range rounds {
		for i, t := range targets {
			f, err := m.measure(ctx, t, questions[i], b.during)
			if err != nil {
				return err
			}
			taken[i] = append(taken[i], f)
		}
	}
	of := median(taken[0])
	of.print(m.name, ours.name)
	if theirs == nil {
		m.recorded.print()
		b.judge(m, of, figures{perSecond: m.recorded.bestPerSecond, p50: m.recorded.bestP50})
		return nil
	}
	others := median(taken[1])
	others.print("", theirs.name)
	ratio(of, others)
	b.judge(m, of, others)
	return nil
}

// judge holds a system to a case's bar. A service that runs already, alone, may be any: it is only measured.
func (b *bench) judge(m measuring, ours, theirs figures) {
	if b.url != "" && b.beside == "" {
		return
	}
	switch {
	case m.bar.rate > 0:
		times := ours.perSecond / theirs.perSecond
		b.Report(m.name, fmt.Sprintf("%.1f × the %.0f requests a second of the original (bar: %.0f ×)", times, theirs.perSecond, m.bar.rate), times >= m.bar.rate)
	case m.bar.p50 > 0:
		times := theirs.p50 / ours.p50
		b.Report(m.name, fmt.Sprintf("%.1f × as fast as the %.0f ms of the original at p50 (bar: %.0f ×)", times, theirs.p50, m.bar.p50), times >= m.bar.p50)
	case m.bar.p99 > 0:
		b.Report(m.name, fmt.Sprintf("p99 %.1f ms (bar: %v)", ours.p99, m.bar.p99), ours.p99 < rig.MS(m.bar.p99))
	}
}

// memory prints what the processes took at most in a group, and judges ours.
func (b *bench) memory(name string, ours, theirs *target) error {
	name += ": memory"
	if theirs != nil && theirs.process != 0 {
		peak, err := theirs.process.PeakMemory()
		if err != nil {
			return err
		}
		b.Note(name, fmt.Sprintf("%.0f MB at most beside", peak))
	}
	if ours.process == 0 {
		return nil
	}
	peak, err := ours.process.PeakMemory()
	if err != nil {
		return err
	}
	if b.url != "" && b.beside == "" {
		b.Note(name, fmt.Sprintf("%.0f MB at most", peak))
		return nil
	}
	b.Report(name, fmt.Sprintf("%.0f MB at most (bar: %.0f MB; the original, elsewhere: 385 to 507 MB)", peak, memoryBar), peak < memoryBar)
	return nil
}
