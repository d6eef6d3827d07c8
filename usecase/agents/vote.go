package agentsuc

import (
	"context"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/tertulia-dev/tertulia/domain/agents"
	"github.com/tertulia-dev/tertulia/domain/fault"
	"github.com/tertulia-dev/tertulia/domain/kernel"
	"github.com/tertulia-dev/tertulia/usecase/port"
)

// VoteInput is what a person thinks of an answer.
type VoteInput struct {
	Actor      kernel.Principal
	On         AnswerRef
	Vote       agents.Vote
	Correction string // of a dislike: how it should have been; dropped from a like
}

// Validate notes what is wrong with the input, by its names on the wire.
func (in *VoteInput) Validate() error {
	var f fault.Fields
	in.On.check(&f)
	f.Require(in.Vote.IsValid(), "vote", fault.OneOf, "allowed", "like, dislike")
	in.Correction = strings.TrimSpace(in.Correction)
	f.Require(utf8.RuneCountInString(in.Correction) <= agents.MaxCorrection, "correction", fault.TooLong, "max", "2000")
	if in.Vote == agents.Like {
		in.Correction = ""
	}
	return f.Err()
}

func (a *AnswerRef) check(f *fault.Fields) {
	f.Require(a.Source.IsValid(), "source", fault.OneOf, "allowed", "chat, analysis")
	ref, err := kernel.ParseID[answerID](a.Ref)
	switch {
	case a.Ref == "":
		f.Add("source_ref", fault.Required)
	case err != nil:
		f.Add("source_ref", fault.BadUUID)
	}
	a.Ref = string(ref)
}

// answerID is the ID of an answer or of an analysis.
type answerID string

// Vote notes what a person thinks of an agent's answer or of an analysis. A vote in place of a pending one replaces it.
//
// Allowed: who may see the meeting, on the own chat's answers and on the analysis.
// Errors: NotFound MEETING_NOT_FOUND or ANSWER_NOT_FOUND, Forbidden, Invalid VALIDATION_ERROR, Conflict ALREADY_REVIEWED.
type Vote struct {
	tx    port.Transactor
	on    *ballot
	votes FeedbackStore
	clock port.Clock
	ids   port.IDs
}

// Execute returns the vote as it is stored.
func (uc *Vote) Execute(ctx context.Context, in VoteInput) (agents.Feedback, error) {
	if err := in.Validate(); err != nil {
		return agents.Feedback{}, err
	}
	answer, err := uc.on.find(ctx, in.Actor, in.On)
	if err != nil {
		return agents.Feedback{}, fmt.Errorf("vote: %w", err)
	}
	now := uc.clock.Now()
	f := agents.Feedback{
		Workspace: in.Actor.Workspace, ID: agents.FeedbackID(uc.ids.New()), Meeting: in.On.Meeting.String(), Author: in.Actor.Rep,
		Agent: answer.Agent, Source: in.On.Source, Ref: in.On.Ref, Vote: in.Vote, Correction: in.Correction,
		Question: agents.Excerpt(answer.Question), Answer: agents.Excerpt(answer.Answer),
		Review: agents.Pending, CreatedAt: now, UpdatedAt: now,
	}
	err = uc.tx.InTx(ctx, f.Workspace, func(ctx context.Context) error {
		f, err = uc.votes.Put(ctx, f)
		return err
	})
	if err != nil {
		return agents.Feedback{}, fmt.Errorf("vote: %w", err)
	}
	return f, nil
}

// ballot finds what there is to vote on.
type ballot struct {
	reader     port.Reader
	meetings   Meetings
	answers    Answers
	judgements Judgements
	registry   *registry
}

// find returns the answer, for somebody who may see it.
func (b *ballot) find(ctx context.Context, actor kernel.Principal, a AnswerRef) (VotedAnswer, error) {
	if actor.Rep == "" {
		return VotedAnswer{}, fault.New(fault.Forbidden, fault.ForbiddenCode)
	}
	if _, err := b.meetings.Visible(ctx, actor, a.Meeting); err != nil {
		return VotedAnswer{}, err
	}
	var answer VotedAnswer
	var found bool
	var err error
	if a.Source == agents.FromAnalysis {
		answer, found, err = b.judgements.Find(ctx, actor.Workspace, a.Meeting, a.Ref)
	} else {
		err = b.reader.Read(ctx, actor.Workspace, func(ctx context.Context) error {
			answer, found, err = b.answers.Find(ctx, actor.Workspace, actor.Rep, a.Meeting, a.Ref)
			return err
		})
	}
	if err == nil && !found {
		err = fault.New(fault.NotFound, agents.AnswerNotFound)
	}
	if err != nil {
		return VotedAnswer{}, err
	}
	_, err = b.registry.find(ctx, actor.Workspace, answer.Agent) // makes the evaluators, where nobody has looked at them yet
	return answer, err
}
