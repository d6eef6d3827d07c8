package batchcallshttp

import (
	"encoding/json"

	"github.com/tertulia-dev/tertulia/domain/batchcalls"
	"github.com/tertulia-dev/tertulia/infrastructure/httpserver"
	"github.com/tertulia-dev/tertulia/pkg/tertulia"
	batchcallsuc "github.com/tertulia-dev/tertulia/usecase/batchcalls"
)

func toAPIBatch(b batchcalls.Batch) tertulia.BatchRecord {
	return tertulia.BatchRecord{
		ID: b.PublicID, Kind: string(b.Kind), Name: b.Name, AgentID: b.Agent, PhoneNumberID: b.PhoneNumber, Status: string(b.Status),
		ScheduledAt: httpserver.OrNull(b.ScheduledAt), Recipients: b.Total, DoNotCall: b.Excluded, Dispatched: b.Dispatched,
		Finished: b.Finished, Version: b.Version, CreatedBy: httpserver.OrNull(b.CreatedBy.String()), CreatedAt: b.CreatedAt, UpdatedAt: b.UpdatedAt,
	}
}

func toAPIPart(c batchcalls.Chunk) tertulia.BatchPart {
	return tertulia.BatchPart{
		Index: c.Ordinal, Status: string(c.Status), Size: c.Size, ProviderID: httpserver.OrNull(c.ProviderID),
		ProviderStatus: httpserver.OrNull(string(c.State)), Error: httpserver.OrNull(c.Error), ErrorStatus: httpserver.OrNull(c.ErrorStatus),
		Sweeps: c.Sweeps, Dispatched: c.Dispatched, Finished: c.Finished, SentAt: httpserver.OrNull(c.SentAt),
	}
}

func toAPICall(c batchcallsuc.Call) tertulia.BatchCall {
	out := tertulia.BatchCall{
		Position: c.Position, ID: c.PublicRef(), Phone: string(c.Phone), Status: string(c.Status), Attempts: c.Attempts,
		ConversationID: httpserver.OrNull(c.Conversation), Variables: variablesOf(c.Body), UpdatedAt: c.UpdatedAt,
	}
	if c.Chunk >= 0 {
		out.Part = &c.Chunk
	}
	if c.Told != nil {
		told := toAPIOutcome(*c.Told)
		out.Outcome = &told
	}
	return out
}

func toAPIOutcome(o batchcalls.Outcome) tertulia.CallOutcome {
	collected := o.Collected
	if collected == nil {
		collected = map[string]string{}
	}
	return tertulia.CallOutcome{
		Status: string(o.Status), Reason: httpserver.OrNull(o.Reason), Successful: httpserver.OrNull(o.Successful),
		Summary: httpserver.OrNull(o.Summary), Seconds: o.Seconds, Collected: collected, EndedAt: o.EndedAt,
	}
}

// variablesOf reads what the agent is told from what the provider is sent. A body of another shape tells it nothing.
func variablesOf(body json.RawMessage) map[string]any {
	var sent struct {
		Data struct {
			Variables map[string]any `json:"dynamic_variables"`
		} `json:"conversation_initiation_client_data"`
	}
	if json.Unmarshal(body, &sent) != nil || sent.Data.Variables == nil {
		return map[string]any{}
	}
	return sent.Data.Variables
}
