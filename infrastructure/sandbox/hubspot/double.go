// Package hubspot is a double of HubSpot's CRM API that speaks its wire protocol: contacts, companies, deals, notes and
// meetings, their search, their associations and owners, with the vendor's limits and error bodies. Paths are those of
// the date versions (/crm/objects/2026-09/…) and the older ones (/crm/v3/objects/…, /crm/v4/objects/…/associations/…).
//
// Below the control prefix, POST /seed adds records, POST /settings changes the portal, GET /objects shows what is stored.
package hubspot

import (
	"net/http"
	"sync"
	"time"

	"github.com/tertulia-dev/tertulia/infrastructure/sandbox/core"
)

// Double is the vendor. It is safe for concurrent use.
type Double struct {
	now     func() time.Time
	api     *http.ServeMux
	control *http.ServeMux

	mu sync.Mutex
	portal
}

// New builds a double with a portal that has a few records (see seed.go).
func New(env core.Env) *Double {
	d := &Double{now: core.NewEnv(env).Clock.Now, api: http.NewServeMux(), control: http.NewServeMux()}
	d.Reset()
	d.crmRoutes()
	d.controlRoutes()
	return d
}

// crmRoutes serves every route under its dated path and under the older one.
func (d *Double) crmRoutes() {
	both := func(method, dated, older string, h http.HandlerFunc) {
		d.api.HandleFunc(method+" "+dated, versioned(h))
		d.api.HandleFunc(method+" "+older, h)
	}
	objects := func(method, rest string, h http.HandlerFunc) {
		both(method, "/crm/objects/{version}/{type}"+rest, "/crm/v3/objects/{type}"+rest, h)
	}
	objects("POST", "", d.createObject)
	objects("GET", "", d.listObjects)
	objects("POST", "/search", d.search)
	objects("POST", "/batch/read", d.batchRead)
	objects("GET", "/{id}", d.getObject)
	objects("PATCH", "/{id}", d.updateObject)
	objects("DELETE", "/{id}", d.archiveObject)

	links := func(method, rest string, h http.HandlerFunc) {
		both(method, "/crm/objects/{version}/{type}/{id}/associations"+rest, "/crm/v4/objects/{type}/{id}/associations"+rest, h)
	}
	links("GET", "/{to}", d.listAssociations)
	links("PUT", "/default/{to}/{toID}", d.associateDefault)
	links("PUT", "/{to}/{toID}", d.associate)
	links("DELETE", "/{to}/{toID}", d.dissociate)
	both("POST", "/crm/associations/{version}/{type}/{to}/batch/read", "/crm/v4/associations/{type}/{to}/batch/read", d.batchAssociations)

	both("GET", "/crm/owners/{version}", "/crm/v3/owners", d.listOwners)
	both("GET", "/crm/owners/{version}/{id}", "/crm/v3/owners/{id}", d.getOwner)
	d.api.HandleFunc("/", func(w http.ResponseWriter, _ *http.Request) { refuseMissing(w) })
}

// versioned answers only for the date versions that HubSpot has published.
func versioned(h http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		switch r.PathValue("version") {
		case "2026-03", "2026-09":
			h(w, r)
		default:
			refuseMissing(w)
		}
	}
}

// Name is the vendor's name and its path prefix.
func (d *Double) Name() string { return "hubspot" }

// Control serves the double's own controls, below its control prefix.
func (d *Double) Control() http.Handler { return d.control }

// Reset brings the portal back to its seed.
func (d *Double) Reset() {
	fresh := newPortal(d.now)
	fresh.plant(demoSeed())
	d.mu.Lock()
	defer d.mu.Unlock()
	d.portal = fresh
}

// ServeHTTP answers as api.hubapi.com does: the key, then the limits, then the route.
func (d *Double) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if e, bad := checkKey(r); bad {
		refuse(w, e)
		return
	}
	if e, limited := d.checkLimits(w, r); limited {
		refuse(w, e)
		return
	}
	d.api.ServeHTTP(w, r)
}

func checkKey(r *http.Request) (apiError, bool) {
	e := apiError{Status: http.StatusUnauthorized, Category: "INVALID_AUTHENTICATION"}
	switch key := core.BearerToken(r); {
	case key == "":
		e.Message = "Authentication credentials not found. This API supports OAuth 2.0 authentication and you can find more " +
			"details at https://developers.hubspot.com/docs/methods/auth/oauth-overview"
	case !core.GoodKey(key):
		e.Message = "Authentication credentials not valid. The access token is not known."
	default:
		return apiError{}, false
	}
	return e, true
}
