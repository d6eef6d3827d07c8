package main

import (
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/url"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"github.com/tertulia-dev/tertulia/infrastructure/postgres/pgtest"
)

const (
	ready  = "Tertulia is ready"
	played = `(?s)State\s+COMPLETED.*Look at it:.*api/meetings/\S+\n`
)

func TestDevPlaysTheDemonstrationFromAnEmptyFolderAndKeepsItsDataAndSecrets(t *testing.T) {
	t.Parallel()
	s := newSystem(t)
	s.start(t, played, nil, nil)
	key, meeting := s.find(t, `X-API-Key: (\w+)`), s.find(t, `api/meetings/([-\w]+)`)
	require.Equal(t, 200, status(t, "http://127.0.0.1:"+s.port+"/api/meetings", key))
	require.Equal(t, 303, status(t, s.find(t, `(http://\S+/ops/login\S+)`), ""), "the link leads into the dashboard")
	require.Equal(t, 401, status(t, s.find(t, `(http://\S+/ops/login\S+)`), ""), "once")
	s.stop(t)
	require.NoFileExists(t, filepath.Join(s.dir, runningFile))

	s.start(t, ready, []string{"--no-demo"}, nil)
	require.Equal(t, key, s.find(t, `X-API-Key: (\w+)`))
	require.Equal(t, 200, status(t, "http://127.0.0.1:"+s.port+"/api/meetings/"+meeting, key))
	require.NotContains(t, s.Stdout.String(), "COMPLETED")
	s.stop(t)
}

func TestThePrintedCommandWorks(t *testing.T) {
	t.Parallel()
	if _, err := exec.LookPath("curl"); err != nil {
		t.Skip("there is no curl")
	}
	s := newSystem(t)
	s.start(t, ready, []string{"--no-demo"}, []string{"SERVICE_API_KEY=chosen-by-the-operator"})
	line := s.find(t, `(?m)^\s*(curl .*)$`)
	require.Contains(t, line, "chosen-by-the-operator")

	answer, err := exec.CommandContext(t.Context(), "sh", "-c", line).Output()

	require.NoError(t, err)
	require.Contains(t, string(answer), `"total":0`)
}

func TestDevUsesTheDatabaseThatIsGiven(t *testing.T) {
	t.Parallel()
	s, database := newSystem(t), pgtest.URL(t)
	s.start(t, played, nil, []string{"DATABASE_URL=" + database})
	s.stop(t)

	require.Contains(t, s.Stdout.String(), "your Postgres")
	require.NoDirExists(t, filepath.Join(s.dir, "postgres"))
	conn, err := pgx.Connect(t.Context(), database)
	require.NoError(t, err)
	defer func() { _ = conn.Close(t.Context()) }()
	var meetings int
	require.NoError(t, conn.QueryRow(t.Context(), "select count(*) from meetings where status = 'COMPLETED'").Scan(&meetings))
	require.Equal(t, 1, meetings)
}

func TestTheDemonstrationIsNotPlayedOnRealVendors(t *testing.T) {
	t.Parallel()
	s := newSystem(t)
	s.start(t, "No demonstration", nil, []string{"RECALL_API_KEY=real", "RECALL_BASE_URL=http://127.0.0.1:1"})
	s.stop(t)
}

func TestDevSaysWhichPortIsTaken(t *testing.T) {
	t.Parallel()
	for _, variable := range []string{"PORT", "SANDBOX_PORT"} {
		var lc net.ListenConfig
		taken, err := lc.Listen(t.Context(), "tcp", "127.0.0.1:0")
		require.NoError(t, err)
		defer taken.Close()
		_, port, err := net.SplitHostPort(taken.Addr().String())
		require.NoError(t, err)

		says := refused(t, newSystem(t).environ(variable+"="+port), "dev", "--no-demo")

		require.Contains(t, says, "address already in use; set "+variable+" to a free port")
	}
}

func TestNothingOutlivesAKilledDevAndTheNextOneStarts(t *testing.T) {
	t.Parallel()
	s := newSystem(t)
	s.start(t, ready, []string{"--no-demo"}, nil)
	raw, err := os.ReadFile(filepath.Join(s.dir, runningFile))
	require.NoError(t, err)
	var r running
	require.NoError(t, json.Unmarshal(raw, &r))
	content, err := os.ReadFile(filepath.Join(s.dir, "postgres", "postmaster.pid"))
	require.NoError(t, err)
	first, _, _ := strings.Cut(string(content), "\n")
	postgres, err := strconv.Atoi(first)
	require.NoError(t, err)

	s.Signal(syscall.SIGKILL)

	require.Equal(t, -1, s.Exit(t))
	require.Eventually(t, func() bool {
		return errors.Is(syscall.Kill(postgres, 0), syscall.ESRCH) && isClosed(r.RedisURL)
	}, 20*time.Second, 20*time.Millisecond)
	s.start(t, ready, []string{"--no-demo"}, nil)
	s.stop(t)
}

func isClosed(address string) bool {
	u, err := url.Parse(address)
	if err != nil {
		return false
	}
	conn, err := net.DialTimeout("tcp", u.Host, time.Second)
	if err == nil {
		_ = conn.Close()
	}
	return err != nil
}

func TestTheCommandsOfAnAdministratorFindTheRunningDev(t *testing.T) {
	t.Parallel()
	s := newSystem(t)
	require.Contains(t, refused(t, s.environ(), "admin", "link"), "no dev runs on")
	s.start(t, played, nil, nil)

	link := strings.TrimSpace(command(t, s.environ(), "admin", "link"))
	require.Equal(t, 303, status(t, link, ""))
	require.Regexp(t, regexp.MustCompile(`analyze_transcript +done`), command(t, s.environ(), "admin", "jobs", "list", "--kind", "analyze_transcript"))
	s.stop(t)
}

// An ordinary user needs a place of its own for the program and the data: root's temporary folders are closed to it.
func TestDevRunsAsAnOrdinaryUser(t *testing.T) {
	t.Parallel()
	if os.Geteuid() != 0 {
		t.Skip("the other tests run as one")
	}
	nobody, err := user.Lookup("nobody")
	if err != nil {
		t.Skip("there is no user nobody")
	}
	uid, err := strconv.Atoi(nobody.Uid)
	require.NoError(t, err)
	s := newSystem(t)
	program := filepath.Join(s.dir, "tertulia")
	require.NoError(t, copyFile(os.Args[0], program))
	require.NoError(t, os.Chown(s.dir, uid, -1))

	s.start(t, played, nil, nil, func(cmd *exec.Cmd) {
		cmd.Path, cmd.Args[0], cmd.Dir = program, program, s.dir
		cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: uint32(uid), Gid: uint32(uid)}}
	})
	s.stop(t)

	owner, err := os.Stat(filepath.Join(s.dir, "postgres"))
	require.NoError(t, err)
	require.EqualValues(t, uid, owner.Sys().(*syscall.Stat_t).Uid)
}

func copyFile(from, to string) error {
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer in.Close()
	out, err := os.OpenFile(to, os.O_CREATE|os.O_WRONLY, 0o755)
	if err != nil {
		return err
	}
	_, err = io.Copy(out, in)
	return errors.Join(err, out.Close())
}
