package agentspg

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/uptrace/bun"

	"github.com/tertulia-dev/tertulia/domain/agents"
	"github.com/tertulia-dev/tertulia/domain/kernel"
	"github.com/tertulia-dev/tertulia/infrastructure/postgres"
	agentsuc "github.com/tertulia-dev/tertulia/usecase/agents"
)

var _ agentsuc.Files = Files{}

// Files implements agentsuc.Files.
type Files struct{}

type fileRow struct {
	bun.BaseModel `bun:"table:agent_files,alias:f"`

	ID         agents.FileID      `bun:"id,pk"`
	Workspace  kernel.WorkspaceID `bun:"workspace_id"`
	Store      string             `bun:"store_id"`
	Agent      agents.Key         `bun:"agent_key"`
	Name       string             `bun:"name"`
	Type       agents.FileType    `bun:"type"`
	Bytes      int64              `bun:"bytes"`
	ProviderID string             `bun:"provider_id"`
	State      agents.FileState   `bun:"state"`
	Problem    string             `bun:"problem"`
	Digest     string             `bun:"digest"`
	UploadedBy kernel.RepID       `bun:"uploaded_by,nullzero"`
	CreatedAt  time.Time          `bun:"created_at"`
	UpdatedAt  time.Time          `bun:"updated_at"`
}

// Add implements agentsuc.Files.
func (Files) Add(ctx context.Context, f agents.File) error {
	row := fileRowOf(f)
	if _, err := postgres.Conn(ctx).NewInsert().Model(&row).Exec(ctx); err != nil {
		return fmt.Errorf("add agent file: %w", err)
	}
	return nil
}

// List implements agentsuc.Files.
func (Files) List(ctx context.Context, ws kernel.WorkspaceID, store string) ([]agents.File, error) {
	var rows []fileRow
	err := postgres.Conn(ctx).NewSelect().Model(&rows).
		Where("workspace_id = ? AND store_id = ? AND state <> ?", ws, store, agents.FileRemoving).
		OrderExpr("created_at DESC, id DESC").Limit(2 * agents.MaxFiles).Scan(ctx)
	if err != nil {
		return nil, fmt.Errorf("list agent files: %w", err)
	}
	list := make([]agents.File, len(rows))
	for i, r := range rows {
		list[i] = r.file()
	}
	return list, nil
}

// Lock implements agentsuc.Files.
func (Files) Lock(ctx context.Context, ws kernel.WorkspaceID, id agents.FileID) (agents.File, bool, error) {
	var row fileRow
	err := postgres.Conn(ctx).NewSelect().Model(&row).Where("workspace_id = ? AND id = ?", ws, id).For("UPDATE").Scan(ctx)
	if errors.Is(err, sql.ErrNoRows) {
		return agents.File{}, false, nil
	}
	if err != nil {
		return agents.File{}, false, fmt.Errorf("lock agent file: %w", err)
	}
	return row.file(), true, nil
}

// Save implements agentsuc.Files.
func (Files) Save(ctx context.Context, f agents.File) error {
	row := fileRowOf(f)
	_, err := postgres.Conn(ctx).NewUpdate().Model(&row).Column("store_id", "bytes", "provider_id", "state", "problem", "updated_at").
		Where("workspace_id = ? AND id = ?", f.Workspace, f.ID).Exec(ctx)
	if err != nil {
		return fmt.Errorf("save agent file: %w", err)
	}
	return nil
}

// Remove implements agentsuc.Files.
func (Files) Remove(ctx context.Context, ws kernel.WorkspaceID, id agents.FileID) error {
	_, err := postgres.Conn(ctx).NewDelete().Model((*fileRow)(nil)).Where("workspace_id = ? AND id = ?", ws, id).Exec(ctx)
	if err != nil {
		return fmt.Errorf("remove agent file: %w", err)
	}
	return nil
}

func fileRowOf(f agents.File) fileRow {
	return fileRow{
		ID: f.ID, Workspace: f.Workspace, Store: f.Store, Agent: f.Agent, Name: f.Name, Type: f.Type, Bytes: f.Bytes,
		ProviderID: f.ProviderID, State: f.State, Problem: f.Problem, Digest: f.Digest, UploadedBy: f.UploadedBy,
		CreatedAt: f.CreatedAt, UpdatedAt: f.UpdatedAt,
	}
}

func (r fileRow) file() agents.File {
	return agents.File{
		Workspace: r.Workspace, ID: r.ID, Store: r.Store, Agent: r.Agent, Name: r.Name, Type: r.Type, Bytes: r.Bytes,
		ProviderID: r.ProviderID, State: r.State, Problem: r.Problem, Digest: r.Digest, UploadedBy: r.UploadedBy,
		CreatedAt: r.CreatedAt, UpdatedAt: r.UpdatedAt,
	}
}
