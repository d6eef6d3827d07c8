package embedded_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tertulia-dev/tertulia/infrastructure/embedded"
)

// childVariable makes the test binary a program that runs the stores in the named folder until it is killed.
const childVariable = "TERTULIA_EMBEDDED_TEST_CHILD"

func TestMain(m *testing.M) {
	if dir := os.Getenv(childVariable); dir != "" {
		runChild(dir)
		return
	}
	os.Exit(m.Run())
}

func runChild(dir string) {
	p, err := embedded.StartPostgres(context.Background(), options(dir))
	if err != nil {
		fmt.Println(err)
		return
	}
	r, err := embedded.StartRedis(context.Background(), embedded.RedisOptions{DataDir: dir})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(p.URL(), r.URL())
	select {}
}

func TestNothingOutlivesAKilledParentAndTheNextStartFindsTheData(t *testing.T) {
	t.Parallel()
	dir := dataDir(t)
	child := exec.Command(os.Args[0])
	child.Env = append(os.Environ(), childVariable+"="+dir)
	out, err := child.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, child.Start())
	line, err := bufio.NewReader(out).ReadString('\n')
	require.NoError(t, err)
	urls := strings.Fields(line)
	require.Len(t, urls, 2, line)
	query(t, urls[0], "create table kept as select 'here'::text as what")
	server := serverPID(t, dir)

	require.NoError(t, child.Process.Kill())
	_ = child.Wait()

	p := startPostgres(t, dir) // at once: it waits for the old one
	require.Equal(t, "here", query(t, p.URL(), "select what from kept"))
	require.Eventually(t, func() bool { return gone(server) && closed(urls[1]) }, 10*time.Second, 20*time.Millisecond)
}

// serverPID reads the number of the server that runs in dir.
func serverPID(t *testing.T, dir string) int {
	t.Helper()
	content, err := os.ReadFile(filepath.Join(dir, "postgres", "postmaster.pid"))
	require.NoError(t, err)
	first, _, _ := strings.Cut(string(content), "\n")
	pid, err := strconv.Atoi(first)
	require.NoError(t, err)
	return pid
}

func gone(pid int) bool { return errors.Is(syscall.Kill(pid, 0), syscall.ESRCH) }
