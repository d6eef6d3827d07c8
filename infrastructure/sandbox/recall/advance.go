package recall

import "time"

// The functions of this file change what has a life, and tell the webhooks. Call them with Double.mu held.

// advance gives a notetaker its next status.
func (d *Double) advance(b *bot, code, subCode string, at time.Time) {
	b.changes = append(b.changes, change{code: code, subCode: subCode, at: at})
	b.joinAt = time.Time{}
	b.outbox.add("bot."+code, payload(code, subCode, at, map[string]any{"bot": b.reference()}))
}

// startRecording begins a recording of one part of a call and of all artefacts that were asked for.
func (d *Double) startRecording(b *bot, p part, at time.Time) {
	rec := &recording{
		id: newID(), bot: b, createdAt: at, startedAt: at, seconds: p.seconds, transcript: p.transcript,
	}
	if keep := b.request.RecordingConfig.retention(); keep > 0 {
		rec.expiresAt = at.Add(p.duration() + keep)
	}
	b.recordings = append(b.recordings, rec)
	d.recordings[rec.id] = rec
	d.advance(b, "in_call_recording", "", at)
	d.advanceRecording(rec, processing, "", at)
	for _, kind := range kinds() {
		if b.request.RecordingConfig.wants(kind) {
			a := d.newArtefact(rec, kind, at)
			if t := b.request.RecordingConfig.Transcript; kind == transcriptKind {
				a.provider, a.diarization, a.metadata = t.Provider, orNullJSON(t.Diarization), orEmptyMap(t.Metadata)
			}
			d.announce(a, at)
		}
	}
}

// newArtefact adds an artefact to a recording.
func (d *Double) newArtefact(rec *recording, kind string, at time.Time) *artefact {
	a := &artefact{
		id: newID(), kind: kind, recording: rec, createdAt: at, status: status{code: processing, at: at},
		metadata: map[string]any{}, cuts: map[string]int{},
	}
	for _, file := range filesOf(kind) {
		a.cuts[file] = int(rec.bot.script.Faults.TruncatedDownload)
	}
	rec.artefacts = append(rec.artefacts, a)
	d.artefacts[a.id] = a
	return a
}

// completeRecording makes the artefacts ready, each by itself, and then the recording.
func (d *Double) completeRecording(rec *recording, at, callEnded time.Time) {
	if rec.status.code == deleted {
		return
	}
	if rec.endedAt.IsZero() { // the notetaker left
		rec.endedAt = callEnded
		rec.seconds = callEnded.Sub(rec.startedAt).Seconds()
		before, _ := known(rec.transcript).cut(rec.seconds)
		rec.transcript = before.encode()
	}
	f := rec.bot.script.Faults
	for _, a := range rec.artefacts {
		switch {
		case a.kind == transcriptKind && f.TranscriptFailed != "":
			d.advanceArtefact(a, failed, f.TranscriptFailed, at)
		case f.RecordingFailed != "":
			d.advanceArtefact(a, failed, f.RecordingFailed, at)
		default:
			d.advanceArtefact(a, done, "", at)
		}
	}
	if f.RecordingFailed != "" {
		d.advanceRecording(rec, failed, f.RecordingFailed, at)
		return
	}
	d.advanceRecording(rec, done, "", at)
}

// advanceRecording gives a recording its next status; a deleted one has no next.
func (d *Double) advanceRecording(rec *recording, code, subCode string, at time.Time) {
	if rec.status.code == deleted {
		return
	}
	rec.status = status{code: code, subCode: subCode, at: at}
	rec.bot.outbox.add("recording."+code, payload(code, subCode, at, map[string]any{
		"recording": rec.reference(), "bot": rec.bot.reference(),
	}))
}

// advanceArtefact gives an artefact its next status; a deleted one has no next.
func (d *Double) advanceArtefact(a *artefact, code, subCode string, at time.Time) {
	if a.status.code == deleted {
		return
	}
	a.status = status{code: code, subCode: subCode, at: at}
	d.announce(a, at)
}

// announce tells the webhooks of an artefact's status.
func (d *Double) announce(a *artefact, at time.Time) {
	a.recording.bot.outbox.add(a.kind+"."+a.status.code, payload(a.status.code, a.status.subCode, at, map[string]any{
		a.kind: a.reference(), "recording": a.recording.reference(), "bot": a.recording.bot.reference(),
	}))
}

// payload is a webhook's data: the status, and the things that it is about.
func payload(code, subCode string, at time.Time, about map[string]any) map[string]any {
	about["data"] = map[string]any{
		"code": code, "sub_code": orNull(subCode), "updated_at": at.UTC().Format(webhookTime),
	}
	return about
}
