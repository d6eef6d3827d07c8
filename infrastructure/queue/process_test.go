package queue

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/hibiken/asynq"
	"github.com/stretchr/testify/require"

	"github.com/tertulia-dev/tertulia/infrastructure/postgres"
)

// The test binary is its own worker process: what it is told by these variables it does instead of testing.
const (
	roleVariable     = "QUEUE_TEST_ROLE"
	urlVariable      = "QUEUE_TEST_URL"
	redisVariable    = "QUEUE_TEST_REDIS"
	gateVariable     = "QUEUE_TEST_GATE"
	unfencedVariable = "QUEUE_TEST_UNFENCED"
)

func TestMain(m *testing.M) {
	role := os.Getenv(roleVariable)
	if role == "" {
		os.Exit(m.Run())
	}
	if err := workerProcess(role); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func workerProcess(role string) error {
	ctx, cancel := signal.NotifyContext(context.Background(), syscall.SIGTERM)
	defer cancel()
	db, err := postgres.Open(ctx, postgres.Config{URL: os.Getenv(urlVariable)})
	if err != nil {
		return err
	}
	defer db.Close()
	r := NewRegistry()
	var ledger *Ledger
	switch role {
	case "finisher":
		Handle(r, patient, func(ctx context.Context, run Run, n note) error { return finishWithEffect(ctx, db, ledger, run, n) })
	case "zombie":
		Handle(r, Kind{}, func(ctx context.Context, run Run, n note) error { return wakeAndWrite(ctx, db, run, n) })
	case "caller":
		Handle(r, Kind{Once: true}, func(ctx context.Context, run Run, n note) error { return callAndHang(ctx, db, run, n) })
	default:
		return fmt.Errorf("no role %q", role)
	}
	ledger, err = NewLedger(Config{
		DB: db, Registry: r, Logger: quiet(), Tuning: quick(),
		Redis:    asynq.RedisClientOpt{Network: "unix", Addr: os.Getenv(redisVariable)},
		unfenced: os.Getenv(unfencedVariable) != "",
	})
	if err != nil {
		return err
	}
	w := NewWorker(ledger)
	if err := w.Start(); err != nil {
		return err
	}
	fmt.Println("ready")
	<-ctx.Done()
	w.Stop(ctx)
	return nil
}

// quick makes leases short, so that tests need not wait for long. QUEUE_TEST_FULL keeps those of production.
func quick() Tuning {
	if os.Getenv("QUEUE_TEST_FULL") != "" {
		return Tuning{}
	}
	return Tuning{Lease: time.Second, Heartbeat: 250 * time.Millisecond, Tick: 50 * time.Millisecond, Grace: time.Second}
}

func withQuick(c *Config) { c.Tuning = quick() }

// patient kinds outlive any number of crashes.
var patient = Kind{MaxAttempts: 1000, Backoff: func(int) time.Duration { return time.Millisecond }}

// finishWithEffect works for a while and commits its effect together with its finish.
func finishWithEffect(ctx context.Context, db *postgres.DB, l *Ledger, run Run, n note) error {
	pause(ctx, 20*time.Millisecond)
	return db.InTx(ctx, run.Workspace, func(ctx context.Context) error {
		if err := addEffect(ctx, n.Text); err != nil {
			return err
		}
		pause(ctx, 10*time.Millisecond)
		return l.Finish(ctx)
	})
}

// wakeAndWrite waits for the gate to open, deaf to its context, and then writes as if nothing had happened.
func wakeAndWrite(ctx context.Context, db *postgres.DB, run Run, n note) error {
	deaf := context.WithoutCancel(ctx)
	for {
		if _, err := os.Stat(os.Getenv(gateVariable)); err == nil {
			break
		}
		pause(deaf, 10*time.Millisecond)
	}
	err := db.InTx(deaf, run.Workspace, func(ctx context.Context) error { return addEffect(ctx, "stale "+n.Text) })
	if errors.Is(err, postgres.ErrFenced) {
		fmt.Println("refused")
	} else {
		fmt.Println("written", err)
	}
	return err
}

// callAndHang has its effect and never comes back.
func callAndHang(ctx context.Context, db *postgres.DB, run Run, n note) error {
	if err := db.InTx(ctx, run.Workspace, func(ctx context.Context) error { return addEffect(ctx, n.Text) }); err != nil {
		return err
	}
	fmt.Println("called")
	select {}
}

// process is a worker process that a test has started.
type process struct {
	*exec.Cmd
	lines chan string
}

func (f *fixture) process(t *testing.T, role string, redis *redisServer, env ...string) *process {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), roleVariable+"="+role, urlVariable+"="+f.url, redisVariable+"="+redis.socket())
	cmd.Env = append(cmd.Env, env...)
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, cmd.Start())
	p := &process{Cmd: cmd, lines: make(chan string, 1000)}
	go func() {
		defer close(p.lines)
		for scan := bufio.NewScanner(out); scan.Scan(); {
			p.lines <- scan.Text()
		}
	}()
	t.Cleanup(p.kill)
	require.Equal(t, []string{"ready"}, p.next(t, 1))
	return p
}

func (p *process) kill() {
	_ = p.Process.Kill()
	_ = p.Wait()
}

// next returns the next n lines that the process prints.
func (p *process) next(t *testing.T, n int) []string {
	t.Helper()
	deadline := time.After(60 * time.Second)
	lines := make([]string, 0, n)
	for len(lines) < n {
		select {
		case line, open := <-p.lines:
			require.True(t, open, "the process has ended")
			lines = append(lines, line)
		case <-deadline:
			require.FailNow(t, "the process says nothing", "%d of %d lines", len(lines), n)
		}
	}
	return lines
}

func (f *fixture) feed(t *testing.T) {
	t.Helper()
	feeder := NewFeeder(f.Ledger)
	feeder.Start()
	t.Cleanup(feeder.Stop)
}

func gate(t *testing.T) (path string, open func()) {
	t.Helper()
	path = filepath.Join(t.TempDir(), "gate")
	return path, func() { require.NoError(t, os.WriteFile(path, nil, 0o600)) }
}
