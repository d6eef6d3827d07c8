package main

import (
	"net/http"
	"os/exec"
	"regexp"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tertulia-dev/tertulia/cmd/internal/processtest"
)

func TestMain(m *testing.M) { processtest.Main(m, main) }

// system is a dev on a data folder and ports of its own.
type system struct {
	*processtest.Process

	dir, port, sandboxPort string
}

func newSystem(t *testing.T) system {
	t.Helper()
	return system{dir: processtest.DataDir(t), port: processtest.FreePort(t), sandboxPort: processtest.FreePort(t)}
}

func (s system) environ(more ...string) []string {
	return append([]string{"DATA_DIR=" + s.dir, "PORT=" + s.port, "SANDBOX_PORT=" + s.sandboxPort}, more...)
}

// start runs dev and waits until it prints something.
func (s *system) start(t *testing.T, until string, args, environ []string, changes ...func(*exec.Cmd)) {
	t.Helper()
	s.Process = processtest.Start(t, s.environ(environ...), append([]string{"dev"}, args...), changes...)
	s.Until(t, "prints "+until, func() bool { return regexp.MustCompile(until).MatchString(s.Stdout.String()) })
}

// stop ends dev as Ctrl-C does.
func (s *system) stop(t *testing.T) {
	t.Helper()
	s.Signal(syscall.SIGINT)
	require.Zero(t, s.Exit(t), s.Output())
}

// find returns what the only group of a pattern matches in what dev has printed.
func (s *system) find(t *testing.T, pattern string) string {
	t.Helper()
	found := regexp.MustCompile(pattern).FindStringSubmatch(s.Stdout.String())
	require.Len(t, found, 2, s.Output())
	return found[1]
}

// command runs another command to its end, and returns what it has answered.
func command(t *testing.T, environ []string, args ...string) string {
	t.Helper()
	p := processtest.Start(t, environ, args)
	require.Zero(t, p.Exit(t), p.Output())
	require.Empty(t, p.Stderr.String())
	return p.Stdout.String()
}

// refused runs a command that does not succeed, and returns what it says about it.
func refused(t *testing.T, environ []string, args ...string) string {
	t.Helper()
	p := processtest.Start(t, environ, args)
	require.Equal(t, 1, p.Exit(t), p.Output())
	require.Empty(t, p.Stdout.String())
	return p.Stderr.String()
}

// status asks without following redirects; it is 0 where nobody answers.
func status(t *testing.T, url, key string) int {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
	require.NoError(t, err)
	req.Header.Set("X-Api-Key", key)
	res, err := http.DefaultTransport.RoundTrip(req)
	if err != nil {
		return 0
	}
	defer res.Body.Close()
	return res.StatusCode
}
