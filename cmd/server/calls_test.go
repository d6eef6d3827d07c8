package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"strconv"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"
	"golang.org/x/sync/errgroup"

	"github.com/tertulia-dev/tertulia/cmd/internal/processtest"
	"github.com/tertulia-dev/tertulia/domain/batchcalls"
	"github.com/tertulia-dev/tertulia/infrastructure/queue"
	"github.com/tertulia-dev/tertulia/infrastructure/sandbox/sandboxtest"
	"github.com/tertulia-dev/tertulia/pkg/embed"
	"github.com/tertulia-dev/tertulia/pkg/embed/embedtest"
	batchcallsuc "github.com/tertulia-dev/tertulia/usecase/batchcalls"
)

// hastyVariable makes the test binary a server that works as well, and waits for nothing for long.
const hastyVariable = "TERTULIA_TEST_HASTY"

// hasty serves and works, in requests of four people, with everything that is waited for coming soon.
func hasty() {
	settings := batchcallsuc.Settings{
		Watch: 100 * time.Millisecond, Answer: 3 * time.Second, FirstPoll: 300 * time.Millisecond, LongestPoll: time.Second,
		FirstSweep: 3 * time.Second, SecondSweep: time.Second, Hold: 200 * time.Millisecond, ChunkSize: 4,
	}
	tuning := queue.Tuning{Lease: 3 * time.Second, Heartbeat: 500 * time.Millisecond}
	os.Exit(embed.Program{
		Name: "hasty", Check: embed.Config.ValidateServer, Options: embed.Options{Calls: settings, Tuning: tuning},
		Run: func(ctx context.Context, app *embed.App, cfg embed.Config) error {
			var lc net.ListenConfig
			ln, err := lc.Listen(ctx, "tcp", net.JoinHostPort(cfg.HTTP.Host, strconv.Itoa(cfg.HTTP.Port)))
			if err != nil {
				return err
			}
			both, ctx := errgroup.WithContext(ctx)
			both.Go(func() error { return app.Serve(ctx, ln) })
			both.Go(func() error { return app.Work(ctx) })
			return both.Wait()
		},
	}.Main())
}

// Two processes serve and work, and one after the other is killed as it comes. The provider accepts and drops the reply, answers
// 503 and 500, or nothing for longer than anybody waits. Each client submits twice at once, and again as long as nobody
// answers.
func TestAThousandNumbersAreDialledAtMostOnceWhateverHappens(t *testing.T) {
	t.Parallel()
	const clients, each = 50, 20
	s := embedtest.New(t, embedtest.WithoutWorker(), embedtest.Configured(func(c *embed.Config) {
		c.Calls.AllowAnonymous, c.Calls.Timeout = true, time.Second
	}))
	c := newCrowd(t, s)
	for _, f := range []sandboxtest.Fault{
		{Drop: "after", Times: 25},
		{Status: 503, Times: 10},
		{Status: 500, Times: 10},
		{Drop: "before", Reset: true, Times: 10},
		{Drop: "after", Status: 502, Times: 10},
		{DelayMs: 1500, Times: 5},
		{Status: 429, Times: 5},
	} {
		f.Vendor, f.Method, f.Path = "elevenlabs", "POST", "/v1/convai/batch-calling/submit"
		for range f.Times {
			one := f
			one.Times = 1
			c.faults = append(c.faults, one)
		}
	}
	rand.Shuffle(len(c.faults), func(i, j int) { c.faults[i], c.faults[j] = c.faults[j], c.faults[i] })

	var work sync.WaitGroup
	stop := make(chan struct{})
	work.Go(func() { c.trouble(stop) })
	work.Go(func() { c.kill(stop) })
	var submitting sync.WaitGroup
	for n := range clients {
		when := time.Duration(rand.IntN(6000)) * time.Millisecond
		for range 2 {
			submitting.Go(func() {
				time.Sleep(when)
				c.submit(n*each, (n+1)*each)
			})
		}
	}
	submitting.Wait()
	close(stop)
	work.Wait()

	c.settle()
	dialled, requested := c.dialled()
	parked := c.parked()
	for n := range clients * each {
		times := dialled[number(n)]
		require.LessOrEqual(t, times, 1, "number %d", n)
		require.True(t, times == 1 || len(parked[number(n)]) > 0, "number %d was not dialled, and is not parked either", n)
		for _, ref := range parked[number(n)] {
			require.Zero(t, requested[ref], "number %d was dialled, and a person is offered to have it dialled again", n)
		}
	}
	t.Logf("%d of %d dialled once, %d parked after %d kills", len(dialled), clients*each, len(parked), c.kills.Load())
	require.Greater(t, len(dialled), clients*each/2)
	require.Greater(t, c.kills.Load(), int64(3))
	c.look()
	later, _ := c.dialled()
	require.Equal(t, dialled, later, "nothing is dialled by itself")
}

func number(n int) string { return fmt.Sprintf("+5255%08d", n) }

// crowd are processes, their clients, and what befalls them.
type crowd struct {
	t      *testing.T
	s      *embedtest.System
	db     *pgxpool.Pool
	faults []sandboxtest.Fault
	kills  atomic.Int64

	mu    sync.Mutex
	ports []string
	all   []*processtest.Process
}

func newCrowd(t *testing.T, s *embedtest.System) *crowd {
	t.Helper()
	c := &crowd{t: t, s: s}
	var err error
	c.db, err = pgxpool.New(t.Context(), s.DatabaseURL)
	require.NoError(t, err)
	t.Cleanup(c.db.Close)
	for i := range 2 {
		c.ports = append(c.ports, processtest.FreePort(t))
		c.all = append(c.all, nil)
		c.start(i)
	}
	return c
}

func (c *crowd) start(i int) {
	p := processtest.Start(c.t, append(c.s.Environ(), hastyVariable+"=1", "BATCH_CALLS_ALLOW_ANONYMOUS=true", "PORT="+c.ports[i]), nil)
	c.mu.Lock()
	c.all[i] = p
	c.mu.Unlock()
	c.t.Cleanup(func() {
		if out := p.Output(); c.t.Failed() {
			c.t.Log(out[max(0, len(out)-2000):])
		}
	})
}

// trouble lets things go wrong at the provider until stop, and for as long as there are faults left.
func (c *crowd) trouble(stop <-chan struct{}) {
	for _, f := range c.faults {
		select {
		case <-stop:
			return
		case <-time.After(time.Duration(rand.IntN(160)) * time.Millisecond):
			c.s.Sandbox.Fault(f)
		}
	}
}

// kill kills a process now and then, and starts another in its place.
func (c *crowd) kill(stop <-chan struct{}) {
	for i := 0; ; i = 1 - i {
		select {
		case <-stop:
			return
		case <-time.After(time.Duration(300+rand.IntN(900)) * time.Millisecond):
		}
		c.mu.Lock()
		p := c.all[i]
		c.mu.Unlock()
		p.Signal(syscall.SIGKILL)
		c.kills.Add(1)
		c.start(i)
	}
}

// submit has people called, at whichever process answers. An answer with a batch to follow is one, whatever it says.
func (c *crowd) submit(from, to int) {
	people := make([]map[string]string, 0, to-from)
	for n := from; n < to; n++ {
		people = append(people, map[string]string{"phone_number": number(n)})
	}
	body, err := json.Marshal(map[string]any{
		"call_name": fmt.Sprintf("batch %d", from), "agent_id": "agent_1", "agent_phone_number_id": "phnum_1", "recipients": people,
	})
	if err != nil {
		panic(err)
	}
	for attempt := 0; ; attempt++ {
		if c.answered(c.ports[(from+attempt)%2], body) {
			return
		}
		time.Sleep(50 * time.Millisecond)
	}
}

func (c *crowd) answered(port string, body []byte) bool {
	r, err := http.NewRequestWithContext(c.t.Context(), http.MethodPost, "http://127.0.0.1:"+port+"/api/batch-calling/submit", bytes.NewReader(body))
	if err != nil {
		panic(err)
	}
	r.Header.Set("Content-Type", "application/json")
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		return false
	}
	defer res.Body.Close()
	var answer struct {
		Data struct{ ID string }
	}
	return json.NewDecoder(res.Body).Decode(&answer) == nil && answer.Data.ID != ""
}

// settle waits until nothing is on its way any more: every chunk is with the provider, parked or given up.
func (c *crowd) settle() {
	require.Eventually(c.t, func() bool {
		var open int
		err := c.db.QueryRow(c.t.Context(),
			`select count(*) from call_chunks where status in ('stored', 'sending', 'unknown')`).Scan(&open)
		require.NoError(c.t, err)
		return open == 0
	}, 2*time.Minute, 200*time.Millisecond)
}

// look waits until the workers have looked at all that is open a few times more, or have nothing left to look at, and have
// nothing to send and nothing to search for.
func (c *crowd) look() {
	const enough = 5
	count := func(what string) (n int) {
		require.NoError(c.t, c.db.QueryRow(c.t.Context(), "select count(*) from jobs where "+what).Scan(&n))
		return n
	}
	before := count(`kind = 'watch_calls' and state = 'done'`)
	require.Eventually(c.t, func() bool {
		looks, looksOn := count(`kind = 'watch_calls' and state = 'done'`)-before, count(`kind = 'watch_calls' and state in ('pending', 'running')`)
		busy := count(`kind in ('send_call_chunks', 'find_call_chunk') and state in ('pending', 'running')`)
		return busy == 0 && (looks >= enough || looksOn == 0)
	}, time.Minute, 100*time.Millisecond)
}

// dialled tells how often the provider's line was used, by number and by recipient.
func (c *crowd) dialled() (numbers, recipients map[string]int) {
	var answer struct {
		Dialled []struct {
			Phone     string `json:"phone_number"`
			Recipient string `json:"recipient_id"`
		}
	}
	c.s.Sandbox.Control("GET", "/elevenlabs/dialled", nil, &answer)
	numbers, recipients = map[string]int{}, map[string]int{}
	for _, d := range answer.Dialled {
		numbers[d.Phone]++
		recipients[d.Recipient]++
	}
	return numbers, recipients
}

// parked tells, by number, which recipients' requests are said not to have reached the provider. Of two submissions of a
// number one may have been refused, and the other not.
func (c *crowd) parked() map[string][]string {
	rows, err := c.db.Query(c.t.Context(), `select r.phone, r.batch_id::text, r.position from call_people r
		join call_chunks c on c.batch_id = r.batch_id and c.ordinal = r.chunk
		where c.status in ('absent', 'rejected', 'cancelled')`)
	require.NoError(c.t, err)
	parked := map[string][]string{}
	var (
		phone    string
		batch    batchcalls.BatchID
		position int
	)
	_, err = pgx.ForEachRow(rows, []any{&phone, &batch, &position}, func() error {
		parked[phone] = append(parked[phone], batch.RecipientRef(position))
		return nil
	})
	require.NoError(c.t, err)
	return parked
}
