package agentsuc

import (
	"context"
	"strings"
	"sync"
	"time"

	"github.com/tertulia-dev/tertulia/domain/agents"
	"github.com/tertulia-dev/tertulia/domain/fault"
	"github.com/tertulia-dev/tertulia/domain/kernel"
)

// liveRun is an answer that this process is making: its frames so far and who follows them. Followers read without
// holding its lock while they write: pieces are only ever added.
type liveRun struct {
	workspace kernel.WorkspaceID
	chat      agents.ChatID
	message   agents.MessageID
	stop      context.CancelCauseFunc // ends the request at the provider

	mu      sync.Mutex
	pieces  []string
	kept    int           // pieces that are stored
	last    *agents.Frame // set when the answer has ended
	news    chan struct{} // closed at the next frame; nil while nobody waits
	readers int
	leaving *time.Timer // runs while nobody follows
}

// add appends a frame.
func (l *liveRun) add(piece string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.pieces = append(l.pieces, piece)
	l.wake()
}

// end appends the last frame.
func (l *liveRun) end(done bool, code fault.Code) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.last = &agents.Frame{Number: len(l.pieces) + 1, Done: done, Code: code}
	l.leaving.Stop()
	l.wake()
}

func (l *liveRun) wake() {
	if l.news != nil {
		close(l.news)
		l.news = nil
	}
}

// after returns the frames that follow the nth, and where to wait when there are none yet.
func (l *liveRun) after(n int) ([]agents.Frame, <-chan struct{}) {
	l.mu.Lock()
	pieces, last := l.pieces, l.last
	var news <-chan struct{}
	if len(pieces) <= n && last == nil {
		if l.news == nil {
			l.news = make(chan struct{})
		}
		news = l.news
	}
	l.mu.Unlock()
	var frames []agents.Frame
	for i := n; i < len(pieces); i++ {
		frames = append(frames, agents.Frame{Number: i + 1, Delta: pieces[i]})
	}
	if last != nil { // even for one who has seen it: there is nothing else to come
		frames = append(frames, *last)
	}
	return frames, news
}

// progress returns the answer as far as it goes, and whether that is more than was stored.
func (l *liveRun) progress() (m agents.Message, more bool) {
	l.mu.Lock()
	pieces, kept := l.pieces, l.kept
	l.mu.Unlock()
	m = agents.Message{ID: l.message, Workspace: l.workspace, Chat: l.chat, Role: agents.RoleAssistant}
	m.Text = strings.Join(pieces, "")
	m.Frames = make([]int, len(pieces))
	end := 0
	for i, piece := range pieces {
		end += len(piece)
		m.Frames[i] = end
	}
	return m, len(pieces) > kept
}

// stored notes how much has been stored.
func (l *liveRun) stored(frames int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.kept = max(l.kept, frames)
}

// join counts a follower in.
func (l *liveRun) join() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.readers++
	l.leaving.Stop()
}

// leave counts a follower out; when it was the last one, others have the grace period to come.
func (l *liveRun) leave(grace time.Duration) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.readers--; l.readers == 0 && l.last == nil {
		l.leaving.Reset(grace)
	}
}

// await gives followers so long to come.
func (l *liveRun) await(grace time.Duration) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.readers == 0 && l.last == nil {
		l.leaving.Reset(grace)
	}
}

// isFollowed reports whether somebody follows in this process, or the answer has ended.
func (l *liveRun) isFollowed() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.readers > 0 || l.last != nil
}
