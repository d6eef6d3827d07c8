package batchcalls

import (
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/tertulia-dev/tertulia/domain/fault"
	"github.com/tertulia-dev/tertulia/domain/kernel"
)

// ConsentKind is on what ground people may be called by a machine.
type ConsentKind string

// Grounds. In the United States an artificial voice needs prior express consent, written for marketing (FCC 24-17).
const (
	ExpressWritten   ConsentKind = "express_written"
	Express          ConsentKind = "express"
	ExistingCustomer ConsentKind = "existing_customer"
	OtherGround      ConsentKind = "other" // told in the note
)

// Consent is the ground of a campaign, as a person has declared it. The zero value is none.
type Consent struct {
	Kind ConsentKind
	Note string
	By   string // who declared it: a name, or what a service is called
	At   time.Time
}

// Limits bound how fast a campaign calls.
type Limits struct {
	MaxConcurrent  int  // calls at once
	CallsPerSecond Rate // calls that begin; 0 for no limit
	ChunkSize      int  // people in one request to the provider
	DailyCalls     int  // to one number within any 24 hours, of all campaigns; 0 for no limit
}

// Settings are what a campaign promises to keep.
type Settings struct {
	Consent       Consent
	Window        Window
	Region        string // of numbers without a country code, an ISO 3166 code; "" for none
	Limits        Limits
	Retry         RetryPolicy
	BudgetSeconds int64         // of talking; 0 for no cap
	Estimate      time.Duration // of one call
	Breaker       bool
	RetentionDays int // after its end, that phones, bodies and transcripts are kept; 0 for ever
}

// Bounds of settings.
const (
	maxChunk         = 500
	maxDailyCalls    = 10
	maxRetentionDays = 3650
	maxBudgetMinutes = 1_000_000
	minEstimate      = 10 * time.Second
	maxConsentNote   = 2000
)

// DefaultSettings are a campaign's while nobody has said otherwise.
func DefaultSettings() Settings {
	return Settings{
		Window: DefaultWindow(), Limits: Limits{MaxConcurrent: 10, ChunkSize: 50}, Retry: RetryPolicy{MaxAttempts: 3},
		Estimate: DefaultCallEstimate, Breaker: true,
	}
}

// Validate returns nil for settings that can be kept, else Invalid VALIDATION_ERROR with every wrong field.
func (s Settings) Validate() error {
	var wrong fault.Fields
	s.Consent.validate(&wrong)
	wrong.Join(s.Window.Validate())
	wrong.Join(s.Retry.Validate())
	wrong.Require(s.Region == "" || isRegion(s.Region), "defaultRegion", fault.BadFormat, "expected", "MX")
	within(&wrong, "limits.maxConcurrent", s.Limits.MaxConcurrent, 1, maxConcurrency)
	within(&wrong, "limits.chunkSize", s.Limits.ChunkSize, 1, maxChunk)
	within(&wrong, "limits.dailyCalls", s.Limits.DailyCalls, 0, maxDailyCalls)
	wrong.Require(0 <= s.Limits.CallsPerSecond && s.Limits.CallsPerSecond <= maxPerSecond, "limits.callsPerSecond", fault.OutOfRange,
		"min", "0", "max", strconv.Itoa(maxPerSecond))
	within(&wrong, "budget.minutes", s.BudgetSeconds/60, 0, maxBudgetMinutes)
	within(&wrong, "budget.estimateSeconds", s.Estimate/time.Second, minEstimate/time.Second, maxEstimate/time.Second)
	within(&wrong, "retentionDays", s.RetentionDays, 0, maxRetentionDays)
	return wrong.Err()
}

func within[N ~int | ~int64](wrong *fault.Fields, name string, n, lowest, highest N) {
	wrong.Require(lowest <= n && n <= highest, name, fault.OutOfRange,
		"min", strconv.FormatInt(int64(lowest), 10), "max", strconv.FormatInt(int64(highest), 10))
}

func (c Consent) validate(wrong *fault.Fields) {
	kinds := []ConsentKind{"", ExpressWritten, Express, ExistingCustomer, OtherGround}
	wrong.Require(slices.Contains(kinds, c.Kind), "consent.kind", fault.OneOf,
		"allowed", "express_written, express, existing_customer, other")
	wrong.Require(c.Kind != OtherGround || strings.TrimSpace(c.Note) != "", "consent.note", fault.Required)
	wrong.Require(utf8.RuneCountInString(c.Note) <= maxConsentNote, "consent.note", fault.TooLong, "max", strconv.Itoa(maxConsentNote))
}

func isRegion(s string) bool {
	return len(s) == 2 && 'A' <= s[0] && s[0] <= 'Z' && 'A' <= s[1] && s[1] <= 'Z'
}

// Rules are what a dispatch of the campaign keeps to.
func (s Settings) Rules() DispatchRules {
	rules := DispatchRules{
		Window: s.Window, Concurrency: s.Limits.MaxConcurrent, PerSecond: s.Limits.CallsPerSecond, MaxAttempts: s.Retry.MaxAttempts,
		DailyCap: s.Limits.DailyCalls, Estimate: s.Estimate,
	}
	if s.Breaker {
		rules.Breaker = DefaultBreaker()
	}
	return rules
}

// PauseReason is why a campaign stands still until a person resumes it.
type PauseReason string

// Reasons.
const (
	PausedByPerson   PauseReason = "person"
	PausedByBreaker  PauseReason = "breaker"
	PausedByBudget   PauseReason = "budget"   // nothing more fits
	PausedByProvider PauseReason = "provider" // it refused a request; see PauseDetail
)

// CampaignState is where a campaign stands: a batch of the kind Campaign with what is more to it.
type CampaignState struct {
	Batch
	Settings     Settings
	StartAt      time.Time // not before; zero for as soon as it is started
	PauseReason  PauseReason
	PauseDetail  string    // what the provider said, while it is the reason
	ResumedAt    time.Time // when a person last set it going
	Bucket       Bucket
	SpentSeconds int64     // of talking, so far; calls under way are not in it
	Live         int       // calls under way, doubtful ones too
	Waiting      Reason    // why nobody else is called now; "" while there is no such reason
	NextLook     time.Time // when it is looked again whom to call; zero: when something happens
	EndedAt      time.Time
	PurgedAt     time.Time
}

// Budget is what the campaign may still talk. Calls under way are reserved with the estimate of now, so that a changed
// estimate leaves nothing behind.
func (c CampaignState) Budget() Budget {
	return Budget{
		CapSeconds: c.Settings.BudgetSeconds, SpentSeconds: c.SpentSeconds,
		ReservedSeconds: int64(c.Live) * BySecond.Seconds(c.Settings.Estimate),
	}
}

// PurgeAt is when what is personal of a campaign that has ended is erased; only for one that keeps it for some days.
func (c CampaignState) PurgeAt() time.Time { return c.EndedAt.AddDate(0, 0, c.Settings.RetentionDays) }

// IsEditable reports whether its settings may change.
func (c CampaignState) IsEditable() bool { return c.Status == Draft || c.Status == Paused }

// TakesPeople reports whether people may be added.
func (c CampaignState) TakesPeople() bool { return !c.Status.IsFinal() }

// Person is a recipient of a campaign, and when it may be called.
type Person struct {
	Recipient
	Line  int       // of the file that it came from; 0 for none
	Zones []string  // IANA names of wherever the number may be
	DueAt time.Time // of the next attempt; zero when there is none
}

// declaredBy names a principal to other people.
func declaredBy(p kernel.Principal) string {
	switch {
	case p.Name != "":
		return p.Name
	case p.Rep != "":
		return p.Rep.String()
	default:
		return "service"
	}
}

// Declare signs a consent: by whom, and when. One that was signed before, and says the same, stays as it was.
func (c Consent) Declare(by kernel.Principal, at time.Time, before Consent) Consent {
	if c.Kind == before.Kind && c.Note == before.Note {
		return before
	}
	if c.Kind == "" {
		return Consent{}
	}
	c.By, c.At = declaredBy(by), at
	return c
}
