package agents

import (
	"regexp"
	"slices"
	"time"
)

// Model is what is known of a language model. Prices are in the price list of billing.
type Model struct {
	Name              string
	FileSearch        bool      // can search in a store of files
	Temperature       bool      // takes temperature and top_p; models that reason refuse them
	StructuredOutputs bool      // answers in the form of a strict JSON schema
	ContextTokens     int       // most that it reads; 0: unknown
	ShutdownAt        time.Time // the day from which it answers no more; zero: none is announced
	Successor         string    // takes its place then; "" when nobody has named one
}

// standing is what stands in for every retired model that has no closer successor.
const standing = "gpt-6-luna"

// Context sizes, in tokens.
const (
	wide   = 1_050_000
	long   = 1_047_576
	medium = 400_000
	small  = 200_000
	short  = 128_000
)

// Models returns the models that an agent may be given, newest first: OpenAI's, as its model and deprecation pages had
// them on 2026-11-20. Those that reason refuse temperature and top_p.
func Models() []Model {
	return []Model{
		{Name: "gpt-6-luna", FileSearch: true, StructuredOutputs: true, ContextTokens: wide},
		{Name: "gpt-6.1-terra", FileSearch: true, StructuredOutputs: true, ContextTokens: wide},
		{Name: "gpt-6.1-sol", FileSearch: true, StructuredOutputs: true, ContextTokens: wide},
		{Name: "gpt-6-astra", FileSearch: true, StructuredOutputs: true, ContextTokens: wide},
		{Name: "gpt-5.6-luna", FileSearch: true, StructuredOutputs: true, ContextTokens: wide},
		{Name: "gpt-5.4", FileSearch: true, StructuredOutputs: true, ContextTokens: wide},
		{Name: "gpt-5.4-mini", FileSearch: true, StructuredOutputs: true, ContextTokens: medium},
		ending("gpt-5.4-nano", "2027-04-01", Model{StructuredOutputs: true, ContextTokens: medium}),
		ending("gpt-5.1", "2027-04-01", Model{FileSearch: true, StructuredOutputs: true, ContextTokens: medium}),
		ending("gpt-5", "2026-12-11", Model{FileSearch: true, StructuredOutputs: true, ContextTokens: medium}),
		ending("gpt-5-mini", "2026-12-11", Model{FileSearch: true, StructuredOutputs: true, ContextTokens: medium}),
		ending("gpt-5-nano", "2026-12-11", Model{FileSearch: true, StructuredOutputs: true, ContextTokens: medium}),
		ending("o3", "2026-12-11", Model{FileSearch: true, StructuredOutputs: true, ContextTokens: small}),
		ending("gpt-4.1", "2027-01-14", Model{FileSearch: true, StructuredOutputs: true, Temperature: true, ContextTokens: long}),
		ending("gpt-4.1-mini", "2027-01-14", Model{FileSearch: true, StructuredOutputs: true, Temperature: true, ContextTokens: long}),
		ending("gpt-4.1-nano", "2026-10-23", Model{StructuredOutputs: true, Temperature: true, ContextTokens: long}),
		ending("gpt-4o", "2027-01-14", Model{FileSearch: true, StructuredOutputs: true, Temperature: true, ContextTokens: short}),
		ending("gpt-4o-mini", "2027-01-14", Model{FileSearch: true, StructuredOutputs: true, Temperature: true, ContextTokens: short}),
	}
}

// ending completes a model whose end is announced, as a date of the provider's deprecations page.
func ending(name, date string, m Model) Model {
	m.Name, m.Successor = name, standing
	m.ShutdownAt, _ = time.Parse(time.DateOnly, date) // a test reads every one
	return m
}

// snapshot is the date by which a provider tells the versions of a model apart: gpt-4o-2024-08-06.
var snapshot = regexp.MustCompile(`-\d{4}-\d{2}-\d{2}$`)

// FindModel returns a model of the list, by its name or by that of a dated version of it.
func FindModel(name string) (Model, bool) {
	base := snapshot.ReplaceAllString(name, "")
	i := slices.IndexFunc(Models(), func(m Model) bool { return m.Name == base })
	if i < 0 {
		return Model{}, false
	}
	m := Models()[i]
	m.Name = name
	return m, true
}

// KnownModel returns what is known of a model. One that is not of the list is an operator's own, behind a compatible base
// URL: it is taken to read schemas and parameters, and to know nothing of the provider's files.
func KnownModel(name string) Model {
	if m, ok := FindModel(name); ok {
		return m
	}
	return Model{Name: name, Temperature: true, StructuredOutputs: true}
}

// IsRetired reports whether the model has ended by its announced date.
func (m Model) IsRetired(at time.Time) bool {
	return !m.ShutdownAt.IsZero() && !at.Before(m.ShutdownAt)
}

// Serving returns the model that answers for the one of that name at a time: itself, or the nearest successor that has not
// ended. gone tells those that the provider refuses although they should not have ended yet. Where there is no successor
// the model itself is returned, for its refusal to be seen.
func Serving(name string, at time.Time, gone func(model string) bool) Model {
	m := KnownModel(name)
	for range len(Models()) { // a chain of successors is no longer than the list
		if !m.IsRetired(at) && !gone(m.Name) || m.Successor == "" || m.Successor == m.Name {
			return m
		}
		m = KnownModel(m.Successor)
	}
	return m
}

// Taken returns the parameters as far as the model takes them.
func (m Model) Taken(p Params) Params {
	if m.Temperature {
		return p
	}
	return Params{}
}
