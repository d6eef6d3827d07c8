package embedded

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestASupervisedCommandHasItsInputAndEndsWithTheProcessThatIsWatched(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	folder, heard := filepath.Join(dir, "folder"), filepath.Join(dir, "heard")
	require.NoError(t, os.Mkdir(folder, 0o700))
	watched := exec.Command("sleep", "600")
	require.NoError(t, watched.Start())

	cmd := exec.Command("/bin/sh", "-c", `read line; echo "$line $$" >"$1.new"; mv "$1.new" "$1"; exec sleep 600`, "sh", heard)
	cmd.Stdin = strings.NewReader("hello\n")
	p, err := start(supervised(cmd, watched.Process.Pid, folder, syscall.SIGTERM))
	require.NoError(t, err)
	var words []string
	require.Eventually(t, func() bool {
		said, err := os.ReadFile(heard)
		words = strings.Fields(string(said))
		return err == nil
	}, 10*time.Second, 10*time.Millisecond)
	require.Equal(t, "hello", words[0])
	require.DirExists(t, folder)

	require.NoError(t, watched.Process.Kill())
	_ = watched.Wait()

	select {
	case <-p.done:
	case <-time.After(10 * time.Second):
		t.Fatal("the supervisor goes on")
	}
	require.NoDirExists(t, folder)
	require.NoDirExists(t, "/proc/"+words[1])
}
