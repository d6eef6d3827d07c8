package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"slices"
	"sync"
	"time"

	"github.com/google/uuid"

	"github.com/tertulia-dev/tertulia/bench/internal/rig"
	"github.com/tertulia-dev/tertulia/infrastructure/signature"
)

const (
	intakeBar     = 50 * time.Millisecond // p99
	intakeRate    = 200                   // a second
	intakeTime    = 30 * time.Second
	intakeHanging = 20 // analyses that wait for OpenAI
)

// intake sends webhooks by the clock, whether or not the one before was answered, while analyses hang at OpenAI and the
// Redis that delivered them is gone. A webhook's time counts from when it was due.
func intake(ctx context.Context, b *bench) error {
	h, err := b.newHouse(ctx, "intake")
	if err != nil {
		return err
	}
	defer h.Close()
	system, err := h.System(ctx, true)
	if err != nil {
		return err
	}
	meetings, err := h.hangAtOpenAI(ctx, system)
	if err != nil {
		return err
	}
	if err := b.stores.StopRedis(); err != nil {
		return err
	}
	defer func() { _ = b.stores.StartRedis(ctx) }()
	var before int
	if err := h.DB.QueryRow(ctx, "select count(*) from inbound_events").Scan(&before); err != nil {
		return err
	}
	bare := h.probe(ctx)
	took, accepted, err := sendWebhooks(ctx, system.URL+"/api/webhooks/recall", meetings)
	commits := bare()
	if err != nil {
		return err
	}
	var after int
	if err := h.DB.QueryRow(ctx, "select count(*) from inbound_events").Scan(&after); err != nil {
		return err
	}
	slices.Sort(took)
	b.Report("webhook intake", fmt.Sprintf("p50 %.1f ms, p99 %.1f ms, max %.1f ms; %d of %d accepted, %d stored (bar: p99 %v, all)",
		rig.MS(rig.Quantile(took, .5)), rig.MS(rig.Quantile(took, .99)), rig.MS(rig.Quantile(took, 1)), accepted, len(took), after-before, intakeBar),
		rig.Quantile(took, .99) < intakeBar && accepted == len(took) && after-before == len(took))
	b.Note("  bare commit beside", fmt.Sprintf("p50 %.1f ms, p99 %.1f ms, max %.1f ms: what the machine itself took for one row",
		rig.MS(rig.Quantile(commits, .5)), rig.MS(rig.Quantile(commits, .99)), rig.MS(rig.Quantile(commits, 1))))
	return nil
}

// probe commits a row every 20 ms, past the system, until the returned function is called: how quick the machine is now.
func (h house) probe(ctx context.Context) (stop func() []time.Duration) {
	ctx, cancel := context.WithCancel(ctx)
	var took []time.Duration
	var probing sync.WaitGroup
	probing.Go(func() {
		if _, err := h.DB.Exec(ctx, "create table if not exists probe (at timestamptz)"); err != nil {
			return
		}
		due := time.Now()
		for ctx.Err() == nil {
			due = due.Add(20 * time.Millisecond)
			time.Sleep(time.Until(due))
			if _, err := h.DB.Exec(ctx, "insert into probe values (now())"); err == nil {
				took = append(took, time.Since(due))
			}
		}
	})
	return func() []time.Duration {
		cancel()
		probing.Wait()
		slices.Sort(took)
		return took
	}
}

// hangAtOpenAI has analyses wait for an answer that does not come, and returns their meetings with their notetakers.
func (h house) hangAtOpenAI(ctx context.Context, system *rig.Child) (meetings [][2]string, err error) {
	err = h.Control(ctx, "/faults", map[string]any{"vendor": "openai", "times": -1, "delayMs": 3_600_000, "status": 503}, nil)
	if err != nil {
		return nil, err
	}
	for range intakeHanging {
		if _, err := h.client(system).Meetings.Schedule(ctx, meetingRequest("")); err != nil {
			return nil, err
		}
	}
	hanging := func() (n int, err error) {
		var ledger struct{ Requests []struct{ Status int } }
		err = h.Control(ctx, "/ledger?vendor=openai", nil, &ledger)
		return len(ledger.Requests), err
	}
	for begun := time.Now(); ; time.Sleep(50 * time.Millisecond) {
		n, err := hanging()
		if err != nil {
			return nil, err
		}
		if n >= intakeHanging {
			break
		}
		if time.Since(begun) > pipelinePatience {
			return nil, fmt.Errorf("only %d analyses have begun", n)
		}
	}
	rows, err := h.DB.Query(ctx, "select id::text, bot_id from meetings")
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var m [2]string
		if err := rows.Scan(&m[0], &m[1]); err != nil {
			return nil, err
		}
		meetings = append(meetings, m)
	}
	return meetings, rows.Err()
}

func sendWebhooks(ctx context.Context, url string, meetings [][2]string) (took []time.Duration, accepted int, err error) {
	signer, err := signature.NewSigner(rig.WebhookSecret)
	if err != nil {
		return nil, 0, err
	}
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 500}, Timeout: 15 * time.Second}
	var mu sync.Mutex
	var sending sync.WaitGroup
	begun := time.Now()
	for i := range int(intakeRate * intakeTime.Seconds()) {
		due := begun.Add(time.Duration(i) * time.Second / intakeRate)
		time.Sleep(time.Until(due))
		sending.Go(func() {
			ok := sendWebhook(ctx, client, url, signer, meetings[i%len(meetings)])
			mu.Lock()
			defer mu.Unlock()
			took = append(took, time.Since(due))
			if ok {
				accepted++
			}
		})
	}
	sending.Wait()
	return took, accepted, nil
}

// sendWebhook sends a status change as Recall.ai does, and reports whether it was accepted.
func sendWebhook(ctx context.Context, client *http.Client, url string, signer *signature.Signer, meeting [2]string) bool {
	now := time.Now().UTC()
	body := fmt.Appendf(nil, `{"event":"bot.in_call_recording","data":{"data":{"code":"in_call_recording","sub_code":null,"updated_at":%q},`+
		`"bot":{"id":%q,"metadata":{"meeting_id":%q}}}}`, now.Format(time.RFC3339Nano), meeting[1], meeting[0])
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, url, bytes.NewReader(body))
	if err != nil {
		return false
	}
	r.Header.Set("Content-Type", "application/json")
	if err := signer.Sign(r.Header, "msg_"+uuid.NewString(), body, now); err != nil {
		return false
	}
	answer, err := client.Do(r)
	if err != nil {
		return false
	}
	_, _ = io.Copy(io.Discard, answer.Body)
	_ = answer.Body.Close()
	return answer.StatusCode/100 == 2
}
