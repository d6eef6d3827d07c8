package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/tertulia-dev/tertulia/bench/internal/rig"
	"github.com/tertulia-dev/tertulia/pkg/embed/demo"
)

const (
	pipelineBar      = 300 * time.Millisecond // p95
	pipelineMeetings = 200
	pipelineAtOnce   = 20
	pipelinePatience = time.Minute
)

// pipeline plays the demonstration's meeting of ten minutes again and again: webhooks, media, a model's analysis, CRM.
func pipeline(ctx context.Context, b *bench) error {
	h, err := b.newHouse(ctx, "pipeline")
	if err != nil {
		return err
	}
	defer h.Close()
	system, err := h.System(ctx, true)
	if err != nil {
		return err
	}
	if err := h.knowCustomer(ctx); err != nil {
		return err
	}
	if err := h.liveMany(ctx, system, b.atOnce, b.atOnce); err != nil { // plans, pools and caches
		return err
	}
	warm, err := h.stretches(ctx)
	if err != nil {
		return err
	}
	if err := h.rehearse(ctx, pipelineMeetings); err != nil {
		return err
	}
	if err := h.liveMany(ctx, system, pipelineMeetings, b.atOnce); err != nil {
		return err
	}
	all, err := h.stretches(ctx)
	if err != nil {
		return err
	}
	var measured []time.Duration
	for meeting, stretch := range all {
		if _, ok := warm[meeting]; !ok {
			measured = append(measured, stretch)
		}
	}
	if len(measured) != pipelineMeetings {
		return fmt.Errorf("%d meetings were measured", len(measured))
	}
	slices.Sort(measured)
	b.Report("transcript to COMPLETED", fmt.Sprintf("p50 %.0f ms, p95 %.0f ms, max %.0f ms over %d meetings, %d at a time (bar: p95 %v)",
		rig.MS(rig.Quantile(measured, .5)), rig.MS(rig.Quantile(measured, .95)), rig.MS(rig.Quantile(measured, 1)), len(measured), b.atOnce, pipelineBar), rig.Quantile(measured, .95) < pipelineBar)
	return nil
}

// knowCustomer tells HubSpot's double of the demonstration's people.
func (h house) knowCustomer(ctx context.Context) error {
	return h.Control(ctx, "/hubspot/seed", map[string]any{
		"contacts": []map[string]string{{"email": demo.ContactEmail, "firstname": demo.ContactName}},
		"owners":   []map[string]string{{"email": demo.RepEmail, "firstName": demo.RepName}},
	}, nil)
}

// liveMany takes n meetings to COMPLETED: whenever one is, the next begins.
func (h house) liveMany(ctx context.Context, system *rig.Child, n, atOnce int) error {
	if err := h.script(ctx, n); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, pipelinePatience)
	defer cancel()
	var before int
	if err := h.DB.QueryRow(ctx, completedSQL).Scan(&before); err != nil {
		return err
	}
	begin, beginning := errgroup.WithContext(ctx)
	for begun, completed := 0, 0; completed < n; {
		for ; begun < min(n, completed+atOnce); begun++ {
			begin.Go(func() error {
				_, err := h.client(system).Meetings.Schedule(beginning, meetingRequest(""))
				return err
			})
		}
		time.Sleep(10 * time.Millisecond)
		if err := h.DB.QueryRow(beginning, completedSQL).Scan(&completed); err != nil {
			return errors.Join(err, begin.Wait())
		}
		completed -= before
	}
	return begin.Wait()
}

const completedSQL = "select count(*) from meetings where status = 'COMPLETED'"

// script has the next n notetakers live through the demonstration.
func (h house) script(ctx context.Context, n int) error {
	for range n {
		if err := h.Control(ctx, "/recall/script", map[string]any{"transcript": json.RawMessage(demo.Transcript())}, nil); err != nil {
			return err
		}
	}
	return nil
}

// live takes a meeting that is now to COMPLETED and returns its ID.
func (h house) live(ctx context.Context, system *rig.Child) (string, error) {
	m, err := h.client(system).Meetings.Schedule(ctx, meetingRequest(""))
	if err != nil {
		return "", err
	}
	return m.MeetingID, h.await(ctx, "select status = 'COMPLETED' from meetings where id = $1", m.MeetingID)
}

// await asks the database until a query answers true.
func (h house) await(ctx context.Context, query string, args ...any) error {
	ctx, cancel := context.WithTimeoutCause(ctx, pipelinePatience, errors.New("waited too long"))
	defer cancel()
	for {
		var is bool
		if err := h.DB.QueryRow(ctx, query, args...).Scan(&is); err != nil {
			return errors.Join(err, context.Cause(ctx))
		}
		if is {
			return nil
		}
		time.Sleep(40 * time.Millisecond)
	}
}

// stretches returns, by meeting, the time from when the sandbox sent transcript.done until the commit of the analysis,
// which is that of COMPLETED. Both clocks are this machine's.
func (h house) stretches(ctx context.Context) (map[string]time.Duration, error) {
	var sent struct {
		Messages []struct {
			Event    string
			BotID    string
			Attempts []struct{ At time.Time }
		}
	}
	if err := h.Control(ctx, "/recall/webhooks", nil, &sent); err != nil {
		return nil, err
	}
	began := map[string]time.Time{}
	for _, m := range sent.Messages {
		if m.Event == "transcript.done" && len(m.Attempts) > 0 {
			began[m.BotID] = m.Attempts[0].At
		}
	}
	rows, err := h.DB.Query(ctx, `
		select m.id, m.bot_id, pg_xact_commit_timestamp(a.xmin) from meetings m join analyses a on a.meeting_id = m.id`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	all := map[string]time.Duration{}
	for rows.Next() {
		var meeting, bot string
		var committed time.Time
		if err := rows.Scan(&meeting, &bot, &committed); err != nil {
			return nil, err
		}
		if _, ok := began[bot]; !ok {
			return nil, fmt.Errorf("transcript.done of notetaker %s is not known", bot)
		}
		all[meeting] = committed.Sub(began[bot])
	}
	return all, rows.Err()
}
