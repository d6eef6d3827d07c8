package hubspot

import (
	"slices"
	"strconv"
	"time"
)

// isoMillis is how the vendor writes times.
const isoMillis = "2006-01-02T15:04:05.000Z"

// portal is all that an account holds. Its methods want the double's lock held.
type portal struct {
	now     func() time.Time
	objects map[string][]*record // by kind, oldest first
	owners  []owner
	links   map[end][]link
	lastID  int
	limits

	// indexLag is how long a new record stays hidden from search.
	indexLag time.Duration
	// required are the properties that this portal demands on creation, beyond the vendor's own, by kind.
	required map[string][]string
	// custom are the portal's own properties, by kind.
	custom map[string][]string
}

// record is one CRM object.
type record struct {
	kind       kind
	id         string
	properties map[string]string
	created    time.Time
	updated    time.Time
}

// end is one end of an association.
type end struct{ kind, id string }

// link leads from one end to another; both directions are stored.
type link struct {
	to    end
	types []int
}

type owner struct {
	ID        string `json:"id"`
	Email     string `json:"email"`
	FirstName string `json:"firstName"`
	LastName  string `json:"lastName"`
	Archived  bool   `json:"archived"`
}

func newPortal(now func() time.Time) portal {
	return portal{
		now: now, objects: map[string][]*record{}, links: map[end][]link{}, lastID: 50_000,
		limits: newLimits(defaultSearches, defaultBurst, defaultDaily, now),
	}
}

func (p *portal) nextID() string {
	p.lastID++
	return strconv.Itoa(p.lastID)
}

// add stores a record that was checked.
func (p *portal) add(k kind, id string, properties map[string]string) *record {
	if id == "" {
		id = p.nextID()
	}
	r := &record{kind: k, id: id, properties: map[string]string{}, created: p.now(), updated: p.now()}
	r.set(properties, r.created)
	p.objects[k.name] = append(p.objects[k.name], r)
	return r
}

// find looks a record up by its ID, or by the unique property email.
func (p *portal) find(k kind, id, idProperty string) (*record, bool) {
	i := slices.IndexFunc(p.objects[k.name], func(r *record) bool {
		if idProperty != "" && idProperty != "hs_object_id" {
			return id != "" && foldEqual(r.properties[idProperty], id)
		}
		return r.id == id
	})
	if i < 0 {
		return nil, false
	}
	return p.objects[k.name][i], true
}

// remove archives a record: it is found no more, and neither are its associations.
func (p *portal) remove(r *record) {
	p.objects[r.kind.name] = slices.DeleteFunc(p.objects[r.kind.name], func(other *record) bool { return other == r })
	for _, l := range p.links[r.end()] {
		p.unlink(r.end(), l.to)
	}
}

// connect joins two ends by a type, and back by the opposite one.
func (p *portal) connect(from, to end, typeID int) {
	p.point(from, to, typeID)
	p.point(to, from, defaults()[pair{to.kind, from.kind}])
}

func (p *portal) point(from, to end, typeID int) {
	for i, l := range p.links[from] {
		if l.to == to {
			if !slices.Contains(l.types, typeID) {
				p.links[from][i].types = append(l.types, typeID)
			}
			return
		}
	}
	p.links[from] = append(p.links[from], link{to: to, types: []int{typeID}})
}

func (p *portal) unlink(a, b end) {
	for _, way := range []struct{ from, to end }{{a, b}, {b, a}} {
		p.links[way.from] = slices.DeleteFunc(slices.Clone(p.links[way.from]), func(l link) bool { return l.to == way.to })
	}
}

// linked are the links from an end to objects of a kind.
func (p *portal) linked(from end, toKind string) []link {
	var found []link
	for _, l := range p.links[from] {
		if l.to.kind == toKind {
			found = append(found, l)
		}
	}
	return found
}

func (p *portal) knows(k kind, property string) bool {
	return slices.Contains(k.properties, property) || listed(automatic, property) ||
		slices.Contains(p.custom[k.name], property)
}

func (p *portal) owner(id string) (owner, bool) {
	i := slices.IndexFunc(p.owners, func(o owner) bool { return o.ID == id })
	if i < 0 {
		return owner{}, false
	}
	return p.owners[i], true
}

func (r *record) end() end { return end{r.kind.name, r.id} }

// set writes properties and what follows from them.
func (r *record) set(properties map[string]string, at time.Time) {
	for name, value := range properties {
		if moment, ok := parseMoment(value); ok && listed(moments, name) {
			value = moment.Format(isoMillis)
		}
		r.properties[name] = value
	}
	r.updated = at
	if r.kind.name == "deals" {
		stage := r.properties["dealstage"]
		r.properties["hs_is_closed"] = strconv.FormatBool(stage == "closedwon" || stage == "closedlost")
		r.properties["hs_is_closed_won"] = strconv.FormatBool(stage == "closedwon")
	}
	r.properties["hs_object_id"] = r.id
	r.properties[r.kind.created()] = r.created.Format(isoMillis)
	r.properties[r.kind.modified()] = at.Format(isoMillis)
}

// parseMoment reads milliseconds since 1970 or an ISO 8601 time.
func parseMoment(value string) (time.Time, bool) {
	if ms, err := strconv.ParseInt(value, 10, 64); err == nil {
		return time.UnixMilli(ms).UTC(), true
	}
	for _, layout := range []string{time.RFC3339Nano, time.DateOnly} {
		if at, err := time.Parse(layout, value); err == nil {
			return at.UTC(), true
		}
	}
	return time.Time{}, false
}

// json is the record as answers show it: with the properties that were asked for, or the kind's usual ones.
func (r *record) json(asked []string) map[string]any {
	if len(asked) == 0 {
		asked = r.kind.shown
	}
	properties := map[string]any{}
	for _, name := range slices.Concat(asked, []string{"hs_object_id", r.kind.created(), r.kind.modified()}) {
		properties[name] = nil
		if value, set := r.properties[name]; set {
			properties[name] = value
		}
	}
	return r.envelope(properties)
}

// whole is the record with every property that it has: the answer to a write.
func (r *record) whole() map[string]any {
	properties := map[string]any{}
	for name, value := range r.properties {
		properties[name] = value
	}
	return r.envelope(properties)
}

func (r *record) envelope(properties map[string]any) map[string]any {
	return map[string]any{
		"id": r.id, "properties": properties, "createdAt": r.created.Format(isoMillis), "updatedAt": r.updated.Format(isoMillis),
		"archived": false, "url": "https://app.hubspot.com/contacts/1/record/" + r.kind.id + "/" + r.id,
	}
}
