package embed

import (
	"cmp"
	"log/slog"
	"net/http"

	"github.com/google/wire"
	"github.com/prometheus/client_golang/prometheus"

	"github.com/tertulia-dev/tertulia/adapter/batchcalls/batchcallshttp"
	"github.com/tertulia-dev/tertulia/adapter/batchcalls/batchcallspg"
	"github.com/tertulia-dev/tertulia/adapter/batchcalls/batchcallstask"
	elevenlabsadapter "github.com/tertulia-dev/tertulia/adapter/batchcalls/elevenlabs"
	"github.com/tertulia-dev/tertulia/adapter/batchcalls/phonemeta"
	"github.com/tertulia-dev/tertulia/infrastructure/httpserver"
	"github.com/tertulia-dev/tertulia/infrastructure/idempotency"
	"github.com/tertulia-dev/tertulia/infrastructure/postgres"
	"github.com/tertulia-dev/tertulia/infrastructure/queue"
	"github.com/tertulia-dev/tertulia/infrastructure/vendors/elevenlabs"
	batchcallsuc "github.com/tertulia-dev/tertulia/usecase/batchcalls"
)

var batchCallsSet = wire.NewSet(
	newBatchCalls, newCampaigns, newCallStorage, newElevenLabs, elevenlabsadapter.NewProvider, newCallInbox,
	wire.Struct(new(batchcallsuc.Shared), "*"),
	wire.Bind(new(batchcallsuc.Provider), new(*elevenlabsadapter.Provider)),
)

func newBatchCalls(p batchcallsuc.Shared, s batchcallsuc.Storage, provider batchcallsuc.Provider, owner tenants, cfg Config, o Options) *batchcallsuc.UseCases {
	settings := o.Calls
	settings.RetentionDays = cfg.Retention.CallDays
	return batchcallsuc.New(p, s, provider, owner, settings)
}

func newCampaigns(uc *batchcallsuc.UseCases, provider *elevenlabs.Client) *batchcallsuc.CampaignUseCases {
	return batchcallsuc.NewCampaigns(uc, elevenlabsadapter.NewAgents(provider), phonemeta.New())
}

func newCallStorage(db *postgres.DB, ledger *queue.Ledger, inbox *batchcallstask.Inbox, keys idempotency.Keys, c clock, o Options) batchcallsuc.Storage {
	submissions := batchcallspg.NewSubmissions(db, ledger, c, cmp.Or(o.Calls.Watch, batchcallsuc.WatchPause))
	return batchcallsuc.Storage{
		Submissions: submissions, Batches: batchcallspg.Batches{}, Chunks: batchcallspg.Chunks{}, ChunkReads: batchcallspg.Chunks{},
		Recipients: batchcallspg.Recipients{}, Calls: batchcallspg.Recipients{}, Fingerprints: submissions, Outcomes: batchcallspg.Outcomes{}, Inbox: inbox,
		Reads: batchcallspg.BatchReads{}, Campaigns: batchcallspg.NewCampaignStorage(keys),
	}
}

func newCallInbox(ledger *queue.Ledger) *batchcallstask.Inbox {
	return batchcallstask.NewInbox(ledger, elevenlabsadapter.Events{})
}

func newElevenLabs(cfg Config, reg prometheus.Registerer, logger *slog.Logger) (*elevenlabs.Client, error) {
	return elevenlabs.New(elevenlabs.Options{
		BaseURL: cfg.Calls.BaseURL, APIKey: cfg.Calls.APIKey.Reveal(), Timeout: cfg.Calls.Timeout, Logger: logger, Registerer: reg,
	})
}

// registerBatchCalls puts the calls' routes on the edge. Without a secret nobody could tell the provider's events from forged
// ones: then none are taken, and calls are followed by asking.
func registerBatchCalls(api *httpserver.API, cfg Config, r routed, c clock, logger *slog.Logger) {
	batchcallshttp.RegisterOriginal(api, batchcallshttp.Original{
		Submit: r.BatchCalls.Submit, Cancel: r.BatchCalls.Cancel, Reader: r.BatchCalls.Queries, Texts: r.Texts,
		Anonymous: cfg.Calls.AllowAnonymous,
	})
	batchcallshttp.RegisterBatches(api, r.BatchCalls)
	batchcallshttp.RegisterCampaigns(api, r.Campaigns, r.Texts)
	batchcallshttp.RegisterDoNotCall(api, r.Campaigns, r.Texts)
	if cfg.Calls.AllowAnonymous {
		logger.Warn("BATCH_CALLS_ALLOW_ANONYMOUS is set: everybody who reaches this server can have people called")
	}
	secret := cfg.Calls.WebhookSecret.Reveal()
	if secret == "" {
		return
	}
	batchcallshttp.RegisterWebhook(api, r.BatchCalls.Receive, func(header http.Header, body []byte) (string, error) {
		if err := elevenlabs.VerifyWebhook(secret, header.Get(elevenlabs.SignatureHeader), body, c.Now()); err != nil {
			return "", err
		}
		return elevenlabsadapter.EventID(body)
	})
}
