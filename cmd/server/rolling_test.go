package main

import (
	"errors"
	"net/http"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tertulia-dev/tertulia/cmd/internal/processtest"
	"github.com/tertulia-dev/tertulia/pkg/embed/embedtest"
)

// balancer sends requests to the server that it was last told of. What no server has accepted it sends again, which it
// needs only when this machine is too busy to tell it in time; what a server has accepted it never repeats.
type balancer struct {
	current                 atomic.Pointer[string]
	served, refused, failed atomic.Int64
}

func (b *balancer) ask(t *testing.T) {
	for {
		code, err := ask(t, *b.current.Load()+"/api/meetings")
		switch {
		case errors.Is(err, syscall.ECONNREFUSED):
			b.refused.Add(1)
			time.Sleep(time.Millisecond)
			continue
		case code == http.StatusOK:
			b.served.Add(1)
		default:
			b.failed.Add(1)
			t.Log(code, err)
		}
		return
	}
}

// load asks from several clients at once until stop is called.
func (b *balancer) load(t *testing.T, clients int) (stop func()) {
	var all sync.WaitGroup
	enough := make(chan struct{})
	for range clients {
		all.Go(func() {
			pace := time.NewTicker(2 * time.Millisecond)
			defer pace.Stop()
			for {
				select {
				case <-enough:
					return
				case <-pace.C:
					b.ask(t)
				}
			}
		})
	}
	return func() { close(enough); all.Wait() }
}

func TestNoRequestFailsWhileServersAreReplacedTwentyTimes(t *testing.T) {
	t.Parallel()
	const rounds, clients = 20, 4
	s := embedtest.New(t, embedtest.WithoutWorker())
	start := func() (*processtest.Process, string) {
		p, url := server(t, s, "DRAIN_DELAY=200ms")
		p.Until(t, "it is ready", isReady(t, url))
		return p, url
	}
	var b balancer
	old, oldURL := start()
	b.current.Store(&oldURL)
	stop := b.load(t, clients)
	for range rounds {
		next, nextURL := start()
		told := time.Now()
		old.Signal(syscall.SIGTERM)
		old.Until(t, "it is not ready", func() bool { return !isReady(t, oldURL)() })
		before := b.served.Load()
		b.current.Store(&nextURL)
		require.Zero(t, old.Exit(t), old.Output())
		require.Less(t, time.Since(told), 30*time.Second)
		next.Until(t, "requests are served", func() bool { return b.served.Load() > before+clients })
		old, oldURL = next, nextURL
	}
	stop()
	t.Logf("%d requests served, %d failed, %d attempts to connect refused", b.served.Load(), b.failed.Load(), b.refused.Load())
	require.Zero(t, b.failed.Load())
}
