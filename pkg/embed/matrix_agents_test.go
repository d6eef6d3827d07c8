package embed_test

import (
	"testing"

	"github.com/tertulia-dev/tertulia/infrastructure/httpserver/matrixtest"
)

// agentFixtures calls each operation on agents.
func (m *matrix) agentFixtures() map[string]matrixtest.Fixture {
	meeting, agent := map[string]string{"id": m.meeting}, map[string]string{"key": "seguimiento_general"}
	chat := map[string]string{"id": m.meeting, "agentKey": "seguimiento_general"}
	return map[string]matrixtest.Fixture{
		"listMeetingAgents": {Path: meeting}, "listSalesSubtypes": {},
		"listAgents": {}, "listAgentModels": {}, "getAgent": {Path: agent},
		"createAgent": {
			Body:   `{"display_name":"Otro","instructions":"Responde."}`,
			Before: func(t *testing.T, _ string) { m.Exec(t, "delete from agents where key = 'otro'") },
		},
		"editAgentInstructions": {Path: agent, Body: `{"instructions":"Responde."}`},
		"setAgentQuestions":     {Path: agent, Body: `{"suggested_questions":["¿Qué?"]}`},
		"setAgentModel":         {Path: agent, Body: `{"model":"gpt-6-luna"}`},
		"setAgentParams":        {Path: agent, Body: `{"temperature":0.2}`},
		"renameAgent":           {Path: agent, Body: `{"display_name":"Seguimiento"}`},
		"setAgentActive":        {Path: agent, Body: `{"active":true}`},
		"testAgent":             {Path: agent, Body: `{"question":"¿Qué sigue?"}`},
		"askAgent":              {Path: chat, Body: `{"question":"¿Qué quedó pendiente?"}`},
		"listAgentMessages":     {Path: chat}, "resetAgentConversation": {Path: chat},
	}
}
