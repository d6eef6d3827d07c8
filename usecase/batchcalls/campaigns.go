package batchcallsuc

import (
	"context"
	"fmt"

	"github.com/tertulia-dev/tertulia/domain/batchcalls"
	"github.com/tertulia-dev/tertulia/domain/fault"
	"github.com/tertulia-dev/tertulia/domain/kernel"
	"github.com/tertulia-dev/tertulia/usecase/port"
)

// CampaignStorage is where campaigns are kept.
type CampaignStorage struct {
	Keys       port.Idempotency
	Campaigns  Campaigns
	People     People
	Waiting    Waiting
	Attempts   Attempts
	Dispatches Dispatches
	DoNotCall  DoNotCall
	Reads      CampaignReads
	Scan       PeopleScan
	Retention  Retention
	Admins     Admins
}

// CampaignUseCases are campaigns as the adapters see them.
type CampaignUseCases struct {
	Create          *CreateCampaign
	Edit            *EditCampaign
	AddRecipients   *AddRecipients
	Preview         *PreviewRecipients
	Preflight       *PreflightCampaign
	Start           *StartCampaign
	Pause           *PauseCampaign
	Resume          *ResumeCampaign
	Cancel          *CancelCampaign
	Retry           *RetryRecipients
	Turn            *TakeTurn
	Purge           *EraseCampaign
	AddDoNotCall    *AddDoNotCall
	ImportDoNotCall *ImportDoNotCall
	RemoveDoNotCall *RemoveDoNotCall
	Queries         *CampaignQueries
}

// NewCampaigns builds the use cases of campaigns on the engine of batches.
func NewCampaigns(uc *UseCases, agents Agents, numbers Numbers) *CampaignUseCases {
	c := &campaigner{books: uc.Queries.finder.books, finder: uc.Queries.finder, agents: agents, numbers: numbers}
	c.CampaignStorage = c.books.campaigns
	preflight := &PreflightCampaign{c}
	return &CampaignUseCases{
		Create: &CreateCampaign{c}, Edit: &EditCampaign{c}, AddRecipients: &AddRecipients{c}, Preview: &PreviewRecipients{c},
		Preflight: preflight, Start: &StartCampaign{c, preflight}, Pause: &PauseCampaign{c}, Resume: &ResumeCampaign{c},
		Cancel: &CancelCampaign{c, uc.Cancel}, Retry: &RetryRecipients{c}, Turn: &TakeTurn{c}, Purge: &EraseCampaign{c},
		AddDoNotCall: &AddDoNotCall{c}, ImportDoNotCall: &ImportDoNotCall{c}, RemoveDoNotCall: &RemoveDoNotCall{c},
		Queries: &CampaignQueries{c},
	}
}

// campaigner is what the use cases of campaigns share.
type campaigner struct {
	CampaignStorage

	books   *books
	finder  finder
	agents  Agents
	numbers Numbers
}

// CampaignRef names a campaign as a caller does.
type CampaignRef struct {
	Actor    kernel.Principal
	PublicID string
}

// mayRead lets everybody of the workspace read.
func mayRead(actor kernel.Principal) error {
	if actor.Workspace == "" || actor.Role < kernel.Rep && !actor.ActsForWorkspace() {
		return fault.New(fault.Forbidden, fault.ForbiddenCode)
	}
	return nil
}

// mayChange lets admins and service keys of the workspace change campaigns.
func mayChange(actor kernel.Principal) error {
	if actor.Workspace == "" || !actor.IsAdmin() && !actor.ActsForWorkspace() {
		return fault.New(fault.Forbidden, fault.ForbiddenCode)
	}
	return nil
}

// find resolves the ID that a caller knows a campaign by.
func (c *campaigner) find(ctx context.Context, ref CampaignRef) (BatchRef, error) {
	b, found, err := c.finder.stored(ctx, ref.Actor.Workspace, ref.PublicID)
	if err != nil {
		return BatchRef{}, err
	}
	if !found || b.Kind != batchcalls.Campaign {
		return BatchRef{}, fault.New(fault.NotFound, batchcalls.BatchNotFound)
	}
	return refOf(b), nil
}

// change lets fn alter a campaign that it holds, stores it, and gives it its turn.
func (c *campaigner) change(ctx context.Context, ref CampaignRef, what string, fn func(ctx context.Context, s *batchcalls.CampaignState) error) (batchcalls.CampaignState, error) {
	var s batchcalls.CampaignState
	err := mayChange(ref.Actor)
	if err != nil {
		return s, err
	}
	id, err := c.find(ctx, ref)
	if err == nil {
		err = c.books.tx.InTx(ctx, id.Workspace, func(ctx context.Context) error {
			if s, err = c.Campaigns.Lock(ctx, id); err != nil {
				return err
			}
			if err := fn(ctx, &s); err != nil {
				return err
			}
			if err := c.save(ctx, &s); err != nil {
				return err
			}
			return c.giveTurn(ctx, id)
		})
	}
	if err != nil {
		return batchcalls.CampaignState{}, fmt.Errorf("%s: %w", what, err)
	}
	return s, nil
}

// save stores a campaign that the caller holds.
func (c *campaigner) save(ctx context.Context, s *batchcalls.CampaignState) error {
	s.UpdatedAt = c.books.now()
	if err := c.Campaigns.Save(ctx, *s); err != nil {
		return err
	}
	s.Version++
	return nil
}

// giveTurn gives the campaign its turn, now or at a time.
func (c *campaigner) giveTurn(ctx context.Context, ref BatchRef, opts ...port.JobOption) error {
	_, err := c.books.jobs.Enqueue(ctx, ref.Workspace, DispatchCampaign{Batch: ref.ID}, opts...)
	return err
}

// wrongState is the answer to what cannot be done to a campaign as it is.
func wrongState(s batchcalls.CampaignState) error {
	return fault.New(fault.Conflict, batchcalls.WrongCampaignState).With("status", string(s.Status))
}
