// Package billing holds what the system uses at vendors on behalf of a workspace, and what that costs: an entry says how
// much of what was used, when, for which meeting, and at which published price.
package billing

import (
	"fmt"
	"math/bits"
	"time"

	"github.com/tertulia-dev/tertulia/domain/kernel"
)

// Micros is an amount of money in millionths of a US dollar. Minor units are too coarse here: a thousand tokens of a small
// model cost a hundredth of a cent, and vendors publish in dollars whatever the customer is invoiced in.
type Micros int64

// Dollars returns the amount in dollars, exact to six decimals for all that is read as money.
func (m Micros) Dollars() float64 { return float64(m) / 1e6 }

// String writes dollars with all six decimals, as in "0.065130".
func (m Micros) String() string {
	sign := ""
	if m < 0 {
		sign, m = "-", -m
	}
	return fmt.Sprintf("%s%d.%06d", sign, m/1e6, m%1e6)
}

// Kind is what was used. A kind has one unit, in which quantities are whole numbers, so that sums are exact.
type Kind string

// Kinds, with their units.
const (
	ModelInput    Kind = "model_input_tokens"    // tokens, those that the provider had cached left out
	ModelCached   Kind = "model_cached_tokens"   // tokens of the input that the provider had cached
	ModelOutput   Kind = "model_output_tokens"   // tokens
	Notetaker     Kind = "notetaker_seconds"     // seconds from joining the call, the waiting room included, to the shutdown
	Transcription Kind = "transcription_seconds" // seconds of recording that were transcribed
	Storage       Kind = "storage_byte_days"     // bytes times days for which they were kept
)

// Unit returns the unit of the kind's quantities.
func (k Kind) Unit() string {
	switch k {
	case ModelInput, ModelCached, ModelOutput:
		return "token"
	case Notetaker, Transcription:
		return "second"
	case Storage:
		return "byte-day"
	default:
		return ""
	}
}

// Activity is what something was used for.
type Activity string

// Activities.
const (
	Recording Activity = "recording" // the notetaker in the call, and the transcript it makes
	Analysis  Activity = "analysis"
	Chat      Activity = "chat"
	AgentTest Activity = "agent_test"
	Keeping   Activity = "storage"
)

// Usage is one entry of the ledger. Source names what it was used by, as in an analysis' ID or "<meeting>/2026-11-21": a
// source has at most one entry a kind, however often it is recorded.
type Usage struct {
	ID        string
	Workspace kernel.WorkspaceID
	Meeting   string // empty when it is no meeting's
	Activity  Activity
	Kind      Kind
	Resource  string // which model, which vendor
	Quantity  int64  // in the kind's unit
	Estimated bool   // by us: the vendor has not told
	Source    string
	At        time.Time
	Price     *Price // nil while nobody has published one that we know
}

// Amount returns what it costs, false when no price is known.
func (u Usage) Amount() (Micros, bool) {
	if u.Price == nil {
		return 0, false
	}
	return u.Price.Of(u.Quantity), true
}

// Price is a published price: Amount for every Per units.
type Price struct {
	Amount Micros
	Per    int64
	AsOf   time.Time // the day on which it was published, or read
	Source string
}

// Of returns the price of a quantity, rounded to the nearest micro-dollar, halves up. A quantity whose price does not fit
// costs the most that does.
func (p Price) Of(quantity int64) Micros {
	if quantity <= 0 || p.Per <= 0 || p.Amount <= 0 {
		return 0
	}
	hi, lo := bits.Mul64(uint64(quantity), uint64(p.Amount))
	lo, carry := bits.Add64(lo, uint64(p.Per)/2, 0)
	hi += carry
	if hi >= uint64(p.Per) {
		return 1<<63 - 1
	}
	quotient, _ := bits.Div64(hi, lo, uint64(p.Per))
	return Micros(min(quotient, 1<<63-1))
}
