package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/tertulia-dev/tertulia/bench/internal/rig"
)

const (
	hugeName       = "huge"
	hugeRecipients = 50_000
	hugeBatches    = 5 // of 10,000, the most that the vendor takes
	hugePatience   = time.Minute
)

// huge submits 50,000 recipients at once to a fresh process, waits until the vendor has them all, and reads the batch back.
func (b *bench) huge(ctx context.Context) error {
	h, system, err := b.newHouse(ctx, hugeName)
	if err != nil {
		return err
	}
	defer h.Close()
	t := &target{name: "Tertulia", url: system.URL, process: system.Process(), numbers: b.numbers}
	begun := time.Now()
	id, err := t.submit(ctx, hugeRecipients)
	if err != nil {
		return err
	}
	answered := time.Since(begun)
	if err := acceptance(ctx, h); err != nil {
		return err
	}
	accepted := time.Since(begun)
	var stored int
	if err := h.DB.QueryRow(ctx, "select count(*) from call_people").Scan(&stored); err != nil {
		return err
	}
	batches, known, err := known(ctx, h)
	if err != nil {
		return err
	}
	read, err := t.recipients(ctx, id)
	if err != nil {
		return err
	}
	peak, err := t.process.PeakMemory()
	if err != nil {
		return err
	}
	b.Note("submit 50000", fmt.Sprintf("answered after %.1f s, all with the vendor after %.1f s", answered.Seconds(), accepted.Seconds()))
	b.Report("submit 50000", fmt.Sprintf("%d stored, %d known to the vendor in %d batches, %d read back (bar: all, in %d)", stored, known, batches, read, hugeBatches),
		stored == hugeRecipients && known == hugeRecipients && batches == hugeBatches && read == hugeRecipients)
	b.Report("submit 50000: memory", fmt.Sprintf("%.0f MB at most (bar: %.0f MB)", peak, memoryBar), peak < memoryBar)
	return nil
}

// acceptance waits until the vendor has accepted all that is stored.
func acceptance(ctx context.Context, h *rig.House) error {
	ctx, cancel := context.WithTimeoutCause(ctx, hugePatience, errors.New("the vendor did not get all"))
	defer cancel()
	for {
		var all bool
		if err := h.DB.QueryRow(ctx, "select bool_and(status = 'accepted') from call_chunks").Scan(&all); err != nil {
			return errors.Join(err, context.Cause(ctx))
		}
		if all {
			return nil
		}
		time.Sleep(20 * time.Millisecond)
	}
}

// known is how many batches the vendor has, and how many calls are in them.
func known(ctx context.Context, h *rig.House) (batches, calls int, err error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, h.Sandbox.URL+"/elevenlabs/v1/convai/batch-calling/workspace?limit=100", http.NoBody)
	if err != nil {
		return 0, 0, err
	}
	r.Header.Set("xi-api-key", "sandbox")
	var answer struct {
		Batches []struct {
			Calls int `json:"total_calls_scheduled"`
		} `json:"batch_calls"`
	}
	if err := fetch(r, &answer); err != nil {
		return 0, 0, err
	}
	for _, b := range answer.Batches {
		calls += b.Calls
	}
	return len(answer.Batches), calls, nil
}
