package main

import (
	"bufio"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/tertulia-dev/tertulia/pkg/tertulia"
)

func resumeCallsCommand() *cobra.Command {
	var isSure bool
	cmd := &cobra.Command{
		Use: "resume ID", Short: "Have the people of a batch called whom a failed request has not reached", Args: cobra.ExactArgs(1),
		Long: "Shows the parts that the provider refused, or that were looked for there and not found: nobody of them was called. Asks " +
			"whether to send them again, and does it once the answer is yes. A part of which nobody knows whether the provider has it is " +
			"never sent again; where there is nothing else, the command ends with 3.",
		RunE: func(cmd *cobra.Command, args []string) error {
			client, err := connect()
			if err != nil {
				return err
			}
			b, err := client.BatchCalls.Detail(cmd.Context(), args[0])
			if err != nil {
				return explain(err)
			}
			if err := mayResume(b); err != nil {
				return err
			}
			printParts(cmd.OutOrStdout(), b)
			if !isSure && !agreed(cmd, fmt.Sprintf("%d people were not called. Have them called now? [y/N] ", lostOf(b))) {
				cmd.Println("Nothing was sent")
				return nil
			}
			if b, err = client.BatchCalls.Resume(cmd.Context(), args[0]); err != nil {
				return explain(err)
			}
			cmd.Printf("%s (%s): %s\n", b.ID, b.Name, lineOf(b.BatchRecord))
			return nil
		},
	}
	cmd.Flags().BoolVar(&isSure, "yes", false, "send them without a question")
	return cmd
}

// mayResume says why a batch cannot be resumed, or not here.
func mayResume(b tertulia.BatchDetail) error {
	if b.Kind == "campaign" {
		return fmt.Errorf("calls: %s is a campaign: `tertulia calls campaigns resume %s` sets a paused one going again", b.ID, b.ID)
	}
	if lostOf(b) > 0 {
		return nil
	}
	for _, p := range b.Parts {
		if p.Status == "unknown" || p.Status == "sending" {
			return &coded{fmt.Errorf("calls: nobody knows yet whether the provider has part %d, and nobody is called again for it: `tertulia calls watch %s` tells", p.Index, b.ID), exitDoubtful}
		}
	}
	return fmt.Errorf("calls: nothing of %s is left to be sent again", b.ID)
}

// lostOf counts the people of a batch whose request is known to have reached nobody. A part that was stopped before it was sent
// is among them, unless the whole batch was.
func lostOf(b tertulia.BatchDetail) int {
	n := 0
	for _, p := range b.Parts {
		if p.Status == "absent" || p.Status == "rejected" || p.Status == "cancelled" && b.Status != "cancelled" {
			n += p.Size
		}
	}
	return n
}

// agreed asks a question; only y and yes are a yes.
func agreed(cmd *cobra.Command, question string) bool {
	cmd.Print(question)
	answer, err := bufio.NewReader(cmd.InOrStdin()).ReadString('\n')
	if err != nil {
		cmd.Println() // the answer has ended without one
	}
	answer = strings.ToLower(strings.TrimSpace(answer))
	return answer == "y" || answer == "yes"
}
