// Package recall is a double of Recall.ai's API v1.11: notetakers ("bots") that live through scripted meetings, their
// recordings and artefacts, expiring media links, and signed webhooks.
//
// It speaks the protocol as Recall documents it: clients see nothing of the script. A test, a demo or a customer's own
// suite writes scripts over the control API:
//
//	POST /_control/recall/script    what the next created notetaker will live through; several posts queue up
//	GET  /_control/recall/script    {queued}
//	POST /_control/recall/webhook   {url, secret | secrets, style}: where events go and how they are signed
//	GET  /_control/recall/webhooks  {messages}: every message with its attempts
//	POST /_control/recall/replay    {id}: send a message again, as the dashboard does
//	POST /_control/recall/settings  limits, pool, page size and other switches; see Settings
//
// Without a script a notetaker lives through a built-in meeting of a minute and a half.
package recall

import (
	"context"
	"net/http"
	"sync"
	"time"

	"github.com/tertulia-dev/tertulia/infrastructure/sandbox/core"
)

// Options are what the double is made with; the control API can change them until the next reset.
type Options struct {
	// WebhookURL is where events are sent; empty: nowhere. WebhookSecret signs them ("whsec_" and base64).
	WebhookURL    string
	WebhookSecret string
	// WebhookStyle is StyleSvix (the default) or StyleStandard.
	WebhookStyle string
}

// Double is the vendor double. It is safe for concurrent use.
type Double struct {
	env     core.Env
	options Options
	api     *http.ServeMux
	control *http.ServeMux
	hooks   *sender
	keys    *idempotency

	serving sync.RWMutex // requests read-lock it; a reset waits for them and keeps new ones out

	mu         sync.Mutex // guards everything below and the notetakers, recordings and artefacts
	settings   Settings
	limits     *limits
	bots       []*bot // in order of creation
	recordings map[string]*recording
	artefacts  map[string]*artefact
	scripts    []Script
	pool       pool
	mediaKey   string // signs media links; a reset makes old links worthless

	lives  sync.WaitGroup
	ctx    context.Context // the lifetime of the notetakers; Reset replaces it
	cancel context.CancelFunc
}

// New makes the double. With a webhook secret that is not base64 every delivery fails, and its attempts say why.
func New(env core.Env, options Options) *Double {
	d := &Double{env: core.NewEnv(env), options: options}
	d.hooks = newSender(d.env)
	d.keys = newIdempotency(d.env.Clock.Now)
	d.routes()
	d.controlRoutes()
	d.begin()
	return d
}

// Name is the double's path prefix.
func (d *Double) Name() string { return "recall" }

// Control serves the double's own control routes.
func (d *Double) Control() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		d.serving.RLock()
		defer d.serving.RUnlock()
		d.control.ServeHTTP(w, r)
	})
}

// Reset ends every life and forgets everything.
func (d *Double) Reset() {
	d.serving.Lock()
	defer d.serving.Unlock()
	d.end()
	d.begin()
}

// Close ends every life.
func (d *Double) Close() error {
	d.serving.Lock()
	defer d.serving.Unlock()
	d.end()
	return nil
}

// begin sets the state of a new double.
func (d *Double) begin() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.ctx, d.cancel = context.WithCancel(context.Background())
	d.settings = defaultSettings()
	d.limits = newLimits(d.settings, d.env.Clock.Now)
	d.bots, d.scripts = nil, nil
	d.recordings, d.artefacts = map[string]*recording{}, map[string]*artefact{}
	d.pool = newPool(d.settings)
	d.mediaKey = newID()
	d.keys.reset()
	d.hooks.begin(d.ctx, destination{
		URL: d.options.WebhookURL, Secrets: nonEmpty(d.options.WebhookSecret), Style: d.options.WebhookStyle,
	})
}

// end stops what runs and waits for it.
func (d *Double) end() {
	d.cancel()
	d.lives.Wait()
	d.hooks.wait()
}

// now is the double's time.
func (d *Double) now() time.Time { return d.env.Clock.Now() }
