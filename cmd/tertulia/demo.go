package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"text/tabwriter"
	"time"

	"github.com/tertulia-dev/tertulia/pkg/embed"
	"github.com/tertulia-dev/tertulia/pkg/embed/demo"
	"github.com/tertulia-dev/tertulia/pkg/tertulia"
)

const demoPatience = 60 * time.Second

// playDemo sends a notetaker into the meeting that ships with the project, through the API and the real pipeline, and
// shows what comes of it.
func playDemo(ctx context.Context, out io.Writer, cfg embed.Config) error {
	ctx, cancel := context.WithTimeout(ctx, demoPatience)
	defer cancel()
	if err := scriptDemo(ctx, cfg); err != nil {
		return fmt.Errorf("play the demonstration: %w", err)
	}
	client := tertulia.New(cfg.HTTP.PublicURL, tertulia.WithAPIKey(cfg.Access.ServiceAPIKey.Reveal()), tertulia.WithSalesRep(demo.RepEmail))
	value := demo.DealValue
	scheduled, err := client.Meetings.Schedule(ctx, tertulia.ScheduleRequest{
		MeetingURL: demo.MeetingURL, Title: demo.Title, SalesRepEmail: demo.RepEmail, SalesRepName: demo.RepName,
		CustomerInfo: tertulia.CustomerInfo{
			ContactName: demo.ContactName, Company: demo.Company, Email: demo.ContactEmail, DealValue: &value, DealCurrency: demo.DealCurrency,
		},
	})
	if err != nil {
		return fmt.Errorf("play the demonstration: %w", err)
	}
	detail, err := waitForDemo(ctx, client, scheduled.MeetingID)
	if err != nil {
		return fmt.Errorf("play the demonstration: %w", err)
	}
	printDemo(out, cfg, detail)
	return nil
}

// scriptDemo tells the double what the next notetaker will live through, and whom HubSpot knows.
func scriptDemo(ctx context.Context, cfg embed.Config) error {
	base := fmt.Sprintf("http://%s:%d/_control", cfg.HTTP.Host, cfg.HTTP.SandboxPort)
	if err := postJSON(ctx, base+"/recall/script", map[string]any{"transcript": json.RawMessage(demo.Transcript())}); err != nil {
		return err
	}
	return postJSON(ctx, base+"/hubspot/seed", map[string]any{
		"contacts": []map[string]string{{"email": demo.ContactEmail, "firstname": demo.ContactName}},
		"owners":   []map[string]string{{"email": demo.RepEmail, "firstName": demo.RepName}},
	})
}

func postJSON(ctx context.Context, url string, in any) error {
	raw, err := json.Marshal(in)
	if err != nil {
		return err
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, url, bytes.NewReader(raw))
	if err != nil {
		return err
	}
	r.Header.Set("Content-Type", "application/json")
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	if res.StatusCode >= http.StatusMultipleChoices {
		text, _ := io.ReadAll(io.LimitReader(res.Body, 1<<10))
		return fmt.Errorf("the sandbox answered %s: %s", res.Status, text)
	}
	return nil
}

// waitForDemo waits until the meeting is analysed, its media are stored and the CRM has been told.
func waitForDemo(ctx context.Context, client *tertulia.Client, id string) (tertulia.MeetingDetail, error) {
	tick := time.NewTicker(100 * time.Millisecond)
	defer tick.Stop()
	for {
		detail, err := client.Meetings.Get(ctx, id)
		if err != nil {
			return tertulia.MeetingDetail{}, err
		}
		m := detail.Meeting
		if m.Status == tertulia.Failed {
			return tertulia.MeetingDetail{}, fmt.Errorf("the meeting failed: %s", *m.ErrorCode)
		}
		isStored := m.Video.State != "none" && m.Video.State != "pending" // none: nobody has told of the recording yet
		if m.Status == tertulia.Completed && isStored && m.Hubspot.State != "pending" {
			return detail, nil
		}
		select {
		case <-ctx.Done():
			return tertulia.MeetingDetail{}, fmt.Errorf("the meeting is still %s after %s", m.Status, demoPatience)
		case <-tick.C:
		}
	}
}

// printDemo shows the result as a short table.
func printDemo(out io.Writer, cfg embed.Config, d tertulia.MeetingDetail) {
	m, a := d.Meeting, d.Analyses[0]
	fmt.Fprintln(out, "\nThe demonstration went through the real pipeline:")
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	row := func(name, format string, args ...any) {
		fmt.Fprintf(w, "  %s\t"+format+"\n", append([]any{name}, args...)...)
	}
	row("Meeting", "%s", demo.Title)
	row("State", "%s", m.Status)
	if m.Duration != nil {
		row("Length", "%s", *m.Duration)
	}
	if a.SalesRepScore != nil && a.CloseProbability != nil {
		row("Score", "%d of 100, %d %% likely to close", *a.SalesRepScore, *a.CloseProbability)
	}
	for _, p := range a.Participation.Participants {
		row("  "+p.Name, "%.1f s, %.1f %% (%s)", p.SpeakingSeconds, p.Percentage, p.Role)
	}
	if a.Metrics.TalkRatio != nil {
		row("Talk ratio", "%.0f %%", *a.Metrics.TalkRatio*100)
	}
	row("Analysed by", "%s%s", a.Engine, doubled(cfg))
	row("Video", "%s", m.Video.State)
	row("HubSpot", "%s", m.Hubspot.State)
	_ = w.Flush()
	fmt.Fprintf(out, "  Look at it:\n    curl -s -H 'X-API-Key: %s' %s/api/meetings/%s\n",
		cfg.Access.ServiceAPIKey.Reveal(), cfg.HTTP.PublicURL, m.ID)
}

// doubled says so where no real model was asked.
func doubled(cfg embed.Config) string {
	if cfg.OpenAI.APIKey == sandboxKey {
		return " (the sandbox's double)"
	}
	return ""
}
