// Package rig is what the measurements of whole processes share: Postgres and Redis of this run, the system and its
// vendors' doubles each in a process of its own, what a process takes of the machine, a client that takes little of it, and
// the figures' way to the reader.
package rig

import (
	"context"
	"errors"
	"fmt"
	"os"
)

var errMissed = errors.New("a bar was missed")

// Main is a measuring program: a child when it was started as one, or else run, once its flags are parsed. It ends the
// process: with 1 when a bar was missed, with 2 when it could not be measured.
func Main(run func(context.Context) error) {
	ctx := context.Background()
	if len(os.Args) == 2 && roles[os.Args[1]] != nil {
		run = roles[os.Args[1]]
	}
	err := run(ctx)
	switch {
	case errors.Is(err, errMissed):
		os.Exit(1)
	case err != nil:
		fmt.Fprintln(os.Stderr, err)
		os.Exit(2)
	}
}

// Verdict is what became of the bars of a run. The zero Verdict has missed none.
type Verdict struct{ missed bool }

// Report prints a figure and whether its bar holds.
func (v *Verdict) Report(name, figure string, holds bool) {
	verdict := "holds"
	if !holds {
		verdict, v.missed = "MISSED", true
	}
	fmt.Printf("%-22s %-100s %s\n", name, figure, verdict)
}

// Note prints a figure that has no bar.
func (v *Verdict) Note(name, figure string) { fmt.Printf("%-22s %s\n", name, figure) }

// Err is an error when a bar was missed.
func (v *Verdict) Err() error {
	if v.missed {
		return errMissed
	}
	return nil
}
