// Package archtest holds the import rules of the architecture: which layer may know which. The rules are data; Check
// applies them to the packages of the module and names every import that breaks one.
package archtest

import (
	"fmt"
	"slices"
	"strings"
)

// Module is the import path that all of our packages begin with.
const Module = "github.com/tertulia-dev/tertulia/"

// Package is one package and what its non-test files import.
type Package struct {
	ImportPath string
	Imports    []string
}

// Violation is one import that no rule allows.
type Violation struct {
	From, To string
	Why      string
}

// String tells who imports what and why that is wrong.
func (v Violation) String() string { return fmt.Sprintf("%s imports %s: %s", v.From, v.To, v.Why) }

// Check returns every import that breaks a rule, in the order of the packages.
func Check(packages []Package) []Violation {
	var found []Violation
	for _, p := range packages {
		from, ours := strings.CutPrefix(p.ImportPath, Module)
		if !ours {
			continue
		}
		for _, to := range p.Imports {
			if why := verdict(from, to); why != "" {
				found = append(found, Violation{From: p.ImportPath, To: to, Why: why})
			}
		}
	}
	return found
}

// verdict returns why the import is wrong, "" when it is allowed.
func verdict(from, to string) string {
	local, ours := strings.CutPrefix(to, Module)
	r := ruleFor(from)
	if !ours {
		return r.external(to)
	}
	if local == from || r.allows(local) {
		return ""
	}
	return r.name + " may not know it"
}

// rule says what one package may import from this module and from outside.
type rule struct {
	name     string
	local    []string // path prefixes; "x/" allows everything below x
	deny     []string // prefixes that local would allow and that are still wrong
	stdOnly  bool     // no third party
	denyStd  []string // standard packages that are wrong here
	denyThem []string // third-party prefixes that are wrong here
}

func (r rule) allows(local string) bool {
	match := func(prefix string) bool {
		return local == strings.TrimSuffix(prefix, "/") || strings.HasSuffix(prefix, "/") && strings.HasPrefix(local, prefix)
	}
	return slices.ContainsFunc(r.local, match) && !slices.ContainsFunc(r.deny, match)
}

func (r rule) external(to string) string {
	thirdParty := strings.Contains(strings.Split(to, "/")[0], ".")
	under := func(prefix string) bool { return to == prefix || strings.HasPrefix(to, prefix+"/") }
	switch {
	case thirdParty && r.stdOnly:
		return r.name + " uses the standard library only"
	case slices.ContainsFunc(r.denyThem, under), slices.ContainsFunc(r.denyStd, under):
		return r.name + " may not use it"
	default:
		return ""
	}
}
