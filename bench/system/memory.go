package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/tertulia-dev/tertulia/bench/internal/rig"
	"github.com/tertulia-dev/tertulia/pkg/embed/demo"
)

const (
	memoryBar       = 150.0 // MB resident
	transcriptHours = 3     // of the demonstration's conversation again and again
	transcriptBytes = 5_000_000
	videoBytes      = 2 << 30
)

// memory takes one long meeting through a fresh process that serves and works: its transcript is analysed, its recording
// stored, both are read back.
func memory(ctx context.Context, b *bench) error {
	h, err := b.newHouse(ctx, "memory")
	if err != nil {
		return err
	}
	defer h.Close()
	system, err := h.System(ctx, true)
	if err != nil {
		return err
	}
	idle, err := system.Process().PeakMemory()
	if err != nil {
		return err
	}
	if err := h.knowCustomer(ctx); err != nil {
		return err
	}
	begun := time.Now()
	id, err := h.liveLong(ctx, system)
	if err != nil {
		return err
	}
	passed := time.Since(begun)
	worked, err := system.Process().PeakMemory()
	if err != nil {
		return err
	}
	transcript, video, err := h.readBack(ctx, system, id)
	if err != nil {
		return err
	}
	peak, err := system.Process().PeakMemory()
	if err != nil {
		return err
	}
	b.Report("memory", fmt.Sprintf("%.0f MB at most (%.0f after the start, %.0f after the work); a transcript of %.1f MB, a recording of %.2f GB in %.1f s (bar: %.0f MB)",
		peak, idle, worked, float64(transcript)/1e6, float64(video)/1e9, passed.Seconds(), memoryBar),
		peak < memoryBar && transcript >= transcriptBytes && video == videoBytes)
	return nil
}

// liveLong takes the long meeting to its end, media and CRM included.
func (h house) liveLong(ctx context.Context, system *rig.Child) (string, error) {
	err := h.Control(ctx, "/recall/script", map[string]any{
		"transcript": json.RawMessage(demo.Transcript()),
		"faults":     map[string]any{"transcriptHours": transcriptHours, "videoBytes": int64(videoBytes)},
	}, nil)
	if err != nil {
		return "", err
	}
	m, err := h.client(system).Meetings.Schedule(ctx, meetingRequest(""))
	if err != nil {
		return "", err
	}
	return m.MeetingID, h.await(ctx, `
		select status = 'COMPLETED' and video ->> 'state' = 'ready' and audio ->> 'state' = 'ready' and crm ->> 'state' = 'synced'
		from meetings where id = $1`, m.MeetingID)
}

// readBack reads the meeting's detail and its video, and returns the bytes of the transcript as the vendor cut it and of
// the video.
func (h house) readBack(ctx context.Context, system *rig.Child, id string) (transcript, video int64, err error) {
	var link struct {
		URL string `json:"url"`
	}
	if _, err := h.fetch(ctx, system.URL+"/api/meetings/"+id, nil); err != nil {
		return 0, 0, err
	}
	if _, err := h.fetch(ctx, system.URL+"/api/meetings/"+id+"/video", &link); err != nil {
		return 0, 0, err
	}
	if video, err = h.fetch(ctx, link.URL, nil); err != nil {
		return 0, 0, err
	}
	transcript, err = h.vendorTranscript(ctx, id)
	return transcript, video, err
}

// vendorTranscript reads the transcript as the vendor gives it, and returns its bytes.
func (h house) vendorTranscript(ctx context.Context, id string) (int64, error) {
	var bot string
	if err := h.DB.QueryRow(ctx, "select bot_id from meetings where id = $1", id).Scan(&bot); err != nil {
		return 0, err
	}
	var seen struct {
		Recordings []struct {
			MediaShortcuts struct {
				Transcript struct {
					Data struct {
						DownloadURL string `json:"download_url"`
					} `json:"data"`
				} `json:"transcript"`
			} `json:"media_shortcuts"`
		} `json:"recordings"`
	}
	if _, err := h.fetch(ctx, h.Sandbox.URL+"/recall/api/v1/bot/"+bot+"/", &seen); err != nil {
		return 0, err
	}
	if len(seen.Recordings) == 0 {
		return 0, errors.New("the notetaker has no recording")
	}
	return h.fetch(ctx, seen.Recordings[0].MediaShortcuts.Transcript.Data.DownloadURL, nil)
}

// fetch reads a URL to its end, ours, the double's or a signed one, and decodes it unless out is nil.
func (h house) fetch(ctx context.Context, url string, out any) (int64, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, url, http.NoBody)
	if err != nil {
		return 0, err
	}
	switch {
	case strings.HasPrefix(r.URL.Path, "/recall/api/"):
		r.Header.Set("Authorization", "Token sandbox")
	case strings.HasPrefix(r.URL.Path, "/api/"):
		r.Header.Set("X-API-Key", rig.ServiceKey)
	}
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		return 0, err
	}
	defer func() { _ = answer.Body.Close() }()
	if answer.StatusCode != http.StatusOK {
		said, _ := io.ReadAll(io.LimitReader(answer.Body, 1<<10))
		return 0, fmt.Errorf("%s was answered to %s: %s", answer.Status, r.URL.Path, said)
	}
	if out != nil {
		return 0, json.NewDecoder(answer.Body).Decode(out)
	}
	return io.Copy(io.Discard, answer.Body)
}
