package main

import (
	"io"
	"net/http"
	"os"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tertulia-dev/tertulia/cmd/internal/processtest"
	"github.com/tertulia-dev/tertulia/infrastructure/queue"
	"github.com/tertulia-dev/tertulia/infrastructure/sandbox/sandboxtest"
	"github.com/tertulia-dev/tertulia/pkg/embed"
	"github.com/tertulia-dev/tertulia/pkg/embed/embedtest"
	"github.com/tertulia-dev/tertulia/pkg/tertulia"
)

// The process is the worker with leases that end soon, so that nobody waits half a minute for a dead one's jobs.
func TestMain(m *testing.M) {
	processtest.Main(m, func() { os.Exit(program(embed.Options{Tuning: quick()}).Main()) })
}

func quick() queue.Tuning {
	return queue.Tuning{Lease: time.Second, Heartbeat: 250 * time.Millisecond, Tick: 50 * time.Millisecond}
}

// system is a server without a worker of its own.
func system(t *testing.T) *embedtest.System {
	t.Helper()
	return embedtest.New(t, embedtest.WithoutWorker(), embedtest.WithTuning(quick()))
}

// slowModel lets the model think for so long about the next analysis.
func slowModel(s *embedtest.System, d time.Duration) {
	s.Sandbox.Fault(sandboxtest.Fault{Vendor: "openai", Method: "POST", Path: "/v1/responses", DelayMs: int(d.Milliseconds())})
}

// isAnalysing tells whether the model has been asked.
func isAnalysing(s *embedtest.System) func() bool {
	return func() bool { return s.Sandbox.Calls("openai", "POST /v1/responses") > 0 }
}

func TestAnotherWorkerFinishesTheAnalysisOfAKilledOneAndThereIsOne(t *testing.T) {
	t.Parallel()
	s := system(t)
	slowModel(s, 6*time.Second) // much longer than anything here takes
	first := processtest.Start(t, s.Environ(), nil)
	meeting := s.Scheduled(t, embedtest.Talk())
	first.Until(t, "the analysis runs", isAnalysing(s))

	first.Signal(syscall.SIGKILL)
	require.Equal(t, -1, first.Exit(t))
	processtest.Start(t, s.Environ(), nil)

	require.Len(t, s.Settled(t, meeting).Analyses, 1)
	require.Equal(t, 1, s.Count(t, "select count(*) from analyses"))
	require.Equal(t, 1, s.Count(t, "select count(*) from events where type = 'meeting.completed'"))
	require.Len(t, s.Jobs(t, "analyze_transcript"), 1)
}

func TestAWorkerThatIsToldToStopIsNotReadyAndFinishesWhatItHasBegun(t *testing.T) {
	t.Parallel()
	s := system(t)
	slowModel(s, 2*time.Second)
	address := "127.0.0.1:" + processtest.FreePort(t)
	worker := processtest.Start(t, append(s.Environ(), "METRICS_ADDR="+address), nil)
	worker.Until(t, "it is ready", func() bool { status, _ := get(t, address, "/ready"); return status == 200 })
	meeting := s.Scheduled(t, embedtest.Talk())
	worker.Until(t, "the analysis runs", isAnalysing(s))

	worker.Signal(syscall.SIGTERM)

	worker.Until(t, "it is not ready", func() bool { status, _ := get(t, address, "/ready"); return status == 503 })
	require.Zero(t, worker.Exit(t), worker.Output())
	require.Equal(t, tertulia.Completed, s.Get(t, meeting).Meeting.Status)
}

func TestAWorkerIsWatchedOnAnAddressOfItsOwn(t *testing.T) {
	t.Parallel()
	s := system(t)
	address := "127.0.0.1:" + processtest.FreePort(t)
	worker := processtest.Start(t, append(s.Environ(), "METRICS_ADDR="+address), nil)
	s.Settled(t, s.Scheduled(t, embedtest.Talk()))

	var status int
	worker.Until(t, "it answers", func() bool { status, _ = get(t, address, "/health"); return status != 0 })
	require.Equal(t, 200, status)
	_, metrics := get(t, address, "/metrics")
	require.Regexp(t, `tertulia_job_runs_total\{.*kind="analyze_transcript".*\} 1`, metrics)
	require.Contains(t, metrics, "go_goroutines")
}

// get returns status 0 where nobody answers.
func get(t *testing.T, address, path string) (status int, body string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://"+address+path, nil)
	require.NoError(t, err)
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return 0, err.Error()
	}
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	require.NoError(t, err)
	return res.StatusCode, string(text)
}

func TestAWorkerNamesWhatItLacks(t *testing.T) {
	t.Parallel()
	worker := processtest.Start(t, []string{"LOG_LEVEL=loud"}, nil)

	require.Equal(t, 2, worker.Exit(t))
	require.Contains(t, worker.Stderr.String(), "LOG_LEVEL must be debug, info, warn or error")
	require.Contains(t, worker.Stderr.String(), "DATABASE_URL, DATA_DIR, MEDIA_SIGNING_SECRET, PUBLIC_URL, RECALL_API_KEY, REDIS_URL must be set")
	require.Empty(t, worker.Stdout.String())
}

func TestAWorkerDoesNotStartOnAnOldSchema(t *testing.T) {
	t.Parallel()
	s := system(t)
	s.Exec(t, "delete from goose_db_version where id = (select max(id) from goose_db_version)")

	worker := processtest.Start(t, s.Environ(), nil)

	require.Equal(t, 1, worker.Exit(t))
	require.Contains(t, worker.Stdout.String(), "tertulia migrate")
}

func TestAWorkerThatIsStoppedWhileItStartsLeavesInPeace(t *testing.T) {
	t.Parallel()
	s := system(t)
	for range 3 {
		worker := processtest.Start(t, s.Environ(), nil)
		worker.Until(t, "it starts", func() bool { return worker.Stdout.String() != "" })
		worker.Signal(syscall.SIGTERM)
		require.Zero(t, worker.Exit(t), worker.Output())
	}
}
