package main

import (
	"fmt"
	"io"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/tertulia-dev/tertulia/pkg/tertulia"
)

func callStatusCommand() *cobra.Command {
	var withPeople bool
	cmd := &cobra.Command{
		Use: "status ID", Short: "Show how far a batch of calls is", Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			client, err := connect()
			if err != nil {
				return err
			}
			b, err := client.BatchCalls.Detail(cmd.Context(), args[0])
			if err != nil {
				return explain(err)
			}
			printBatch(cmd.OutOrStdout(), b)
			if !withPeople {
				return nil
			}
			for p, err := range client.BatchCalls.AllRecipients(cmd.Context(), args[0], tertulia.BatchCallFilter{PageQuery: tertulia.PageQuery{Limit: 100}}) {
				if err != nil {
					return explain(err)
				}
				cmd.Printf("%s %s%s\n", p.Phone, p.Status, summaryOf(p))
			}
			return nil
		},
	}
	cmd.Flags().BoolVar(&withPeople, "recipients", false, "list the people, and what became of the calls to them")
	return cmd
}

func summaryOf(p tertulia.BatchCall) string {
	if p.Outcome == nil || p.Outcome.Summary == nil {
		return ""
	}
	return ": " + *p.Outcome.Summary
}

// printBatch shows a batch, and its parts where one needs somebody's attention.
func printBatch(w io.Writer, b tertulia.BatchDetail) {
	printParts(w, b)
	for _, p := range b.Parts {
		switch p.Status {
		case "unknown":
			fmt.Fprintln(w, "Nobody knows whether the provider has a part; it is being looked for, and nobody is called again for it.")
			return
		case "absent":
			fmt.Fprintf(w, "A part is not at the provider: nobody of it was called. `tertulia calls resume %s` sends it again.\n", b.ID)
			return
		}
	}
}

// printParts shows a batch and its parts, unless one says it all.
func printParts(w io.Writer, b tertulia.BatchDetail) {
	fmt.Fprintf(w, "%s (%s): %s\n", b.ID, b.Name, lineOf(b.BatchRecord))
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	for _, p := range b.Parts {
		if p.Status == "accepted" && len(b.Parts) == 1 {
			continue
		}
		fmt.Fprintf(table, "  part %d\t%d people\t%s\t%s\n", p.Index, p.Size, p.Status, textOr(p.Error, textOr(p.ProviderStatus, "")))
	}
	_ = table.Flush() // to what fmt.Fprintf has just written to
}

func lineOf(b tertulia.BatchRecord) string {
	return fmt.Sprintf("%s, %d of %d calls have ended, %d were begun", b.Status, b.Finished, b.Recipients-b.DoNotCall, b.Dispatched)
}

func textOr(s *string, otherwise string) string {
	if s == nil {
		return otherwise
	}
	return *s
}

func cancelCallsCommand() *cobra.Command {
	return &cobra.Command{
		Use: "cancel ID", Short: "Stop a batch of calls; calls that run go on to their end", Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			client, err := connect()
			if err != nil {
				return err
			}
			b, err := client.BatchCalls.Cancel(cmd.Context(), args[0])
			if err != nil {
				return explain(err)
			}
			cmd.Printf("%s (%s): %s, %d of %d calls had ended\n", b.ID, b.Name, b.Status, b.TotalCallsFinished, b.TotalCallsScheduled)
			return nil
		},
	}
}

func watchCallsCommand() *cobra.Command {
	return &cobra.Command{
		Use: "watch ID", Short: "Follow a batch of calls to its end", Args: cobra.ExactArgs(1),
		Long: "Shows a bar on a terminal, and a line for each change elsewhere. Fails when the batch does.",
		RunE: func(cmd *cobra.Command, args []string) error {
			client, err := connect()
			if err != nil {
				return err
			}
			return watch(cmd, client, args[0])
		},
	}
}

func watch(cmd *cobra.Command, client *tertulia.Client, id string) error {
	show := follower(cmd)
	var last tertulia.BatchDetail
	for b, err := range client.BatchCalls.Watch(cmd.Context(), id) {
		if err != nil {
			return explain(err)
		}
		last = b
		show(standing{
			name: b.Name, status: b.Status, done: b.Finished, of: b.Recipients - b.DoNotCall, line: lineOf(b.BatchRecord),
			at: b.UpdatedAt, isOver: b.IsFinal(),
		})
	}
	if last.Status == "failed" {
		printBatch(cmd.ErrOrStderr(), last)
		return fmt.Errorf("calls: the batch %s has failed", last.ID)
	}
	return nil
}
