package batchcallsuc

import (
	"context"
	"slices"
	"strconv"
	"time"

	"github.com/tertulia-dev/tertulia/domain/batchcalls"
	"github.com/tertulia-dev/tertulia/domain/fault"
)

// RetryRecipientsInput tells whom to call again.
type RetryRecipientsInput struct {
	CampaignRef

	// Outcomes are how their last call ended: failed, no_answer, busy, voicemail, or unknown for those of whom it is known
	// by now that nobody dialled them. Empty: failed, no_answer and busy.
	Outcomes []batchcalls.CallStatus
}

// Validate returns Invalid VALIDATION_ERROR with every wrong field.
func (in RetryRecipientsInput) Validate() error {
	var wrong fault.Fields
	for i, o := range in.Outcomes {
		allowed := []batchcalls.CallStatus{
			batchcalls.CallFailed, batchcalls.CallNoAnswer, batchcalls.CallBusy, batchcalls.CallVoicemail, batchcalls.CallUnknown,
		}
		wrong.Require(slices.Contains(allowed, o), "outcomes["+strconv.Itoa(i)+"]", fault.OneOf,
			"allowed", "failed, no_answer, busy, voicemail, unknown")
	}
	return wrong.Err()
}

// RetryRecipients has people called again whose last call came to nothing, as far as the cap of attempts allows. A campaign
// that was completed goes on.
//
// Allowed: admins, and service keys for the workspace.
// Errors: Invalid VALIDATION_ERROR; Forbidden; NotFound CALL_BATCH_NOT_FOUND; Conflict CAMPAIGN_STATE for a draft or a
// cancelled one, NOTHING_TO_RETRY.
type RetryRecipients struct{ *campaigner }

// Execute returns the campaign as it is then, and how many people are called again.
func (uc *RetryRecipients) Execute(ctx context.Context, in RetryRecipientsInput) (s batchcalls.CampaignState, again int, err error) {
	if err := in.Validate(); err != nil {
		return batchcalls.CampaignState{}, 0, err
	}
	outcomes := in.Outcomes
	if len(outcomes) == 0 {
		outcomes = []batchcalls.CallStatus{batchcalls.CallFailed, batchcalls.CallNoAnswer, batchcalls.CallBusy}
	}
	s, err = uc.change(ctx, in.CampaignRef, "retry recipients", func(ctx context.Context, s *batchcalls.CampaignState) error {
		if s.Status == batchcalls.Draft || s.Status == batchcalls.Cancelled || !s.PurgedAt.IsZero() {
			return wrongState(*s)
		}
		again, err = uc.Waiting.Retry(ctx, refOf(s.Batch), outcomes, s.Settings.Retry.MaxAttempts, uc.books.now())
		if err != nil {
			return err
		}
		if again == 0 {
			return fault.New(fault.Conflict, batchcalls.NothingToRetry)
		}
		if s.Status == batchcalls.Completed {
			s.Status, s.ResumedAt, s.EndedAt = batchcalls.InProgress, uc.books.now(), time.Time{}
		}
		return nil
	})
	if err != nil {
		return batchcalls.CampaignState{}, 0, err
	}
	return s, again, nil
}
