package embed

import (
	"context"
	"log/slog"

	"github.com/google/wire"
	"github.com/prometheus/client_golang/prometheus"

	"github.com/tertulia-dev/tertulia/adapter/meetings/builtin"
	hubspotadapter "github.com/tertulia-dev/tertulia/adapter/meetings/hubspot"
	"github.com/tertulia-dev/tertulia/adapter/meetings/meetingspg"
	"github.com/tertulia-dev/tertulia/adapter/meetings/meetingstask"
	n8nadapter "github.com/tertulia-dev/tertulia/adapter/meetings/n8n"
	openaiadapter "github.com/tertulia-dev/tertulia/adapter/meetings/openai"
	recalladapter "github.com/tertulia-dev/tertulia/adapter/meetings/recall"
	"github.com/tertulia-dev/tertulia/domain/kernel"
	"github.com/tertulia-dev/tertulia/infrastructure/outbound"
	"github.com/tertulia-dev/tertulia/infrastructure/postgres"
	"github.com/tertulia-dev/tertulia/infrastructure/queue"
	"github.com/tertulia-dev/tertulia/infrastructure/signature"
	"github.com/tertulia-dev/tertulia/infrastructure/vendors/hubspot"
	"github.com/tertulia-dev/tertulia/infrastructure/vendors/n8n"
	"github.com/tertulia-dev/tertulia/infrastructure/vendors/openai"
	"github.com/tertulia-dev/tertulia/infrastructure/vendors/recall"
	identityuc "github.com/tertulia-dev/tertulia/usecase/identity"
	meetingsuc "github.com/tertulia-dev/tertulia/usecase/meetings"
)

var meetingsSet = wire.NewSet(
	newMeetings, newMeetingsStorage, newRecall, newNotetakers, recalladapter.NewRecordings, newAnalyzer, newHubSpot, hubspotadapter.NewCRM, newOwnerLinks, newLinks, newRecallVerifier,
	newInbox, wire.Struct(new(meetingsuc.Shared), "*"), wire.Struct(new(meetingsuc.Vendors), "*"),
	wire.Struct(new(tenants), "*"),
	wire.Bind(new(meetingsuc.Notetakers), new(*recalladapter.Notetakers)),
	wire.Bind(new(meetingsuc.Recordings), new(*recalladapter.Recordings)),
	wire.Bind(new(meetingsuc.CRM), new(*hubspotadapter.CRM)), wire.Bind(new(meetingsuc.CRMContacts), new(*hubspotadapter.CRM)),
	wire.Bind(new(meetingsuc.CRMOwners), new(*identityuc.OwnerLinks)),
)

func newMeetings(p meetingsuc.Shared, s meetingsuc.Storage, v meetingsuc.Vendors, cfg Config, o Options) *meetingsuc.UseCases {
	return meetingsuc.New(p, s, v, meetingsuc.Settings{
		MediaRetentionDays: cfg.Retention.MediaDays, WatchInterval: o.WatchInterval,
	})
}

func newInbox(ledger *queue.Ledger) *meetingstask.Inbox {
	return meetingstask.NewInbox(ledger, recalladapter.Events{})
}

func newMeetingsStorage(db *postgres.DB, ledger *queue.Ledger, m media, inbox *meetingstask.Inbox, owner tenants, usage meetingsuc.UsageLedger, chats meetingsuc.Chats) meetingsuc.Storage {
	return meetingsuc.Storage{
		Meetings: meetingspg.Meetings{}, Reads: meetingspg.Meetings{}, Transcripts: meetingspg.Transcripts{},
		Analyses: meetingspg.Analyses{}, Reps: meetingspg.Reps{}, Media: m.Store, Inbox: inbox, Arrivals: inbox, Owner: owner, Trail: ledger,
		Stored: meetingspg.Meetings{}, Usage: usage,
		Moments:     newMomentStorage(db),
		Scorecards:  meetingspg.Scorecards{},
		Corrections: meetingspg.Corrections{}, CorrectionReads: meetingspg.Corrections{}, Coaching: meetingspg.Scorecards{},
		Playbooks: meetingspg.Playbooks{}, Chats: chats,
	}
}

// tenants tells whose vendor accounts are configured: the default workspace's.
type tenants struct{ Identity *identityuc.UseCases }

// VendorWorkspace implements meetingsuc.VendorOwner.
func (t tenants) VendorWorkspace(ctx context.Context) (kernel.WorkspaceID, error) {
	ws, err := t.Identity.Directory.DefaultWorkspace(ctx)
	return ws.ID, err
}

// notetakerName is what people in the call see.
const notetakerName = "Tertulia Notetaker"

func newRecall(cfg Config, reg prometheus.Registerer, logger *slog.Logger) (*recall.Client, error) {
	return recall.New(recall.Options{
		BaseURL: cfg.Recall.BaseURL, APIKey: cfg.Recall.APIKey.Reveal(), Logger: logger, Registerer: reg,
	})
}

func newNotetakers(client *recall.Client) *recalladapter.Notetakers {
	return recalladapter.NewNotetakers(client, notetakerName)
}

// newAnalyzer asks a model where there is a key, else nobody.
func newAnalyzer(client *openai.Client) meetingsuc.Analyzer {
	if client == nil {
		return builtin.Analyzer{}
	}
	return openaiadapter.NewAnalyzer(client)
}

// newHubSpot makes the account's one client in the process, which keeps its limits; nil without a token.
func newHubSpot(cfg Config, reg prometheus.Registerer, logger *slog.Logger) (*hubspot.Client, error) {
	if cfg.HubSpot.AccessToken == "" {
		return nil, nil
	}
	return hubspot.New(hubspot.Options{
		BaseURL: cfg.HubSpot.BaseURL, AccessToken: cfg.HubSpot.AccessToken.Reveal(), Version: cfg.HubSpot.APIVersion,
		Logger: logger, Registerer: reg,
	})
}

// newOwnerLinks lets meetings write in the name of the owner whom identity knows.
func newOwnerLinks(uc *identityuc.UseCases) *identityuc.OwnerLinks { return uc.OwnerLinks }

func newLinks(cfg Config, o Options, reg prometheus.Registerer, logger *slog.Logger) (meetingsuc.LinkMaker, error) {
	if cfg.N8N.WebhookURL == "" {
		return n8nadapter.NewLinks(nil), nil
	}
	client, err := n8n.New(n8n.Options{
		URL: cfg.N8N.WebhookURL, Secret: cfg.N8N.WebhookSecret.Reveal(), Guard: outbound.Guard{AllowLoopback: o.AllowLoopback},
		Logger: logger, Registerer: reg,
	})
	if err != nil {
		return nil, err
	}
	return n8nadapter.NewLinks(client), nil
}

// newRecallVerifier is nil in a process that serves no webhooks: only a server needs the secret, and refuses to serve
// without.
func newRecallVerifier(cfg Config) (*signature.Verifier, error) {
	if cfg.Recall.WebhookSecret == "" {
		return nil, nil
	}
	return signature.NewVerifier(cfg.Recall.WebhookSecret.Reveal())
}

func registerMeetingsJobs(r *queue.Registry, uc *meetingsuc.UseCases, inbox *meetingstask.Inbox) {
	meetingstask.Register(r, uc, inbox)
}
