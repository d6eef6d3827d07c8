package main

import (
	"fmt"
	"io"
	"os"
	"time"

	"github.com/schollz/progressbar/v3"
	"github.com/spf13/cobra"
	"golang.org/x/term"
)

// standing is how far something is that people are called for.
type standing struct {
	name, status string
	done, of     int
	line         string // the same in words
	at           time.Time
	isOver       bool
}

// follower returns what shows how far something is: a bar on a terminal, a line for each change elsewhere.
func follower(cmd *cobra.Command) func(standing) {
	out := cmd.OutOrStdout()
	if file, ok := out.(*os.File); ok && term.IsTerminal(int(file.Fd())) {
		return onTerminal(out)
	}
	return plainly(out)
}

// plainly writes a line for each change.
func plainly(w io.Writer) func(standing) {
	return func(s standing) { fmt.Fprintf(w, "%s %s\n", s.at.Local().Format(time.TimeOnly), s.line) }
}

// onTerminal draws a bar, and ends its line with the words.
func onTerminal(w io.Writer) func(standing) {
	var bar *progressbar.ProgressBar
	return func(s standing) {
		if bar == nil {
			bar = progressbar.NewOptions(s.of, progressbar.OptionSetWriter(w), progressbar.OptionShowCount(),
				progressbar.OptionSetWidth(30), progressbar.OptionSetElapsedTime(true), progressbar.OptionSetPredictTime(true))
		}
		bar.ChangeMax(max(1, s.of))
		bar.Describe(s.name + " " + s.status)
		_ = bar.Set(s.done) // a terminal that is gone ends the command by its signal
		if s.isOver {
			fmt.Fprintf(w, "\n%s\n", s.line)
		}
	}
}
