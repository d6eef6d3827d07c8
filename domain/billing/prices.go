package billing

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"regexp"
	"time"
)

// published is the list that ships: each price with the day it was read and where.
//
//go:embed prices.json
var published []byte

// PriceList knows prices and since when they hold.
type PriceList []listed

type listed struct {
	Kind     Kind   `json:"kind"`
	Resource string `json:"resource"`
	Micros   Micros `json:"micros"`
	Per      int64  `json:"per"`
	AsOf     string `json:"asOf"`
	Source   string `json:"source"`

	asOf time.Time
}

// Published returns the list that ships with the program.
func Published() (PriceList, error) { return ParsePrices(published) }

// ParsePrices reads a list as JSON: [{kind, resource, micros, per, asOf: "2026-11-20", source}], micros of a dollar for
// every per units of the kind. Every field is required.
func ParsePrices(raw []byte) (PriceList, error) {
	var list PriceList
	if err := json.Unmarshal(raw, &list); err != nil {
		return nil, fmt.Errorf("read prices: %w", err)
	}
	for i := range list {
		p := &list[i]
		asOf, err := time.Parse(time.DateOnly, p.AsOf)
		if err != nil || p.Kind.Unit() == "" || p.Resource == "" || p.Source == "" || p.Micros < 0 || p.Per <= 0 {
			return nil, fmt.Errorf("read prices: entry %d (%s of %q) wants kind, resource, micros, per, asOf and source", i+1, p.Kind, p.Resource)
		}
		p.asOf = asOf
	}
	return list, nil
}

// dated is the suffix by which a provider tells the versions of a model apart: gpt-4o-2024-08-06.
var dated = regexp.MustCompile(`-\d{4}-\d{2}-\d{2}$`)

// Find returns the price that held at a time: the newest from before, else the oldest that is known. A dated model costs
// what its name without the date does, unless the list has it.
func (l PriceList) Find(kind Kind, resource string, at time.Time) (Price, bool) {
	if p, ok := l.find(kind, resource, at); ok {
		return p, true
	}
	return l.find(kind, dated.ReplaceAllString(resource, ""), at)
}

func (l PriceList) find(kind Kind, resource string, at time.Time) (Price, bool) {
	var best *listed
	for i := range l {
		p := &l[i]
		if p.Kind != kind || p.Resource != resource {
			continue
		}
		holds, bestHolds := !p.asOf.After(at), best != nil && !best.asOf.After(at)
		switch {
		case best == nil, holds && !bestHolds, holds && p.asOf.After(best.asOf), !holds && !bestHolds && p.asOf.Before(best.asOf):
			best = p
		}
	}
	if best == nil {
		return Price{}, false
	}
	return Price{Amount: best.Micros, Per: best.Per, AsOf: best.asOf, Source: best.Source}, true
}
