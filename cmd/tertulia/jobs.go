package main

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"github.com/tertulia-dev/tertulia/domain/kernel"
	"github.com/tertulia-dev/tertulia/domain/operations"
	"github.com/tertulia-dev/tertulia/pkg/embed"
	operationsuc "github.com/tertulia-dev/tertulia/usecase/operations"
)

func jobsCommand() *cobra.Command {
	cmd := &cobra.Command{Use: "jobs", Short: "See the job ledger and decide about dead and doubtful jobs"}
	cmd.AddCommand(listJobsCommand(), showJobCommand())
	for _, d := range []struct {
		decision operationsuc.Decision
		short    string
	}{
		{operationsuc.Replay, "Run a dead or cancelled job again"},
		{operationsuc.Cancel, "Give up a pending or running job"},
		{operationsuc.Discard, "Give up a dead or unknown job"},
		{operationsuc.Happened, "Say that the effect of an unknown job took place: it is done"},
		{operationsuc.NotHappened, "Say that the effect of an unknown job did not take place: it runs again"},
	} {
		cmd.AddCommand(decideCommand(d.decision, d.short))
	}
	return cmd
}

// asOperator gives fn the operations and the principal that the commands act as.
func asOperator(ctx context.Context, fn func(ctx context.Context, uc *operationsuc.UseCases, actor kernel.Principal) error) error {
	return administer(ctx, func(ctx context.Context, app *embed.App, _ embed.Config) error {
		ws, err := app.DefaultWorkspace(ctx)
		if err != nil {
			return err
		}
		return fn(ctx, app.Operations(), kernel.System(ws))
	})
}

func listJobsCommand() *cobra.Command {
	var state, kind string
	var limit int
	cmd := &cobra.Command{
		Use: "list", Short: "List jobs, newest first", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if state != "" && !slices.Contains(operations.JobStates(), operations.JobState(state)) {
				return fmt.Errorf("no job is ever %q: --state is one of %v", state, operations.JobStates())
			}
			return asOperator(cmd.Context(), func(ctx context.Context, uc *operationsuc.UseCases, actor kernel.Principal) error {
				filter := operationsuc.JobFilter{State: operations.JobState(state), Kind: kind}
				jobs, next, err := uc.Queries.Jobs(ctx, actor, filter, kernel.Page{Limit: limit})
				if err != nil {
					return err
				}
				w := tabwriter.NewWriter(cmd.OutOrStdout(), 0, 0, 2, ' ', 0)
				fmt.Fprintln(w, "ID\tKIND\tSTATE\tATTEMPTS\tRUN AT\tLAST ERROR")
				for _, j := range jobs {
					fmt.Fprintf(w, "%s\t%s\t%s\t%d of %d\t%s\t%s\n", j.ID, j.Kind, j.State, j.Attempt, j.MaxAttempts, j.RunAt.Format(time.RFC3339), j.LastError)
				}
				if next != "" {
					fmt.Fprintln(w, "(there are more: --limit, --state, --kind)")
				}
				return w.Flush()
			})
		},
	}
	cmd.Flags().StringVar(&state, "state", "", "pending, running, done, dead, unknown or cancelled")
	cmd.Flags().StringVar(&kind, "kind", "", "one kind, as in sync_hubspot")
	cmd.Flags().IntVar(&limit, "limit", kernel.DefaultPageSize, "how many, at most 100")
	return cmd
}

func showJobCommand() *cobra.Command {
	return &cobra.Command{
		Use: "show ID", Short: "Show one job, with what it works on", Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return asOperator(cmd.Context(), func(ctx context.Context, uc *operationsuc.UseCases, actor kernel.Principal) error {
				job, err := uc.Queries.Job(ctx, actor, args[0])
				if err != nil {
					return err
				}
				enc := json.NewEncoder(cmd.OutOrStdout())
				enc.SetIndent("", "  ")
				return enc.Encode(job)
			})
		},
	}
}

func decideCommand(d operationsuc.Decision, short string) *cobra.Command {
	return &cobra.Command{
		Use: string(d) + " ID", Short: short, Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return asOperator(cmd.Context(), func(ctx context.Context, uc *operationsuc.UseCases, actor kernel.Principal) error {
				job, err := uc.DecideJob.Execute(ctx, actor, args[0], d)
				if err != nil {
					return err
				}
				cmd.Printf("Job %s (%s) is %s.\n", job.ID, job.Kind, job.State)
				return nil
			})
		},
	}
}
