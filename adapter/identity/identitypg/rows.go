// Package identitypg keeps workspaces, sales reps, API keys and the dashboard's sessions in Postgres, and carries the
// news of their changes between processes.
package identitypg

import (
	"time"

	"github.com/uptrace/bun"

	"github.com/tertulia-dev/tertulia/domain/identity"
	"github.com/tertulia-dev/tertulia/domain/kernel"
)

type workspaceRow struct {
	bun.BaseModel `bun:"table:workspaces"`

	ID        kernel.WorkspaceID `bun:"id,pk"`
	Name      string             `bun:"name"`
	Slug      string             `bun:"slug"`
	Timezone  string             `bun:"timezone"`
	Language  string             `bun:"language"`
	IsDefault bool               `bun:"is_default"`
	CreatedAt time.Time          `bun:"created_at"`
}

func (r workspaceRow) workspace() identity.Workspace {
	return identity.Workspace{
		ID: r.ID, Name: r.Name, Slug: r.Slug, Timezone: r.Timezone, Language: r.Language,
		IsDefault: r.IsDefault, CreatedAt: r.CreatedAt,
	}
}

func rowOfWorkspace(w identity.Workspace) *workspaceRow {
	return &workspaceRow{
		ID: w.ID, Name: w.Name, Slug: w.Slug, Timezone: w.Timezone, Language: w.Language,
		IsDefault: w.IsDefault, CreatedAt: w.CreatedAt,
	}
}

type repRow struct {
	bun.BaseModel `bun:"table:sales_reps"`

	ID                   kernel.RepID       `bun:"id,pk"`
	Workspace            kernel.WorkspaceID `bun:"workspace_id"`
	Email                identity.Email     `bun:"email"`
	Name                 string             `bun:"name"`
	IsAdmin              bool               `bun:"is_admin"`
	HubspotOwnerID       string             `bun:"hubspot_owner_id,nullzero"`
	HubspotOwnerOverride string             `bun:"hubspot_owner_override,nullzero"`
	CreatedAt            time.Time          `bun:"created_at"`
	DeactivatedAt        *time.Time         `bun:"deactivated_at"`
}

func (r repRow) rep() identity.Rep {
	return identity.Rep{
		ID: r.ID, Workspace: r.Workspace, Email: r.Email, Name: r.Name, IsAdmin: r.IsAdmin,
		HubspotOwnerID: r.HubspotOwnerID, HubspotOwnerOverride: r.HubspotOwnerOverride,
		CreatedAt: r.CreatedAt, DeactivatedAt: r.DeactivatedAt,
	}
}

func rowOfRep(r identity.Rep) *repRow {
	return &repRow{
		ID: r.ID, Workspace: r.Workspace, Email: r.Email, Name: r.Name, IsAdmin: r.IsAdmin,
		HubspotOwnerID: r.HubspotOwnerID, HubspotOwnerOverride: r.HubspotOwnerOverride,
		CreatedAt: r.CreatedAt, DeactivatedAt: r.DeactivatedAt,
	}
}

func reps(rows []repRow) []identity.Rep {
	all := make([]identity.Rep, len(rows))
	for i, r := range rows {
		all[i] = r.rep()
	}
	return all
}

type keyRow struct {
	bun.BaseModel `bun:"table:api_keys"`

	ID         identity.KeyID     `bun:"id,pk"`
	Workspace  kernel.WorkspaceID `bun:"workspace_id"`
	Name       string             `bun:"name"`
	Hash       []byte             `bun:"hash,type:bytea"`
	Prefix     string             `bun:"prefix"`
	Role       string             `bun:"role"`
	CreatedAt  time.Time          `bun:"created_at"`
	LastUsedAt *time.Time         `bun:"last_used_at"`
	RevokedAt  *time.Time         `bun:"revoked_at"`
}

func (r keyRow) key() identity.Key {
	role := kernel.Rep
	if r.Role == kernel.Admin.String() {
		role = kernel.Admin
	}
	return identity.Key{
		ID: r.ID, Workspace: r.Workspace, Name: r.Name, Hash: identity.Hash(r.Hash), Prefix: r.Prefix, Role: role,
		CreatedAt: r.CreatedAt, LastUsedAt: r.LastUsedAt, RevokedAt: r.RevokedAt,
	}
}

func rowOfKey(k identity.Key) *keyRow {
	return &keyRow{
		ID: k.ID, Workspace: k.Workspace, Name: k.Name, Hash: k.Hash[:], Prefix: k.Prefix, Role: k.Role.String(),
		CreatedAt: k.CreatedAt, LastUsedAt: k.LastUsedAt, RevokedAt: k.RevokedAt,
	}
}

type linkRow struct {
	bun.BaseModel `bun:"table:admin_links"`

	Hash       []byte             `bun:"hash,pk,type:bytea"`
	Workspace  kernel.WorkspaceID `bun:"workspace_id"`
	Rep        kernel.RepID       `bun:"rep_id"`
	ExpiresAt  time.Time          `bun:"expires_at"`
	RedeemedAt *time.Time         `bun:"redeemed_at"`
}

type sessionRow struct {
	bun.BaseModel `bun:"table:admin_sessions"`

	Hash      []byte             `bun:"hash,pk,type:bytea"`
	Workspace kernel.WorkspaceID `bun:"workspace_id"`
	Rep       kernel.RepID       `bun:"rep_id"`
	ExpiresAt time.Time          `bun:"expires_at"`
}
