// Command client sends a notetaker into a call through the SDK, waits for the analysis and prints it:
//
//	TERTULIA_URL=http://127.0.0.1:3099 TERTULIA_API_KEY=… go run . https://meet.google.com/abc-defg-hij ana@acme.example "Pedro García"
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"time"

	"github.com/tertulia-dev/tertulia/pkg/tertulia"
)

func main() {
	if len(os.Args) != 4 {
		fmt.Fprintln(os.Stderr, "usage: client MEETING_URL REP_EMAIL CUSTOMER")
		os.Exit(2)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	client := tertulia.New(os.Getenv("TERTULIA_URL"), tertulia.WithAPIKey(os.Getenv("TERTULIA_API_KEY")), tertulia.WithSalesRep(os.Args[2]))
	call := tertulia.ScheduleRequest{
		MeetingURL: os.Args[1], SalesRepEmail: os.Args[2], CustomerInfo: tertulia.CustomerInfo{ContactName: os.Args[3]},
	}
	if err := run(ctx, os.Stdout, client, call, 2*time.Second); err != nil {
		fmt.Fprintln(os.Stderr, "client:", explain(err))
		os.Exit(1)
	}
}

// run schedules the call and looks at the meeting, every so often, until it has ended well or badly.
func run(ctx context.Context, out io.Writer, client *tertulia.Client, call tertulia.ScheduleRequest, every time.Duration) error {
	booked, err := client.Meetings.Schedule(ctx, call)
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "Meeting %s is %s.\n", booked.MeetingID, booked.Status)
	tick := time.NewTicker(every)
	defer tick.Stop()
	for {
		detail, err := client.Meetings.Get(ctx, booked.MeetingID)
		if err != nil {
			return err
		}
		switch detail.Meeting.Status {
		case tertulia.Completed:
			show(out, detail)
			return nil
		case tertulia.Failed, tertulia.Cancelled:
			return fmt.Errorf("the meeting is %s", detail.Meeting.Status)
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-tick.C:
		}
	}
}

func show(out io.Writer, d tertulia.MeetingDetail) {
	analysis := d.Analyses[0]
	fmt.Fprintln(out, analysis.Summary)
	if analysis.SalesRepScore != nil {
		fmt.Fprintf(out, "Score: %d of 100\n", *analysis.SalesRepScore)
	}
	for _, p := range analysis.Participation.Participants {
		fmt.Fprintf(out, "%s (%s) spoke for %.1f s\n", p.Name, p.Role, p.SpeakingSeconds)
	}
}

// explain adds to the server's sentence what helps to find the cause.
func explain(err error) string {
	if api, ok := errors.AsType[*tertulia.APIError](err); ok {
		return fmt.Sprintf("%s (%s, request %s)", api.Message, api.Code, api.RequestID)
	}
	return err.Error()
}
