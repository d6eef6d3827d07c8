package queue

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"time"

	"github.com/tertulia-dev/tertulia/domain/kernel"
	"github.com/tertulia-dev/tertulia/usecase/port"
)

// Class is the urgency of a kind: the name of its Asynq queue.
type Class string

// Classes, most urgent first. Each has workers of its own.
const (
	Urgent  Class = "urgent"  // somebody waits for it
	Default Class = "default" // the ordinary work
	Bulk    Class = "bulk"    // much of it, whenever there is room
)

// Classes returns every class, most urgent first.
func Classes() []Class { return []Class{Urgent, Default, Bulk} }

// Kind is how jobs of one kind are treated. The zero value is the ordinary treatment.
type Kind struct {
	Class       Class                           // Default when empty
	MaxAttempts int                             // 10 when zero
	Backoff     func(attempt int) time.Duration // the pause after the nth failed attempt; Exponential when nil
	Timeout     time.Duration                   // of one attempt; 5 minutes when zero
	Concurrency int                             // at once in one worker process; only the class's when zero
	Once        bool                            // must not run twice: a doubtful end is parked as unknown
	Gathers     bool                            // left to the feeder's next round, so that what comes meanwhile joins it
}

// Run is one attempt at a job.
type Run struct {
	ID          port.JobID
	Workspace   kernel.WorkspaceID
	Attempt     int // from 1
	MaxAttempts int
	RequestID   string // of the request that enqueued it
}

// Last reports whether no attempt follows when this one fails.
func (r Run) Last() bool { return r.Attempt >= r.MaxAttempts }

// Recorded is an event as it lies in the log.
type Recorded struct {
	ID        string
	Workspace kernel.WorkspaceID
	Stream    string
	Version   int64 // 1, 2, 3… within the stream
	Type      string
	Payload   json.RawMessage
	At        time.Time
}

type kind struct {
	Kind
	name string
	call func(ctx context.Context, run Run, payload []byte) error
}

type subscriber struct {
	name  string
	types []string // empty: every type
	job   func(Recorded) port.Job
}

// Registry knows every kind of job and every subscriber of events. It is filled before anything starts.
type Registry struct {
	kinds       map[string]*kind
	subscribers []subscriber
}

// NewRegistry returns an empty registry.
func NewRegistry() *Registry { return &Registry{kinds: map[string]*kind{}} }

// Handle registers the handler of J's kind. It panics when the kind has one already: two handlers of a kind are a
// mistake in the wiring. The handler may run twice, on the ledger's context; see errors.go for what its error leads to.
func Handle[J port.Job](r *Registry, k Kind, handle func(ctx context.Context, run Run, job J) error) {
	var zero J
	name := zero.Kind()
	if _, taken := r.kinds[name]; taken {
		panic(fmt.Sprintf("queue: kind %q has two handlers", name))
	}
	entry := &kind{Kind: k.withDefaults(), name: name}
	entry.call = func(ctx context.Context, run Run, payload []byte) error {
		var job J
		if err := json.Unmarshal(payload, &job); err != nil {
			return Permanent(fmt.Errorf("decode payload of %s: %w", name, err))
		}
		return handle(ctx, run, job)
	}
	r.kinds[name] = entry
}

// Subscribe makes a job of every event of the given types, of all types when there are none. The job is enqueued in the
// transaction that marks the event as dispatched: once for each event and subscriber, in version order per stream.
// A nil job means that the subscriber does not care about this one.
func (r *Registry) Subscribe(name string, types []string, job func(Recorded) port.Job) {
	r.subscribers = append(r.subscribers, subscriber{name: name, types: types, job: job})
}

func (s subscriber) wants(eventType string) bool {
	return len(s.types) == 0 || slices.Contains(s.types, eventType)
}

func (r *Registry) find(name string) (*kind, error) {
	k, ok := r.kinds[name]
	if !ok {
		return nil, fmt.Errorf("kind %q has no handler", name)
	}
	return k, nil
}

// names lists every kind.
func (r *Registry) names() []string { return slices.Sorted(maps.Keys(r.kinds)) }

func (k Kind) withDefaults() Kind {
	if k.Class == "" {
		k.Class = Default
	}
	if k.MaxAttempts == 0 {
		k.MaxAttempts = 10
	}
	if k.Backoff == nil {
		k.Backoff = Exponential(2*time.Second, 15*time.Minute)
	}
	if k.Timeout == 0 {
		k.Timeout = 5 * time.Minute
	}
	return k
}

// Exponential doubles the pause from first up to longest, and draws the actual one evenly from its upper half, so that
// jobs that failed together do not come back together.
func Exponential(first, longest time.Duration) func(attempt int) time.Duration {
	return func(attempt int) time.Duration {
		pause := longest
		if shift := attempt - 1; shift < 32 && first<<shift < longest {
			pause = first << shift
		}
		return pause/2 + rand.N(pause/2+1)
	}
}
