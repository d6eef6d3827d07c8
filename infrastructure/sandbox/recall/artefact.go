package recall

import (
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/tertulia-dev/tertulia/infrastructure/sandbox/core"
)

// The kinds of artefacts: their names in paths, events and media shortcuts.
const (
	eventsKind     = "participant_events"
	metadataKind   = "meeting_metadata"
	transcriptKind = "transcript"
	audioKind      = "audio_mixed"
	videoKind      = "video_mixed"
)

// kinds are in the order in which they finish.
func kinds() []string {
	return []string{eventsKind, metadataKind, transcriptKind, audioKind, videoKind}
}

// filesOf are the files of a kind, by the key of their link in an artefact's data.
func filesOf(kind string) map[string]string {
	switch kind {
	case transcriptKind:
		return map[string]string{
			"download_url": "transcript.json", "provider_data_download_url": "provider_data.json",
		}
	case videoKind:
		return map[string]string{"download_url": "video.mp4"}
	case audioKind:
		return map[string]string{"download_url": "audio.mp3"}
	case eventsKind:
		return map[string]string{
			"participants_download_url":       "participants.json",
			"participant_events_download_url": "participant_events.json",
			"speaker_timeline_download_url":   "speaker_timeline.json",
		}
	}
	return nil
}

// artefact is one product of a recording, with a life of its own. Double.mu guards it.
type artefact struct {
	id          string
	kind        string
	recording   *recording
	status      status
	createdAt   time.Time
	metadata    map[string]any
	provider    map[string]any // of a transcript
	diarization any            // of a transcript
	cuts        map[string]int // downloads per file that still break off
}

func (a *artefact) reference() map[string]any {
	return map[string]any{"id": a.id, "metadata": a.metadata}
}

// artefactView shows links, new on each read, only when the artefact is done.
func (d *Double) artefactView(r *http.Request, a *artefact) map[string]any {
	links := map[string]any{}
	for key, file := range filesOf(a.kind) {
		links[key] = nil
		if a.status.code == done {
			links[key] = d.mediaLink(r, a, file)
		}
	}
	if a.kind == metadataKind {
		links["title"] = orNull(a.recording.bot.script.Title)
	}
	v := map[string]any{
		"id": a.id, "created_at": stamp(a.createdAt), "status": a.status.view(), "metadata": a.metadata, "data": links,
		"recording": a.recording.reference(),
	}
	switch a.kind {
	case videoKind:
		v["format"] = "mp4"
	case audioKind:
		v["format"] = "mp3"
	case transcriptKind:
		v["provider"], v["diarization"] = a.provider, a.diarization
	}
	return v
}

// getArtefacts lists one kind, newest first; ?recording_id= narrows.
func (d *Double) getArtefacts(kind string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		recordingID := r.URL.Query().Get("recording_id")
		d.mu.Lock()
		defer d.mu.Unlock()
		var found []*artefact
		for _, a := range d.artefacts {
			if a.kind == kind && (recordingID == "" || a.recording.id == recordingID) {
				found = append(found, a)
			}
		}
		slices.SortFunc(found, func(a, b *artefact) int {
			if c := b.createdAt.Compare(a.createdAt); c != 0 {
				return c
			}
			return strings.Compare(a.id, b.id)
		})
		var views []any
		for _, a := range found {
			views = append(views, d.artefactView(r, a))
		}
		d.cursorPage(w, r, views)
	}
}

// findArtefact returns the artefact of the request's path, or answers 404. Call with d.mu held.
func (d *Double) findArtefact(w http.ResponseWriter, r *http.Request, kind string) *artefact {
	a := d.artefacts[r.PathValue("id")]
	if a == nil || a.kind != kind {
		notFound(w)
		return nil
	}
	return a
}

func (d *Double) getArtefact(kind string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		d.mu.Lock()
		defer d.mu.Unlock()
		if a := d.findArtefact(w, r, kind); a != nil {
			core.WriteJSON(w, http.StatusOK, d.artefactView(r, a))
		}
	}
}

func (d *Double) deleteArtefact(kind string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		d.mu.Lock()
		defer d.mu.Unlock()
		if a := d.findArtefact(w, r, kind); a != nil {
			d.advanceArtefact(a, deleted, "", d.now())
			w.WriteHeader(http.StatusNoContent)
		}
	}
}
