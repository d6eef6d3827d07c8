package elevenlabs

import (
	"encoding/json"
	"time"
)

// status is a recipient's.
type status uint8

const (
	pending status = iota
	dispatched
	initiated
	inProgress
	completed
	failed
	cancelled
	voicemail
	statuses // how many there are
)

// String is the status on the wire.
func (s status) String() string {
	return [...]string{"pending", "dispatched", "initiated", "in_progress", "completed", "failed", "cancelled", "voicemail"}[s]
}

// A batch's states. A batch is "failed" when it could not be begun at all [?].
const (
	batchPending    = "pending"
	batchInProgress = "in_progress"
	batchCompleted  = "completed"
	batchFailed     = "failed"
	batchCancelled  = "cancelled"
)

// batch is one submission.
type batch struct {
	id        string
	asked     submission
	number    *Number // that it is called from; nil when none was given
	agent     Agent
	script    *Script // in force when it was submitted
	createdAt time.Time
	updatedAt time.Time
	state     string
	retries   int

	recipients  []recipient
	counts      [statuses]int // of the recipients
	waiting     []*recipient  // in order
	running     int           // calls under way
	unconcluded int           // calls that were dialled and whose conversation is not over yet
	held        []*message    // shuffled webhooks wait for the last call

	version int // grows with every change
	encoded detail
	stale   detail // what reads show of a batch before its cancellation, as often as the script says
}

// detail is a batch with its recipients as JSON, encoded once a version.
type detail struct {
	version int
	body    []byte
	reads   int // that are left
}

// recipient is one person of a batch.
type recipient struct {
	batch    *batch
	id       string
	phone    *string
	whatsapp *string
	data     json.RawMessage
	status   status
	updated  int64
	turn     int           // grows with every step; what was planned for an earlier turn does not happen
	shown    *conversation // the latest that may be seen
}

// isOver tells whether a batch has reached its end.
func (b *batch) isOver() bool { return b.state != batchPending && b.state != batchInProgress }

// open is how many recipients have not reached their end.
func (b *batch) open() int {
	return b.counts[pending] + b.counts[dispatched] + b.counts[initiated] + b.counts[inProgress]
}

// finished is how many calls were made. A cancelled recipient was not called [?].
func (b *batch) finished() int { return b.counts[completed] + b.counts[failed] + b.counts[voicemail] }

// dispatched is how many recipients' turn has come.
func (b *batch) dispatched() int {
	return b.finished() + b.counts[dispatched] + b.counts[initiated] + b.counts[inProgress]
}

// set gives a recipient its next status.
func (r *recipient) set(s status, at time.Time) {
	b := r.batch
	b.counts[r.status]--
	b.counts[s]++
	r.status, r.updated = s, at.Unix()
	r.turn++
	b.touch(at)
}

func (b *batch) touch(at time.Time) {
	b.updatedAt = at
	b.version++
}

// limit is how many of its calls may be under way: half of the workspace's limit or 70 % of the agent's, whichever is
// less; a target of its own replaces that (ElevenLabs, Batch calls, Concurrency). The workspace's limit holds for all.
func (d *Double) limit(b *batch) int {
	if b.asked.target != nil {
		return *b.asked.target
	}
	limit := d.settings.WorkspaceConcurrency / 2
	if own := b.agent.ConcurrencyLimit; own > 0 {
		limit = min(limit, own*7/10)
	}
	return max(limit, 1)
}
