package recall

import (
	"net/http"
	"slices"
	"time"

	"github.com/tertulia-dev/tertulia/infrastructure/sandbox/core"
)

// recording is one stretch of recorded call, with a life of its own. Double.mu guards it.
type recording struct {
	id                                       string
	bot                                      *bot
	status                                   status
	createdAt, startedAt, endedAt, expiresAt time.Time
	seconds                                  float64
	transcript                               []byte // what was said, in the format of the download
	artefacts                                []*artefact
}

func (rec *recording) reference() map[string]any {
	return map[string]any{"id": rec.id, "metadata": orEmptyMap(rec.bot.request.RecordingConfig.Metadata)}
}

// shortcut is the newest artefact of a kind, nil when there is none.
func (rec *recording) shortcut(kind string) *artefact {
	for _, a := range slices.Backward(rec.artefacts) {
		if a.kind == kind {
			return a
		}
	}
	return nil
}

func (d *Double) recordingView(r *http.Request, rec *recording) map[string]any {
	shortcuts := map[string]any{}
	for _, kind := range kinds() {
		shortcuts[kind] = nil
		if a := rec.shortcut(kind); a != nil {
			shortcuts[kind] = d.artefactView(r, a)
		}
	}
	return map[string]any{
		"id": rec.id, "created_at": stamp(rec.createdAt), "started_at": stamp(rec.startedAt),
		"completed_at": stamp(rec.endedAt), "expires_at": stamp(rec.expiresAt), "status": rec.status.view(),
		"metadata": orEmptyMap(rec.bot.request.RecordingConfig.Metadata), "media_shortcuts": shortcuts,
		"realtime_endpoints": []any{}, "bot": rec.bot.reference(), "desktop_sdk_upload": nil,
	}
}

// getRecordings lists recordings, newest first; ?bot_id= narrows.
func (d *Double) getRecordings(w http.ResponseWriter, r *http.Request) {
	botID := r.URL.Query().Get("bot_id")
	d.mu.Lock()
	defer d.mu.Unlock()
	var views []any
	for _, b := range slices.Backward(d.bots) {
		if botID != "" && b.id != botID {
			continue
		}
		for _, rec := range slices.Backward(b.recordings) {
			views = append(views, d.recordingView(r, rec))
		}
	}
	d.cursorPage(w, r, views)
}

func (d *Double) getRecording(w http.ResponseWriter, r *http.Request) {
	d.mu.Lock()
	defer d.mu.Unlock()
	rec := d.recordings[r.PathValue("id")]
	if rec == nil {
		notFound(w)
		return
	}
	core.WriteJSON(w, http.StatusOK, d.recordingView(r, rec))
}

func (d *Double) deleteRecording(w http.ResponseWriter, r *http.Request) {
	d.mu.Lock()
	defer d.mu.Unlock()
	rec := d.recordings[r.PathValue("id")]
	if rec == nil {
		notFound(w)
		return
	}
	d.erase(rec)
	w.WriteHeader(http.StatusNoContent)
}

// erase deletes a recording with all its artefacts.
func (d *Double) erase(rec *recording) {
	for _, a := range rec.artefacts {
		d.advanceArtefact(a, deleted, "", d.now())
	}
	d.advanceRecording(rec, deleted, "", d.now())
}
