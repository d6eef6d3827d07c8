// Command calls measures the calling service as the original was measured: the health check, submissions and reads of 1,
// 100 and 10,000 recipients, with requests a second, p50, p99 and processor time a request, and the peak of resident memory
// of a fresh process for each of the three groups and for one submission of 50,000.
//
// The system is this run's own, or one that runs already (-url), alone or case by case in turns with another (-beside):
// the original, whose vendor this run's double can be (-doubles). Alone, the system is held to what the original reached
// elsewhere. It exits with 1 when a bar is missed.
package main

import (
	"context"
	"flag"
	"fmt"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"github.com/tertulia-dev/tertulia/bench/internal/rig"
)

func main() {
	b := &bench{numbers: new(atomic.Int64)}
	b.numbers.Store(time.Now().UnixMilli() % 1e8 * 10) // unlike those of a run shortly before, for a service that remembers
	flag.DurationVar(&b.during, "during", 4*time.Second, "time for each case and round")
	flag.StringVar(&b.only, "only", "", "parts of the names of cases or groups to measure, separated by commas; all when empty")
	flag.StringVar(&b.profiles, "profiles", "", "folder for CPU profiles of the system's processes")
	flag.StringVar(&b.doubles, "doubles", "", "host:port of the vendors' doubles, for a service beside; a free port when empty")
	flag.StringVar(&b.url, "url", "", "a service that already runs, in place of a system of this run")
	flag.IntVar(&b.pid, "pid", 0, "its process, for CPU and memory")
	flag.StringVar(&b.beside, "beside", "", "another service that already runs, to be measured in turns")
	flag.IntVar(&b.besidePID, "beside-pid", 0, "its process, for CPU and memory")
	flag.Parse()
	rig.Main(b.run)
}

// besideRounds is how often a case is taken of each of two services; the medians count.
const besideRounds = 3

// bench is one run.
type bench struct {
	rig.Verdict
	during            time.Duration
	only              string
	profiles, doubles string
	url, beside       string
	pid, besidePID    int
	stores            *rig.Stores
	numbers           *atomic.Int64
}

func (b *bench) run(ctx context.Context) (err error) {
	wanted := groups()
	for i := range wanted {
		wanted[i].cases = b.wanted(wanted[i])
	}
	wanted = slices.DeleteFunc(wanted, func(g group) bool { return len(g.cases) == 0 })
	huge := b.url == "" && b.asksFor(hugeName)
	if len(wanted) == 0 && !huge {
		return fmt.Errorf("no case has %q in its name or its group's (small, large, reads, %s)", b.only, hugeName)
	}
	b.url, b.beside = strings.TrimSuffix(b.url, "/"), strings.TrimSuffix(b.beside, "/")
	if b.url == "" {
		if b.stores, err = rig.StartStores(ctx); err != nil {
			return err
		}
		defer b.stores.Stop()
	}
	heading()
	for _, g := range wanted {
		if err := b.measureGroup(ctx, g); err != nil {
			return err
		}
	}
	if huge {
		if err := b.huge(ctx); err != nil {
			return fmt.Errorf("%s: %w", hugeName, err)
		}
	}
	return b.Err()
}

// wanted are a group's cases that this run is to measure.
func (b *bench) wanted(g group) (cases []measuring) {
	for _, m := range g.cases {
		if b.asksFor(g.name, m.name) {
			cases = append(cases, m)
		}
	}
	return cases
}

func (b *bench) asksFor(names ...string) bool {
	if b.only == "" {
		return true
	}
	for part := range strings.SplitSeq(b.only, ",") {
		for _, name := range names {
			if strings.Contains(name, part) {
				return true
			}
		}
	}
	return false
}

// measureGroup takes a group's cases in a fresh process of the system, or of the services that run already.
func (b *bench) measureGroup(ctx context.Context, g group) error {
	ours, leave, err := b.subject(ctx, g.name)
	if err != nil {
		return err
	}
	defer leave()
	theirs := b.besideIt()
	for _, t := range []*target{ours, theirs} {
		if t != nil && t.old && t.process != 0 {
			if err := t.process.ForgetPeak(); err != nil {
				return err
			}
		}
	}
	for _, m := range g.cases {
		if err := b.measureCase(ctx, m, ours, theirs); err != nil {
			return err
		}
	}
	return b.memory(g.name, ours, theirs)
}

// subject is what the run is about: a fresh system, with its own database, or the service of -url.
func (b *bench) subject(ctx context.Context, name string) (_ *target, leave func(), err error) {
	if b.url != "" {
		return &target{name: "it", url: b.url, process: rig.Process(b.pid), old: true, numbers: b.numbers}, func() {}, nil
	}
	h, system, err := b.newHouse(ctx, name)
	if err != nil {
		return nil, nil, err
	}
	return &target{name: "Tertulia", url: system.URL, process: system.Process(), numbers: b.numbers}, h.Close, nil
}

// newHouse makes a house with a system that serves and works in one process.
func (b *bench) newHouse(ctx context.Context, name string) (*rig.House, *rig.Child, error) {
	h, err := b.stores.House(ctx, rig.Plan{
		Name: name, Profiles: b.profiles, Doubles: b.doubles, Settings: []string{"BATCH_CALLS_ALLOW_ANONYMOUS=true"},
	})
	if err != nil {
		return nil, nil, err
	}
	system, err := h.System(ctx, true)
	if err != nil {
		h.Close()
		return nil, nil, err
	}
	return h, system, nil
}

// besideIt is the service of -beside, or nil.
func (b *bench) besideIt() *target {
	if b.beside == "" {
		return nil
	}
	return &target{name: "beside", url: b.beside, process: rig.Process(b.besidePID), old: true, numbers: b.numbers}
}
