package agentshttp

import (
	"github.com/tertulia-dev/tertulia/domain/agents"
	"github.com/tertulia-dev/tertulia/infrastructure/httpserver"
	"github.com/tertulia-dev/tertulia/pkg/tertulia"
)

func toAPIMessage(m agents.Message) tertulia.ChatMessage {
	out := tertulia.ChatMessage{
		ID: m.ID.String(), Role: string(m.Role), Content: m.Text, Status: string(m.Status), ErrorCode: httpserver.OrNull(string(m.Code)),
		Citations: make([]tertulia.Citation, len(m.Citations)), Model: httpserver.OrNull(m.Model), CreatedAt: m.CreatedAt, EndedAt: m.EndedAt,
	}
	for i, c := range m.Citations {
		out.Citations[i] = tertulia.Citation(c)
	}
	if m.Role == agents.RoleAssistant {
		out.AgentVersion = &m.AgentVersion
	}
	if m.Usage != (agents.Usage{}) {
		out.Usage = &tertulia.ChatUsage{
			InputTokens: m.Usage.InputTokens, CachedTokens: m.Usage.CachedTokens, OutputTokens: m.Usage.OutputTokens,
			Estimated: m.Usage.Estimated, CostMicros: m.CostMicros,
		}
	}
	return out
}
