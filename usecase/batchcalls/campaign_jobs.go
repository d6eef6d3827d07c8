package batchcallsuc

import "github.com/tertulia-dev/tertulia/domain/batchcalls"

// DispatchCampaign gives a campaign its turn: what has become of its calls is worked in, and whom it is time to call is called.
type DispatchCampaign struct {
	Batch batchcalls.BatchID `json:"batch"`
}

// Kind implements port.Job.
func (DispatchCampaign) Kind() string { return "dispatch_campaign" }

// Unique implements port.UniqueJob.
func (j DispatchCampaign) Unique() string { return j.Batch.String() }

// PurgeCampaign erases what is personal of a campaign when its time has come.
type PurgeCampaign struct {
	Batch batchcalls.BatchID `json:"batch"`
}

// Kind implements port.Job.
func (PurgeCampaign) Kind() string { return "purge_campaign" }

// Unique implements port.UniqueJob.
func (j PurgeCampaign) Unique() string { return j.Batch.String() }
