package hubspot

import (
	"fmt"
	"net/http"
	"slices"
	"time"

	"github.com/tertulia-dev/tertulia/infrastructure/sandbox/core"
)

// seed is a set of records to add: properties by name. "id" fixes a record's ID; a deal's, note's or meeting's "contactId"
// or "contactEmail" joins it to a contact.
type seed struct {
	Owners    []owner             `json:"owners"`
	Contacts  []map[string]string `json:"contacts"`
	Companies []map[string]string `json:"companies"`
	Deals     []map[string]string `json:"deals"`
	Notes     []map[string]string `json:"notes"`
	Meetings  []map[string]string `json:"meetings"`
}

// settings change the portal. What is left out stays as it is.
type settings struct {
	SearchesPerSecond *int `json:"searchesPerSecond"`
	BurstPer10s       *int `json:"burstPer10s"`
	DailyLimit        *int `json:"dailyLimit"`
	// IndexLagMs hides a new record from searches for so long, in milliseconds of the sandbox's clock.
	IndexLagMs *int `json:"indexLagMs"`
	// RequiredProperties are demanded by this portal, by kind: {"notes":["hubspot_owner_id"]}.
	RequiredProperties map[string][]string `json:"requiredProperties"`
	// Properties are the portal's own, by kind.
	Properties map[string][]string `json:"properties"`
}

func (d *Double) controlRoutes() {
	d.control.HandleFunc("POST /seed", d.postSeed)
	d.control.HandleFunc("POST /settings", d.postSettings)
	d.control.HandleFunc("GET /objects", d.getObjects)
}

// postSeed: POST /seed answers with the IDs of what it added, in its order.
func (d *Double) postSeed(w http.ResponseWriter, r *http.Request) {
	var in seed
	if !core.DecodeControl(w, r, &in) {
		return
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if field, fault := d.checkSeed(in); fault != "" {
		core.FieldError(w, field, fault)
		return
	}
	core.WriteJSON(w, http.StatusCreated, d.plant(in))
}

func (in seed) byKind() map[string][]map[string]string {
	return map[string][]map[string]string{
		"contacts": in.Contacts, "companies": in.Companies, "deals": in.Deals, "notes": in.Notes, "meetings": in.Meetings,
	}
}

func (p *portal) checkSeed(in seed) (field, fault string) {
	for kindName, records := range in.byKind() {
		k, _ := findKind(kindName) // the names above are those of the table
		for i, properties := range records {
			for name := range properties {
				if !slices.Contains([]string{"id", "contactId", "contactEmail"}, name) && !p.knows(k, name) {
					return fmt.Sprintf("%s[%d].%s", kindName, i, name), "the portal has no such property; add it with POST /settings {properties}"
				}
			}
		}
	}
	return "", ""
}

// plant adds a seed that was checked and returns the IDs by kind. Contacts come before what is joined to them.
func (p *portal) plant(in seed) map[string][]string {
	ids := map[string][]string{}
	for _, o := range in.Owners {
		if o.ID == "" {
			o.ID = p.nextID()
		}
		p.owners = append(slices.DeleteFunc(p.owners, func(old owner) bool { return old.ID == o.ID }), o)
		ids["owners"] = append(ids["owners"], o.ID)
	}
	all := in.byKind()
	for _, k := range kinds() {
		for _, given := range all[k.name] {
			properties := map[string]string{}
			for name, value := range given {
				if p.knows(k, name) {
					properties[name] = value
				}
			}
			r := p.add(k, given["id"], properties)
			ids[k.name] = append(ids[k.name], r.id)
			p.joinContact(r, given["contactId"], given["contactEmail"])
		}
	}
	return ids
}

func (p *portal) joinContact(r *record, id, email string) {
	contacts, _ := findKind("contacts")
	contact, found := p.find(contacts, id, "")
	if !found {
		contact, found = p.find(contacts, email, "email")
	}
	if found {
		p.connect(r.end(), contact.end(), defaults()[pair{r.kind.name, "contacts"}])
	}
}

func (d *Double) postSettings(w http.ResponseWriter, r *http.Request) {
	var in settings
	if !core.DecodeControl(w, r, &in) {
		return
	}
	for field, n := range map[string]*int{
		"searchesPerSecond": in.SearchesPerSecond, "burstPer10s": in.BurstPer10s, "dailyLimit": in.DailyLimit, "indexLagMs": in.IndexLagMs,
	} {
		if n != nil && *n < 0 {
			core.FieldError(w, field, field+" must not be negative")
			return
		}
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	l := d.limits
	d.limits = newLimits(or(in.SearchesPerSecond, l.searchLimit), or(in.BurstPer10s, l.burstLimit), or(in.DailyLimit, l.dailyLimit), d.now)
	d.indexLag = time.Duration(or(in.IndexLagMs, int(d.indexLag.Milliseconds()))) * time.Millisecond
	if in.RequiredProperties != nil {
		d.required = in.RequiredProperties
	}
	if in.Properties != nil {
		d.custom = in.Properties
	}
	core.WriteJSON(w, http.StatusOK, map[string]any{
		"searchesPerSecond": d.searchLimit, "burstPer10s": d.burstLimit, "dailyLimit": d.dailyLimit,
		"indexLagMs": d.indexLag.Milliseconds(), "requiredProperties": d.required, "properties": d.custom,
	})
}

// getObjects: GET /objects?type=notes shows every record of a kind with all its properties and associations.
func (d *Double) getObjects(w http.ResponseWriter, r *http.Request) {
	k, known := findKind(r.URL.Query().Get("type"))
	if !known {
		core.FieldError(w, "type", "type must be one of contacts, companies, deals, notes, meetings")
		return
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	results := []any{}
	for _, found := range d.objects[k.name] {
		body := found.whole()
		body["associations"] = d.associationsOf(found, words("contacts companies deals notes meetings"))
		results = append(results, body)
	}
	core.WriteJSON(w, http.StatusOK, map[string]any{"results": results})
}

func or(given *int, fallback int) int {
	if given == nil {
		return fallback
	}
	return *given
}
