package batchcallsuc

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/tertulia-dev/tertulia/domain/batchcalls"
	"github.com/tertulia-dev/tertulia/domain/fault"
	"github.com/tertulia-dev/tertulia/domain/kernel"
)

// Bounds of what is put onto the do-not-call list at once.
const (
	maxEntries = 1000
	maxReason  = 200
)

// AddDoNotCallInput is numbers that must not be called any more.
type AddDoNotCallInput struct {
	Actor  kernel.Principal
	Phones []string // E.164, or as people write them in the region
	Region string   // an ISO 3166 code; "" for none
	Reason string
}

// Validate returns Invalid VALIDATION_ERROR with every wrong field.
func (in AddDoNotCallInput) Validate() error {
	var wrong fault.Fields
	wrong.Require(len(in.Phones) > 0, "phones", fault.Required)
	wrong.Require(len(in.Phones) <= maxEntries, "phones", fault.TooLong, "max", strconv.Itoa(maxEntries))
	wrong.Require(utf8.RuneCountInString(in.Reason) <= maxReason, "reason", fault.TooLong, "max", strconv.Itoa(maxReason))
	return wrong.Err()
}

// AddDoNotCall puts numbers onto the workspace's do-not-call list. Whoever waits to be called is not called any more.
//
// Allowed: admins, and service keys for the workspace.
// Errors: Invalid VALIDATION_ERROR with each number that is none, and nothing stored; Forbidden.
type AddDoNotCall struct{ *campaigner }

// Execute returns how many numbers are new on the list.
func (uc *AddDoNotCall) Execute(ctx context.Context, in AddDoNotCallInput) (int, error) {
	if err := mayChange(in.Actor); err != nil {
		return 0, err
	}
	if err := in.Validate(); err != nil {
		return 0, err
	}
	var wrong fault.Fields
	entries := make([]DoNotCallEntry, 0, len(in.Phones))
	for i, raw := range in.Phones {
		e164, ok := uc.numbers.Normalize(raw, in.Region)
		wrong.Require(ok, "phones["+strconv.Itoa(i)+"]", batchcalls.BadPhone, regionParams(in.Region)...)
		entries = append(entries, uc.entry(in.Actor, batchcalls.Phone(e164), in.Reason))
	}
	if err := wrong.Err(); err != nil {
		return 0, err
	}
	return uc.store(ctx, in.Actor.Workspace, entries)
}

func regionParams(region string) []string {
	if region == "" {
		return nil
	}
	return []string{"region", region}
}

func (c *campaigner) entry(actor kernel.Principal, phone batchcalls.Phone, reason string) DoNotCallEntry {
	return DoNotCallEntry{Phone: phone, Reason: strings.TrimSpace(reason), AddedBy: actor.Rep, AddedAt: c.books.now()}
}

func (c *campaigner) store(ctx context.Context, ws kernel.WorkspaceID, entries []DoNotCallEntry) (added int, err error) {
	err = c.books.tx.InTx(ctx, ws, func(ctx context.Context) error {
		added, err = c.DoNotCall.Add(ctx, ws, entries)
		return err
	})
	if err != nil {
		return 0, fmt.Errorf("add to the do-not-call list: %w", err)
	}
	return added, nil
}

// ImportDoNotCallInput is a file of numbers that must not be called any more.
type ImportDoNotCallInput struct {
	Actor   kernel.Principal
	File    io.Reader
	Mapping batchcalls.Mapping // nil: it is guessed; only the phone's column matters
	Region  string
	Reason  string
}

// ImportDoNotCall puts the numbers of a CSV file onto the do-not-call list, page by page.
//
// Allowed: admins, and service keys for the workspace.
// Errors: Invalid VALIDATION_ERROR for a file or a mapping that cannot be read; Forbidden.
type ImportDoNotCall struct{ *campaigner }

// Execute returns what became of the file and how many numbers are new on the list.
func (uc *ImportDoNotCall) Execute(ctx context.Context, in ImportDoNotCallInput) (batchcalls.Report, int, error) {
	if err := mayChange(in.Actor); err != nil {
		return batchcalls.Report{}, 0, err
	}
	file := bufio.NewReaderSize(in.File, headRead)
	rules := batchcalls.Import{Mapping: in.Mapping, Region: in.Region, Normalize: uc.numbers.Normalize}
	if rules.Mapping == nil {
		guessed, err := guess(file, rules)
		if err != nil {
			return batchcalls.Report{}, 0, fmt.Errorf("import the do-not-call list: %w", err)
		}
		rules.Mapping = guessed
	}
	var page []DoNotCallEntry
	added := 0
	flush := func() error {
		n, err := uc.store(ctx, in.Actor.Workspace, page)
		added, page = added+n, page[:0]
		return err
	}
	report, err := batchcalls.ReadCSV(file, rules, func(row batchcalls.Row) error {
		if page = append(page, uc.entry(in.Actor, row.Phone, in.Reason)); len(page) < storedAtOnce {
			return nil
		}
		return flush()
	})
	if err == nil {
		err = flush()
	}
	if err != nil {
		return batchcalls.Report{}, 0, fmt.Errorf("import the do-not-call list: %w", err)
	}
	return report, added, nil
}

// RemoveDoNotCallInput is a number that may be called again.
type RemoveDoNotCallInput struct {
	Actor  kernel.Principal
	Phone  string
	Region string
}

// RemoveDoNotCall takes a number off the list. Campaigns that it was left out of leave it out.
//
// Allowed: admins, and service keys for the workspace.
// Errors: Invalid VALIDATION_ERROR; Forbidden; NotFound CALL_RECIPIENT_NOT_FOUND when it is not on the list.
type RemoveDoNotCall struct{ *campaigner }

// Execute removes it.
func (uc *RemoveDoNotCall) Execute(ctx context.Context, in RemoveDoNotCallInput) error {
	if err := mayChange(in.Actor); err != nil {
		return err
	}
	var wrong fault.Fields
	e164, ok := uc.numbers.Normalize(in.Phone, in.Region)
	wrong.Require(ok, "phone", batchcalls.BadPhone, regionParams(in.Region)...)
	if err := wrong.Err(); err != nil {
		return err
	}
	err := uc.books.tx.InTx(ctx, in.Actor.Workspace, func(ctx context.Context) error {
		removed, err := uc.DoNotCall.Remove(ctx, in.Actor.Workspace, batchcalls.Phone(e164))
		if err == nil && !removed {
			return fault.New(fault.NotFound, batchcalls.RecipientNotFound)
		}
		return err
	})
	if err != nil {
		return fmt.Errorf("remove from the do-not-call list: %w", err)
	}
	return nil
}
