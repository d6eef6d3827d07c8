package recall

import (
	"encoding/json"
	"net/http"
	"strings"

	"github.com/tertulia-dev/tertulia/infrastructure/sandbox/core"
)

// maxTranscripts is how many transcripts a recording can have.
const maxTranscripts = 10

// postTranscript transcribes a recording once more: "processing" now, transcript.done or transcript.failed later.
func (d *Double) postTranscript(w http.ResponseWriter, r *http.Request) {
	var q struct {
		Provider    map[string]any  `json:"provider"`
		Diarization json.RawMessage `json:"diarization"`
		Metadata    map[string]any  `json:"metadata"`
	}
	if !d.readBody(w, r, &q) {
		return
	}
	complaint := ""
	if len(q.Provider) == 0 {
		complaint = "This field is required."
	}
	for name := range q.Provider {
		if !strings.HasSuffix(name, "_async") {
			complaint = name + " is not an asynchronous transcription provider."
		}
	}
	if complaint != "" {
		invalid(w, map[string][]string{"provider": {complaint}})
		return
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	rec := d.recordings[r.PathValue("id")]
	switch {
	case rec == nil || rec.status.code == deleted:
		notFound(w)
		return
	case rec.transcripts() >= maxTranscripts:
		fail(w, http.StatusBadRequest, "max_transcripts_reached", "A recording can have at most 10 transcripts.")
		return
	}
	a := d.newArtefact(rec, transcriptKind, d.now())
	a.provider, a.diarization, a.metadata = q.Provider, orNullJSON(q.Diarization), orEmptyMap(q.Metadata)
	d.announce(a, d.now())
	ctx := d.ctx
	d.lives.Go(func() { d.transcribe(ctx, a) })
	core.WriteJSON(w, http.StatusOK, d.artefactView(r, a))
}

// transcripts counts the transcripts that a recording ever had.
func (rec *recording) transcripts() int {
	n := 0
	for _, a := range rec.artefacts {
		if a.kind == transcriptKind {
			n++
		}
	}
	return n
}
