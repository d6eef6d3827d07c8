package batchcallshttp

import (
	"time"

	"github.com/tertulia-dev/tertulia/domain/batchcalls"
	"github.com/tertulia-dev/tertulia/infrastructure/httpserver"
	"github.com/tertulia-dev/tertulia/pkg/tertulia"
	batchcallsuc "github.com/tertulia-dev/tertulia/usecase/batchcalls"
)

func toAPICampaign(c batchcalls.CampaignState) tertulia.Campaign {
	s, b := c.Settings, c.Budget()
	return tertulia.Campaign{
		ID: c.PublicID, Name: c.Name, AgentID: c.Agent, PhoneNumberID: c.PhoneNumber, Status: string(c.Status),
		StartAt: httpserver.OrNull(c.StartAt), Consent: toAPIConsent(s.Consent),
		Window:        tertulia.Window{Start: clockOf(s.Window.Start), End: clockOf(s.Window.End), Days: daysOf(s.Window.Days)},
		DefaultRegion: s.Region,
		Limits: tertulia.CampaignPace{
			MaxConcurrent: s.Limits.MaxConcurrent, CallsPerSecond: float64(s.Limits.CallsPerSecond), ChunkSize: s.Limits.ChunkSize,
			DailyCalls: s.Limits.DailyCalls,
		},
		Retry: tertulia.CampaignRetryState{MaxAttempts: s.Retry.MaxAttempts, Rules: httpserver.Each(s.Retry.Rules, toAPIRule)},
		Budget: tertulia.BudgetState{
			Minutes: s.BudgetSeconds / 60, EstimateSeconds: int64(s.Estimate / time.Second), SpentSeconds: c.SpentSeconds,
			ReservedSeconds: b.ReservedSeconds,
		},
		Breaker: s.Breaker, RetentionDays: s.RetentionDays, Recipients: c.Total, DoNotCall: c.Excluded, Live: c.Live,
		PauseReason: httpserver.OrNull(string(c.PauseReason)), PauseDetail: httpserver.OrNull(c.PauseDetail),
		WaitingFor: httpserver.OrNull(string(c.Waiting)), NextLook: httpserver.OrNull(c.NextLook), Version: c.Version,
		CreatedBy: httpserver.OrNull(c.CreatedBy.String()), CreatedAt: c.CreatedAt, UpdatedAt: c.UpdatedAt,
		EndedAt: httpserver.OrNull(c.EndedAt), PurgedAt: httpserver.OrNull(c.PurgedAt),
	}
}

func toAPIConsent(c batchcalls.Consent) *tertulia.Consent {
	if c.Kind == "" {
		return nil
	}
	return &tertulia.Consent{Kind: string(c.Kind), Note: c.Note, By: c.By, At: c.At}
}

func toAPIRule(r batchcalls.RetryRule) tertulia.RetryRule {
	return tertulia.RetryRule{Outcome: string(r.Outcome), AfterMinutes: int(r.After / time.Minute), Times: r.Times}
}

func toAPIProgress(p batchcallsuc.CampaignProgress) tertulia.CampaignProgress {
	counts := tertulia.CampaignCounts{Waiting: p.Counts.Waiting, ByStatus: map[string]int{}}
	for status, n := range p.Counts.ByStatus {
		counts.ByStatus[string(status)] = n
	}
	return tertulia.CampaignProgress{
		Campaign: toAPICampaign(p.Campaign), Counts: counts, CallsPerMinute: p.PerMinute,
		Done: p.Campaign.Status.IsFinal() && p.Campaign.Live == 0,
	}
}

func toAPIPerson(p batchcalls.Person) tertulia.CampaignRecipient {
	zones := p.Zones
	if zones == nil {
		zones = []string{}
	}
	return tertulia.CampaignRecipient{
		Position: p.Position, Phone: string(p.Phone), Line: p.Line, Zones: zones, Status: string(p.Status), Attempts: p.Attempts,
		DueAt: httpserver.OrNull(p.DueAt), Variables: variablesOf(p.Body), UpdatedAt: p.UpdatedAt,
	}
}

func toAPICalls(p batchcallsuc.PersonCalls) tertulia.RecipientCalls {
	out := tertulia.RecipientCalls{CampaignRecipient: toAPIPerson(p.Person), Calls: make([]tertulia.CampaignCall, len(p.Attempts))}
	told := toldOf(p)
	for i, a := range p.Attempts {
		c := tertulia.CampaignCall{
			Number: a.Number, Status: string(a.Status), DialledAt: a.DialledAt, EndedAt: httpserver.OrNull(a.EndedAt), Seconds: a.Seconds,
			Estimated: a.IsEstimated, ConversationID: httpserver.OrNull(a.Conversation), Transcript: []tertulia.CallTurn{},
		}
		if o, ok := told[a.Conversation]; ok {
			outcome := toAPIOutcome(o)
			c.Outcome = &outcome
			c.Transcript = httpserver.Each(o.Transcript, func(t batchcalls.Turn) tertulia.CallTurn { return tertulia.CallTurn(t) })
		}
		out.Calls[i] = c
	}
	return out
}

// toldOf are the outcomes by the call that they are of.
func toldOf(p batchcallsuc.PersonCalls) map[string]batchcalls.Outcome {
	told := make(map[string]batchcalls.Outcome, len(p.Outcomes))
	for _, o := range p.Outcomes {
		told[o.Conversation] = o
	}
	return told
}
