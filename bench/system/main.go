// Command system measures the whole system, with its vendors' doubles, each in a process of its own:
//
//	reads      a meeting read with a cached API key at concurrency 50, and how soon a revoked key is refused
//	pipeline   from transcript.done sent until COMPLETED is committed, 200 meetings, 20 at a time
//	intake     webhooks at 200 a second, with Redis down and OpenAI hanging
//	memory     a 3-hour transcript and a 2 GB recording, and the most memory that the system ever held
//
// Postgres has fsync on and Redis is a real redis-server. It exits with 1 when a bar is missed.
package main

import (
	"context"
	"flag"
	"fmt"
	"slices"
	"strings"

	"github.com/tertulia-dev/tertulia/bench/internal/rig"
)

// Sections are the measurements by name, in the order in which they run.
var sections = []struct {
	name    string
	measure func(context.Context, *bench) error
}{
	{"reads", reads},
	{"pipeline", pipeline},
	{"intake", intake},
	{"memory", memory},
}

func main() {
	b := bench{}
	only := flag.String("only", "", "measurements to take, separated by commas; all when empty")
	flag.StringVar(&b.profiles, "profiles", "", "folder for CPU profiles of the system's processes")
	flag.IntVar(&b.atOnce, "at-once", pipelineAtOnce, "meetings under way at once in the pipeline")
	flag.Parse()
	rig.Main(func(ctx context.Context) error {
		return b.run(ctx, strings.FieldsFunc(*only, func(r rune) bool { return r == ',' }))
	})
}

// bench is one run.
type bench struct {
	rig.Verdict
	profiles string
	atOnce   int
	stores   *rig.Stores
}

func (b *bench) run(ctx context.Context, only []string) (err error) {
	if b.stores, err = rig.StartStores(ctx); err != nil {
		return err
	}
	defer b.stores.Stop()
	for _, s := range sections {
		if len(only) > 0 && !slices.Contains(only, s.name) {
			continue
		}
		if err := s.measure(ctx, b); err != nil {
			return fmt.Errorf("%s: %w", s.name, err)
		}
	}
	return b.Err()
}
