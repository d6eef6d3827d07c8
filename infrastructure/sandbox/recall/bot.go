package recall

import (
	"context"
	"errors"
	"net/http"
	"time"
)

// errLeft and errDeleted are why a notetaker's wait ended early.
var (
	errLeft    = errors.New("the notetaker was told to leave")
	errDeleted = errors.New("the notetaker was deleted before it joined")
)

// bot is one notetaker. Double.mu guards it.
type bot struct {
	id      string
	url     meetingURL
	name    string
	joinAt  time.Time // zero once it has joined
	adHoc   bool      // claimed from the pool
	request botRequest
	script  Script

	dispatched bool // its life has begun
	over       bool // it is shutting down or has shut down
	changes    []change
	recordings []*recording
	outbox     *outbox

	wake func()                  // makes a waiting notetaker look at joinAt again
	stop context.CancelCauseFunc // ends its wait or its call
}

// code is the notetaker's latest status, "" before the first.
func (b *bot) code() string {
	if len(b.changes) == 0 {
		return ""
	}
	return b.changes[len(b.changes)-1].code
}

// reference is how webhooks and other objects point at the notetaker.
func (b *bot) reference() map[string]any {
	return map[string]any{"id": b.id, "metadata": b.request.Metadata}
}

// view is the notetaker as the API shows it.
func (d *Double) view(r *http.Request, b *bot) map[string]any {
	changes := make([]any, 0, len(b.changes))
	for _, c := range b.changes {
		changes = append(changes, c.view())
	}
	recordings := make([]any, 0, len(b.recordings))
	for _, rec := range b.recordings {
		recordings = append(recordings, d.recordingView(r, rec))
	}
	return map[string]any{
		"id": b.id, "meeting_url": b.url, "bot_name": b.name, "join_at": stamp(b.joinAt),
		"metadata": b.request.Metadata, "recording_config": b.request.RecordingConfig.view(),
		"automatic_leave": b.request.automaticLeave(), "status_changes": changes, "recordings": recordings,
		"calendar_meetings": []any{}, "zoom": b.request.Zoom, "variant": b.request.Variant, "breakout_room": nil,
	}
}

// findBot returns the notetaker of the request's path, or answers 404. Call with d.mu held.
func (d *Double) findBot(w http.ResponseWriter, r *http.Request) *bot {
	for _, b := range d.bots {
		if b.id == r.PathValue("id") {
			return b
		}
	}
	notFound(w)
	return nil
}
