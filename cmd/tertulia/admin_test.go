package main

import (
	"context"
	"encoding/json"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"github.com/tertulia-dev/tertulia/infrastructure/postgres/pgtest"
	"github.com/tertulia-dev/tertulia/infrastructure/sandbox/sandboxtest"
	"github.com/tertulia-dev/tertulia/pkg/embed/embedtest"
	"github.com/tertulia-dev/tertulia/pkg/tertulia"
)

func TestInitMakesTheFirstWorkspaceOnce(t *testing.T) {
	t.Parallel()
	environ := []string{"DATABASE_URL=" + pgtest.URL(t), "REDIS_URL=redis://127.0.0.1:1"}
	arguments := func(email string) []string {
		return []string{"admin", "init", "--name", "Acme, S.A.", "--slug", "acme", "--email", email}
	}
	require.Contains(t, refused(t, environ, "admin", "init", "--name", "Acme"), `required flag(s) "email", "slug" not set`)
	require.Contains(t, refused(t, environ, arguments("nobody")...), "adminEmail")

	require.Regexp(t, `^Workspace Acme, S\.A\. \([-0-9a-f]{36}\), administrator ana@acme\.mx\.\n$`, command(t, environ, arguments("ana@acme.mx")...))

	require.Contains(t, refused(t, environ, arguments("ana@acme.mx")...), "WORKSPACE_EXISTS")
}

func TestALinkOpensTheDashboardOnce(t *testing.T) {
	t.Parallel()
	s := embedtest.New(t, embedtest.WithoutWorker())

	link := command(t, s.Environ(), "admin", "link")

	require.Regexp(t, `^http://\S+/ops/login\?token=\S+\n$`, link)
	require.Equal(t, 303, status(t, strings.TrimSpace(link), ""))
	require.Equal(t, 401, status(t, strings.TrimSpace(link), ""))
	require.Contains(t, refused(t, append(s.Environ(), "PUBLIC_URL="), "admin", "link"), "PUBLIC_URL must be set")
}

func TestARevokedKeyIsRefusedByTheServerAtItsNextUse(t *testing.T) {
	t.Parallel()
	s := embedtest.New(t, embedtest.WithoutWorker())
	printed := command(t, s.Environ(), "admin", "key", "create", "n8n", "--admin")
	found := regexp.MustCompile(`^(tert_\w+)\n\(its ID, to revoke it: ([-\w]+)\)\n$`).FindStringSubmatch(printed)
	require.Len(t, found, 3, printed)
	require.Equal(t, 200, status(t, s.URL+"/v1/admin/jobs?salesRepEmail="+url.QueryEscape(embedtest.AdminEmail), found[1]))

	require.Contains(t, command(t, s.Environ(), "admin", "key", "revoke", found[2]), "revoked")

	require.Equal(t, 401, status(t, s.URL+"/api/meetings", found[1]))
	require.Contains(t, refused(t, s.Environ(), "admin", "key", "revoke", found[2]), "NOT_FOUND")
	require.Contains(t, refused(t, s.Environ(), "admin", "key", "revoke", "x"), "parse id")
}

func TestAnOperatorSeesDeadJobsAndRunsThemAgain(t *testing.T) {
	t.Parallel()
	s := embedtest.New(t)
	s.Sandbox.Fault(sandboxtest.Fault{Vendor: "hubspot", Times: -1, Status: 401})
	meeting := s.Scheduled(t, embedtest.Talk())
	s.Until(t, meeting, tertulia.Completed)
	jobs := func(args ...string) string {
		return command(t, s.Environ(), append([]string{"admin", "jobs"}, args...)...)
	}
	s.Hasten(t, "the sync is dead", func() bool {
		found := s.Jobs(t, "sync_hubspot")
		return len(found) == 1 && found[0].State == "dead"
	})
	id := s.Jobs(t, "sync_hubspot")[0].ID
	require.Regexp(t, "(?m)^"+id+" +sync_hubspot +dead +", jobs("list", "--state", "dead"))
	var job struct{ ID, Kind string }
	require.NoError(t, json.Unmarshal([]byte(jobs("show", id)), &job))
	require.Equal(t, "sync_hubspot", job.Kind)

	s.Sandbox.Fault(sandboxtest.Fault{Vendor: "hubspot", Reset: true})
	require.Equal(t, "Job "+id+" (sync_hubspot) is pending.\n", jobs("replay", id))

	s.UntilMeeting(t, meeting, "synced", func(d tertulia.MeetingDetail) bool { return d.Meeting.Hubspot.State == "synced" })
	require.Contains(t, refused(t, s.Environ(), "admin", "jobs", "discard", id), "JOB_NOT_IN_STATE")
	require.Contains(t, refused(t, s.Environ(), "admin", "jobs", "show", "01a1fc28-8dcf-7c70-8b9e-954c440e2a6a"), "JOB_NOT_FOUND")
	require.Contains(t, refused(t, s.Environ(), "admin", "jobs", "list", "--state", "sleepy"), `no job is ever "sleepy"`)
}

func TestACancelledJobDoesNotRun(t *testing.T) {
	t.Parallel()
	s := embedtest.New(t, embedtest.WithoutWorker())
	s.Scheduled(t, embedtest.Talk())
	s.WaitFor(t, "events have come", func() bool { return len(s.Jobs(t, "recall_event")) > 0 })
	id := s.Jobs(t, "recall_event")[0].ID

	require.Equal(t, "Job "+id+" (recall_event) is cancelled.\n", command(t, s.Environ(), "admin", "jobs", "cancel", id))

	require.Contains(t, command(t, s.Environ(), "admin", "jobs", "list", "--state", "cancelled"), id)
}

func TestMigrationsOfSeveralAtOnceRunOnce(t *testing.T) {
	t.Parallel()
	address := emptyDatabase(t)
	require.Contains(t, refused(t, nil, "migrate"), "DATABASE_URL must be set")
	said := make(chan string)
	for range 3 {
		go func() { said <- command(t, []string{"DATABASE_URL=" + address}, "migrate") }()
	}
	for range 3 {
		require.Equal(t, "The database is up to date.\n", <-said)
	}
}

// emptyDatabase is a database in which no migration has run.
func emptyDatabase(t *testing.T) string {
	t.Helper()
	u, err := url.Parse(pgtest.URL(t))
	require.NoError(t, err)
	conn, err := pgx.Connect(t.Context(), u.String())
	require.NoError(t, err)
	name := "empty_" + strings.TrimPrefix(u.Path, "/test_")
	_, err = conn.Exec(t.Context(), "create database "+name+" template template0")
	require.NoError(t, err)
	t.Cleanup(func() {
		_, err := conn.Exec(context.Background(), "drop database "+name+" with (force)")
		require.NoError(t, err)
		_ = conn.Close(context.Background())
	})
	u.Path = "/" + name
	return u.String()
}

func TestAProbeTellsWhatAnswersFromWhatDoesNot(t *testing.T) {
	t.Parallel()
	s := embedtest.New(t, embedtest.WithoutWorker())
	require.Empty(t, command(t, nil, "probe", s.URL+"/ready"))
	require.Contains(t, refused(t, nil, "probe", s.URL+"/api/meetings"), "401 Unauthorized")
	require.Contains(t, refused(t, nil, "probe", "http://127.0.0.1:1/ready"), "connection refused")
}

func TestAPersonIsLetOutAndInFromTheCommandLine(t *testing.T) {
	t.Parallel()
	s := embedtest.New(t, embedtest.WithoutWorker())
	_, err := s.Rep.Me.Get(t.Context())
	require.NoError(t, err)

	require.Equal(t, embedtest.RepEmail+" is deactivated.\n", command(t, s.Environ(), "admin", "rep", "deactivate", embedtest.RepEmail))
	_, err = s.Rep.Me.Get(t.Context())
	require.True(t, tertulia.HasCode(err, tertulia.CodeForbidden), "in another process, on the next call: %v", err)

	require.Equal(t, embedtest.RepEmail+" is active.\n", command(t, s.Environ(), "admin", "rep", "activate", strings.ToUpper(embedtest.RepEmail)))
	_, err = s.Rep.Me.Get(t.Context())
	require.NoError(t, err)

	require.Contains(t, refused(t, s.Environ(), "admin", "rep", "deactivate", embedtest.AdminEmail), "LAST_ADMIN")
	require.Contains(t, refused(t, s.Environ(), "admin", "rep", "deactivate", "nadie@andamio.example"), "SALES_REP_NOT_FOUND")
}
