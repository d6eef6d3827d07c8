package batchcallsuc

import (
	"context"
	"fmt"

	"github.com/tertulia-dev/tertulia/domain/batchcalls"
	"github.com/tertulia-dev/tertulia/domain/fault"
)

// StartCampaign sets a draft going.
//
// Allowed: admins, and service keys for the workspace.
// Errors: Invalid VALIDATION_ERROR with each field that preflight finds a problem with; Forbidden; NotFound
// CALL_BATCH_NOT_FOUND; Conflict CAMPAIGN_STATE; Upstream CALL_PROVIDER_ERROR.
type StartCampaign struct {
	*campaigner

	preflight *PreflightCampaign
}

// Execute returns the campaign as it is then.
func (uc *StartCampaign) Execute(ctx context.Context, in CampaignRef) (batchcalls.CampaignState, error) {
	if err := mayChange(in.Actor); err != nil {
		return batchcalls.CampaignState{}, err
	}
	ref, err := uc.find(ctx, in)
	if err != nil {
		return batchcalls.CampaignState{}, fmt.Errorf("start campaign: %w", err)
	}
	s, err := uc.get(ctx, ref)
	if err != nil {
		return batchcalls.CampaignState{}, fmt.Errorf("start campaign: %w", err)
	}
	if s.Status != batchcalls.Draft {
		return batchcalls.CampaignState{}, wrongState(s)
	}
	found, err := uc.preflight.check(ctx, ref)
	if err != nil {
		return batchcalls.CampaignState{}, fmt.Errorf("start campaign: %w", err)
	}
	if !found.Ready {
		return batchcalls.CampaignState{}, &fault.Error{Kind: fault.Invalid, Code: fault.Validation, Fields: found.Problems}
	}
	return uc.change(ctx, in, "start campaign", func(_ context.Context, s *batchcalls.CampaignState) error {
		if s.Status != batchcalls.Draft {
			return wrongState(*s)
		}
		s.Status, s.ResumedAt = batchcalls.InProgress, uc.books.now()
		if s.StartAt.After(uc.books.now()) {
			s.Status = batchcalls.Pending
		}
		return nil
	})
}

// PauseCampaign has a campaign call nobody else. What the provider has not dialled yet is taken back; calls that run go on
// to their end.
//
// Allowed: admins, and service keys for the workspace.
// Errors: Forbidden; NotFound CALL_BATCH_NOT_FOUND; Conflict CAMPAIGN_STATE unless it is on its way.
type PauseCampaign struct{ *campaigner }

// Execute returns the campaign as it is then.
func (uc *PauseCampaign) Execute(ctx context.Context, in CampaignRef) (batchcalls.CampaignState, error) {
	return uc.change(ctx, in, "pause campaign", func(ctx context.Context, s *batchcalls.CampaignState) error {
		if s.Status != batchcalls.InProgress && s.Status != batchcalls.Pending {
			return wrongState(*s)
		}
		return uc.pause(ctx, s, batchcalls.PausedByPerson, "")
	})
}

// ResumeCampaign sets a paused campaign going again. What its breaker has counted is forgotten.
//
// Allowed: admins, and service keys for the workspace.
// Errors: Invalid VALIDATION_ERROR without consent; Forbidden; NotFound CALL_BATCH_NOT_FOUND; Conflict CAMPAIGN_STATE unless
// it is paused.
type ResumeCampaign struct{ *campaigner }

// Execute returns the campaign as it is then.
func (uc *ResumeCampaign) Execute(ctx context.Context, in CampaignRef) (batchcalls.CampaignState, error) {
	return uc.change(ctx, in, "resume campaign", func(_ context.Context, s *batchcalls.CampaignState) error {
		if s.Status != batchcalls.Paused {
			return wrongState(*s)
		}
		var wrong fault.Fields
		wrong.Require(s.Settings.Consent.Kind != "", "consent.kind", fault.Required)
		if err := wrong.Err(); err != nil {
			return err
		}
		s.Status, s.PauseReason, s.PauseDetail, s.ResumedAt = batchcalls.InProgress, "", "", uc.books.now()
		if s.StartAt.After(uc.books.now()) {
			s.Status = batchcalls.Pending
		}
		return nil
	})
}

// CancelCampaign stops a campaign for good, as CancelBatch stops a batch.
//
// Allowed: admins, and service keys for the workspace.
// Errors: Forbidden; NotFound CALL_BATCH_NOT_FOUND; Conflict CAMPAIGN_STATE when it is over.
type CancelCampaign struct {
	*campaigner

	cancel *CancelBatch
}

// Execute returns the campaign as it is then.
func (uc *CancelCampaign) Execute(ctx context.Context, in CampaignRef) (batchcalls.CampaignState, error) {
	if err := mayChange(in.Actor); err != nil {
		return batchcalls.CampaignState{}, err
	}
	ref, err := uc.find(ctx, in)
	if err != nil {
		return batchcalls.CampaignState{}, fmt.Errorf("cancel campaign: %w", err)
	}
	s, err := uc.get(ctx, ref)
	if err != nil {
		return batchcalls.CampaignState{}, fmt.Errorf("cancel campaign: %w", err)
	}
	if s.Status.IsFinal() {
		return batchcalls.CampaignState{}, wrongState(s)
	}
	if _, err := uc.cancel.cancel(context.WithoutCancel(ctx), ref); err != nil {
		return batchcalls.CampaignState{}, err
	}
	return uc.get(ctx, ref)
}
