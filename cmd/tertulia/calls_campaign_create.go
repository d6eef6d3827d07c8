package main

import (
	"errors"
	"fmt"
	"maps"
	"net/http"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/tertulia-dev/tertulia/domain/batchcalls"
	"github.com/tertulia-dev/tertulia/pkg/tertulia"
)

// newCampaign is what the command line says about a campaign.
type newCampaign struct {
	name, agent, number, at string
	columns                 map[string]string
	region                  string
	consent, note           string
	window                  string
	days                    []string
	concurrency, daily      int
	attempts                int
	retry                   map[string]int // an outcome to the minutes after which to call again
	budget                  int64
	isDry, skipBad          bool
	start, watch            bool
}

func createCampaignCommand() *cobra.Command {
	var n newCampaign
	cmd := &cobra.Command{
		Use: "create FILE.csv", Short: "Make a campaign of the people of a file", Args: cobra.ExactArgs(1),
		Long: "Reads the file as `tertulia calls submit` does, makes a draft of it, and tells what would keep it from starting. Nobody is " +
			"called before it is started, here with --start, or later with `tertulia calls campaigns start`.",
		Example: `  tertulia calls campaigns create clientes.csv --name "Cobranza octubre" --agent agent_1 --number phnum_1 --region MX --consent express_written --window 09:00-20:00 --retry no_answer=60,busy=15
  tertulia calls campaigns create clientes.csv --name Citas --agent agent_1 --number phnum_1 --consent existing_customer --budget 600 --start --watch`,
		RunE: func(cmd *cobra.Command, args []string) error { return n.run(cmd, args[0]) },
	}
	flags := cmd.Flags()
	flags.StringVar(&n.name, "name", "", "what the campaign is called (required)")
	flags.StringVar(&n.agent, "agent", "", "the voice agent's ID at the provider (required)")
	flags.StringVar(&n.number, "number", "", "the ID at the provider of the number that calls (required)")
	flags.StringToStringVar(&n.columns, "map", nil, "which column is what, as in phone=Telefono,nombre=Nombre; others are left out")
	flags.StringVar(&n.region, "region", "", "country of numbers without a country code, as in MX")
	flags.StringVar(&n.consent, "consent", "", "why these people may be called: express_written, express, existing_customer or other; none starts without")
	flags.StringVar(&n.note, "consent-note", "", "what proves it")
	flags.StringVar(&n.window, "window", "", "when people may be called, by the clock where they are, as in 09:00-20:00; 08:00-21:00 without it")
	flags.StringSliceVar(&n.days, "days", nil, "on which days, as in mon,tue,wed; on every day without it")
	flags.StringVar(&n.at, "at", "", "nobody is called before, as in 2026-11-23T09:00:00-06:00")
	flags.IntVar(&n.concurrency, "concurrency", 10, "calls at once, at most")
	flags.IntVar(&n.daily, "daily", 0, "calls to one number within 24 hours, at most; 0 for no limit")
	flags.IntVar(&n.attempts, "attempts", 3, "calls to one person, at most")
	flags.StringToIntVar(&n.retry, "retry", nil, "after how many minutes to call again, by how the call ended: no_answer=60,busy=15,voicemail=240,failed=30")
	flags.Int64Var(&n.budget, "budget", 0, "minutes of talking in all, at most; 0 for no cap")
	flags.BoolVar(&n.skipBad, "skip-bad-rows", false, "leave wrong rows out instead of making nothing")
	flags.BoolVar(&n.isDry, "dry-run", false, "check the file and show what would be sent, without making anything")
	flags.BoolVar(&n.start, "start", false, "start it")
	flags.BoolVar(&n.watch, "watch", false, "follow it to its end, once it is started")
	for _, name := range []string{"name", "agent", "number"} {
		_ = cmd.MarkFlagRequired(name) // fails only for a flag that is not there
	}
	return cmd
}

func (n newCampaign) run(cmd *cobra.Command, path string) error {
	request, err := n.request()
	if err != nil {
		return &coded{err, exitWrongFile}
	}
	list, err := openList(cmd, path, n.columns, n.region, n.skipBad)
	if err != nil {
		return err
	}
	if n.isDry {
		list.show(cmd.OutOrStdout())
		return nil
	}
	client, err := connect()
	if err != nil {
		return err
	}
	c, err := client.Campaigns.Create(cmd.Context(), request)
	if refused, ok := errors.AsType[*tertulia.APIError](err); ok && refused.Status == http.StatusBadRequest {
		return &coded{explain(err), exitWrongFile}
	}
	if err != nil {
		return explain(err)
	}
	if c, err = n.fill(cmd, client, c, path, list); err != nil {
		return err
	}
	if !n.start {
		return n.check(cmd, client, c)
	}
	if c, err = client.Campaigns.Start(cmd.Context(), c.ID); err != nil {
		return fmt.Errorf("%w\nThe draft stays: `tertulia calls campaigns start %s` tries again", explain(err), c.ID)
	}
	printCampaign(cmd.OutOrStdout(), c)
	if n.watch {
		return watchCampaign(cmd, client, c.ID)
	}
	return nil
}

// fill adds the people of the file to the draft.
func (n newCampaign) fill(cmd *cobra.Command, client *tertulia.Client, c tertulia.Campaign, path string, list callList) (tertulia.Campaign, error) {
	file, err := os.Open(path)
	if err != nil {
		return c, &coded{fmt.Errorf("calls: %w", err), exitWrongFile}
	}
	defer file.Close()
	added, err := client.Campaigns.AddRecipients(cmd.Context(), c.ID, file, tertulia.FileQuery{Mapping: fileColumns(list.mapping), Region: n.region})
	if err != nil {
		return c, fmt.Errorf("%w\nThe draft %s was made, and may lack people", explain(err), c.ID)
	}
	cmd.Printf("%s (%s): a draft with %d people\n", c.ID, c.Name, added.Added-added.DoNotCall)
	if added.DoNotCall > 0 {
		cmd.Printf("%d people are on the do-not-call list and left out\n", added.DoNotCall)
	}
	if added.Bad > list.Bad { // what only the server can know: a variable that the voice agent needs, a number of no country
		for _, p := range added.Problems {
			cmd.PrintErrf("line %d: %s: %s\n", p.Line, p.Field, p.Message)
		}
		cmd.PrintErrf("%d of %d rows were left out\n", added.Bad, added.Rows)
	}
	return c, nil
}

// check tells what would keep the draft from starting.
func (n newCampaign) check(cmd *cobra.Command, client *tertulia.Client, c tertulia.Campaign) error {
	found, err := client.Campaigns.Preflight(cmd.Context(), c.ID)
	if err != nil {
		return explain(err)
	}
	for _, p := range found.Problems {
		cmd.Printf("It cannot be started: %s: %s\n", p.Field, p.Message)
	}
	for _, w := range found.Warnings {
		cmd.PrintErrln(w.Message)
	}
	if found.Ready {
		cmd.Printf("`tertulia calls campaigns start %s` starts it\n", c.ID)
	}
	return nil
}

// request is what is asked for, with what the flags say.
func (n newCampaign) request() (tertulia.CreateCampaignRequest, error) {
	r := tertulia.CreateCampaignRequest{Name: n.name, AgentID: n.agent, PhoneNumberID: n.number, CampaignSettings: tertulia.CampaignSettings{
		Limits: &tertulia.CampaignLimits{MaxConcurrent: &n.concurrency, DailyCalls: &n.daily},
		Retry:  &tertulia.CampaignRetries{MaxAttempts: &n.attempts},
		Budget: &tertulia.CampaignBudget{Minutes: &n.budget},
	}}
	if n.region != "" {
		region := strings.ToUpper(n.region)
		r.DefaultRegion = &region
	}
	if n.consent != "" {
		r.Consent = &tertulia.ConsentRequest{Kind: n.consent, Note: n.note}
	}
	if n.window != "" || len(n.days) > 0 {
		start, end, isSpan := strings.Cut(n.window, "-")
		if n.window != "" && !isSpan {
			return r, fmt.Errorf("calls: --window %q is no span of the day, as in 09:00-20:00", n.window)
		}
		r.Window = &tertulia.WindowRequest{Start: start, End: end, Days: n.days}
	}
	for _, outcome := range slices.Sorted(maps.Keys(n.retry)) {
		r.Retry.Rules = append(r.Retry.Rules, tertulia.RetryRule{Outcome: outcome, AfterMinutes: n.retry[outcome], Times: max(1, n.attempts-1)})
	}
	if n.at != "" {
		at, err := time.Parse(time.RFC3339, n.at)
		if err != nil {
			return r, wrongTime(n.at)
		}
		r.StartAt = &at
	}
	return r, nil
}

func fileColumns(m batchcalls.Mapping) []tertulia.FileColumn {
	columns := make([]tertulia.FileColumn, len(m))
	for i, c := range m {
		columns[i] = tertulia.FileColumn{Header: c.Header, Target: string(c.Target), Name: c.Name, Type: string(c.Type)}
	}
	return columns
}
