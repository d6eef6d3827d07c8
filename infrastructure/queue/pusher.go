package queue

import (
	"context"
	"sync"
	"time"
)

// handover is for how long the feeder leaves a job to the pusher of the process that enqueued it.
var handover = "1 second"

const (
	pushQueue    = 1024 // of each class
	pushDeadline = 2 * time.Second
	pushEvery    = 2 * time.Millisecond   // jobs that are committed faster than this travel together
	pushBulk     = 100 * time.Millisecond // the same of the Bulk class
	restAfter    = time.Second            // the way stays closed for so long after an error
	sampleEvery  = 100 * time.Millisecond // between looks at how much waits in Redis
)

// pusher carries committed jobs to Redis at once while little waits there: the express way of a quiet system, with a lane
// for each class. It drops what it cannot take; the feeder finds it, and shares the way fairly between workspaces.
type pusher struct {
	courier *courier
	cfg     Config
	metrics *metrics
	lanes   map[Class]chan delivery
	cancel  context.CancelFunc
	done    sync.WaitGroup

	mu       sync.Mutex
	room     map[Class]int // how many more tasks may be pushed before the next look
	closedTo time.Time
}

func newPusher(c *courier, cfg Config, m *metrics) *pusher {
	p := &pusher{courier: c, cfg: cfg, metrics: m, lanes: map[Class]chan delivery{}, room: map[Class]int{}}
	for _, class := range Classes() {
		p.lanes[class] = make(chan delivery, pushQueue)
	}
	return p
}

func (p *pusher) start() {
	ctx, cancel := context.WithCancel(context.Background())
	p.cancel = cancel
	p.done.Go(func() { p.sample(ctx) })
	for class, lane := range p.lanes {
		every := pushEvery
		if class == Bulk {
			every = pushBulk
		}
		p.done.Go(func() { p.work(ctx, lane, every) })
	}
}

func (p *pusher) stop() {
	if p.cancel != nil {
		p.cancel()
		p.done.Wait()
	}
	p.courier.close()
}

// open reports whether a job of the class would be taken now.
func (p *pusher) open(class Class) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.room[class] > 0 && len(p.lanes[class]) < pushQueue
}

// offer never waits.
func (p *pusher) offer(d delivery) {
	if p.open(d.class) {
		select {
		case p.lanes[d.class] <- d:
			return
		default:
		}
	}
	p.metrics.dropped.Inc()
}

// work pushes the first job at once, and whatever is committed in the moment after that together.
func (p *pusher) work(ctx context.Context, lane <-chan delivery, every time.Duration) {
	for {
		select {
		case <-ctx.Done():
			return
		case d := <-lane:
			for _, together := range pack(gather(d, lane), mostPacked) {
				p.push(ctx, together)
			}
			pause(ctx, every)
		}
	}
}

func gather(first delivery, lane <-chan delivery) []delivery {
	batch := []delivery{first}
	for {
		select {
		case d := <-lane:
			batch = append(batch, d)
		default:
			return batch
		}
	}
}

func (p *pusher) push(ctx context.Context, together packet) {
	class := together[0].class
	p.mu.Lock()
	free := p.room[class] > 0
	p.room[class]--
	p.mu.Unlock()
	if !free {
		p.metrics.dropped.Add(float64(len(together)))
		return
	}
	pushCtx, cancel := context.WithTimeout(ctx, pushDeadline)
	defer cancel()
	if err := p.courier.push(pushCtx, together); err != nil && ctx.Err() == nil {
		p.cfg.Logger.WarnContext(ctx, "push jobs to Redis", "kind", together[0].kind, "jobs", len(together), "error", err)
		p.metrics.dropped.Add(float64(len(together)))
		p.close()
	}
}

// close takes nothing for a while, and drops what waits.
func (p *pusher) close() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.closedTo = time.Now().Add(restAfter)
	clear(p.room)
}

// sample keeps track of how much room there is in Redis.
func (p *pusher) sample(ctx context.Context) {
	tick := time.NewTicker(sampleEvery)
	defer tick.Stop()
	for {
		p.measure(ctx)
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

func (p *pusher) measure(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, pushDeadline)
	defer cancel()
	waiting, err := p.courier.waiting(ctx)
	if err != nil {
		p.close()
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if time.Now().Before(p.closedTo) {
		return
	}
	for class, n := range waiting {
		p.room[class] = p.cfg.Tuning.Backlog - n
	}
}
