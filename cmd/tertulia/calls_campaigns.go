package main

import (
	"context"
	"fmt"
	"io"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"github.com/tertulia-dev/tertulia/pkg/tertulia"
)

func campaignsCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use: "campaigns", Short: "Have a list of people called as rules allow: at fit hours, within limits and a budget",
		Long: "As `tertulia calls`, of campaigns: list, make, start, pause, resume, cancel and follow them.",
	}
	cmd.AddCommand(
		listCampaignsCommand(), createCampaignCommand(), watchCampaignCommand(),
		moveCampaignCommand("start ID", "Start a campaign; what keeps it from it is told", tertulia.Campaigns.Start),
		moveCampaignCommand("pause ID", "Have a campaign call nobody else; calls that run go on to their end", tertulia.Campaigns.Pause),
		moveCampaignCommand("resume ID", "Set a paused campaign going again", tertulia.Campaigns.Resume),
		moveCampaignCommand("cancel ID", "Stop a campaign for good; calls that run go on to their end", tertulia.Campaigns.Cancel),
	)
	return cmd
}

func listCampaignsCommand() *cobra.Command {
	var filter tertulia.CampaignFilter
	var most int
	cmd := &cobra.Command{
		Use: "list", Short: "List the campaigns, newest first", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			client, err := connect()
			if err != nil {
				return err
			}
			filter.Limit = min(most, 100)
			table, listed := tabwriter.NewWriter(cmd.OutOrStdout(), 0, 0, 2, ' ', 0), 0
			fmt.Fprintln(table, "ID\tNAME\tSTATUS\tPEOPLE\tMADE")
			for c, err := range client.Campaigns.All(cmd.Context(), filter) {
				if err != nil {
					return explain(err)
				}
				fmt.Fprintf(table, "%s\t%s\t%s\t%d\t%s\n", c.ID, c.Name, statusOf(c), c.Recipients-c.DoNotCall, c.CreatedAt.Local().Format(time.DateTime))
				if listed++; listed == most {
					break
				}
			}
			return table.Flush()
		},
	}
	cmd.Flags().StringVar(&filter.Status, "status", "", "only those that are so: draft, pending, in_progress, paused, completed, cancelled")
	cmd.Flags().IntVar(&most, "most", 20, "list no more than these")
	return cmd
}

// statusOf is a campaign's status, with why it stands still.
func statusOf(c tertulia.Campaign) string {
	switch {
	case c.PauseReason != nil && *c.PauseReason == "provider":
		return fmt.Sprintf("%s (provider: %s)", c.Status, textOr(c.PauseDetail, "no answer"))
	case c.PauseReason != nil:
		return fmt.Sprintf("%s (%s)", c.Status, *c.PauseReason)
	case c.WaitingFor != nil && c.NextLook != nil:
		return fmt.Sprintf("%s (%s until %s)", c.Status, *c.WaitingFor, c.NextLook.Local().Format(time.DateTime))
	case c.WaitingFor != nil:
		return fmt.Sprintf("%s (%s)", c.Status, *c.WaitingFor)
	default:
		return c.Status
	}
}

// motion is a method of Campaigns that moves one.
type motion func(tertulia.Campaigns, context.Context, string, ...tertulia.CallOption) (tertulia.Campaign, error)

func moveCampaignCommand(use, short string, move motion) *cobra.Command {
	return &cobra.Command{
		Use: use, Short: short, Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			client, err := connect()
			if err != nil {
				return err
			}
			c, err := move(client.Campaigns, cmd.Context(), args[0])
			if err != nil {
				return explain(err)
			}
			printCampaign(cmd.OutOrStdout(), c)
			return nil
		},
	}
}

func printCampaign(w io.Writer, c tertulia.Campaign) {
	fmt.Fprintf(w, "%s (%s): %s, %d people\n", c.ID, c.Name, statusOf(c), c.Recipients-c.DoNotCall)
}

func watchCampaignCommand() *cobra.Command {
	return &cobra.Command{
		Use: "watch ID", Short: "Follow a campaign to its end", Args: cobra.ExactArgs(1),
		Long: "Shows a bar on a terminal, and a line for each change elsewhere. A paused campaign is followed until it is over.",
		RunE: func(cmd *cobra.Command, args []string) error {
			client, err := connect()
			if err != nil {
				return err
			}
			return watchCampaign(cmd, client, args[0])
		},
	}
}

func watchCampaign(cmd *cobra.Command, client *tertulia.Client, id string) error {
	show, last := follower(cmd), ""
	for p, err := range client.Campaigns.Watch(cmd.Context(), id) {
		if err != nil {
			return explain(err)
		}
		s := standingOf(p)
		if s.line != last || s.isOver { // much changes that is not seen
			show(s)
		}
		last = s.line
	}
	return nil
}

// standingOf is how far a campaign is: who is not called any more is done with.
func standingOf(p tertulia.CampaignProgress) standing {
	c := p.Campaign
	s := standing{name: c.Name, status: statusOf(c), of: c.Recipients - c.DoNotCall, at: c.UpdatedAt, isOver: p.Done}
	for _, status := range []string{"completed", "voicemail", "no_answer", "busy", "failed", "cancelled"} {
		s.done += p.Counts.ByStatus[status]
	}
	s.line = fmt.Sprintf("%s, %d of %d people are done with, %d were reached, %d calls are under way",
		s.status, s.done, s.of, p.Counts.ByStatus["completed"], c.Live)
	if n := p.Counts.ByStatus["unknown"]; n > 0 {
		s.line += fmt.Sprintf(", of %d nobody knows", n)
	}
	return s
}
