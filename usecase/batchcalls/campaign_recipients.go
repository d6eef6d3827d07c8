package batchcallsuc

import (
	"bufio"
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/tertulia-dev/tertulia/domain/batchcalls"
	"github.com/tertulia-dev/tertulia/domain/fault"
)

// storedAtOnce is how many people one transaction takes; headRead is how much of a file a mapping is guessed from.
const (
	storedAtOnce = 1000
	headRead     = 64 << 10
)

// AddRecipientsInput is a customer's file of people to be called.
type AddRecipientsInput struct {
	CampaignRef

	File    io.Reader
	Mapping batchcalls.Mapping // nil: it is guessed from the header and the first rows
	Region  string             // of numbers without a country code; "" for the campaign's own
}

// Validate returns Invalid VALIDATION_ERROR with every wrong field.
func (in AddRecipientsInput) Validate() error {
	if in.Mapping == nil {
		return nil
	}
	return in.Mapping.Validate()
}

// AddedRecipients tells what became of the file.
type AddedRecipients struct {
	batchcalls.Report

	Mapping    batchcalls.Mapping
	Added      int   // people who are new in the campaign, those on the do-not-call list included
	Known      int   // rows whose number the campaign has already: left out
	KnownLines []int // the first of them
	DoNotCall  int   // of those added, who must not be called
	DNCLines   []int // the first of them
}

// AddRecipients adds the people of a file to a campaign, page by page: also while it is running.
//
// Allowed: admins, and service keys for the workspace.
// Errors: Invalid VALIDATION_ERROR for a file or a mapping that cannot be read; Forbidden; NotFound CALL_BATCH_NOT_FOUND;
// Conflict CAMPAIGN_STATE when it is over. Wrong rows are no error: they are in the answer, by line.
// Effects: what was read before an error stays. The same file may be sent again: nobody is added twice.
type AddRecipients struct{ *campaigner }

// Execute reads the file to its end.
func (uc *AddRecipients) Execute(ctx context.Context, in AddRecipientsInput) (AddedRecipients, error) {
	if err := mayChange(in.Actor); err != nil {
		return AddedRecipients{}, err
	}
	if err := in.Validate(); err != nil {
		return AddedRecipients{}, err
	}
	ref, err := uc.find(ctx, in.CampaignRef)
	if err != nil {
		return AddedRecipients{}, fmt.Errorf("add recipients: %w", err)
	}
	s, err := uc.get(ctx, ref)
	if err != nil {
		return AddedRecipients{}, fmt.Errorf("add recipients: %w", err)
	}
	file := bufio.NewReaderSize(in.File, headRead)
	rules := uc.rulesOf(ctx, s, in)
	if rules.Mapping == nil {
		if rules.Mapping, err = guess(file, rules); err != nil {
			return AddedRecipients{}, fmt.Errorf("add recipients: %w", err)
		}
	}
	a := adding{campaigner: uc.campaigner, ref: ref, out: AddedRecipients{Mapping: rules.Mapping}}
	report, err := batchcalls.ReadCSV(file, rules, func(row batchcalls.Row) error { return a.take(ctx, row) })
	if err == nil {
		err = a.flush(ctx)
	}
	if err != nil {
		return AddedRecipients{}, fmt.Errorf("add recipients: %w", err)
	}
	a.out.Report = withUnzoned(report, a.unzoned)
	return a.out, nil
}

// rulesOf tells how a file is to be read. An agent that cannot be asked now asks nothing of a row: preflight will.
func (c *campaigner) rulesOf(ctx context.Context, s batchcalls.CampaignState, in AddRecipientsInput) batchcalls.Import {
	rules := batchcalls.Import{Mapping: in.Mapping, Region: cmp.Or(in.Region, s.Settings.Region), Normalize: c.numbers.Normalize}
	if texts, err := c.agents.Texts(ctx, s.Agent); err == nil {
		rules.Required = batchcalls.RequiredVariables(texts.Texts, texts.Defaults)
	}
	return rules
}

// guess makes a mapping from the beginning of a file, which stays unread.
func guess(file *bufio.Reader, rules batchcalls.Import) (batchcalls.Mapping, error) {
	head, err := file.Peek(headRead)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	if end := bytes.LastIndexByte(head, '\n'); len(head) == headRead && end > 0 {
		head = head[:end]
	}
	preview, err := batchcalls.PreviewCSV(bytes.NewReader(head), rules)
	if err != nil {
		return nil, err
	}
	return preview.Mapping, preview.Mapping.Validate()
}

// adding is one file on its way into a campaign.
type adding struct {
	*campaigner

	ref     BatchRef
	page    []batchcalls.Row
	zones   [][]string // of the page's rows
	unzoned []int      // lines of numbers that ring nobody knows where
	out     AddedRecipients
}

func (a *adding) take(ctx context.Context, row batchcalls.Row) error {
	zones, err := a.campaigner.numbers.Zones(row.Phone)
	if err != nil {
		return err
	}
	if len(zones) == 0 {
		a.unzoned = append(a.unzoned, row.Line)
		return nil
	}
	names := make([]string, len(zones))
	for i, z := range zones {
		names[i] = z.String()
	}
	if a.page, a.zones = append(a.page, row), append(a.zones, names); len(a.page) < storedAtOnce {
		return nil
	}
	return a.flush(ctx)
}

// flush stores the page.
func (a *adding) flush(ctx context.Context) error {
	if len(a.page) == 0 {
		return nil
	}
	var known []int
	var added []batchcalls.Person
	var excluded []int
	err := a.books.tx.InTx(ctx, a.ref.Workspace, func(ctx context.Context) error {
		s, err := a.Campaigns.Lock(ctx, a.ref)
		if err != nil {
			return err
		}
		if !s.TakesPeople() {
			return wrongState(s)
		}
		if known, added, err = a.fresh(ctx, s); err != nil || len(added) == 0 {
			return err
		}
		if excluded, err = a.People.Append(ctx, a.ref, added); err != nil {
			return err
		}
		s.Total, s.Excluded = s.Total+len(added), s.Excluded+len(excluded)
		if err := a.save(ctx, &s); err != nil {
			return err
		}
		if s.Status == batchcalls.Pending || s.Status == batchcalls.InProgress {
			return a.giveTurn(ctx, a.ref)
		}
		return nil
	})
	if err != nil {
		return err
	}
	a.out.Added, a.out.Known, a.out.DoNotCall = a.out.Added+len(added), a.out.Known+len(known), a.out.DoNotCall+len(excluded)
	a.out.KnownLines = firstOf(a.out.KnownLines, known)
	for _, position := range excluded {
		at := slices.IndexFunc(added, func(p batchcalls.Person) bool { return p.Position == position })
		a.out.DNCLines = firstOf(a.out.DNCLines, []int{added[at].Line})
	}
	a.page, a.zones = a.page[:0], a.zones[:0]
	return nil
}

// fresh makes people of the rows whose number the campaign does not have.
func (a *adding) fresh(ctx context.Context, s batchcalls.CampaignState) (known []int, people []batchcalls.Person, err error) {
	phones := make([]batchcalls.Phone, len(a.page))
	for i, row := range a.page {
		phones[i] = row.Phone
	}
	there, err := a.People.Known(ctx, a.ref, phones)
	if err != nil {
		return nil, nil, err
	}
	now := a.books.now()
	for i, row := range a.page {
		if there[row.Phone] {
			known = append(known, row.Line)
			continue
		}
		r := batchcalls.Recipient{
			Batch: s.ID, Position: s.Total + len(people), Chunk: -1, Phone: row.Phone, Status: batchcalls.CallPending, UpdatedAt: now,
		}
		if r.Body, err = bodyOfRow(r.PublicRef(), row); err != nil {
			return nil, nil, fmt.Errorf("write the request of line %d: %w", row.Line, err)
		}
		people = append(people, batchcalls.Person{Recipient: r, Line: row.Line, Zones: a.zones[i], DueAt: now})
	}
	return known, people, nil
}

func firstOf(all, more []int) []int {
	return append(all, more[:min(len(more), batchcalls.Listed-len(all))]...)
}

// withUnzoned counts rows of which nobody knows what time it is where they ring as the bad ones that they are.
func withUnzoned(r batchcalls.Report, lines []int) batchcalls.Report {
	r.Good, r.Bad = r.Good-len(lines), r.Bad+len(lines)
	for _, line := range firstOf(nil, lines) {
		r.Problems = append(r.Problems, batchcalls.Problem{Line: line, Field: fault.Field{Name: "phone", Rule: batchcalls.NoZone}})
	}
	slices.SortStableFunc(r.Problems, func(a, b batchcalls.Problem) int { return cmp.Compare(a.Line, b.Line) })
	r.Problems = r.Problems[:min(len(r.Problems), batchcalls.Listed)]
	return r
}
