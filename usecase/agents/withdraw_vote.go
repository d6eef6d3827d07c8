package agentsuc

import (
	"context"
	"fmt"

	"github.com/tertulia-dev/tertulia/domain/fault"
	"github.com/tertulia-dev/tertulia/domain/kernel"
	"github.com/tertulia-dev/tertulia/usecase/port"
)

// WithdrawVoteInput names a vote by what it is on.
type WithdrawVoteInput struct {
	Actor kernel.Principal
	On    AnswerRef
}

// WithdrawVote takes the actor's pending vote back. Without one it does nothing.
//
// Allowed: who may see the meeting.
// Errors: NotFound MEETING_NOT_FOUND, Forbidden, Invalid VALIDATION_ERROR, Conflict ALREADY_REVIEWED.
type WithdrawVote struct {
	tx       port.Transactor
	meetings Meetings
	votes    FeedbackStore
}

// Execute reports whether there was a vote.
func (uc *WithdrawVote) Execute(ctx context.Context, in WithdrawVoteInput) (bool, error) {
	var f fault.Fields
	in.On.check(&f)
	if err := f.Err(); err != nil {
		return false, err
	}
	if _, err := uc.meetings.Visible(ctx, in.Actor, in.On.Meeting); err != nil {
		return false, fmt.Errorf("withdraw vote: %w", err)
	}
	var was bool
	err := uc.tx.InTx(ctx, in.Actor.Workspace, func(ctx context.Context) (err error) {
		was, err = uc.votes.Withdraw(ctx, in.Actor.Workspace, in.Actor.Rep, in.On)
		return err
	})
	if err != nil {
		return false, fmt.Errorf("withdraw vote: %w", err)
	}
	return was, nil
}
