package rig

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// Child is a process of this run. URL is where it answers.
type Child struct {
	URL   string
	cmd   *exec.Cmd
	stdin io.Closer
	log   *os.File
}

// spawn starts a child, whose log goes to a file of that name, and returns when it answers.
func spawn(ctx context.Context, dir, name, role string, env []string) (*Child, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	log, err := os.Create(filepath.Join(dir, name+".log")) //nolint:gosec // our own folder
	if err != nil {
		return nil, err
	}
	c := &Child{cmd: exec.CommandContext(ctx, self, role), log: log} //nolint:gosec // ourselves
	c.cmd.Env, c.cmd.Stderr = env, log
	if c.stdin, err = c.cmd.StdinPipe(); err != nil {
		return nil, err
	}
	out, err := c.cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := c.cmd.Start(); err != nil {
		return nil, err
	}
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		c.stop()
		said, _ := os.ReadFile(log.Name())
		return nil, fmt.Errorf("%s did not start: %s", name, said)
	}
	c.URL = strings.TrimSpace(line)
	return c, nil
}

// Process is what it takes of the machine.
func (c *Child) Process() Process { return Process(c.cmd.Process.Pid) }

func (c *Child) stop() {
	_ = c.stdin.Close()
	_ = c.cmd.Wait()
	_ = c.log.Close()
}
