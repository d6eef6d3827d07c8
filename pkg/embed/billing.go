package embed

import (
	"github.com/google/wire"

	"github.com/tertulia-dev/tertulia/adapter/billing/billingpg"
	billingmeetings "github.com/tertulia-dev/tertulia/adapter/billing/meetingsbridge"
	"github.com/tertulia-dev/tertulia/adapter/meetings/billingbridge"
	"github.com/tertulia-dev/tertulia/domain/billing"
	billinguc "github.com/tertulia-dev/tertulia/usecase/billing"
	meetingsuc "github.com/tertulia-dev/tertulia/usecase/meetings"
)

var billingSet = wire.NewSet(
	billinguc.New, billinguc.NewRecordUsage, billing.Published, newBillingMeetings,
	wire.Value(billingpg.Ledger{}),
	wire.Bind(new(billinguc.Ledger), new(billingpg.Ledger)), wire.Bind(new(billinguc.Reports), new(billingpg.Ledger)),
	wire.Bind(new(billinguc.Meetings), new(billingmeetings.Bridge)),
	wire.Struct(new(billingbridge.Bridge), "*"), wire.Bind(new(meetingsuc.UsageLedger), new(billingbridge.Bridge)),
)

func newBillingMeetings(uc *meetingsuc.UseCases) billingmeetings.Bridge {
	return billingmeetings.Bridge{Queries: uc.Queries}
}
