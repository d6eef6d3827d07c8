package main

import (
	"context"
	"fmt"
	"os"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/tertulia-dev/tertulia/adapter/meetings/meetingspg"
	"github.com/tertulia-dev/tertulia/domain/kernel"
	"github.com/tertulia-dev/tertulia/infrastructure/embedded"
	"github.com/tertulia-dev/tertulia/infrastructure/postgres"
	"github.com/tertulia-dev/tertulia/migrations"
	meetingsuc "github.com/tertulia-dev/tertulia/usecase/meetings"
)

// house is a database of this run only, two workspaces full of meetings, and the reports on the first.
type house struct {
	dir      string
	postgres *embedded.Postgres
	db       *postgres.DB
	uc       *meetingsuc.UseCases
	admin    kernel.Principal
	reps     []kernel.RepID
}

type clock struct{}

func (clock) Now() time.Time { return time.Now().UTC() }

func newHouse(ctx context.Context, o options) (_ *house, err error) {
	h := &house{}
	defer func() {
		if err != nil {
			h.close()
		}
	}()
	if h.dir, err = os.MkdirTemp("/var/tmp", "tertulia-bench"); err != nil { // not below a home folder: Postgres runs as another user
		return nil, err
	}
	if err := os.Chmod(h.dir, 0o755); err != nil { //nolint:gosec // that user has to pass
		return nil, err
	}
	if h.postgres, err = embedded.StartPostgres(ctx, embedded.PostgresOptions{DataDir: h.dir}); err != nil {
		return nil, err
	}
	if err := postgres.Migrate(ctx, h.postgres.URL(), migrations.FS); err != nil {
		return nil, err
	}
	if err := h.seed(ctx, o); err != nil {
		return nil, fmt.Errorf("seed: %w", err)
	}
	if h.db, err = postgres.Open(ctx, postgres.Config{URL: h.postgres.URL(), MaxConns: 8, SystemConns: 2}); err != nil {
		return nil, err
	}
	h.uc = meetingsuc.New(meetingsuc.Shared{Reader: h.db, Clock: clock{}},
		meetingsuc.Storage{Scorecards: meetingspg.Scorecards{}, Coaching: meetingspg.Scorecards{}, Reps: meetingspg.Reps{}},
		meetingsuc.Vendors{}, meetingsuc.Settings{})
	return h, nil
}

func (h *house) close() {
	if h.db != nil {
		h.db.Close()
	}
	if h.postgres != nil {
		_ = h.postgres.Stop()
	}
	_ = os.RemoveAll(h.dir)
}

// seedSQL makes a workspace's reps and their meetings, each with an analysis of the usual size. Scorecards come as the
// migration's backfill makes them: trigger by trigger it would take minutes.
var seedSQL = []string{
	`insert into workspaces (id, name, slug, timezone, created_at) values ($1::uuid, 'Bench', $1::uuid::text, 'America/Mexico_City', now())`,
	`insert into sales_reps (id, workspace_id, email, name, created_at)
		select gen_random_uuid(), $1, 'rep' || n || '@bench.example', 'Rep ' || n, now() from generate_series(1, $2::int) n`,
	`with reps as (select id, row_number() over (order by email) as n from sales_reps where workspace_id = $1)
		insert into meetings (id, workspace_id, sales_rep_id, meeting_type, customer, status, started_at, bot_key, bot_state, video, audio, crm, created_at, updated_at)
		select gen_random_uuid(), $1, reps.id, 'ventas', '{"contactName": "Pedro García", "company": "Distribuidora del Valle"}', 'COMPLETED',
			now() - random() * interval '730 days', gen_random_uuid(), 'created', '{"state": "ready"}', '{"state": "ready"}', '{"state": "synced"}', now(), now()
		from generate_series(1, $3::int) i join reps on reps.n = 1 + i % $2`,
	`insert into analyses (meeting_id, id, workspace_id, sales_rep_score, close_probability, created_at, body)
		select id, gen_random_uuid(), $1, s.score, (random() * 100)::int, now(), jsonb_build_object(
			'summary', repeat('Se habló de la propuesta y de los siguientes pasos. ', 20),
			'opportunities', jsonb_build_array('Cliente abierto a multi-año', 'Interés en módulo ' || s.score),
			'score_breakdown', jsonb_build_object('scores', jsonb_build_object('descubrimiento', s.score / 5, 'propuesta_valor', s.score / 5,
				'manejo_objeciones', s.score / 5, 'cierre', s.score / 5, 'comunicacion', s.score / 5)),
			'metrics', jsonb_build_object('talk_ratio', random(), 'longest_rep_monologue_seconds', 200 * random(),
				'longest_customer_story_seconds', 200 * random(), 'interactivity_switches_per_minute', 8 * random(),
				'patience_seconds', 2 * random(), 'rep_questions_per_hour', 20 * random(), 'rep_words_per_minute', 180 * random()))
		from meetings, lateral (select (random() * 100)::int + 0 * length(bot_key::text) as score) as s where workspace_id = $1`,
}

func (h *house) seed(ctx context.Context, o options) error {
	conn, err := pgx.Connect(ctx, h.postgres.URL())
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close(ctx) }()
	if _, err := conn.Exec(ctx, "set session_replication_role = replica"); err != nil { // no triggers
		return err
	}
	for range 2 {
		h.admin = kernel.System(kernel.WorkspaceID(uuid.NewString()))
		for i, statement := range seedSQL {
			args := []any{string(h.admin.Workspace), o.reps, o.meetings}
			if _, err := conn.Exec(ctx, statement, args[:[]int{1, 2, 3, 1}[i]]...); err != nil {
				return err
			}
		}
	}
	begun := time.Now()
	if _, err := conn.Exec(ctx, "insert into scorecards select * from scorecards_due"); err != nil {
		return err
	}
	fmt.Printf("%-12s %d scorecards in %.1f s\n", "backfill", 2*o.meetings, time.Since(begun).Seconds())
	if _, err := conn.Exec(ctx, "vacuum analyze"); err != nil { // as autovacuum does after a backfill
		return err
	}
	rows, err := conn.Query(ctx, "select id::text from sales_reps where workspace_id = $1", string(h.admin.Workspace))
	if err != nil {
		return err
	}
	h.reps, err = pgx.CollectRows(rows, pgx.RowTo[kernel.RepID])
	return err
}
