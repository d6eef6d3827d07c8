package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/tertulia-dev/tertulia/bench/internal/rig"
	"github.com/tertulia-dev/tertulia/domain/identity"
	"github.com/tertulia-dev/tertulia/domain/kernel"
	"github.com/tertulia-dev/tertulia/pkg/embed/demo"
	"github.com/tertulia-dev/tertulia/pkg/tertulia"
	identityuc "github.com/tertulia-dev/tertulia/usecase/identity"
)

const (
	readBar     = 4000 // a second
	connections = 50
	readRounds  = 5
	readWarmth  = 2 * time.Second
	readTime    = 4 * time.Second
	revocations = 50
)

// reads asks one server for a meeting that is scheduled for tomorrow, with a key of the workspace, and beside the bar for
// a list of twenty and for a meeting that has its transcript and analysis. A second server is there for the revocations.
func reads(ctx context.Context, b *bench) error {
	h, err := b.newHouse(ctx, "reads")
	if err != nil {
		return err
	}
	defer h.Close()
	other, err := h.System(ctx, true)
	if err != nil {
		return err
	}
	server, err := h.System(ctx, false)
	if err != nil {
		return err
	}
	scheduled, err := h.scheduleForTomorrow(ctx, server, 20)
	if err != nil {
		return err
	}
	if err := h.script(ctx, 1); err != nil {
		return err
	}
	whole, err := h.live(ctx, server)
	if err != nil {
		return err
	}
	_, secret, err := h.newKey(ctx)
	if err != nil {
		return err
	}
	for _, read := range []struct {
		name, path string
		bar        float64
	}{
		{"read scheduled", "/api/meetings/" + scheduled, readBar},
		{"list 20", "/api/meetings?limit=20", 0},
		{"read completed", "/api/meetings/" + whole, 0},
	} {
		if err := b.measureRead(ctx, server, read.name, rig.Get(server.URL, read.path, secret), read.bar); err != nil {
			return err
		}
	}
	return b.measureRevocation(ctx, h, []*rig.Child{server, other}, "/api/meetings/"+scheduled)
}

func (b *bench) measureRead(ctx context.Context, server *rig.Child, name string, request []byte, bar float64) error {
	if _, err := rig.Hammer(ctx, rig.Same(server.URL, request), connections, readWarmth); err != nil {
		return err
	}
	var rates []float64
	var took []time.Duration
	for range readRounds {
		l, err := rig.Hammer(ctx, rig.Same(server.URL, request), connections, readTime)
		if err != nil {
			return err
		}
		rates, took = append(rates, l.PerSecond), append(took, l.Took...)
	}
	slices.Sort(rates)
	slices.Sort(took)
	figure := fmt.Sprintf("%.0f/s (%.0f to %.0f), p50 %.1f ms, p99 %.1f ms",
		rates[len(rates)/2], rates[0], rates[len(rates)-1], rig.MS(rig.Quantile(took, .5)), rig.MS(rig.Quantile(took, .99)))
	if bar == 0 {
		b.Note(name, figure)
		return nil
	}
	b.Report(name, fmt.Sprintf("%s (bar: %.0f/s)", figure, bar), rates[len(rates)/2] >= bar)
	return nil
}

// measureRevocation revokes warm keys and counts the servers that accept one afterwards.
func (b *bench) measureRevocation(ctx context.Context, h house, servers []*rig.Child, path string) error {
	accepted, took := 0, []time.Duration{}
	for range revocations {
		key, secret, err := h.newKey(ctx)
		if err != nil {
			return err
		}
		for range 3 {
			if n, err := accepting(ctx, servers, path, secret); err != nil || n != len(servers) {
				return errors.Join(err, errors.New("a good key was refused"))
			}
		}
		begun := time.Now()
		err = h.App.Identity().RevokeAPIKey.Execute(ctx, identityuc.RevokeAPIKeyInput{Principal: h.admin(ctx), Key: key})
		if err != nil {
			return err
		}
		took = append(took, time.Since(begun))
		n, err := accepting(ctx, servers, path, secret)
		if err != nil {
			return err
		}
		accepted += n
	}
	slices.Sort(took)
	b.Report("revoked key", fmt.Sprintf("%d of %d next calls accepted, over %d processes; revoking took p50 %.1f ms, p99 %.1f ms",
		accepted, revocations*len(servers), len(servers), rig.MS(rig.Quantile(took, .5)), rig.MS(rig.Quantile(took, .99))), accepted == 0)
	return nil
}

// accepting counts the servers that take a key.
func accepting(ctx context.Context, servers []*rig.Child, path, secret string) (n int, err error) {
	for _, server := range servers {
		c, err := rig.Dial(ctx, server.URL)
		if err != nil {
			return 0, err
		}
		answer, err := c.Do(rig.Get(server.URL, path, secret))
		_ = c.Close()
		switch {
		case err != nil:
			return 0, err
		case answer.Status == 200:
			n++
		case answer.Status != 401:
			return 0, fmt.Errorf("answered %d", answer.Status)
		}
	}
	return n, nil
}

func (h house) admin(ctx context.Context) kernel.Principal {
	ws, _ := h.App.DefaultWorkspace(ctx) // it was made at the start
	return kernel.System(ws)
}

func (h house) newKey(ctx context.Context) (identity.KeyID, string, error) {
	key, secret, err := h.App.Identity().CreateAPIKey.Execute(ctx, identityuc.CreateAPIKeyInput{
		Principal: h.admin(ctx), Name: "bench", Role: kernel.Admin,
	})
	return key.ID, secret, err
}

// scheduleForTomorrow schedules n meetings and returns the ID of the last.
func (h house) scheduleForTomorrow(ctx context.Context, system *rig.Child, n int) (id string, err error) {
	for range n {
		m, err := h.client(system).Meetings.Schedule(ctx, meetingRequest(time.Now().Add(24*time.Hour).Format(time.RFC3339)))
		if err != nil {
			return "", err
		}
		id = m.MeetingID
	}
	return id, nil
}

func meetingRequest(at string) tertulia.ScheduleRequest {
	value := demo.DealValue
	return tertulia.ScheduleRequest{
		MeetingURL: demo.MeetingURL, Title: demo.Title, SalesRepEmail: demo.RepEmail, ScheduledAt: at,
		CustomerInfo: tertulia.CustomerInfo{
			ContactName: demo.ContactName, Company: demo.Company, Email: demo.ContactEmail, DealValue: &value, DealCurrency: demo.DealCurrency,
		},
	}
}
