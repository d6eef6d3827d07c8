package recall

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"strconv"
	"time"
)

// file opens one file of an artefact. The artefact is done, so nothing of it changes any more but its deletion.
func (a *artefact) file(name string) (content io.ReadSeeker, mime string, found bool) {
	rec, faults := a.recording, a.recording.bot.script.Faults
	switch name {
	case "transcript.json":
		return bytes.NewReader(rec.transcript), "application/json", true
	case "provider_data.json":
		return asJSON(a.providerData()), "application/json", true
	case "participants.json":
		return asJSON(rec.bot.script.Participants), "application/json", true
	case "participant_events.json":
		return asJSON(rec.presences()), "application/json", true
	case "speaker_timeline.json":
		return asJSON(rec.timeline()), "application/json", true
	case "audio.mp3":
		return newMP3(rec.seconds, faults.AudioBytes).reader(), "audio/mpeg", true
	case "video.mp4":
		return newMP4(rec.seconds, faults.VideoBytes).reader(), "video/mp4", true
	}
	return nil, "", false
}

// providerData is what the transcription's provider is said to have sent.
func (a *artefact) providerData() any {
	return map[string]any{"parts": []any{map[string]any{
		"id": stableID(a.id, "part", 0), "created_at": stamp(a.createdAt), "type": "http_response",
		"source_audio": map[string]any{"type": "mixed", "offset": 0.0, "participant": nil},
		"data": map[string]any{
			"url": "https://transcription.invalid", "status_code": http.StatusOK,
			"body": json.RawMessage(a.recording.transcript),
		},
	}}}
}

func asJSON(v any) io.ReadSeeker {
	raw, err := json.Marshal(v)
	if err != nil {
		raw = []byte("null")
	}
	return bytes.NewReader(raw)
}

// download sends a file, whole or by ranges; with the script's truncatedDownload it breaks off half-way some times.
func (d *Double) download(w http.ResponseWriter, r *http.Request, a *artefact, name string) {
	content, mime, found := a.file(name)
	if !found {
		storageError(w, http.StatusNotFound, "NoSuchKey", "The specified key does not exist.")
		return
	}
	w.Header().Set("Content-Type", mime)
	w.Header().Set("ETag", `"`+a.id+"-"+name+`"`)
	if d.breaksOff(a, name) {
		breakOff(w, content)
		return
	}
	http.ServeContent(w, r, name, a.createdAt.Truncate(time.Second), content)
}

// breaksOff uses up one of the downloads that break off, and reports whether there was one.
func (d *Double) breaksOff(a *artefact, file string) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	if a.cuts[file] == 0 {
		return false
	}
	a.cuts[file]--
	return true
}

// breakOff promises the whole content, sends its first half and ends the connection.
func breakOff(w http.ResponseWriter, content io.ReadSeeker) {
	size, err := content.Seek(0, io.SeekEnd)
	if err == nil {
		_, err = content.Seek(0, io.SeekStart)
	}
	if err == nil {
		w.Header().Set("Accept-Ranges", "bytes")
		w.Header().Set("Content-Length", strconv.FormatInt(size, 10))
		_, _ = io.CopyN(w, content, size/2)
		_ = http.NewResponseController(w).Flush()
	}
	panic(http.ErrAbortHandler)
}
