package rig

import (
	"bytes"
	"fmt"
	"os"
	"time"
)

// Process is a process of this machine by its ID. What it takes is read from proc(5), so Linux is needed.
type Process int

// PeakMemory is the most resident memory that the process had since it began, or since ForgetPeak, in MB: VmHWM of
// proc_pid_status(5), in KiB there.
func (p Process) PeakMemory() (float64, error) {
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", p))
	if err != nil {
		return 0, fmt.Errorf("read peak memory: %w", err)
	}
	_, after, _ := bytes.Cut(status, []byte("VmHWM:"))
	var kib float64
	if _, err := fmt.Fscan(bytes.NewReader(after), &kib); err != nil {
		return 0, fmt.Errorf("read peak memory: %w", err)
	}
	return kib * 1024 / 1e6, nil
}

// ForgetPeak lets the peak begin anew at what is resident now: 5 in proc_pid_clear_refs(5).
func (p Process) ForgetPeak() error {
	if err := os.WriteFile(fmt.Sprintf("/proc/%d/clear_refs", p), []byte("5"), 0); err != nil {
		return fmt.Errorf("forget peak memory: %w", err)
	}
	return nil
}

// CPU is the processor time that the process took, in user mode and in the kernel: utime and stime of proc_pid_stat(5), in
// ticks of 10 ms.
func (p Process) CPU() (time.Duration, error) {
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", p))
	if err != nil {
		return 0, fmt.Errorf("read processor time: %w", err)
	}
	fields := bytes.Fields(stat[bytes.LastIndexByte(stat, ')')+1:]) // a name may hold spaces; the state is the third field
	var user, system int64
	if _, err := fmt.Sscan(string(fields[11])+" "+string(fields[12]), &user, &system); err != nil {
		return 0, fmt.Errorf("read processor time: %w", err)
	}
	return time.Duration(user+system) * 10 * time.Millisecond, nil
}
