package batchcalls

import "github.com/tertulia-dev/tertulia/domain/fault"

// Codes of batch calls.
const (
	BatchNotFound   fault.Code = "CALL_BATCH_NOT_FOUND"
	NothingToResume fault.Code = "NOTHING_TO_RESUME" // no part of the batch is known to be absent at the provider
)
