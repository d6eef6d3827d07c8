// Package elevenlabs is a double of ElevenLabs' batch calling: batches whose recipients are dialled within the limits of
// concurrency, their conversations, agents and phone numbers, and signed webhooks.
//
// It speaks the protocol as ElevenLabs' OpenAPI document has it, with the habits of FastAPI that show in its refusals.
// What the vendor documents nowhere is marked [?] at its place: a guess that a client must not lean on.
//
// Control API, below /_control/elevenlabs:
//
//	POST /script    how calls go from now on; see Script
//	POST /settings  the workspace: agreement, concurrency, shape of errors; see Settings
//	PUT  /agent     an agent's texts, tools, permissions and limits; see Agent
//	PUT  /number    a phone number of the workspace and its provider; see Number
//	POST /webhook   {url, secret}: where webhooks go and how they are signed
//	GET  /webhooks  {messages}: every webhook with its attempts; POST /replay {id} sends one again
//	GET  /dialled   {dialled}: every time that the phone line was used; ?batch_id= and ?phone_number= narrow it
package elevenlabs

import (
	"context"
	"math/rand/v2"
	"net/http"
	"sync"
	"time"

	"github.com/tertulia-dev/tertulia/infrastructure/sandbox/core"
)

// Options are what the double is made with; the control API can change them until the next reset.
type Options struct {
	// WebhookURL is where webhooks are sent; empty: nowhere. WebhookSecret signs them.
	WebhookURL    string
	WebhookSecret string
}

// Double is the vendor double. It is safe for concurrent use.
type Double struct {
	env     core.Env
	options Options
	api     *http.ServeMux
	control *http.ServeMux
	hooks   *sender

	serving sync.RWMutex // requests read-lock it; a reset waits for them and keeps new ones out

	mu sync.Mutex // guards everything below, and the batches, recipients and conversations
	workspace
	agenda

	living sync.WaitGroup
	cancel context.CancelFunc // ends the goroutine that lets time pass
}

// workspace is what the vendor keeps.
type workspace struct {
	settings      Settings
	scripts       map[string]*Script // by agent; "" is for the others
	agents        map[string]Agent
	numbers       map[string]Number
	batches       map[string]*batch
	order         []*batch // in order of creation
	conversations map[string]*conversation
	hungry        []*batch // under way, with recipients that wait for a free line
	running       int      // calls under way
	dialled       []Dialled
	dials         map[string]int // by phone number
	random        *rand.Rand
}

// Dialled is one use of the phone line.
type Dialled struct {
	PhoneNumber string    `json:"phone_number"`
	BatchID     string    `json:"batch_id"`
	RecipientID string    `json:"recipient_id"`
	At          time.Time `json:"at"`
}

// New makes the double.
func New(env core.Env, options Options) *Double {
	d := &Double{env: core.NewEnv(env), options: options}
	d.hooks = newSender(d.env)
	d.routes()
	d.controlRoutes()
	d.begin()
	return d
}

// Name is the double's path prefix.
func (d *Double) Name() string { return "elevenlabs" }

// Reset ends every call and forgets everything.
func (d *Double) Reset() {
	d.serving.Lock()
	defer d.serving.Unlock()
	d.end()
	d.begin()
}

// Close ends every call.
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
	ctx, cancel := context.WithCancel(context.Background())
	d.cancel = cancel
	d.workspace = workspace{
		settings: defaultSettings(),
		scripts:  map[string]*Script{"": defaultScript()},
		agents:   map[string]Agent{}, numbers: map[string]Number{},
		batches: map[string]*batch{}, conversations: map[string]*conversation{}, dials: map[string]int{},
		random: rand.New(rand.NewPCG(uint64(d.env.Clock.Now().UnixNano()), 0)), //nolint:gosec // identifiers of a double are no secrets
	}
	d.agenda = agenda{wake: make(chan struct{}, 1)}
	d.hooks.begin(ctx, destination{URL: d.options.WebhookURL, Secret: d.options.WebhookSecret})
	d.living.Go(func() { d.live(ctx) })
}

// end stops what runs and waits for it.
func (d *Double) end() {
	d.cancel()
	d.living.Wait()
	d.hooks.wait()
}
