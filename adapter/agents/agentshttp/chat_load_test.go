package agentshttp_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"log/slog"
	"net"
	"os"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/tertulia-dev/tertulia/adapter/agents/agentshttp"
	"github.com/tertulia-dev/tertulia/adapter/agents/agentspg"
	"github.com/tertulia-dev/tertulia/adapter/agents/agentstask"
	"github.com/tertulia-dev/tertulia/adapter/identity/identitypg"
	"github.com/tertulia-dev/tertulia/domain/agents"
	"github.com/tertulia-dev/tertulia/domain/identity"
	"github.com/tertulia-dev/tertulia/domain/kernel"
	"github.com/tertulia-dev/tertulia/infrastructure/httpserver"
	"github.com/tertulia-dev/tertulia/infrastructure/idempotency"
	"github.com/tertulia-dev/tertulia/infrastructure/postgres"
	"github.com/tertulia-dev/tertulia/infrastructure/postgres/pgtest"
	"github.com/tertulia-dev/tertulia/infrastructure/queue"
	agentsuc "github.com/tertulia-dev/tertulia/usecase/agents"
)

// crowd is who listens, and what is asked of the server. Those who hold up others would do so for within.
type crowd struct {
	streams, stalled int
	within           time.Duration // of one write
	late             time.Duration // the 99th percentile of a piece's age
}

// newCrowd is a small one on a machine that has other things to do, or, by hand and at the product's own pace:
// CHAT_STREAMS=2000 CHAT_STALLED=50 go test -run Stall -v ./adapter/agents/agentshttp
func newCrowd() crowd {
	streams, err := strconv.Atoi(os.Getenv("CHAT_STREAMS"))
	if err != nil {
		return crowd{streams: 150, stalled: 5, within: 3 * time.Second, late: 1500 * time.Millisecond}
	}
	stalled, _ := strconv.Atoi(os.Getenv("CHAT_STALLED"))
	return crowd{streams: streams, stalled: stalled, within: agentshttp.WriteWithin, late: 500 * time.Millisecond}
}

// pace is how long a model takes for a piece of an answer: CHAT_PACE, 200 ms.
func pace() time.Duration {
	if d, err := time.ParseDuration(os.Getenv("CHAT_PACE")); err == nil {
		return d
	}
	return 200 * time.Millisecond
}

const (
	flood    = "mucho" // the question that is answered with more than a socket holds
	patience = 20 * time.Second
)

// crier is a model that says what time it is, until everybody has gone home.
type crier struct {
	home            chan struct{}
	flooding, ended atomic.Int64 // answers of the flood that were begun, and that have ended
}

// Answer implements agentsuc.Answerer.
func (c *crier) Answer(ctx context.Context, p agentsuc.Prompt, onDelta func(string) error) (agentsuc.Answer, error) {
	size := 40
	if p.Question == flood {
		size = 48 << 10
		c.flooding.Add(1)
		defer c.ended.Add(1)
	}
	padding := strings.Repeat("x", size)
	ticks := time.NewTicker(pace())
	defer ticks.Stop()
	for {
		select {
		case <-ctx.Done():
			return agentsuc.Answer{}, ctx.Err()
		case <-c.home:
			return agentsuc.Answer{Model: p.Model}, nil
		case <-ticks.C:
			if err := onDelta(fmt.Sprintf("<%d>%s", time.Now().UnixNano(), padding)); err != nil {
				return agentsuc.Answer{}, err
			}
		}
	}
}

// Create implements agentsuc.Conversations.
func (c *crier) Create(context.Context) (string, error) { return "", nil }

// Delete implements agentsuc.Conversations.
func (c *crier) Delete(context.Context, string) error { return nil }

// hall is a server of chats about one meeting, to whom everybody is known by a number.
type hall struct {
	db      *postgres.DB
	ws      kernel.WorkspaceID
	meeting agentsuc.MeetingID
	reps    []kernel.RepID
	model   *crier
	addr    string
}

// Visible implements agentsuc.Meetings.
func (h *hall) Visible(context.Context, kernel.Principal, agentsuc.MeetingID) (agentsuc.Meeting, error) {
	return agentsuc.Meeting{ID: h.meeting, Type: agents.General}, nil
}

// Of implements agentsuc.Material.
func (h *hall) Of(context.Context, kernel.Principal, agentsuc.MeetingID) (agentsuc.MeetingMaterial, error) {
	return agentsuc.MeetingMaterial{Type: agents.General, Briefing: agents.Briefing{Transcript: "[00:05] Ana: Hola\n"}}, nil
}

// Record implements agentsuc.UsageLedger.
func (h *hall) Record(context.Context, kernel.WorkspaceID, agentsuc.Use) (*int64, error) {
	return nil, nil
}

// Authenticate implements httpserver.Authenticator.
func (h *hall) Authenticate(_ context.Context, c httpserver.Credentials) (kernel.Principal, error) {
	n, err := strconv.Atoi(c.Bearer)
	if err != nil {
		return kernel.Principal{}, err
	}
	return kernel.Principal{Kind: kernel.Person, Workspace: h.ws, Rep: h.reps[n], Role: kernel.Rep}, nil
}

// Now implements port.Clock.
func (h *hall) Now() time.Time { return time.Now().UTC() }

// New implements port.IDs.
func (h *hall) New() string { return uuid.Must(uuid.NewV7()).String() }

func newHall(t *testing.T, people int, within time.Duration) *hall {
	t.Helper()
	h := &hall{
		db: pgtest.New(t), ws: kernel.WorkspaceID(uuid.NewString()), meeting: agentsuc.MeetingID(uuid.NewString()),
		model: &crier{home: make(chan struct{})},
	}
	h.settle(t, people)
	registry := queue.NewRegistry() // which knows what asking leaves behind; nothing runs it
	ledger, err := queue.NewLedger(queue.Config{DB: h.db, Registry: registry, Logger: slog.New(slog.DiscardHandler)})
	require.NoError(t, err)
	shared := agentsuc.Shared{Tx: h.db, Reader: h.db, Jobs: ledger, Events: ledger, Clock: h, IDs: h}
	uc := agentsuc.New(shared, agentsuc.Storage{Agents: agentspg.Agents{}, Versions: agentspg.Versions{}, Notices: agentspg.ModelNotices{}},
		agentsuc.Neighbours{Meetings: h}, agentsuc.Provider{}, agentsuc.Settings{ChatModel: "m"})
	chats := agentsuc.NewChats(
		agentsuc.ChatShared{Shared: shared, Keys: idempotency.Keys{}},
		agentsuc.ChatStorage{Chats: agentspg.Chats{}, Messages: agentspg.ChatMessages{}, Runs: agentspg.Runs{}},
		agentsuc.ChatVendors{Model: h.model, Conversations: h.model}, agentsuc.ChatNeighbours{Material: h, Usage: h}, uc.Queries,
		agentsuc.RunSettings{Keep: 2 * time.Second})
	agentstask.Register(registry, uc)
	agentstask.RegisterChats(registry, chats)
	api := httpserver.New(httpserver.Options{Title: "t", Version: "1", Auth: h})
	agentshttp.RegisterChatsWithin(api, chats, within)
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	h.addr = ln.Addr().String()
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- api.ServeListener(ctx, ln) }()
	t.Cleanup(func() {
		require.NoError(t, chats.Runner.Stop(context.Background()))
		stop()
		require.NoError(t, <-ended)
	})
	return h
}

// settle makes the workspace, its people and the meeting.
func (h *hall) settle(t *testing.T, people int) {
	t.Helper()
	ws := identity.Workspace{ID: h.ws, Name: "w", Slug: "w", Timezone: "America/Mexico_City", Language: "es", CreatedAt: h.Now()}
	require.NoError(t, h.db.System(t.Context(), func(ctx context.Context) error { return identitypg.Workspaces{}.Add(ctx, ws) }))
	require.NoError(t, h.db.InTx(t.Context(), h.ws, func(ctx context.Context) error {
		for i := range people {
			id := kernel.RepID(uuid.NewString())
			h.reps = append(h.reps, id)
			r := identity.Rep{ID: id, Workspace: h.ws, Email: identity.Email(fmt.Sprintf("r%d@example.com", i)), Name: "R", CreatedAt: h.Now()}
			if _, err := (identitypg.Reps{}).Add(ctx, r); err != nil {
				return err
			}
		}
		_, err := postgres.Conn(ctx).NewRaw(`insert into meetings
			(id, workspace_id, meeting_type, status, bot_key, bot_state, video, audio, crm, created_at, updated_at)
			values (?, ?, 'general', 'COMPLETED', ?, 'done', '{}', '{}', '{}', now(), now())`, h.meeting, h.ws, uuid.NewString()).Exec(ctx)
		return err
	}))
}

// ask sends a question and returns the connection, on which the answer comes.
func (h *hall) ask(t *testing.T, person int, question string, small bool) net.Conn {
	t.Helper()
	conn, err := net.Dial("tcp", h.addr)
	require.NoError(t, err)
	if small {
		require.NoError(t, conn.(*net.TCPConn).SetReadBuffer(4096))
	}
	body := fmt.Sprintf(`{"question":%q}`, question)
	_, err = fmt.Fprintf(conn, "POST /api/meetings/%s/agents/seguimiento_general/messages HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %d\r\n"+
		"Content-Type: application/json\r\nContent-Length: %d\r\n\r\n%s", h.meeting, person, len(body), body)
	require.NoError(t, err)
	return conn
}

// listen reads an answer and notes how old each piece is; it returns the last line with data.
func listen(conn io.Reader, note func(time.Duration)) (last string) {
	lines := bufio.NewReaderSize(conn, 512)
	if status, _ := lines.ReadString('\n'); !strings.Contains(status, " 200 ") {
		return status
	}
	for {
		line, err := lines.ReadSlice('\n')
		if err != nil {
			return last
		}
		text := string(line)
		if _, rest, found := strings.Cut(text, "<"); found {
			stamp, _, _ := strings.Cut(rest, ">")
			if at, err := strconv.ParseInt(stamp, 10, 64); err == nil {
				note(time.Since(time.Unix(0, at)))
			}
		}
		if strings.HasPrefix(text, "data: ") {
			last = text
			if strings.Contains(text, `"done":true`) || strings.Contains(text, `"error":true`) {
				return last
			}
		}
	}
}

// latencies of everybody.
type latencies struct {
	mu  sync.Mutex
	all []time.Duration
}

func (l *latencies) note(d time.Duration) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.all = append(l.all, d)
}

func (l *latencies) quantile(q float64) time.Duration {
	l.mu.Lock()
	defer l.mu.Unlock()
	slices.Sort(l.all)
	return l.all[int(q*float64(len(l.all)-1))]
}

func inUse() int64 {
	runtime.GC()
	runtime.GC() // what pools held goes with the second
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc + m.StackInuse)
}

func TestReadersWhoStallAreCutOffAndSlowNobody(t *testing.T) {
	t.Parallel()
	c := newCrowd()
	streams, stalled := c.streams, c.stalled
	h := newHall(t, streams, c.within)
	before := inUse()
	var seen latencies
	var listeners sync.WaitGroup
	lasts := make(chan string, streams)
	var gate sync.WaitGroup
	slots := make(chan struct{}, 32) // who arrive at once
	for i := stalled; i < streams; i++ {
		gate.Add(1)
		listeners.Go(func() {
			slots <- struct{}{}
			conn := h.ask(t, i, "¿Qué hora es?", false)
			defer conn.Close()
			first := sync.OnceFunc(func() { <-slots; gate.Done() })
			heard := 0
			defer first()
			lasts <- listen(conn, func(d time.Duration) {
				if heard++; heard > 2 { // the rush at the door is over
					seen.note(d)
				}
				first()
			})
		})
	}
	gate.Wait()
	select {
	case last := <-lasts:
		require.Fail(t, "an answer that goes on for ever has ended", last)
	default:
	}
	during := inUse()
	began := time.Now()
	for i := range stalled {
		conn := h.ask(t, i, flood, true)
		defer conn.Close() // and nobody reads
	}
	require.Eventually(t, func() bool { return h.model.flooding.Load() == int64(stalled) }, patience, 10*time.Millisecond)
	require.Eventually(t, func() bool { return h.model.ended.Load() == int64(stalled) }, patience, 50*time.Millisecond,
		"the answers of those who stall are cancelled, since nobody follows them any more")
	cut := time.Since(began)
	close(h.model.home)
	listeners.Wait()
	close(lasts)
	for last := range lasts {
		require.Contains(t, last, `"done":true`)
	}
	t.Logf("%d streams, %d stalled: p50 %v, p99 %v of %d pieces; stalled cut after %v; %d B a stream, reader included",
		streams, stalled, seen.quantile(.5), seen.quantile(.99), len(seen.all), cut, (during-before)/int64(streams-stalled))
	require.Less(t, seen.quantile(.99), c.late)
	require.Less(t, cut, c.within+5*time.Second, "a write, the grace period, and what fills the socket")
}
