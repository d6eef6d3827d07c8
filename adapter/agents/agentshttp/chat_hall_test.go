package agentshttp_test

import (
	"context"
	"fmt"
	"log/slog"
	"net"
	"strconv"
	"strings"
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

func newHall(t *testing.T, people int) *hall {
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
	agentshttp.RegisterChats(api, chats)
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
