package hubspot

import (
	"cmp"
	"encoding/json"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/tertulia-dev/tertulia/infrastructure/sandbox/core"
)

// searchBody is the body of POST …/{type}/search.
type searchBody struct {
	Query        string            `json:"query"`
	FilterGroups []filterGroup     `json:"filterGroups"`
	Sorts        []json.RawMessage `json:"sorts"`
	Properties   []string          `json:"properties"`
	Limit        int               `json:"limit"`
	After        json.RawMessage   `json:"after"`
}

type filterGroup struct {
	Filters []filter `json:"filters"`
}

// The vendor's bounds of a search.
const (
	maxQuery    = 3_000
	maxPage     = 200
	maxResults  = 10_000
	maxGroups   = 5
	maxPerGroup = 6
	maxFilters  = 18
)

// search: POST /crm/objects/{version}/{type}/search. Groups are alternatives, the filters of a group hold together.
func (d *Double) search(w http.ResponseWriter, r *http.Request) {
	var body searchBody
	if !readJSON(w, r, &body) {
		return
	}
	d.withKind(w, r, func(k kind) {
		if bad := d.checkSearch(k, &body); bad != nil {
			refuse(w, *bad)
			return
		}
		found := slices.DeleteFunc(slices.Clone(d.objects[k.name]), func(r *record) bool {
			return d.now().Before(r.created.Add(d.indexLag)) || !matchesQuery(r, body.Query) || !d.matchesAny(r, body.FilterGroups)
		})
		order(found, body.Sorts)
		page, paging := pageOf(found, body.cursor(), body.Limit)
		answer := map[string]any{"total": len(found), "results": jsonAll(page, body.Properties)}
		if paging != nil {
			answer["paging"] = paging
		}
		core.WriteJSON(w, http.StatusOK, answer)
	})
}

// cursor reads after, which clients send as a string or as a number.
func (b *searchBody) cursor() string { return strings.Trim(string(b.After), `"`) }

func (p *portal) checkSearch(k kind, b *searchBody) *apiError {
	if b.Limit == 0 {
		b.Limit = 10
	}
	total := 0
	for _, g := range b.FilterGroups {
		total += len(g.Filters)
		if len(g.Filters) > maxPerGroup {
			return invalid("There was a problem with the request: a filter group can have at most %d filters", maxPerGroup)
		}
		for _, f := range g.Filters {
			if bad := p.checkFilter(k, f); bad != nil {
				return bad
			}
		}
	}
	after := atoi(b.cursor(), 0, maxResults+1)
	switch {
	case utf8.RuneCountInString(b.Query) > maxQuery:
		return invalid("There was a problem with the request: query can have at most %d characters", maxQuery)
	case b.Limit < 0 || b.Limit > maxPage:
		return invalid("There was a problem with the request: limit must be from 1 to %d", maxPage)
	case after+b.Limit > maxResults:
		return invalid("There was a problem with the request: paging past %d results is not supported", maxResults)
	case len(b.FilterGroups) > maxGroups || total > maxFilters:
		return invalid("There was a problem with the request: at most %d filter groups and %d filters are supported", maxGroups, maxFilters)
	case b.cursor() != "" && b.cursor() != "null" && strings.Trim(b.cursor(), "0123456789") != "":
		return invalid("There was a problem with the request: after must be a paging cursor")
	}
	return nil
}

func (p *portal) checkFilter(k kind, f filter) *apiError {
	if _, isLink := strings.CutPrefix(f.Property, "associations."); !isLink && !p.knows(k, f.Property) {
		return wrongProperty(f.Property, "PROPERTY_DOESNT_EXIST", "Property %q does not exist", f.Property)
	}
	if !f.known() {
		return invalid("Invalid input JSON: operator %q is not one of the filter operators", f.Operator)
	}
	return nil
}

// matchesQuery tells whether every word of the query begins a word of the record's texts.
func matchesQuery(r *record, query string) bool {
	var have []string
	for _, name := range r.kind.texts {
		have = append(have, tokens(r.properties[name])...)
	}
	for _, word := range tokens(query) {
		if !slices.ContainsFunc(have, func(token string) bool { return strings.HasPrefix(token, word) }) {
			return false
		}
	}
	return true
}

func (p *portal) matchesAny(r *record, groups []filterGroup) bool {
	return len(groups) == 0 || slices.ContainsFunc(groups, func(g filterGroup) bool {
		return !slices.ContainsFunc(g.Filters, func(f filter) bool { return !p.matches(r, f) })
	})
}

// order sorts by the first of sorts: a property's name, with - before it for descending, or an object with a direction.
func order(found []*record, sorts []json.RawMessage) {
	if len(sorts) == 0 {
		return
	}
	var sort struct {
		Property  string `json:"propertyName"`
		Direction string `json:"direction"`
	}
	if json.Unmarshal(sorts[0], &sort.Property) == nil {
		if name, descending := strings.CutPrefix(sort.Property, "-"); descending {
			sort.Property, sort.Direction = name, "DESCENDING"
		}
	} else if json.Unmarshal(sorts[0], &sort) != nil {
		return
	}
	slices.SortStableFunc(found, func(a, b *record) int {
		way := compare(a.properties[sort.Property], b.properties[sort.Property])
		if strings.HasPrefix(sort.Direction, "DESC") {
			return -way
		}
		return way
	})
}

// compare orders two values as numbers where both are, as moments where both are, and as text otherwise.
func compare(a, b string) int {
	x, errX := strconv.ParseFloat(a, 64)
	y, errY := strconv.ParseFloat(b, 64)
	if errX == nil && errY == nil {
		return cmp.Compare(x, y)
	}
	s, isS := parseMoment(a)
	t, isT := parseMoment(b)
	if isS && isT {
		return s.Compare(t)
	}
	return cmp.Compare(strings.ToLower(a), strings.ToLower(b))
}
