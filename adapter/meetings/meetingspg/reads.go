package meetingspg

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/uptrace/bun"

	"github.com/tertulia-dev/tertulia/domain/kernel"
	"github.com/tertulia-dev/tertulia/domain/meetings"
	"github.com/tertulia-dev/tertulia/infrastructure/postgres"
	meetingsuc "github.com/tertulia-dev/tertulia/usecase/meetings"
)

// listedRow is a meeting with the names of its people, read from identity's table.
type listedRow struct {
	bun.BaseModel `bun:"table:meetings,alias:m"`
	meetingRow

	OwnerName    *string `bun:"owner_name,scanonly"`
	OwnerEmail   *string `bun:"owner_email,scanonly"`
	CreatorName  *string `bun:"creator_name,scanonly"`
	CreatorEmail *string `bun:"creator_email,scanonly"`
	Zone         string  `bun:"zone,scanonly"`
	Total        int     `bun:"total,scanonly"`
}

func (r listedRow) row() meetingsuc.MeetingRow {
	listed := meetingsuc.MeetingRow{Meeting: r.meeting(), Zone: r.Zone}
	if r.OwnerEmail != nil {
		listed.SalesRep = &meetingsuc.Rep{ID: r.SalesRep, Name: *r.OwnerName, Email: *r.OwnerEmail}
	}
	if r.CreatorEmail != nil {
		listed.CreatedBy = &meetingsuc.Rep{ID: r.CreatedBy, Name: *r.CreatorName, Email: *r.CreatorEmail}
	}
	return listed
}

// withPeople joins what a list shows of a meeting and is kept elsewhere.
func withPeople(q *bun.SelectQuery) *bun.SelectQuery {
	return q.
		ColumnExpr("owner.name AS owner_name, owner.email AS owner_email").
		ColumnExpr("creator.name AS creator_name, creator.email AS creator_email").
		ColumnExpr("w.timezone AS zone").Join("JOIN workspaces AS w ON w.id = m.workspace_id").
		Join("LEFT JOIN sales_reps AS owner ON owner.id = m.sales_rep_id").
		Join("LEFT JOIN sales_reps AS creator ON creator.id = m.created_by_rep_id")
}

// List returns one page and the number of all rows, in one statement: the page is cut from the filtered rows first, so
// that only its own are read whole.
func (Meetings) List(ctx context.Context, ws kernel.WorkspaceID, f meetingsuc.ListFilter) ([]meetingsuc.MeetingRow, int, error) {
	db := postgres.Conn(ctx)
	matching := filtered(db.NewSelect().TableExpr("meetings AS m").Column("m.id", "m.occurs_at"), ws, f)
	page := db.NewSelect().TableExpr("matching").OrderExpr("occurs_at DESC, id DESC").
		Limit(int64(f.Limit)).Offset(int64(f.Limit) * int64(f.Page-1))
	var rows []listedRow
	err := withPeople(db.NewSelect().With("matching", matching).With("page", page).Model(&rows)).
		ColumnExpr("?TableColumns").ColumnExpr("(SELECT count(*) FROM matching) AS total").
		Join("JOIN page ON page.id = m.id").
		OrderExpr("m.occurs_at DESC, m.id DESC").Scan(ctx)
	if err != nil {
		return nil, 0, fmt.Errorf("list meetings: %w", err)
	}
	listed := make([]meetingsuc.MeetingRow, len(rows))
	for i, r := range rows {
		listed[i] = r.row()
	}
	if len(rows) > 0 {
		return listed, rows[0].Total, nil
	}
	if f.Page == 1 {
		return listed, 0, nil
	}
	total, err := matching.Count(ctx) // a page past the end has no row to carry the number
	return listed, int(total), err
}

func filtered(q *bun.SelectQuery, ws kernel.WorkspaceID, f meetingsuc.ListFilter) *bun.SelectQuery {
	q = q.Where("m.workspace_id = ?", ws)
	if !f.SeesAll {
		q = q.Where("(m.meeting_type <> ? OR m.sales_rep_id = ? OR m.created_by_rep_id = ?)", meetings.Sales, f.OnlyVisibleTo, f.OnlyVisibleTo)
	}
	if len(f.Statuses) > 0 {
		q = q.Where("m.status IN (?)", bun.List(f.Statuses))
	}
	if f.Type != "" {
		q = q.Where("m.meeting_type = ?", f.Type)
	}
	q = within(q, ws, f.From, f.To)
	if f.Search != "" {
		q = q.Where(`m.search LIKE '%' || tertulia_fold(?) || '%' ESCAPE '\'`, likeEscaper().Replace(f.Search))
	}
	return q
}

// within keeps what occurs between two moments. A day lasts from midnight to midnight where the workspace is, which is 23 or
// 25 hours where the clocks change.
func within(q *bun.SelectQuery, ws kernel.WorkspaceID, from, to meetingsuc.Moment) *bun.SelectQuery {
	const midnight = "AT TIME ZONE (SELECT timezone FROM workspaces WHERE id = ?)"
	if from.Day != "" {
		q = q.Where("m.occurs_at >= ?::timestamp "+midnight, from.Day, ws)
	} else if !from.At.IsZero() {
		q = q.Where("m.occurs_at >= ?", from.At)
	}
	if to.Day != "" {
		q = q.Where("m.occurs_at < (?::date + 1)::timestamp "+midnight, to.Day, ws)
	} else if !to.At.IsZero() {
		q = q.Where("m.occurs_at <= ?", to.At)
	}
	return q
}

func likeEscaper() *strings.Replacer { return strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`) }

// Row returns one meeting as the list shows it.
func (Meetings) Row(ctx context.Context, ws kernel.WorkspaceID, id meetings.ID) (meetingsuc.MeetingRow, error) {
	var row listedRow
	err := withPeople(postgres.Conn(ctx).NewSelect().Model(&row)).ColumnExpr("?TableColumns").
		Where("m.workspace_id = ? AND m.id = ?", ws, id).Scan(ctx)
	if errors.Is(err, sql.ErrNoRows) {
		return meetingsuc.MeetingRow{}, meetings.NotFound()
	}
	if err != nil {
		return meetingsuc.MeetingRow{}, fmt.Errorf("read meeting: %w", err)
	}
	return row.row(), nil
}

// Rows implements meetingsuc.MeetingRows.
func (Meetings) Rows(ctx context.Context, ws kernel.WorkspaceID, ids []meetings.ID) ([]meetingsuc.MeetingRow, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	var rows []listedRow
	err := withPeople(postgres.Conn(ctx).NewSelect().Model(&rows)).ColumnExpr("?TableColumns").
		Where("m.workspace_id = ? AND m.id IN (?)", ws, bun.List(ids)).Scan(ctx)
	if err != nil {
		return nil, fmt.Errorf("read meetings: %w", err)
	}
	listed := make([]meetingsuc.MeetingRow, len(rows))
	for i, r := range rows {
		listed[i] = r.row()
	}
	return listed, nil
}

// FindByNotetaker returns the meeting that a notetaker was sent to.
func (Meetings) FindByNotetaker(ctx context.Context, ws kernel.WorkspaceID, bot meetings.BotID) (meetings.ID, bool, error) {
	var id meetings.ID
	err := postgres.Conn(ctx).NewSelect().Table("meetings").Column("id").
		Where("workspace_id = ? AND bot_id = ?", ws, bot).Scan(ctx, &id)
	if errors.Is(err, sql.ErrNoRows) {
		return "", false, nil
	}
	if err != nil {
		return "", false, fmt.Errorf("find the notetaker's meeting: %w", err)
	}
	return id, true, nil
}

// WithExpiredMedia returns meetings that hold media stored before t.
func (Meetings) WithExpiredMedia(ctx context.Context, ws kernel.WorkspaceID, t time.Time, limit int) ([]meetings.ID, error) {
	var ids []meetings.ID
	err := postgres.Conn(ctx).NewSelect().Table("meetings").Column("id").
		Where("workspace_id = ? AND media_stored_at < ?", ws, t).OrderExpr("media_stored_at").Limit(int64(limit)).Scan(ctx, &ids)
	if err != nil {
		return nil, fmt.Errorf("find expired media: %w", err)
	}
	return ids, nil
}

// Stored returns the meetings that hold media, by ID, with their bytes.
func (Meetings) Stored(ctx context.Context, ws kernel.WorkspaceID, after meetings.ID, limit int) ([]meetingsuc.StoredBytes, error) {
	var rows []struct {
		Meeting meetings.ID `bun:"id"`
		Bytes   int64       `bun:"bytes"`
	}
	q := postgres.Conn(ctx).NewSelect().Table("meetings").Column("id").
		ColumnExpr("(CASE WHEN video ->> 'state' = 'ready' THEN coalesce((video ->> 'bytes')::bigint, 0) ELSE 0 END + "+
			"CASE WHEN audio ->> 'state' = 'ready' THEN coalesce((audio ->> 'bytes')::bigint, 0) ELSE 0 END) AS bytes").
		Where("workspace_id = ? AND media_stored_at IS NOT NULL", ws)
	if after != "" {
		q = q.Where("id > ?", after)
	}
	if err := q.OrderExpr("id").Limit(int64(limit)).Scan(ctx, &rows); err != nil {
		return nil, fmt.Errorf("measure stored media: %w", err)
	}
	out := make([]meetingsuc.StoredBytes, len(rows))
	for i, r := range rows {
		out[i] = meetingsuc.StoredBytes(r)
	}
	return out, nil
}
