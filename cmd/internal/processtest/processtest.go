// Package processtest runs a command as a process of its own: the command's test binary is the command, when a test
// starts it through Start.
package processtest

import (
	"bytes"
	"context"
	"net"
	"os"
	"os/exec"
	"strconv"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// variable makes the test binary the command.
const variable = "TERTULIA_TEST_PROCESS"

// patience bounds every wait for something that a process should do.
const patience = 60 * time.Second

// Main is the TestMain of a command.
func Main(m *testing.M, command func()) {
	if os.Getenv(variable) != "" {
		command()
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// Process is a running command. It is killed when the test ends.
type Process struct {
	Stdout, Stderr output

	cmd   *exec.Cmd
	ended chan struct{}
}

// Start runs the command with these settings and no others: of this process's environment it gets only what every
// program needs. Changes may alter how it is started.
func Start(t testing.TB, environ, args []string, changes ...func(*exec.Cmd)) *Process {
	t.Helper()
	p := &Process{cmd: exec.Command(os.Args[0], args...), ended: make(chan struct{})}
	p.cmd.Env = append([]string{
		variable + "=1", "PATH=" + os.Getenv("PATH"), "HOME=" + os.Getenv("HOME"), "TMPDIR=" + os.Getenv("TMPDIR"),
	}, environ...)
	p.cmd.Stdout, p.cmd.Stderr = &p.Stdout, &p.Stderr
	p.cmd.WaitDelay = time.Second // a child that outlives it does not keep its output open
	for _, change := range changes {
		change(p.cmd)
	}
	require.NoError(t, p.cmd.Start())
	go func() {
		_ = p.cmd.Wait()
		close(p.ended)
	}()
	t.Cleanup(func() {
		p.Signal(syscall.SIGKILL)
		<-p.ended
	})
	return p
}

// PID is the process's number.
func (p *Process) PID() int { return p.cmd.Process.Pid }

// Signal sends it a signal, unless it has ended.
func (p *Process) Signal(sig syscall.Signal) { _ = p.cmd.Process.Signal(sig) }

// Exit waits until it has ended by itself, and returns its exit code; -1 when a signal has ended it.
func (p *Process) Exit(t testing.TB) int {
	t.Helper()
	select {
	case <-p.ended:
	case <-time.After(patience):
		require.FailNow(t, "the process does not end", p.Output())
	}
	return p.cmd.ProcessState.ExitCode()
}

// Until waits until ok, and fails the test when the process ends before.
func (p *Process) Until(t testing.TB, what string, ok func() bool) {
	t.Helper()
	deadline, look := time.After(patience), time.NewTicker(10*time.Millisecond)
	defer look.Stop()
	for !ok() {
		select {
		case <-look.C:
		case <-p.ended:
			if ok() {
				return
			}
			require.FailNow(t, "the process has ended before: "+what, p.Output())
		case <-deadline:
			require.FailNow(t, "the process does not do it: "+what, p.Output())
		}
	}
}

// Output is all that it has printed, for messages.
func (p *Process) Output() string { return p.Stdout.String() + p.Stderr.String() }

// DataDir returns an empty folder for a program's data, near enough to the root that the account which runs Postgres for
// root can reach it.
func DataDir(t testing.TB) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "tertulia-cmd-*")
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, os.RemoveAll(dir)) })
	return dir
}

// Ports that tests hand out lie below those that systems give to outgoing connections: one of these took a port before the
// process that it was meant for had opened it. Test binaries that run at once have neighbouring process numbers, and so
// different ranges.
const (
	firstPort = 15000
	ranges    = 340
	perRange  = 50
)

var handedOut atomic.Int64 //nolint:gochecknoglobals // the ports are of the whole process, and so is this

// FreePort returns a port of this machine that nobody listens on, and that no other test of this run gets.
func FreePort(t testing.TB) string {
	t.Helper()
	var lc net.ListenConfig
	for range perRange {
		port := strconv.Itoa(firstPort + os.Getpid()%ranges*perRange + int(handedOut.Add(1)%perRange))
		ln, err := lc.Listen(context.Background(), "tcp", "127.0.0.1:"+port)
		if err == nil {
			require.NoError(t, ln.Close())
			return port
		}
	}
	require.FailNow(t, "all of the ports are taken")
	return ""
}

// output keeps what a process writes. It is safe for concurrent use.
type output struct {
	mu   sync.Mutex
	kept bytes.Buffer
}

// Write implements io.Writer.
func (o *output) Write(b []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.kept.Write(b)
}

// String returns everything so far.
func (o *output) String() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.kept.String()
}
