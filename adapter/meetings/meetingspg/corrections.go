package meetingspg

import (
	"context"
	"database/sql"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/jackc/pgx/v5"
	"github.com/uptrace/bun"

	"github.com/tertulia-dev/tertulia/domain/fault"
	"github.com/tertulia-dev/tertulia/domain/kernel"
	"github.com/tertulia-dev/tertulia/domain/meetings"
	"github.com/tertulia-dev/tertulia/infrastructure/postgres"
)

// Corrections implements meetingsuc.Corrections and meetingsuc.CorrectionReads.
type Corrections struct{}

type correctionRow struct {
	bun.BaseModel `bun:"table:transcript_corrections"`

	ID        meetings.CorrectionID `bun:"id,pk"`
	Workspace kernel.WorkspaceID    `bun:"workspace_id"`
	Wrong     string                `bun:"wrong"`
	Right     string                `bun:"correct"`
	Key       string                `bun:"key"`
	Active    bool                  `bun:"active"`
	CreatedBy kernel.RepID          `bun:"created_by_rep_id,nullzero"`
	CreatedAt time.Time             `bun:"created_at"`
	UpdatedAt time.Time             `bun:"updated_at"`
}

func rowOfCorrection(c meetings.Correction) *correctionRow {
	return &correctionRow{
		ID: c.ID, Workspace: c.Workspace, Wrong: c.Wrong, Right: c.Right, Key: c.Key(), Active: c.Active,
		CreatedBy: c.CreatedBy, CreatedAt: c.CreatedAt, UpdatedAt: c.UpdatedAt,
	}
}

func (r correctionRow) correction() meetings.Correction {
	return meetings.Correction{
		ID: r.ID, Workspace: r.Workspace, Wrong: r.Wrong, Right: r.Right, Active: r.Active,
		CreatedBy: r.CreatedBy, CreatedAt: r.CreatedAt, UpdatedAt: r.UpdatedAt,
	}
}

// Add stores a new correction.
func (Corrections) Add(ctx context.Context, c meetings.Correction) error {
	_, err := postgres.Conn(ctx).NewInsert().Model(rowOfCorrection(c)).Exec(ctx)
	return correctionFault("add transcript correction", err)
}

// Lock returns one correction and holds its row.
func (Corrections) Lock(ctx context.Context, ws kernel.WorkspaceID, id meetings.CorrectionID) (meetings.Correction, error) {
	var row correctionRow
	err := postgres.Conn(ctx).NewSelect().Model(&row).Where("workspace_id = ? AND id = ?", ws, id).For("UPDATE").Scan(ctx)
	if errors.Is(err, sql.ErrNoRows) {
		return meetings.Correction{}, fault.New(fault.NotFound, meetings.CorrectionNotFound)
	}
	if err != nil {
		return meetings.Correction{}, fmt.Errorf("lock transcript correction: %w", err)
	}
	return row.correction(), nil
}

// Save stores a correction whose row is held.
func (Corrections) Save(ctx context.Context, c meetings.Correction) error {
	_, err := postgres.Conn(ctx).NewUpdate().Model(rowOfCorrection(c)).Column("wrong", "correct", "key", "active", "updated_at").
		Where("workspace_id = ? AND id = ?", c.Workspace, c.ID).Exec(ctx)
	return correctionFault("save transcript correction", err)
}

// Remove deletes a correction and reports whether there was one.
func (Corrections) Remove(ctx context.Context, ws kernel.WorkspaceID, id meetings.CorrectionID) (bool, error) {
	found, err := postgres.Changed(postgres.Conn(ctx).NewDelete().Model((*correctionRow)(nil)).
		Where("workspace_id = ? AND id = ?", ws, id).Exec(ctx))
	return found, wrap("remove transcript correction", err)
}

// Count returns how many corrections there are.
func (Corrections) Count(ctx context.Context, ws kernel.WorkspaceID) (int, error) {
	n, err := postgres.Conn(ctx).NewSelect().Model((*correctionRow)(nil)).Where("workspace_id = ?", ws).Count(ctx)
	return int(n), wrap("count transcript corrections", err)
}

// Active returns the corrections that are applied.
func (Corrections) Active(ctx context.Context, ws kernel.WorkspaceID) ([]meetings.Correction, error) {
	active, err := postgres.Collect(ctx, func(row pgx.CollectableRow) (meetings.Correction, error) {
		c := meetings.Correction{Workspace: ws, Active: true}
		return c, row.Scan(&c.Wrong, &c.Right)
	}, `select wrong, correct from transcript_corrections where workspace_id = $1 and active limit $2`, string(ws), meetings.MaxCorrections)
	return active, wrap("read active transcript corrections", err)
}

// List returns a stretch of the corrections by their keys; the cursor is the key of the last.
func (Corrections) List(ctx context.Context, ws kernel.WorkspaceID, onlyActive bool, page kernel.Page) ([]meetings.Correction, kernel.Cursor, error) {
	after, err := keyAt(page.Cursor)
	if err != nil {
		return nil, "", err
	}
	var rows []correctionRow
	q := postgres.Conn(ctx).NewSelect().Model(&rows).Where("workspace_id = ? AND key > ?", ws, after).
		OrderExpr("key").Limit(int64(page.Size() + 1))
	if onlyActive {
		q = q.Where("active")
	}
	if err := q.Scan(ctx); err != nil {
		return nil, "", fmt.Errorf("list transcript corrections: %w", err)
	}
	var next kernel.Cursor
	if len(rows) > page.Size() {
		rows = rows[:page.Size()]
		next = kernel.Cursor(base64.RawURLEncoding.EncodeToString([]byte(rows[len(rows)-1].Key)))
	}
	list := make([]meetings.Correction, len(rows))
	for i, r := range rows {
		list[i] = r.correction()
	}
	return list, next, nil
}

func keyAt(c kernel.Cursor) (string, error) {
	raw, err := base64.RawURLEncoding.DecodeString(string(c))
	if err != nil || !utf8.Valid(raw) || strings.Contains(string(raw), "\x00") {
		var f fault.Fields
		f.Add("cursor", fault.BadFormat, "expected", "nextCursor")
		return "", f.Err()
	}
	return string(raw), nil
}

// correctionFault tells a second correction for the same words from other failures.
func correctionFault(attempt string, err error) error {
	if postgres.IsUniqueViolation(err, "transcript_corrections_key") {
		return fault.New(fault.Conflict, meetings.CorrectionExists)
	}
	return wrap(attempt, err)
}
