package agentsuc

import (
	"context"
	"fmt"

	"github.com/tertulia-dev/tertulia/domain/agents"
	"github.com/tertulia-dev/tertulia/domain/kernel"
	"github.com/tertulia-dev/tertulia/usecase/port"
)

// Learning is how agents learn from people: votes, the queue of corrections, lessons.
type Learning struct {
	Vote     *Vote
	Withdraw *WithdrawVote
	Review   *ReviewCorrection
	Queries  *LearningQueries

	Write *LessonWriter
}

// LearningStorage is where votes and lessons are kept.
type LearningStorage struct {
	Votes   FeedbackStore
	Reads   FeedbackReads
	Lessons Lessons
	Written LessonFiles
	Answers Answers
}

func newLearning(p Shared, l *librarian, s LearningStorage, n Neighbours) *Learning {
	on := &ballot{reader: p.Reader, meetings: n.Meetings, answers: s.Answers, judgements: n.Judgements, registry: l.registry}
	return &Learning{
		Vote:     &Vote{tx: p.Tx, on: on, votes: s.Votes, clock: p.Clock, ids: p.IDs},
		Withdraw: &WithdrawVote{tx: p.Tx, meetings: n.Meetings, votes: s.Votes},
		Review: &ReviewCorrection{
			tx: p.Tx, reader: p.Reader, votes: s.Votes, reads: s.Reads, lessons: s.Lessons, judgements: n.Judgements,
			jobs: p.Jobs, events: p.Events, clock: p.Clock,
		},
		Queries: &LearningQueries{reader: p.Reader, meetings: n.Meetings, reads: s.Reads},
		Write:   &LessonWriter{librarian: l, lessons: s.Lessons, written: s.Written},
	}
}

// LearningQueries reads votes and the queue.
type LearningQueries struct {
	reader   port.Reader
	meetings Meetings
	reads    FeedbackReads
}

// Mine returns the actor's pending votes in a meeting, newest first. Errors: NotFound MEETING_NOT_FOUND, Forbidden.
func (q *LearningQueries) Mine(ctx context.Context, actor kernel.Principal, meeting MeetingID) (list []agents.Feedback, err error) {
	if _, err := q.meetings.Visible(ctx, actor, meeting); err != nil {
		return nil, fmt.Errorf("list votes: %w", err)
	}
	err = q.reader.Read(ctx, actor.Workspace, func(ctx context.Context) error {
		list, err = q.reads.Mine(ctx, actor.Workspace, meeting, actor.Rep)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("list votes: %w", err)
	}
	return list, nil
}

// Corrections returns a page of the queue, newest first. Admins only.
func (q *LearningQueries) Corrections(ctx context.Context, actor kernel.Principal, f CorrectionFilter, p kernel.Page) (list []Correction, next kernel.Cursor, err error) {
	if err := mustBeAdmin(actor); err != nil {
		return nil, "", err
	}
	err = q.reader.Read(ctx, actor.Workspace, func(ctx context.Context) error {
		list, next, err = q.reads.Corrections(ctx, actor.Workspace, f, p)
		return err
	})
	if err != nil {
		return nil, "", fmt.Errorf("list corrections: %w", err)
	}
	return list, next, nil
}
