// Package billingbridge enters what meetings use into the usage ledger.
package billingbridge

import (
	"context"

	"github.com/tertulia-dev/tertulia/domain/billing"
	"github.com/tertulia-dev/tertulia/domain/kernel"
	billinguc "github.com/tertulia-dev/tertulia/usecase/billing"
	meetingsuc "github.com/tertulia-dev/tertulia/usecase/meetings"
)

// Names under which prices are listed for what has no model.
const (
	notetakers = "recall.ai"
	media      = "media"
)

// Bridge implements meetingsuc.UsageLedger.
type Bridge struct{ Usage *billinguc.RecordUsage }

// Record enters uses, a line for each thing that has a price of its own.
func (b Bridge) Record(ctx context.Context, ws kernel.WorkspaceID, uses ...meetingsuc.Use) error {
	var entries []billing.Usage
	for _, u := range uses {
		entries = append(entries, entriesOf(u)...)
	}
	return b.Usage.Execute(ctx, ws, entries...)
}

// entriesOf leaves what was not used at zero: the ledger passes over it. Tokens that the provider had cached are part of
// its count of the input, and have a price of their own.
func entriesOf(u meetingsuc.Use) []billing.Usage {
	entry := func(a billing.Activity, k billing.Kind, resource string, quantity int64) billing.Usage {
		return billing.Usage{
			Meeting: u.Meeting.String(), Activity: a, Kind: k, Resource: resource, Quantity: quantity, Source: u.Source, At: u.At,
		}
	}
	return []billing.Usage{
		entry(billing.Analysis, billing.ModelInput, u.Model, u.Tokens.InputTokens-u.Tokens.CachedTokens),
		entry(billing.Analysis, billing.ModelCached, u.Model, u.Tokens.CachedTokens),
		entry(billing.Analysis, billing.ModelOutput, u.Model, u.Tokens.OutputTokens),
		entry(billing.Recording, billing.Notetaker, notetakers, int64(u.Attendance.Attended.Seconds())),
		entry(billing.Recording, billing.Transcription, notetakers, int64(u.Attendance.Recorded.Seconds())),
		entry(billing.Keeping, billing.Storage, media, u.StoredBytes),
	}
}
