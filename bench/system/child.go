package main

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

// child is a process of this run.
type child struct {
	url   string
	cmd   *exec.Cmd
	stdin io.Closer
	log   *os.File
}

// spawn starts a child, whose log goes to a file of that name, and returns when it answers.
func spawn(ctx context.Context, dir, name, role string, env []string) (*child, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	log, err := os.Create(filepath.Join(dir, name+".log")) //nolint:gosec // our own folder
	if err != nil {
		return nil, err
	}
	c := &child{cmd: exec.CommandContext(ctx, self, role), log: log} //nolint:gosec // ourselves
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
	c.url = strings.TrimSpace(line)
	return c, nil
}

func (c *child) stop() {
	_ = c.stdin.Close()
	_ = c.cmd.Wait()
	_ = c.log.Close()
}

// peakMemory is the most resident memory that the process ever had, in MB: VmHWM of proc_pid_status(5), in KiB there.
func (c *child) peakMemory() (float64, error) {
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", c.cmd.Process.Pid))
	if err != nil {
		return 0, fmt.Errorf("read peak memory, which needs Linux: %w", err)
	}
	_, after, _ := strings.Cut(string(status), "VmHWM:")
	var kib float64
	if _, err := fmt.Sscan(after, &kib); err != nil {
		return 0, fmt.Errorf("read peak memory: %w", err)
	}
	return kib * 1024 / 1e6, nil
}
