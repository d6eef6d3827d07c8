package batchcallsuc

import (
	"bufio"
	"context"
	"fmt"

	"github.com/tertulia-dev/tertulia/domain/batchcalls"
)

// PreviewRecipients shows what adding a file would do, and stores nothing. The input is AddRecipients' own.
//
// Allowed: admins, and service keys for the workspace.
// Errors: as of AddRecipients; where no column looks like a phone the answer says so in its report.
type PreviewRecipients struct{ *campaigner }

// Execute reads the file to its end.
func (uc *PreviewRecipients) Execute(ctx context.Context, in AddRecipientsInput) (batchcalls.Preview, error) {
	if err := mayChange(in.Actor); err != nil {
		return batchcalls.Preview{}, err
	}
	if err := in.Validate(); err != nil {
		return batchcalls.Preview{}, err
	}
	ref, err := uc.find(ctx, in.CampaignRef)
	if err != nil {
		return batchcalls.Preview{}, fmt.Errorf("preview recipients: %w", err)
	}
	s, err := uc.get(ctx, ref)
	if err != nil {
		return batchcalls.Preview{}, fmt.Errorf("preview recipients: %w", err)
	}
	rules := uc.rulesOf(ctx, s, in)
	preview, err := batchcalls.PreviewCSV(bufio.NewReaderSize(in.File, headRead), rules)
	if err != nil {
		return batchcalls.Preview{}, fmt.Errorf("preview recipients: %w", err)
	}
	return preview, nil
}
