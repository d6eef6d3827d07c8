package batchcalls

import "github.com/tertulia-dev/tertulia/domain/fault"

// Codes of batch calls.
const (
	BatchNotFound   fault.Code = "CALL_BATCH_NOT_FOUND"
	ProviderRefused fault.Code = "CALL_PROVIDER_ERROR" // the provider answered with an error
	ProviderAway    fault.Code = "CALL_PROVIDER_AWAY"  // the provider gave no answer
	NothingToResume fault.Code = "NOTHING_TO_RESUME"   // no part of the batch is known to be absent at the provider
)
