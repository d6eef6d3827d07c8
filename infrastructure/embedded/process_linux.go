package embedded

import (
	"os/exec"
	"syscall"
)

// tie makes cmd receive sig when this process ends, however it ends. The child leaves our process group, so that Ctrl-C
// reaches it through us and in order.
func tie(cmd *exec.Cmd, a *account, sig syscall.Signal) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: sig, Credential: a.credential()}
}
