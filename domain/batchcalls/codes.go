package batchcalls

import "github.com/tertulia-dev/tertulia/domain/fault"

// Codes of batch calls.
const (
	BatchNotFound   fault.Code = "CALL_BATCH_NOT_FOUND"
	ProviderFailed  fault.Code = "CALL_PROVIDER_ERROR"    // the provider was asked in vain; params: message, where it said something
	NothingToResume fault.Code = "NOTHING_TO_RESUME"      // no part of the batch is known to be absent at the provider
	BatchIsCampaign fault.Code = "CALL_BATCH_IS_CAMPAIGN" // it is resumed as a campaign; params: id, the batch's public one

	WrongCampaignState fault.Code = "CAMPAIGN_STATE"           // what was asked for is not possible in the state that the campaign is in
	RecipientNotFound  fault.Code = "CALL_RECIPIENT_NOT_FOUND" // the campaign has nobody at this position
	AgentNotFound      fault.Code = "VOICE_AGENT_NOT_FOUND"    // the provider does not know the voice agent
	NothingToRetry     fault.Code = "NOTHING_TO_RETRY"         // nobody's call ended so, or all attempts are used up
)

// Rules that a campaign can break. Each has a sentence in the catalogue.
const (
	NobodyToCall    fault.Code = "NOBODY_TO_CALL"
	NeverOpen       fault.Code = "NEVER_OPEN"       // the window is never open where the people are
	MissingVariable fault.Code = "MISSING_VARIABLE" // params: name, count, line
	OverrideRefused fault.Code = "OVERRIDE_REFUSED" // the agent does not let it be replaced; params: name
	NoZone          fault.Code = "NO_ZONE"          // nobody knows where the number rings, and what time it is there
)
