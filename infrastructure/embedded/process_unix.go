//go:build unix && !linux

package embedded

import (
	"os"
	"os/exec"
	"syscall"
)

// tie makes cmd end when this process ends, however it ends. Without Linux's parent-death signal, a shell watches us.
func tie(cmd *exec.Cmd, a *account, sig syscall.Signal) {
	*cmd = *supervised(cmd, os.Getpid(), "", sig)
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Credential: a.credential()}
}
