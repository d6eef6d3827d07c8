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
	"errors"
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
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
	if len(os.Args) == 2 && roles[os.Args[1]] != nil {
		exit(roles[os.Args[1]](context.Background()))
	}
	b := bench{held: true}
	only := flag.String("only", "", "measurements to take, separated by commas; all when empty")
	flag.StringVar(&b.profiles, "profiles", "", "folder for CPU profiles of the system's processes")
	flag.IntVar(&b.atOnce, "at-once", pipelineAtOnce, "meetings under way at once in the pipeline")
	flag.Parse()
	exit(b.run(context.Background(), strings.FieldsFunc(*only, func(r rune) bool { return r == ',' })))
}

func exit(err error) {
	switch {
	case errors.Is(err, errMissed):
		os.Exit(1)
	case err != nil:
		fmt.Fprintln(os.Stderr, err)
		os.Exit(2)
	}
	os.Exit(0)
}

var errMissed = errors.New("a bar was missed")

// bench is one run.
type bench struct {
	profiles string
	atOnce   int
	held     bool
	stores   *stores
}

func (b *bench) run(ctx context.Context, only []string) (err error) {
	if b.stores, err = startStores(ctx); err != nil {
		return err
	}
	defer b.stores.stop()
	for _, s := range sections {
		if len(only) > 0 && !slices.Contains(only, s.name) {
			continue
		}
		if err := s.measure(ctx, b); err != nil {
			return fmt.Errorf("%s: %w", s.name, err)
		}
	}
	if !b.held {
		return errMissed
	}
	return nil
}

// report prints a figure and whether its bar holds.
func (b *bench) report(name, figure string, ok bool) {
	b.held = b.held && ok
	verdict := "holds"
	if !ok {
		verdict = "MISSED"
	}
	fmt.Printf("%-22s %-100s %s\n", name, figure, verdict)
}

// note prints a figure that has no bar.
func (b *bench) note(name, figure string) { fmt.Printf("%-22s %s\n", name, figure) }
