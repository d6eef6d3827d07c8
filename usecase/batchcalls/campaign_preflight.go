package batchcallsuc

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/tertulia-dev/tertulia/domain/batchcalls"
	"github.com/tertulia-dev/tertulia/domain/fault"
)

// Preflight is what would go wrong if the campaign started now.
type Preflight struct {
	Ready    bool          // it can be started
	Problems []fault.Field // why it cannot; Params hold the details
	Warnings []Warning

	AgentName string
	Required  []string          // variables that the agent needs of each row
	Missing   []MissingVariable // the first rows that lack one
	People    int               // who would be called
	DoNotCall int
}

// Warning is what a person should know and may go on in spite of.
type Warning struct {
	Code  WarningCode
	Count int // people whom it is about; 0 for all
}

// WarningCode names a warning.
type WarningCode string

// Warnings.
const (
	WarnBursting    WarningCode = "BURSTING_ENABLED" // calls above the account's limit are made at double the price
	WarnUnreachable WarningCode = "NEVER_OPEN"       // the window never opens where these people are
	WarnNoBudget    WarningCode = "NO_BUDGET"        // nothing bounds what the campaign costs
)

// MissingVariable is a variable that the agent needs and a row does not give.
type MissingVariable struct {
	Position, Line int
	Name           string
}

// PreflightCampaign finds out before anybody is dialled what would make calls fail.
//
// Allowed: everybody of the workspace.
// Errors: Forbidden; NotFound CALL_BATCH_NOT_FOUND; Upstream CALL_PROVIDER_ERROR.
type PreflightCampaign struct{ *campaigner }

// Execute checks the campaign as it is.
func (uc *PreflightCampaign) Execute(ctx context.Context, in CampaignRef) (Preflight, error) {
	if err := mayRead(in.Actor); err != nil {
		return Preflight{}, err
	}
	ref, err := uc.find(ctx, in)
	if err != nil {
		return Preflight{}, fmt.Errorf("preflight campaign: %w", err)
	}
	out, err := uc.check(ctx, ref)
	if err != nil {
		return Preflight{}, fmt.Errorf("preflight campaign: %w", err)
	}
	return out, nil
}

func (uc *PreflightCampaign) check(ctx context.Context, ref BatchRef) (Preflight, error) {
	s, err := uc.get(ctx, ref)
	if err != nil {
		return Preflight{}, err
	}
	p := checking{out: Preflight{DoNotCall: s.Excluded}}
	p.require(s.Settings.Consent.Kind != "", "consent.kind", fault.Required)
	if s.Settings.BudgetSeconds == 0 {
		p.out.Warnings = append(p.out.Warnings, Warning{Code: WarnNoBudget})
	}
	texts, err := uc.agents.Texts(ctx, s.Agent)
	switch {
	case fault.CodeOf(err) == batchcalls.AgentNotFound:
		p.require(false, "agentId", batchcalls.AgentNotFound)
	case err != nil:
		return Preflight{}, err
	}
	p.agent(texts)
	err = uc.finder.reader.Read(ctx, ref.Workspace, func(ctx context.Context) error {
		if err := uc.Scan.Each(ctx, ref, p.person); err != nil {
			return err
		}
		zones, err := uc.Waiting.Zones(ctx, ref)
		if err != nil {
			return err
		}
		return p.windows(uc.books.now(), s.Settings, zones)
	})
	if err != nil {
		return Preflight{}, err
	}
	return p.conclude(), nil
}

// checking is one preflight.
type checking struct {
	wrong   fault.Fields
	out     Preflight
	allowed []string
	known   bool           // the agent was found
	missing map[string]int // rows that lack a variable
	first   map[string]int // the line of the first of them
	refused map[string]bool
}

func (p *checking) require(ok bool, field string, rule fault.Code, params ...string) {
	p.wrong.Require(ok, field, rule, params...)
}

func (p *checking) agent(a AgentTexts) {
	p.missing, p.first, p.refused = map[string]int{}, map[string]int{}, map[string]bool{}
	p.out.AgentName, p.allowed, p.known = a.Name, a.Overrides, a.Texts != nil
	p.out.Required = batchcalls.RequiredVariables(a.Texts, a.Defaults)
	if a.Bursting {
		p.out.Warnings = append(p.out.Warnings, Warning{Code: WarnBursting})
	}
}

// person looks at what one call would be given.
func (p *checking) person(r batchcalls.Person) error {
	if r.DueAt.IsZero() {
		return nil
	}
	p.out.People++
	variables, overrides := readBody(r.Body)
	for _, name := range batchcalls.MissingVariables(p.out.Required, variables) {
		if p.missing[name]++; p.missing[name] == 1 {
			p.first[name] = r.Line
		}
		if len(p.out.Missing) < batchcalls.Listed {
			p.out.Missing = append(p.out.Missing, MissingVariable{Position: r.Position, Line: r.Line, Name: name})
		}
	}
	for _, name := range overrides {
		if p.known && !slices.Contains(p.allowed, name) {
			p.refused[name] = true
		}
	}
	return nil
}

// windows finds those whom the window never lets be called.
func (p *checking) windows(now time.Time, s batchcalls.Settings, zones map[string]int) error {
	never, all := 0, 0
	for names, n := range zones {
		locations, err := locationsOf(strings.Fields(names))
		if err != nil {
			return err
		}
		if _, opens := s.Window.Next(now, locations, s.Estimate); !opens {
			never += n
		}
		all += n
	}
	switch {
	case all == 0:
		p.require(false, "recipients", batchcalls.NobodyToCall)
	case never == all:
		p.require(false, "window", batchcalls.NeverOpen)
	case never > 0:
		p.out.Warnings = append(p.out.Warnings, Warning{Code: WarnUnreachable, Count: never})
	}
	return nil
}

func (p *checking) conclude() Preflight {
	for _, name := range slices.Sorted(maps.Keys(p.missing)) {
		p.require(false, "recipients", batchcalls.MissingVariable,
			"name", name, "count", strconv.Itoa(p.missing[name]), "line", strconv.Itoa(p.first[name]))
	}
	for _, name := range slices.Sorted(maps.Keys(p.refused)) {
		p.require(false, "recipients", batchcalls.OverrideRefused, "name", name)
	}
	found, isFound := errors.AsType[*fault.Error](p.wrong.Err())
	if p.out.Ready = !isFound; isFound {
		p.out.Problems = found.Fields
	}
	slices.SortFunc(p.out.Warnings, func(a, b Warning) int { return cmp.Compare(a.Code, b.Code) })
	return p.out
}

// locationsOf loads zones by name.
func locationsOf(names []string) ([]*time.Location, error) {
	zones := make([]*time.Location, len(names))
	for i, name := range names {
		zone, err := time.LoadLocation(name)
		if err != nil {
			return nil, fmt.Errorf("load a time zone: %w", err)
		}
		zones[i] = zone
	}
	return zones, nil
}
