// Package sandbox is one server with a double of each vendor that Tertulia talks to, each answering at the vendor's own
// paths below a prefix (/recall, /openai, /hubspot, /elevenlabs, /n8n, /supabase, /s3-bucket, /ics). A key that starts with
// "sandbox" is good.
//
// The control API under /_control scripts meetings, plants faults, shows what was received, and moves the clock; see
// packages core, recall and elevenlabs. Tests start it with package sandboxtest; `tertulia dev` runs it beside the server.
package sandbox

import (
	"log/slog"
	"time"

	"github.com/tertulia-dev/tertulia/infrastructure/sandbox/core"
	"github.com/tertulia-dev/tertulia/infrastructure/sandbox/elevenlabs"
	"github.com/tertulia-dev/tertulia/infrastructure/sandbox/hubspot"
	"github.com/tertulia-dev/tertulia/infrastructure/sandbox/ics"
	"github.com/tertulia-dev/tertulia/infrastructure/sandbox/n8n"
	"github.com/tertulia-dev/tertulia/infrastructure/sandbox/openai"
	"github.com/tertulia-dev/tertulia/infrastructure/sandbox/recall"
	"github.com/tertulia-dev/tertulia/infrastructure/sandbox/s3"
	"github.com/tertulia-dev/tertulia/infrastructure/sandbox/supabase"
)

// Server is the sandbox: an http.Handler with a ledger, faults and a clock. Close ends what runs inside.
type Server = core.Server

// Options are all optional.
type Options struct {
	Logger *slog.Logger
	// Now is the base of the sandbox's clock; nil is the real time.
	Now func() time.Time
	// PublicURL is the sandbox's address as its clients see it, for links in answers. Empty: the address that each
	// request was sent to.
	PublicURL string
	// WebhookURL is where Recall's events go, signed with WebhookSecret ("whsec_" and base64) in WebhookStyle
	// (recall.StyleSvix, or recall.StyleStandard). The control API can change them.
	WebhookURL    string
	WebhookSecret string
	WebhookStyle  string
	// CallWebhookURL is where ElevenLabs' webhooks go, signed with CallWebhookSecret. The control API can change them.
	CallWebhookURL    string
	CallWebhookSecret string
}

// New makes the sandbox with all its doubles.
func New(options Options) *Server {
	env := core.NewEnv(core.Env{
		Logger: options.Logger, Clock: core.NewClock(options.Now), PublicURL: options.PublicURL,
	})
	return core.NewServer(env,
		recall.New(env, recall.Options{
			WebhookURL: options.WebhookURL, WebhookSecret: options.WebhookSecret, WebhookStyle: options.WebhookStyle,
		}),
		openai.New(env),
		hubspot.New(env),
		elevenlabs.New(env, elevenlabs.Options{WebhookURL: options.CallWebhookURL, WebhookSecret: options.CallWebhookSecret}),
		n8n.New(env),
		supabase.New(env),
		s3.New(env),
		ics.New(env),
	)
}
