package embedded

import (
	"os/exec"
	"strconv"
	"syscall"
)

// supervisor is a shell program that runs a command until a process that is not its parent has ended, then stops the
// command and removes a folder. (A shell gives a background command no input unless told.) Arguments: the watched process, the signal, the folder or "", the command.
const supervisor = `
watched=$1 signal=$2 folder=$3
shift 3
alive() {
	if [ -r /proc/self/stat ]; then
		state=$(cat "/proc/$1/stat" 2>/dev/null) || return 1
		state=${state##*) }
	else
		state=$(ps -o stat= -p "$1" 2>/dev/null) || return 1
	fi
	case $state in ''|Z*|X*) return 1 ;; esac
}
exec 3<&0
"$@" <&3 3<&- &
child=$!
trap 'kill "-$signal" $child 2>/dev/null' INT TERM
while alive "$watched" && alive $child; do sleep 0.3; done
kill "-$signal" $child 2>/dev/null
wait $child
[ -z "$folder" ] || rm -rf "$folder"
`

// supervised wraps cmd so that it ends when the watched process does.
func supervised(cmd *exec.Cmd, watched int, folder string, sig syscall.Signal) *exec.Cmd {
	args := append([]string{
		"-c", supervisor, "supervisor", strconv.Itoa(watched), strconv.Itoa(int(sig)), folder, cmd.Path,
	}, cmd.Args[1:]...)
	sh := exec.Command("/bin/sh", args...)
	sh.Env, sh.Dir, sh.Stdin, sh.Stdout, sh.Stderr = cmd.Env, cmd.Dir, cmd.Stdin, cmd.Stdout, cmd.Stderr
	return sh
}
