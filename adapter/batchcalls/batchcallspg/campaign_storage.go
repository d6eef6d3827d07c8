package batchcallspg

import (
	batchcallsuc "github.com/tertulia-dev/tertulia/usecase/batchcalls"
	"github.com/tertulia-dev/tertulia/usecase/port"
)

// NewCampaignStorage is everything that campaigns are kept in.
func NewCampaignStorage(keys port.Idempotency) batchcallsuc.CampaignStorage {
	return batchcallsuc.CampaignStorage{
		Keys: keys, Campaigns: Campaigns{}, People: People{}, Waiting: Waiting{}, Attempts: Attempts{}, Dispatches: Dispatches{},
		DoNotCall: DoNotCall{}, Reads: CampaignReads{}, Scan: CampaignReads{}, Retention: Retention{}, Admins: Admins{},
	}
}
