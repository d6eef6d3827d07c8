package batchcallsuc

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/tertulia-dev/tertulia/domain/batchcalls"
	"github.com/tertulia-dev/tertulia/domain/fault"
	"github.com/tertulia-dev/tertulia/domain/kernel"
	"github.com/tertulia-dev/tertulia/usecase/port"
)

// maxCampaignName bounds a name, and what is taken for an ID of the provider's.
const maxCampaignName = 200

// CreateCampaignInput is a campaign that nobody has been added to yet. Settings begin with CreateCampaign.Defaults.
type CreateCampaignInput struct {
	Actor       kernel.Principal
	Name        string
	Agent       string    // the provider's ID of the voice agent
	PhoneNumber string    // the provider's ID of the number that calls
	StartAt     time.Time // not before, once it is started; zero for at once
	Settings    batchcalls.Settings
	Key         string // Idempotency-Key; empty for none
	BodyHash    string // hex SHA-256 of what was asked for
}

// Validate returns Invalid VALIDATION_ERROR with every wrong field.
func (in CreateCampaignInput) Validate() error {
	var wrong fault.Fields
	named(&wrong, "name", in.Name)
	named(&wrong, "agentId", in.Agent)
	named(&wrong, "phoneNumberId", in.PhoneNumber)
	wrong.Join(in.Settings.Validate())
	return wrong.Err()
}

func named(wrong *fault.Fields, field, value string) {
	wrong.Require(strings.TrimSpace(value) != "", field, fault.Required)
	wrong.Require(utf8.RuneCountInString(value) <= maxCampaignName, field, fault.TooLong, "max", strconv.Itoa(maxCampaignName))
}

// CreateCampaign makes a draft.
//
// Allowed: admins, and service keys for the workspace.
// Errors: Invalid VALIDATION_ERROR; Forbidden; Conflict IDEMPOTENCY_KEY_REUSED.
// Effects: one draft an idempotency key, whatever is repeated.
type CreateCampaign struct{ *campaigner }

// Defaults are a campaign's settings while nobody has said otherwise.
func (uc *CreateCampaign) Defaults() batchcalls.Settings {
	s := batchcalls.DefaultSettings()
	s.RetentionDays = uc.books.settings.RetentionDays
	return s
}

// Execute stores the draft.
func (uc *CreateCampaign) Execute(ctx context.Context, in CreateCampaignInput) (batchcalls.CampaignState, error) {
	if err := mayChange(in.Actor); err != nil {
		return batchcalls.CampaignState{}, err
	}
	if err := in.Validate(); err != nil {
		return batchcalls.CampaignState{}, err
	}
	s := uc.draft(in)
	err := uc.books.tx.InTx(ctx, s.Workspace, func(ctx context.Context) error {
		earlier, err := uc.Keys.Reserve(ctx, s.Workspace, port.IdempotencyKey{
			Scope: "createCallCampaign:" + in.Actor.Rep.String(), Key: in.Key, BodyHash: in.BodyHash,
		}, s.ID.String())
		if err != nil {
			return err
		}
		if earlier != "" {
			s, err = uc.Campaigns.Get(ctx, BatchRef{Workspace: s.Workspace, ID: batchcalls.BatchID(earlier)})
			return err
		}
		return uc.Campaigns.Add(ctx, s)
	})
	if err != nil {
		return batchcalls.CampaignState{}, fmt.Errorf("create campaign: %w", err)
	}
	return s, nil
}

func (uc *CreateCampaign) draft(in CreateCampaignInput) batchcalls.CampaignState {
	now := uc.books.now()
	b := batchcalls.Batch{
		ID: batchcalls.BatchID(uc.finder.ids.New()), Workspace: in.Actor.Workspace, Kind: batchcalls.Campaign, Name: in.Name,
		Agent: in.Agent, PhoneNumber: in.PhoneNumber, Options: optionsOf(in.Settings), Status: batchcalls.Draft, Version: 1,
		CreatedBy: in.Actor.Rep, CreatedAt: now, UpdatedAt: now,
	}
	b.PublicID = b.ID.Public()
	settings := in.Settings
	settings.Consent = settings.Consent.Declare(in.Actor, now, batchcalls.Consent{})
	return batchcalls.CampaignState{Batch: b, Settings: settings, StartAt: in.StartAt}
}

// optionsOf is what the provider is told beside whom to call: it would otherwise dial with half of what the account allows,
// and what waits there misses its window.
func optionsOf(s batchcalls.Settings) json.RawMessage {
	return json.RawMessage(`{"target_concurrency_limit":` + strconv.Itoa(s.Limits.MaxConcurrent) + `}`)
}
