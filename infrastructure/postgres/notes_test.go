package postgres_test

import (
	"context"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"
	"github.com/uptrace/bun"

	"github.com/tertulia-dev/tertulia/domain/kernel"
	"github.com/tertulia-dev/tertulia/infrastructure/postgres"
	"github.com/tertulia-dev/tertulia/infrastructure/postgres/pgtest"
)

// note is a row of the tenant table that these tests work on.
type note struct {
	bun.BaseModel `bun:"table:note"`

	ID        string             `bun:"id,pk"`
	Workspace kernel.WorkspaceID `bun:"workspace_id"`
	Text      string             `bun:"text"`
	Parent    *string            `bun:"parent"`
	At        time.Time          `bun:"at,nullzero,default:now()"`
}

const createNotes = `
create table note (
	id uuid primary key,
	workspace_id uuid not null,
	text text not null constraint note_text_key unique,
	parent uuid references note (id) deferrable initially deferred,
	at timestamptz not null default now()
);
select tertulia_tenant_table('note');`

// notes is a database with a tenant table.
type notes struct {
	*postgres.DB
	url   string
	admin *pgx.Conn // a superuser, whom no policy holds back
}

func newNotes(t testing.TB) notes {
	t.Helper()
	url := pgtest.URL(t)
	admin := connect(t, url)
	execute(t, admin, createNotes)
	return notes{DB: pgtest.Open(t, url), url: url, admin: admin}
}

// connect opens a connection of the login role.
func connect(t testing.TB, url string) *pgx.Conn {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), url)
	require.NoError(t, err)
	t.Cleanup(func() { _ = conn.Close(context.Background()) })
	return conn
}

func execute(t testing.TB, conn *pgx.Conn, statements string) {
	t.Helper()
	_, err := conn.Exec(t.Context(), statements, pgx.QueryExecModeSimpleProtocol)
	require.NoError(t, err)
}

// count returns how many notes there are in all workspaces.
func (n notes) count(t *testing.T) (all int) {
	t.Helper()
	require.NoError(t, n.admin.QueryRow(t.Context(), "select count(*) from note").Scan(&all))
	return all
}

func newWorkspace() kernel.WorkspaceID { return kernel.WorkspaceID(uuid.NewString()) }

// add stores a note through the connection of ctx.
func add(ctx context.Context, ws kernel.WorkspaceID, text string) error {
	_, err := postgres.Conn(ctx).NewInsert().
		Model(&note{ID: uuid.NewString(), Workspace: ws, Text: text}).Exec(ctx)
	return err
}

// texts returns what the connection of ctx sees.
func texts(ctx context.Context) ([]string, error) {
	var found []string
	err := postgres.Conn(ctx).NewSelect().Model((*note)(nil)).Column("text").Order("text").Scan(ctx, &found)
	return found, err
}
