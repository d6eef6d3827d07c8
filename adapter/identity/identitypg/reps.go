package identitypg

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/tertulia-dev/tertulia/domain/fault"
	"github.com/tertulia-dev/tertulia/domain/identity"
	"github.com/tertulia-dev/tertulia/domain/kernel"
	"github.com/tertulia-dev/tertulia/infrastructure/postgres"
	identityuc "github.com/tertulia-dev/tertulia/usecase/identity"
)

var (
	_ identityuc.Reps      = Reps{}
	_ identityuc.RepWriter = Reps{}
)

// Reps implements identityuc.Reps and identityuc.RepWriter.
type Reps struct{}

// Add implements identityuc.Reps.
func (Reps) Add(ctx context.Context, rep identity.Rep) (identity.Rep, error) {
	row := rowOfRep(rep)
	// The empty update makes the statement return the row that was there first.
	_, err := postgres.Conn(ctx).NewInsert().Model(row).
		On("CONFLICT (workspace_id, lower(email)) DO UPDATE").Set("email = ?TableAlias.email").
		Returning("*").Exec(ctx)
	if err != nil {
		return identity.Rep{}, fmt.Errorf("add rep: %w", err)
	}
	return row.rep(), nil
}

// Get implements identityuc.Reps.
func (Reps) Get(ctx context.Context, ws kernel.WorkspaceID, id kernel.RepID) (identity.Rep, error) {
	return getRep(ctx, ws, id, "")
}

// Lock implements identityuc.RepWriter.
func (Reps) Lock(ctx context.Context, ws kernel.WorkspaceID, id kernel.RepID) (identity.Rep, error) {
	return getRep(ctx, ws, id, "UPDATE")
}

func getRep(ctx context.Context, ws kernel.WorkspaceID, id kernel.RepID, lock string) (identity.Rep, error) {
	var row repRow
	q := postgres.Conn(ctx).NewSelect().Model(&row).Where("workspace_id = ? AND id = ?", ws, id)
	if lock != "" {
		q = q.For(lock)
	}
	found, err := one(q.Scan(ctx), "get rep")
	if err == nil && !found {
		err = fault.New(fault.NotFound, identity.SalesRepNotFound)
	}
	return row.rep(), err
}

// FindByEmail implements identityuc.Reps.
func (Reps) FindByEmail(ctx context.Context, ws kernel.WorkspaceID, email identity.Email) (identity.Rep, bool, error) {
	var row repRow
	found, err := one(postgres.Conn(ctx).NewSelect().Model(&row).
		Where("workspace_id = ? AND lower(email) = ?", ws, email).Scan(ctx), "find rep by e-mail")
	return row.rep(), found, err
}

// List implements identityuc.Reps.
func (Reps) List(ctx context.Context, ws kernel.WorkspaceID, includeInactive bool, page kernel.Page) ([]identity.Rep, kernel.Cursor, error) {
	var rows []repRow
	q := postgres.Conn(ctx).NewSelect().Model(&rows).
		Where("workspace_id = ? AND (? OR deactivated_at IS NULL)", ws, includeInactive).
		OrderExpr("lower(name), id").Limit(int64(page.Size() + 1))
	if page.Cursor != "" {
		after, err := parsePlace(page.Cursor)
		if err != nil {
			return nil, "", err
		}
		q = q.Where("(lower(name), id) > (lower(?), ?)", after.Name, after.ID)
	}
	if err := q.Scan(ctx); err != nil {
		return nil, "", fmt.Errorf("list reps: %w", err)
	}
	if len(rows) <= page.Size() {
		return reps(rows), "", nil
	}
	rows = rows[:page.Size()]
	last := rows[len(rows)-1]
	return reps(rows), place{last.Name, last.ID}.cursor(), nil
}

// Save implements identityuc.RepWriter.
func (Reps) Save(ctx context.Context, rep identity.Rep) error {
	_, err := postgres.Conn(ctx).NewUpdate().Model(rowOfRep(rep)).
		Column("name", "is_admin", "deactivated_at", "hubspot_owner_id", "hubspot_owner_override").
		Where("workspace_id = ? AND id = ?", rep.Workspace, rep.ID).Exec(ctx)
	if err != nil {
		return fmt.Errorf("save rep: %w", err)
	}
	return nil
}

// LockAdmins implements identityuc.RepWriter. The order keeps two that lock at once from waiting for each other.
func (Reps) LockAdmins(ctx context.Context, ws kernel.WorkspaceID) ([]identity.Rep, error) {
	var rows []repRow
	err := postgres.Conn(ctx).NewSelect().Model(&rows).
		Where("workspace_id = ? AND is_admin AND deactivated_at IS NULL", ws).OrderExpr("id").For("UPDATE").Scan(ctx)
	if err != nil {
		return nil, fmt.Errorf("lock administrators: %w", err)
	}
	return reps(rows), nil
}

// place is where a page of reps ends.
type place struct {
	Name string       `json:"n"`
	ID   kernel.RepID `json:"i"`
}

func (p place) cursor() kernel.Cursor {
	raw, _ := json.Marshal(p) // two strings always encode
	return kernel.Cursor(base64.RawURLEncoding.EncodeToString(raw))
}

func parsePlace(c kernel.Cursor) (place, error) {
	var p place
	raw, err := base64.RawURLEncoding.DecodeString(string(c))
	if err == nil {
		err = json.Unmarshal(raw, &p)
	}
	if err == nil {
		p.ID, err = kernel.ParseID[kernel.RepID](string(p.ID))
	}
	if err != nil || strings.Contains(p.Name, "\x00") { // which Postgres refuses, and no name holds
		var f fault.Fields
		f.Add("cursor", fault.BadFormat, "expected", "nextCursor")
		return place{}, f.Err()
	}
	return p, nil
}
