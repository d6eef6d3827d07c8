package agents

import (
	"slices"
	"time"

	"github.com/tertulia-dev/tertulia/domain/fault"
	"github.com/tertulia-dev/tertulia/domain/kernel"
)

// FeedbackID names a vote. When it is a correction, queue and lessons know it by this name too.
type FeedbackID string

// String returns the canonical UUID text.
func (id FeedbackID) String() string { return string(id) }

// Source is what sort of thing is voted on.
type Source string

// Sources. The reference beside a source is the ID of the answer in a chat, or of the analysis.
const (
	FromChat     Source = "chat"
	FromAnalysis Source = "analysis"
)

// IsValid reports whether the source is known.
func (s Source) IsValid() bool { return s == FromChat || s == FromAnalysis }

// Vote is what a person thinks of an answer.
type Vote string

// Votes.
const (
	Like    Vote = "like"
	Dislike Vote = "dislike"
)

// IsValid reports whether the vote is known.
func (v Vote) IsValid() bool { return v == Like || v == Dislike }

// Review is where a vote stands.
type Review string

// Reviews: PENDING → APPROVED or REJECTED, and APPROVED → REJECTED, which takes the lesson back.
const (
	Pending  Review = "pending"
	Approved Review = "approved"
	Rejected Review = "rejected"
)

// Reviews returns every review.
func Reviews() []Review { return []Review{Pending, Approved, Rejected} }

// IsValid reports whether the review is known.
func (r Review) IsValid() bool { return slices.Contains(Reviews(), r) }

// Limits of what people write, in characters, and of what is kept of an answer so that a reviewer sees it.
const (
	MaxCorrection = 2000
	MaxLesson     = 1000
	MaxReason     = 500
	MaxExcerpt    = 4000
)

// AlreadyReviewed is the code for a vote that an admin has decided about.
const (
	AlreadyReviewed    fault.Code = "ALREADY_REVIEWED"
	AnswerNotFound     fault.Code = "ANSWER_NOT_FOUND"     // there is nothing of that source and reference to vote on
	CorrectionNotFound fault.Code = "CORRECTION_NOT_FOUND" // of the queue
)

// Rules that a lesson can break.
const (
	PersonalDataRule fault.Code = "PERSONAL_DATA" // params: found: email, phone or name
	CheckedRule      fault.Code = "MUST_BE_TRUE"
)

// Feedback is one person's vote on one answer. A dislike with a correction waits in the queue for an admin.
type Feedback struct {
	Workspace  kernel.WorkspaceID
	ID         FeedbackID
	Meeting    string
	Author     kernel.RepID
	Agent      Key
	Source     Source
	Ref        string
	Vote       Vote
	Correction string // how it should have been; of a dislike only
	Question   string // what was asked, of a chat
	Answer     string // what the vote is on, as it was then
	Review     Review
	Lesson     string // of an approved correction
	Reason     string // of a rejected one
	ReviewedBy kernel.RepID
	ReviewedAt *time.Time
	CreatedAt  time.Time
	UpdatedAt  time.Time
}

// IsCorrection reports whether the vote belongs into the queue.
func (f Feedback) IsCorrection() bool { return f.Vote == Dislike && f.Correction != "" }

// Decide reviews a correction, and reports whether anything changed: the same decision again changes nothing.
// Conflict ALREADY_REVIEWED when another decision was made, unless this one takes an approved lesson back.
func (f *Feedback) Decide(to Review, lesson, reason string, by kernel.RepID, at time.Time) (changed bool, err error) {
	if f.Review == to && f.Lesson == lesson && f.Reason == reason {
		return false, nil
	}
	takesBack := f.Review == Approved && to == Rejected
	if f.Review != Pending && !takesBack {
		return false, fault.New(fault.Conflict, AlreadyReviewed)
	}
	f.Review, f.Lesson, f.Reason, f.ReviewedBy, f.ReviewedAt, f.UpdatedAt = to, lesson, reason, by, &at, at
	return true, nil
}

// Excerpt cuts a text to what is kept of an answer.
func Excerpt(text string) string {
	runes := []rune(text)
	if len(runes) <= MaxExcerpt {
		return text
	}
	return string(runes[:MaxExcerpt-1]) + "…"
}
