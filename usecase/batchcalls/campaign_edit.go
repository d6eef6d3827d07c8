package batchcallsuc

import (
	"context"
	"time"

	"github.com/tertulia-dev/tertulia/domain/batchcalls"
	"github.com/tertulia-dev/tertulia/domain/fault"
)

// EditCampaignInput changes what is not nil of a campaign.
type EditCampaignInput struct {
	CampaignRef

	Name, Agent, PhoneNumber *string
	StartAt                  *time.Time // the zero time: at once
	// Settings alters the settings as they are; nil for none.
	Settings func(*batchcalls.Settings)
}

// Validate returns Invalid VALIDATION_ERROR with every wrong field that can be told without the campaign.
func (in EditCampaignInput) Validate() error {
	var wrong fault.Fields
	for _, f := range []struct {
		name  string
		value *string
	}{{"name", in.Name}, {"agentId", in.Agent}, {"phoneNumberId", in.PhoneNumber}} {
		if f.value != nil {
			named(&wrong, f.name, *f.value)
		}
	}
	return wrong.Err()
}

// EditCampaign changes a campaign that is not under way.
//
// Allowed: admins, and service keys for the workspace.
// Errors: Invalid VALIDATION_ERROR; Forbidden; NotFound CALL_BATCH_NOT_FOUND; Conflict CAMPAIGN_STATE unless it is a draft or
// paused.
type EditCampaign struct{ *campaigner }

// Execute returns the campaign as it is then.
func (uc *EditCampaign) Execute(ctx context.Context, in EditCampaignInput) (batchcalls.CampaignState, error) {
	if err := in.Validate(); err != nil {
		return batchcalls.CampaignState{}, err
	}
	return uc.change(ctx, in.CampaignRef, "edit campaign", func(ctx context.Context, s *batchcalls.CampaignState) error {
		if !s.IsEditable() {
			return wrongState(*s)
		}
		set(&s.Name, in.Name)
		set(&s.Agent, in.Agent)
		set(&s.PhoneNumber, in.PhoneNumber)
		set(&s.StartAt, in.StartAt)
		if in.Settings == nil {
			return nil
		}
		before := s.Settings
		in.Settings(&s.Settings)
		if err := s.Settings.Validate(); err != nil {
			return err
		}
		s.Settings.Consent = s.Settings.Consent.Declare(in.Actor, uc.books.now(), before.Consent)
		s.Options = optionsOf(s.Settings)
		if s.Settings.Window == before.Window && s.Settings.Estimate == before.Estimate && s.Settings.Limits == before.Limits {
			return nil
		}
		return uc.Waiting.LookAgain(ctx, refOf(s.Batch))
	})
}

func set[T any](field, value *T) {
	if value != nil {
		*field = *value
	}
}
