package queue

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/hibiken/asynq"
	"github.com/redis/go-redis/v9"
)

// Names in Redis. Those of Asynq are its own; they are fixed by its wire format.
const (
	epochKey        = "tertulia:queue:epoch"
	asynqQueues     = "asynq:queues"
	asynqPendingKey = "asynq:{%s}:pending"
)

// delivery is one job on its way to a worker.
type delivery struct {
	id      string
	attempt int // attempts begun so far
	class   Class
	kind    string
}

// packet is jobs of one class and kind that travel as one task, named after the first.
type packet []delivery

func (p packet) taskID() string { return p[0].id + "." + strconv.Itoa(p[0].attempt) }

// payload lists the jobs' IDs, one a line.
func (p packet) payload() []byte {
	var b bytes.Buffer
	for _, d := range p {
		b.WriteString(d.id)
		b.WriteByte('\n')
	}
	return b.Bytes()
}

// mostPacked is how many jobs travel as one task at most.
const mostPacked = 10

// pack makes packets of up to size neighbours of one class and kind. Asynq's work for a task is several times the
// ledger's for a job, so jobs are kept apart only while there are few.
func pack(jobs []delivery, size int) []packet {
	type label struct {
		class Class
		kind  string
	}
	var packets []packet
	open := map[label]int{} // the packet that may have room
	for _, d := range jobs {
		l := label{d.class, d.kind}
		if i, ok := open[l]; ok && len(packets[i]) < min(size, mostPacked) {
			packets[i] = append(packets[i], d)
			continue
		}
		open[l] = len(packets)
		packets = append(packets, packet{d})
	}
	return packets
}

// jobsOf reads a payload.
func jobsOf(payload []byte) []string { return strings.Fields(string(payload)) }

// courier carries deliveries to Redis.
type courier struct {
	redis     redis.UniversalClient
	client    *asynq.Client
	inspector *asynq.Inspector
}

func newCourier(opt asynq.RedisConnOpt) *courier {
	c := opt.MakeRedisClient().(redis.UniversalClient) // asynq's own contract
	return &courier{
		redis:     c,
		client:    asynq.NewClientFromRedisClient(c),
		inspector: asynq.NewInspectorFromRedisClient(c),
	}
}

func (c *courier) close() { _ = c.redis.Close() }

// push hands a task to Asynq. One that waits there already is left alone. One in any other state may never reach the
// ledger again (an archived task keeps its ID for ever, an active one may have met a held row), so the job gets another
// task: a delivery too many is harmless, the claim decides.
func (c *courier) push(ctx context.Context, p packet) error {
	err := c.enqueue(ctx, p, p.taskID())
	if !errors.Is(err, asynq.ErrTaskIDConflict) {
		return err
	}
	if len(p) > 1 {
		return errors.Join(c.push(ctx, p[:1]), c.push(ctx, p[1:]))
	}
	task, err := c.inspector.GetTaskInfo(string(p[0].class), p.taskID())
	if err == nil && task.State == asynq.TaskStatePending {
		return nil
	}
	return c.enqueue(ctx, p, p.taskID()+"."+strconv.FormatInt(time.Now().UnixMicro(), 36))
}

func (c *courier) enqueue(ctx context.Context, p packet, taskID string) error {
	_, err := c.client.EnqueueContext(ctx, asynq.NewTask(p[0].kind, p.payload()), asynq.TaskID(taskID),
		asynq.Queue(string(p[0].class)), asynq.MaxRetry(0), asynq.Timeout(24*time.Hour)) // the ledger keeps the real time
	if err != nil {
		return fmt.Errorf("push %s: %w", p[0].kind, err)
	}
	return nil
}

// waiting returns how many tasks wait in each class's queue.
func (c *courier) waiting(ctx context.Context) (map[Class]int, error) {
	lengths := map[Class]*redis.IntCmd{}
	_, err := c.redis.Pipelined(ctx, func(p redis.Pipeliner) error {
		for _, class := range Classes() {
			lengths[class] = p.LLen(ctx, fmt.Sprintf(asynqPendingKey, class))
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("look into Redis: %w", err)
	}
	waiting := map[Class]int{}
	for class, n := range lengths {
		waiting[class] = int(n.Val())
	}
	return waiting, nil
}

// remembers reports whether Redis still has what was pushed: it has lost everything when the epoch key is gone.
func (c *courier) remembers(ctx context.Context) (bool, error) {
	n, err := c.redis.Exists(ctx, epochKey).Result()
	if err != nil {
		return false, fmt.Errorf("look for the epoch in Redis: %w", err)
	}
	return n > 0, nil
}

// newEpoch marks Redis as remembering from now on, and names the queues again, as Asynq's client does once in its life.
func (c *courier) newEpoch(ctx context.Context) error {
	_, err := c.redis.Pipelined(ctx, func(p redis.Pipeliner) error {
		p.Set(ctx, epochKey, time.Now().UTC().Format(time.RFC3339Nano), 0)
		for _, class := range Classes() {
			p.SAdd(ctx, asynqQueues, string(class))
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("begin an epoch in Redis: %w", err)
	}
	return nil
}
