package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/spf13/cobra"

	"github.com/tertulia-dev/tertulia/pkg/tertulia"
)

// submission is what the command line says about a batch.
type submission struct {
	name, agent, number, at string
	columns                 map[string]string // a variable's name, or phone, to the header of its column
	region                  string
	concurrency             int
	force, isDry, skipBad   bool
	watch                   bool
}

func submitCallsCommand() *cobra.Command {
	var s submission
	cmd := &cobra.Command{
		Use: "submit FILE.csv", Short: "Have the people of a file called", Args: cobra.ExactArgs(1),
		Long: "Reads the file (UTF-8 or Windows-1252; commas, semicolons or tabs), checks every row, and has each number called once. " +
			"A row that is wrong is told by its line, and nothing is sent. Without --map the column that looks like phone numbers is " +
			"the phone and every other one a variable of its header's name.",
		Example: `  tertulia calls submit clientes.csv --name "Cobranza octubre" --agent agent_1 --number phnum_1 --region MX --dry-run
  tertulia calls submit clientes.csv --name Citas --agent agent_1 --number phnum_1 --map phone=Telefono,nombre=Nombre --at 2026-11-23T09:00:00-06:00 --watch`,
		RunE: func(cmd *cobra.Command, args []string) error { return s.run(cmd, args[0]) },
	}
	flags := cmd.Flags()
	flags.StringVar(&s.name, "name", "", "what the batch is called (required)")
	flags.StringVar(&s.agent, "agent", "", "the voice agent's ID at the provider (required)")
	flags.StringVar(&s.number, "number", "", "the ID at the provider of the number that calls (required)")
	flags.StringToStringVar(&s.columns, "map", nil, "which column is what, as in phone=Telefono,nombre=Nombre; others are left out")
	flags.StringVar(&s.region, "region", "", "country of numbers without a country code, as in MX")
	flags.StringVar(&s.at, "at", "", "when to call, as in 2026-11-23T09:00:00-06:00; at once without it")
	flags.IntVar(&s.concurrency, "concurrency", 0, "calls at once, at most; the provider's own limit without it")
	flags.BoolVar(&s.force, "force", false, "call although the same was submitted within the last 10 minutes")
	flags.BoolVar(&s.skipBad, "skip-bad-rows", false, "leave wrong rows out instead of sending nothing")
	flags.BoolVar(&s.isDry, "dry-run", false, "check the file and show what would be sent, without sending it")
	flags.BoolVar(&s.watch, "watch", false, "follow the batch to its end")
	for _, name := range []string{"name", "agent", "number"} {
		_ = cmd.MarkFlagRequired(name) // fails only for a flag that is not there
	}
	return cmd
}

func (s submission) run(cmd *cobra.Command, path string) error {
	at, err := s.time()
	if err != nil {
		return &coded{err, exitWrongFile}
	}
	list, err := openList(cmd, path, s.columns, s.region, s.skipBad)
	if err != nil {
		return err
	}
	if s.isDry {
		list.show(cmd.OutOrStdout())
		return nil
	}
	return s.send(cmd, tertulia.CallSubmission{
		CallName: s.name, AgentID: s.agent, AgentPhoneNumberID: s.number, ScheduledTimeUnix: at, Recipients: list.people,
		TargetConcurrencyLimit: s.concurrency, Force: s.force,
	})
}

// openList reads a file that has somebody to call, and tells what is wrong with it.
func openList(cmd *cobra.Command, path string, columns map[string]string, region string, skipBad bool) (callList, error) {
	file, err := os.Open(path)
	if err != nil {
		return callList{}, &coded{fmt.Errorf("calls: %w", err), exitWrongFile}
	}
	defer file.Close()
	list, err := readList(file, columns, region)
	if err != nil {
		return callList{}, &coded{err, exitWrongFile}
	}
	list.tell(cmd.ErrOrStderr())
	switch {
	case list.Bad > 0 && !skipBad:
		return callList{}, &coded{fmt.Errorf("calls: nothing was sent: %d of %d rows are wrong; correct them, or leave them out with --skip-bad-rows", list.Bad, list.Rows), exitWrongFile}
	case len(list.people) == 0:
		return callList{}, &coded{errors.New("calls: nothing was sent: the file has nobody to call"), exitWrongFile}
	}
	return list, nil
}

// time reads --at, in seconds since 1970; nil is at once.
func (s submission) time() (*int64, error) {
	if s.at == "" {
		return nil, nil
	}
	at, err := time.Parse(time.RFC3339, s.at)
	if err != nil {
		return nil, wrongTime(s.at)
	}
	unix := at.Unix()
	return &unix, nil
}

func wrongTime(at string) error {
	return fmt.Errorf("calls: --at %q is no time with an offset, as in 2026-11-23T09:00:00-06:00", at)
}

func (s submission) send(cmd *cobra.Command, batch tertulia.CallSubmission) error {
	client, err := connect()
	if err != nil {
		return err
	}
	sent, err := client.BatchCalls.Submit(cmd.Context(), batch)
	if err != nil {
		return s.failed(cmd.Context(), client, err)
	}
	if sent.Warning != "" {
		cmd.PrintErrln(sent.Warning)
	}
	cmd.Printf("%s (%s): %d people are called%s\n", sent.Batch.ID, sent.Batch.Name, sent.Batch.TotalCallsScheduled, s.when())
	if sent.DoNotCall > 0 {
		cmd.Printf("%d people are on the do-not-call list and left out\n", sent.DoNotCall)
	}
	if s.watch {
		return watch(cmd, client, sent.Batch.ID)
	}
	return nil
}

func (s submission) when() string {
	if s.at == "" {
		return ""
	}
	return " from " + s.at
}

// failed tells whether anybody may have been called in spite of the failure.
func (s submission) failed(ctx context.Context, client *tertulia.Client, err error) error {
	refused, ok := errors.AsType[*tertulia.APIError](err)
	if !ok || refused.CallBatch == "" {
		return explain(err)
	}
	batch, lookErr := client.BatchCalls.Detail(ctx, refused.CallBatch)
	if lookErr == nil && len(batch.Parts) > 0 && batch.Parts[0].Status == "rejected" {
		return fmt.Errorf("%w\nNobody was called", explain(err))
	}
	return &coded{fmt.Errorf("%w\nNobody knows yet whether calls were placed. Do not submit the list again: `tertulia calls watch %s` tells",
		explain(err), refused.CallBatch), exitDoubtful}
}
