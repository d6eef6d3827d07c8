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

// ReviewCorrectionInput is an admin's decision about a correction.
type ReviewCorrectionInput struct {
	Actor      kernel.Principal
	Correction agents.FeedbackID
	To         agents.Review // approved or rejected
	Lesson     string        // what the agent is taught; of an approval
	PIIChecked bool          // the admin has read it for personal data; of an approval
	Reason     string        // of a rejection
}

// Validate notes what is wrong with the input, by its names on the wire.
func (in *ReviewCorrectionInput) Validate() error {
	var f fault.Fields
	in.Lesson, in.Reason = strings.TrimSpace(in.Lesson), strings.TrimSpace(in.Reason)
	f.Require(in.To == agents.Approved || in.To == agents.Rejected, "status", fault.OneOf, "allowed", "approved, rejected")
	if in.To == agents.Approved {
		f.Require(in.Lesson != "", "lesson_text", fault.Required)
		f.Require(in.PIIChecked, "pii_checked", agents.CheckedRule)
		in.Reason = ""
	} else {
		in.Lesson = ""
	}
	f.Require(utf8.RuneCountInString(in.Lesson) <= agents.MaxLesson, "lesson_text", fault.TooLong, "max", "1000")
	f.Require(utf8.RuneCountInString(in.Reason) <= agents.MaxReason, "reason", fault.TooLong, "max", "500")
	return f.Err()
}

// ReviewCorrection makes a correction a lesson of its agent, or rejects it, and takes back a lesson that is rejected later.
//
// Allowed: admins.
// Errors: Invalid VALIDATION_ERROR, also for a lesson that carries an e-mail address, a phone number or the name of
// somebody in the meeting; NotFound CORRECTION_NOT_FOUND; Conflict ALREADY_REVIEWED.
// Effects: event agent.correction_reviewed, of which the author is told; a job that writes the agent's lessons anew.
type ReviewCorrection struct {
	tx         port.Transactor
	reader     port.Reader
	votes      FeedbackStore
	reads      FeedbackReads
	lessons    Lessons
	judgements Judgements
	jobs       port.Jobs
	events     port.Events
	clock      port.Clock
}

// Execute returns the correction as it is then.
func (uc *ReviewCorrection) Execute(ctx context.Context, in ReviewCorrectionInput) (Correction, error) {
	if err := mustBeAdmin(in.Actor); err != nil {
		return Correction{}, err
	}
	if err := in.Validate(); err != nil {
		return Correction{}, err
	}
	ws := in.Actor.Workspace
	found, err := uc.row(ctx, ws, in.Correction)
	if err == nil && in.To == agents.Approved {
		err = uc.mustNameNobody(ctx, ws, found, in.Lesson)
	}
	if err != nil {
		return Correction{}, fmt.Errorf("review correction: %w", err)
	}
	err = uc.tx.InTx(ctx, ws, func(ctx context.Context) error { return uc.decide(ctx, in, found.AgentName) })
	if err == nil {
		found, err = uc.row(ctx, ws, in.Correction)
	}
	if err != nil {
		return Correction{}, fmt.Errorf("review correction: %w", err)
	}
	return found, nil
}

func (uc *ReviewCorrection) row(ctx context.Context, ws kernel.WorkspaceID, id agents.FeedbackID) (c Correction, err error) {
	err = uc.reader.Read(ctx, ws, func(ctx context.Context) error {
		c, err = uc.reads.Correction(ctx, ws, id)
		return err
	})
	return c, err
}

// mustNameNobody holds the lesson against those who took part in the meeting: its author too.
func (uc *ReviewCorrection) mustNameNobody(ctx context.Context, ws kernel.WorkspaceID, c Correction, lesson string) error {
	people, err := uc.judgements.People(ctx, ws, MeetingID(c.Meeting))
	if err != nil {
		return err
	}
	var f fault.Fields
	if found, carries := agents.FindPersonal(lesson, append(people, c.AuthorName)); carries {
		f.Add("lesson_text", agents.PersonalDataRule, "found", string(found))
	}
	return f.Err()
}

// decide stores the decision and all that follows from it.
func (uc *ReviewCorrection) decide(ctx context.Context, in ReviewCorrectionInput, agentName string) error {
	ws, now := in.Actor.Workspace, uc.clock.Now()
	c, err := uc.votes.Lock(ctx, ws, in.Correction)
	if err != nil {
		return err
	}
	was := c.Review
	changed, err := c.Decide(in.To, in.Lesson, in.Reason, in.Actor.Rep, now)
	if err != nil || !changed {
		return err
	}
	if err := uc.votes.Save(ctx, c); err != nil {
		return err
	}
	switch {
	case c.Review == agents.Approved:
		err = uc.lessons.Add(ctx, ws, agents.Lesson{ID: c.ID, Agent: c.Agent, Text: c.Lesson, ApprovedAt: now})
	case was == agents.Approved:
		err = uc.lessons.Remove(ctx, ws, c.ID)
	}
	if err != nil {
		return err
	}
	if c.Review == agents.Approved || was == agents.Approved {
		if _, err := uc.jobs.Enqueue(ctx, ws, WriteLessons{Agent: c.Agent}); err != nil {
			return err
		}
	}
	return uc.events.Record(ctx, port.Event{
		Workspace: ws, Stream: "agent-correction/" + c.ID.String(), Type: EventCorrectionReviewed,
		Payload: CorrectionEvent{Correction: c.ID, Meeting: MeetingID(c.Meeting), Author: c.Author, Agent: agentName, Review: c.Review},
	})
}
