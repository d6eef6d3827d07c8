// Package agentspg keeps agents in Postgres.
package agentspg

import (
	"time"

	"github.com/uptrace/bun"

	"github.com/tertulia-dev/tertulia/domain/agents"
	"github.com/tertulia-dev/tertulia/domain/kernel"
)

type agentRow struct {
	bun.BaseModel `bun:"table:agents,alias:a"`

	Workspace    kernel.WorkspaceID   `bun:"workspace_id,pk"`
	Key          agents.Key           `bun:"key,pk"`
	Kind         agents.Kind          `bun:"kind"`
	DisplayName  string               `bun:"display_name"`
	Version      int                  `bun:"version"`
	Model        string               `bun:"model"`
	Temperature  *float64             `bun:"temperature"`
	TopP         *float64             `bun:"top_p"`
	Questions    []string             `bun:"suggested_questions,type:jsonb"`
	MeetingTypes []agents.MeetingType `bun:"meeting_types,type:jsonb"`
	Subtype      agents.Subtype       `bun:"sales_subtype"`
	Store        string               `bun:"store_id"`
	Position     int                  `bun:"position"`
	Active       bool                 `bun:"active"`
	CreatedAt    time.Time            `bun:"created_at"`
	UpdatedAt    time.Time            `bun:"updated_at"`

	Instructions string `bun:"instructions,scanonly"` // of the current version
}

type versionRow struct {
	bun.BaseModel `bun:"table:agent_versions,alias:v"`

	Workspace    kernel.WorkspaceID `bun:"workspace_id,pk"`
	Agent        agents.Key         `bun:"agent_key,pk"`
	Version      int                `bun:"version,pk"`
	Instructions string             `bun:"instructions"`
	EditedBy     kernel.RepID       `bun:"edited_by,nullzero"`
	CreatedAt    time.Time          `bun:"created_at"`
}

func rowOf(a agents.Agent) agentRow {
	r := agentRow{
		Workspace: a.Workspace, Key: a.Key, Kind: a.Kind, DisplayName: a.DisplayName, Version: a.Version, Model: a.Model,
		Temperature: a.Params.Temperature, TopP: a.Params.TopP, Questions: a.SuggestedQuestions, MeetingTypes: a.MeetingTypes,
		Subtype: a.Subtype, Store: a.StoreID, Position: a.Position, Active: a.Active, CreatedAt: a.CreatedAt, UpdatedAt: a.UpdatedAt,
	}
	if r.Questions == nil {
		r.Questions = []string{}
	}
	if r.MeetingTypes == nil {
		r.MeetingTypes = []agents.MeetingType{}
	}
	return r
}

func (r agentRow) agent() agents.Agent {
	return agents.Agent{
		Workspace: r.Workspace, Key: r.Key, Kind: r.Kind, DisplayName: r.DisplayName, Instructions: r.Instructions,
		Version: r.Version, Model: r.Model, Params: agents.Params{Temperature: r.Temperature, TopP: r.TopP},
		SuggestedQuestions: r.Questions, MeetingTypes: r.MeetingTypes, Subtype: r.Subtype, StoreID: r.Store,
		Position: r.Position, Active: r.Active, CreatedAt: r.CreatedAt, UpdatedAt: r.UpdatedAt,
	}
}
