package embed

import (
	"github.com/google/wire"

	"github.com/tertulia-dev/tertulia/adapter/billing/billinghttp"
	"github.com/tertulia-dev/tertulia/adapter/billing/billingpg"
	billingmeetings "github.com/tertulia-dev/tertulia/adapter/billing/meetingsbridge"
	"github.com/tertulia-dev/tertulia/adapter/meetings/billingbridge"
	"github.com/tertulia-dev/tertulia/domain/billing"
	"github.com/tertulia-dev/tertulia/infrastructure/catalog"
	billinguc "github.com/tertulia-dev/tertulia/usecase/billing"
	meetingsuc "github.com/tertulia-dev/tertulia/usecase/meetings"
)

var billingSet = wire.NewSet(
	billinguc.New, billinguc.NewRecordUsage, billing.Published, billing.Peers, newBillingMeetings, newCostsPage,
	wire.Value(billingpg.Ledger{}),
	wire.Bind(new(billinguc.Ledger), new(billingpg.Ledger)), wire.Bind(new(billinguc.Reports), new(billingpg.Ledger)),
	wire.Bind(new(billinguc.Meetings), new(billingmeetings.Bridge)),
	wire.Struct(new(billingbridge.Bridge), "*"), wire.Bind(new(meetingsuc.UsageLedger), new(billingbridge.Bridge)),
)

func newCostsPage(uc *billinguc.UseCases, prices billing.PriceList, peers []billing.PeerPrice, owner tenants, texts *catalog.Catalog, cfg Config, c clock) billinghttp.Page {
	return billinghttp.Page{
		Queries: uc.Queries, Workspace: owner.VendorWorkspace, Prices: prices, Peers: peers, Model: cfg.OpenAI.ModelHeavy,
		Texts: texts, Now: c.Now,
	}
}

func newBillingMeetings(uc *meetingsuc.UseCases) billingmeetings.Bridge {
	return billingmeetings.Bridge{Queries: uc.Queries}
}
