package agentsuc

import (
	"context"
	"fmt"
	"strings"

	"github.com/tertulia-dev/tertulia/domain/agents"
	"github.com/tertulia-dev/tertulia/domain/kernel"
)

// LessonWriter is the work of the job WriteLessons: the approved lessons become a file in the agent's store, and the file
// before it goes once the new one can be searched. It may run at any time, twice, and beside itself: whatever it finds, it
// compares with the lessons of now.
type LessonWriter struct {
	*librarian
	lessons Lessons
	written LessonFiles
}

// Execute brings the file up to date, or has begun to: a new file is read first, after which the job runs again.
func (uc *LessonWriter) Execute(ctx context.Context, ws kernel.WorkspaceID, key agents.Key) error {
	a, err := uc.find(ctx, ws, key)
	if err != nil {
		return fmt.Errorf("write lessons: %w", err)
	}
	if a.HasStore() {
		done, err := uc.keepCurrent(ctx, a)
		if err != nil || done {
			return wrapLessons(err)
		}
	}
	return wrapLessons(uc.add(ctx, a))
}

func wrapLessons(err error) error {
	if err != nil {
		return fmt.Errorf("write lessons: %w", err)
	}
	return nil
}

// keepCurrent reports whether the lessons of now are in the store, or on their way there. Once they can be searched, and
// when there are none left, every other file of lessons is discarded; one that failed is discarded at once.
func (uc *LessonWriter) keepCurrent(ctx context.Context, a agents.Agent) (done bool, err error) {
	err = uc.tx.InTx(ctx, a.Workspace, func(ctx context.Context) error {
		if _, err := uc.lock(ctx, a.Workspace, a.Key); err != nil { // one at a time
			return err
		}
		text, files, err := uc.now(ctx, a)
		if err != nil {
			return err
		}
		keep, settled := choose(files, agents.Digest(text))
		done = text == "" || keep != ""
		for _, f := range files {
			if f.ID == keep || !settled && text != "" && f.State != agents.FileFailed {
				continue
			}
			if err := uc.discard(ctx, f); err != nil {
				return err
			}
		}
		if done {
			return uc.jobs.Finish(ctx)
		}
		return nil
	})
	return done, err
}

// now returns the text of the lessons as they are, and the files that were made of them.
func (uc *LessonWriter) now(ctx context.Context, a agents.Agent) (string, []agents.File, error) {
	lessons, err := uc.lessons.Of(ctx, a.Workspace, a.Key)
	if err != nil {
		return "", nil, err
	}
	files, err := uc.written.OfLessons(ctx, a.Workspace, a.Key)
	return agents.WriteLessons(a, lessons), files, err
}

// choose picks the file that has the lessons of now: one that can be searched, else one that soon can. settled reports
// whether it can be searched, so that the others may go.
func choose(files []agents.File, digest string) (keep agents.FileID, settled bool) {
	for _, f := range files {
		switch {
		case f.Digest != digest || f.State == agents.FileFailed:
		case f.State == agents.FileReady:
			return f.ID, true
		case keep == "":
			keep = f.ID
		}
	}
	return keep, false
}

// add sends the lessons of now. When the provider has read them, SettleFile has this job run again.
func (uc *LessonWriter) add(ctx context.Context, a agents.Agent) error {
	store, err := uc.store(ctx, a.Workspace, a.Key)
	if err != nil {
		return err
	}
	var text string
	f := uc.plan(a.Workspace, a.Key, store, agents.LessonsFile, agents.Markdown)
	err = uc.tx.InTx(ctx, a.Workspace, func(ctx context.Context) error {
		if text, _, err = uc.now(ctx, a); err != nil || text == "" {
			return err
		}
		f.Digest = agents.Digest(text)
		return uc.begin(ctx, f)
	})
	if err != nil || text == "" {
		return err
	}
	_, err = uc.send(ctx, f, int64(len(text)), strings.NewReader(text))
	return err
}
