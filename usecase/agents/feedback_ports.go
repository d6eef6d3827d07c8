package agentsuc

import (
	"context"

	"github.com/tertulia-dev/tertulia/domain/agents"
	"github.com/tertulia-dev/tertulia/domain/kernel"
)

// FeedbackStore keeps votes. Every method stays inside the given workspace and runs in the caller's transaction or read.
type FeedbackStore interface {
	// Put stores a vote, in place of the author's pending one on the same answer, whose ID stays. Conflict
	// ALREADY_REVIEWED when that one has been reviewed.
	Put(ctx context.Context, f agents.Feedback) (agents.Feedback, error)
	// Withdraw deletes the author's pending vote and reports whether there was one. Conflict ALREADY_REVIEWED when it has
	// been reviewed.
	Withdraw(ctx context.Context, ws kernel.WorkspaceID, author kernel.RepID, a AnswerRef) (bool, error)
	// Lock returns one correction, and holds its row until the transaction ends. NotFound CORRECTION_NOT_FOUND, for a vote
	// that is none too.
	Lock(ctx context.Context, ws kernel.WorkspaceID, id agents.FeedbackID) (agents.Feedback, error)
	// Save stores a correction whose row the transaction holds.
	Save(ctx context.Context, f agents.Feedback) error
}

// FeedbackReads answers the lists of votes.
type FeedbackReads interface {
	// Mine returns the author's pending votes in a meeting, newest first, at most kernel.MaxPageSize.
	Mine(ctx context.Context, ws kernel.WorkspaceID, meeting MeetingID, author kernel.RepID) ([]agents.Feedback, error)
	// Corrections returns a page of the queue, newest first.
	Corrections(ctx context.Context, ws kernel.WorkspaceID, f CorrectionFilter, p kernel.Page) ([]Correction, kernel.Cursor, error)
	// Correction returns one row of the queue. NotFound CORRECTION_NOT_FOUND.
	Correction(ctx context.Context, ws kernel.WorkspaceID, id agents.FeedbackID) (Correction, error)
}

// AnswerRef names what is voted on.
type AnswerRef struct {
	Meeting MeetingID
	Source  agents.Source
	Ref     string
}

// CorrectionFilter chooses from the queue. The zero value of a field chooses all.
type CorrectionFilter struct {
	Review agents.Review
	Agent  agents.Key
}

// Correction is a row of the queue, with the names of those in it.
type Correction struct {
	agents.Feedback

	AgentName    string
	AuthorName   string
	AuthorEmail  string
	MeetingTitle string
	ReviewerName string
}

// Lessons keeps what agents are taught. It runs as FeedbackStore does.
type Lessons interface {
	Add(ctx context.Context, ws kernel.WorkspaceID, l agents.Lesson) error
	Remove(ctx context.Context, ws kernel.WorkspaceID, id agents.FeedbackID) error
	// Of returns an agent's newest lessons, newest first, at most agents.MaxLessons.
	Of(ctx context.Context, ws kernel.WorkspaceID, agent agents.Key) ([]agents.Lesson, error)
}

// Answers knows what chats have answered.
type Answers interface {
	// Find returns a finished answer of the author's own chat about the meeting.
	Find(ctx context.Context, ws kernel.WorkspaceID, author kernel.RepID, meeting MeetingID, ref string) (VotedAnswer, bool, error)
}

// Judgements knows what evaluators have said of meetings, and who took part in them.
type Judgements interface {
	// Find returns the current analysis of a meeting, by its own ID or the meeting's.
	Find(ctx context.Context, ws kernel.WorkspaceID, meeting MeetingID, ref string) (VotedAnswer, bool, error)
	// People returns the names of those who spoke in a meeting, or were to. NotFound MEETING_NOT_FOUND.
	People(ctx context.Context, ws kernel.WorkspaceID, meeting MeetingID) ([]string, error)
}

// VotedAnswer is what a vote is on.
type VotedAnswer struct {
	Agent    agents.Key
	Question string // "" for an analysis, which nobody asked for
	Answer   string
}

// LessonFiles knows the files that are made of lessons. It runs as Files does.
type LessonFiles interface {
	// OfLessons returns the files that were made of an agent's lessons and are not on their way out, newest first.
	OfLessons(ctx context.Context, ws kernel.WorkspaceID, agent agents.Key) ([]agents.File, error)
}

// EventCorrectionReviewed is recorded when an admin has decided about a correction.
const EventCorrectionReviewed = "agent.correction_reviewed"

// CorrectionEvent is what events of corrections carry.
type CorrectionEvent struct {
	Correction agents.FeedbackID `json:"correction"`
	Meeting    MeetingID         `json:"meeting"`
	Author     kernel.RepID      `json:"author"`
	Agent      string            `json:"agent"` // its name for people
	Review     agents.Review     `json:"review"`
}
