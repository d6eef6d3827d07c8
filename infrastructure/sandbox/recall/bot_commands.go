package recall

import (
	"net/http"

	"github.com/tertulia-dev/tertulia/infrastructure/sandbox/core"
)

// command finds a notetaker that is in a call and can be told something, or answers why it cannot. Call with d.mu held.
func (d *Double) command(w http.ResponseWriter, r *http.Request) *bot {
	b := d.findBot(w, r)
	switch {
	case b == nil:
		return nil
	case !b.dispatched:
		fail(w, http.StatusBadRequest, "cannot_command_unstarted_bot",
			"Cannot send a command to a bot which has not been started.")
		return nil
	case b.over:
		fail(w, http.StatusBadRequest, "cannot_command_completed_bot",
			"Cannot send a command to a bot which has completed(is shutting/has shut down/has errored).")
		return nil
	}
	return b
}

// leaveCall is obeyed later: the answer comes at once, call_ended follows.
func (d *Double) leaveCall(w http.ResponseWriter, r *http.Request) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if b := d.command(w, r); b != nil {
		b.stop(errLeft)
		core.WriteJSON(w, http.StatusOK, d.view(r, b))
	}
}

// sendChatMessage says something in the call's chat. Nobody there answers.
func (d *Double) sendChatMessage(w http.ResponseWriter, r *http.Request) {
	var message struct {
		To      string `json:"to"`
		Message string `json:"message"`
	}
	if !d.readBody(w, r, &message) {
		return
	}
	if message.Message == "" {
		invalid(w, map[string][]string{"message": {"This field is required."}})
		return
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if b := d.command(w, r); b != nil {
		core.WriteJSON(w, http.StatusOK, d.view(r, b))
	}
}

func (d *Double) pauseRecording(w http.ResponseWriter, r *http.Request) {
	d.switchRecording(w, r, processing, paused, "in_call_not_recording")
}

func (d *Double) resumeRecording(w http.ResponseWriter, r *http.Request) {
	d.switchRecording(w, r, paused, processing, "in_call_recording")
}

// switchRecording moves the running recording from one code to another, and the notetaker with it.
func (d *Double) switchRecording(w http.ResponseWriter, r *http.Request, from, to, code string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	b := d.command(w, r)
	if b == nil {
		return
	}
	if n := len(b.recordings); n > 0 && b.recordings[n-1].status.code == from {
		d.advance(b, code, "", d.now())
		d.advanceRecording(b.recordings[n-1], to, "", d.now())
	}
	core.WriteJSON(w, http.StatusOK, d.view(r, b))
}

// deleteMedia deletes all recordings of a notetaker that has left its call.
func (d *Double) deleteMedia(w http.ResponseWriter, r *http.Request) {
	d.mu.Lock()
	defer d.mu.Unlock()
	b := d.findBot(w, r)
	if b == nil {
		return
	}
	if b.dispatched && !b.over {
		fail(w, http.StatusBadRequest, "cannot_delete_media", "Media cannot be deleted while the bot is in a call.")
		return
	}
	for _, rec := range b.recordings {
		d.erase(rec)
	}
	core.WriteJSON(w, http.StatusOK, d.view(r, b))
}

// getUsage is the time that notetakers spent in calls, in seconds.
func (d *Double) getUsage(w http.ResponseWriter, _ *http.Request) {
	d.mu.Lock()
	defer d.mu.Unlock()
	total := 0.0
	for _, b := range d.bots {
		if n := len(b.changes); n > 0 && b.code() != "fatal" {
			total += b.changes[n-1].at.Sub(b.changes[0].at).Seconds()
		}
	}
	core.WriteJSON(w, http.StatusOK, map[string]any{"bot_total": total})
}
