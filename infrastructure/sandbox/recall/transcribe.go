package recall

import (
	"context"
	"time"
)

// transcribe finishes an asynchronous transcript as its script says, mediaTakes later at the script's speed.
func (d *Double) transcribe(ctx context.Context, a *artefact) {
	d.mu.Lock()
	l := &life{d: d, b: a.recording.bot, script: a.recording.bot.script, began: d.now()}
	d.mu.Unlock()
	l.epoch = l.due(mediaTakes).Add(-mediaTakes)
	_ = l.reach(ctx, mediaTakes, func(at time.Time) {
		if sub := l.script.Faults.TranscriptFailed; sub != "" {
			d.advanceArtefact(a, failed, sub, at)
			return
		}
		d.advanceArtefact(a, done, "", at)
	})
}
