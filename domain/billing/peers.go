package billing

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"time"
)

//go:embed peers.json
var peers []byte

// PeerPrice is what another product publishes about its price.
type PeerPrice struct {
	Product string `json:"product"`
	Plan    string `json:"plan"`
	USD     string `json:"usd"`  // as published; empty when nothing is
	Unit    string `json:"unit"` // what the price is for: "seat" (a month) or "credit"
	AsOf    string `json:"asOf"` // the day on which it was looked up
	Source  string `json:"source"`
}

// Peers returns what the products of the field publish, as it ships.
func Peers() ([]PeerPrice, error) {
	var list []PeerPrice
	if err := json.Unmarshal(peers, &list); err != nil {
		return nil, fmt.Errorf("read the peers' prices: %w", err)
	}
	for _, p := range list {
		if _, err := time.Parse(time.DateOnly, p.AsOf); err != nil || p.Product == "" || p.Source == "" {
			return nil, fmt.Errorf("read the peers' prices: %q wants product, asOf and source", p.Product)
		}
	}
	return list, nil
}

// ListHour is what an hour of a meeting costs at list prices.
type ListHour struct {
	Kind     Kind
	Resource string
	Quantity int64
	Price    Price
	Amount   Micros
}

// Of one hour of talk, about 9,500 words: what one analysis reads and writes.
const (
	hourSeconds      = 3600
	hourInputTokens  = 17_000
	hourOutputTokens = 2_000
)

// HourAt returns what an hour uses, analysed once by the given model, and what that costs by the list at a time. What has no
// listed price is left out.
func (l PriceList) HourAt(model string, at time.Time) []ListHour {
	var lines []ListHour
	for _, u := range []ListHour{
		{Kind: Notetaker, Resource: "recall.ai", Quantity: hourSeconds},
		{Kind: Transcription, Resource: "recall.ai", Quantity: hourSeconds},
		{Kind: ModelInput, Resource: model, Quantity: hourInputTokens},
		{Kind: ModelOutput, Resource: model, Quantity: hourOutputTokens},
	} {
		price, ok := l.Find(u.Kind, u.Resource, at)
		if !ok {
			continue
		}
		u.Price, u.Amount = price, price.Of(u.Quantity)
		lines = append(lines, u)
	}
	return lines
}
