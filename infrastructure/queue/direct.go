package queue

// startHere runs a committed job in this process when its class and its kind have room, and reports whether it does: the
// way through Redis and back takes a job longer, and both processors more, than most of what is done for it. The less
// urgent go that way all the same, so that they come after what somebody waits for.
//
// Nothing depends on it. The row says for how long the feeder leaves the job alone, as it does for the pusher, and the
// claim decides who runs it.
func (w *Worker) startHere(d delivery) bool {
	k, err := w.cfg.Registry.find(d.kind)
	if err != nil || k.Class == Bulk {
		return false
	}
	select {
	case w.slots[k.Class] <- struct{}{}:
	default:
		return false
	}
	if !w.admitNow(k) {
		<-w.slots[k.Class]
		return false
	}
	go func() {
		defer func() { <-w.slots[k.Class] }()
		defer w.release(k)
		_ = w.claimAndRun(k, d.id) // its outcome is in the ledger
	}()
	return true
}

// admitNow is admit for who can take another way when the kind is at its limit.
func (r *runner) admitNow(k *kind) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.closing || k.Concurrency > 0 && r.busy[k] >= k.Concurrency {
		return false
	}
	r.busy[k]++
	r.active.Add(1)
	return true
}
