package agentsuc_test

import (
	"context"
	"errors"
	"log/slog"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/tertulia-dev/tertulia/adapter/agents/agentspg"
	"github.com/tertulia-dev/tertulia/adapter/agents/agentstask"
	"github.com/tertulia-dev/tertulia/adapter/identity/identitypg"
	"github.com/tertulia-dev/tertulia/domain/agents"
	"github.com/tertulia-dev/tertulia/domain/fault"
	"github.com/tertulia-dev/tertulia/domain/identity"
	"github.com/tertulia-dev/tertulia/domain/kernel"
	"github.com/tertulia-dev/tertulia/infrastructure/idempotency"
	"github.com/tertulia-dev/tertulia/infrastructure/postgres"
	"github.com/tertulia-dev/tertulia/infrastructure/postgres/pgtest"
	"github.com/tertulia-dev/tertulia/infrastructure/queue"
	agentsuc "github.com/tertulia-dev/tertulia/usecase/agents"
	"github.com/tertulia-dev/tertulia/usecase/port"
)

const follower agents.Key = "seguimiento_general"

type chatClock struct{ ahead atomic.Int64 }

func (c *chatClock) Now() time.Time { return time.Now().UTC().Add(time.Duration(c.ahead.Load())) }

type chatIDs struct{}

func (chatIDs) New() string { return uuid.Must(uuid.NewV7()).String() }

// talker is a model that says a piece whenever the test lets it, and a provider that keeps conversations.
type talker struct {
	asked   atomic.Int64
	prompts chan agentsuc.Prompt
	say     chan string   // "" is the end of the answer
	end     chan struct{} // the model is gone
	deaf    bool          // does not notice that nobody listens any more
	left    atomic.Int64
	deleted chan string
}

func newTalker() *talker {
	return &talker{prompts: make(chan agentsuc.Prompt, 1000), say: make(chan string), end: make(chan struct{}), deleted: make(chan string, 100)}
}

// Answer implements agentsuc.Answerer.
func (m *talker) Answer(ctx context.Context, p agentsuc.Prompt, onDelta func(string) error) (agentsuc.Answer, error) {
	m.asked.Add(1)
	m.prompts <- p
	gone := ctx.Done()
	if m.deaf {
		gone = nil
	}
	for {
		select {
		case <-gone:
			m.left.Add(1)
			return agentsuc.Answer{}, ctx.Err()
		case <-m.end:
			return agentsuc.Answer{}, fault.Wrap(fault.NotFound, agents.AnswerFailed, agentsuc.ErrModelGone)
		case piece := <-m.say:
			if piece == "" {
				return agentsuc.Answer{Model: p.Model, Usage: agentsuc.Usage{InputTokens: 100, OutputTokens: 10}}, nil
			}
			if err := onDelta(piece); err != nil && !m.deaf {
				return agentsuc.Answer{}, err
			}
		}
	}
}

// Create implements agentsuc.Conversations.
func (m *talker) Create(context.Context) (string, error) { return "conv_" + uuid.NewString(), nil }

// Delete implements agentsuc.Conversations.
func (m *talker) Delete(_ context.Context, id string) error { m.deleted <- id; return nil }

// books is a usage ledger that can be made to fail.
type books struct{ broken, entered atomic.Int64 }

// Record implements agentsuc.UsageLedger.
func (b *books) Record(context.Context, kernel.WorkspaceID, agentsuc.Use) (*int64, error) {
	if b.broken.Add(-1) >= 0 {
		return nil, errors.New("the books are closed")
	}
	cost := int64(42)
	b.entered.Add(1)
	return &cost, nil
}

// meeting is one that everybody may see, with two utterances.
type meeting struct{ id agentsuc.MeetingID }

// Visible implements agentsuc.Meetings.
func (m meeting) Visible(context.Context, kernel.Principal, agentsuc.MeetingID) (agentsuc.Meeting, error) {
	return agentsuc.Meeting{ID: m.id, Type: agents.General}, nil
}

// Of implements agentsuc.Material.
func (m meeting) Of(context.Context, kernel.Principal, agentsuc.MeetingID) (agentsuc.MeetingMaterial, error) {
	return agentsuc.MeetingMaterial{
		Type:     agents.General,
		Briefing: agents.Briefing{About: "una reunión", Transcript: "[00:05] Ana: Hola\n[01:05] Pedro: Adiós\n"},
		Moments:  []agents.Moment{{StartMS: 5_000, EndMS: 6_000}, {StartMS: 65_000, EndMS: 66_000}},
	}, nil
}

// process is one of several that serve the same database.
type process struct {
	*agentsuc.ChatUseCases

	model *talker
}

// chatSystem is chats on a real database, in as many processes as the test wants.
type chatSystem struct {
	db      *postgres.DB
	ledger  *queue.Ledger
	books   *books
	clock   *chatClock
	ana     kernel.Principal
	meeting meeting
	shared  agentsuc.Shared
}

// fast makes what is waited for come soon; of a lease there is enough for a machine under load.
func fast() agentsuc.RunSettings {
	return agentsuc.RunSettings{Grace: 300 * time.Millisecond, Lease: 20 * time.Second, Keep: 50 * time.Millisecond}
}

func newChatSystem(t *testing.T) *chatSystem {
	t.Helper()
	s := &chatSystem{db: pgtest.New(t), books: &books{}, clock: &chatClock{}}
	registry := queue.NewRegistry()
	var err error
	s.ledger, err = queue.NewLedger(queue.Config{DB: s.db, Registry: registry, Logger: slog.New(slog.DiscardHandler), Now: s.clock.Now})
	require.NoError(t, err)
	s.shared = agentsuc.Shared{Tx: s.db, Reader: s.db, Jobs: s.ledger, Events: s.ledger, Clock: s.clock, IDs: chatIDs{}}
	ws := identity.Workspace{
		ID: kernel.WorkspaceID(uuid.NewString()), Name: "w", Slug: "w", Timezone: "America/Mexico_City", Language: "es", CreatedAt: s.clock.Now(),
	}
	require.NoError(t, s.db.System(t.Context(), func(ctx context.Context) error { return identitypg.Workspaces{}.Add(ctx, ws) }))
	rep := identity.Rep{ID: kernel.RepID(uuid.NewString()), Workspace: ws.ID, Email: "ana@example.com", Name: "Ana", CreatedAt: s.clock.Now()}
	s.meeting = meeting{id: agentsuc.MeetingID(uuid.NewString())}
	require.NoError(t, s.db.InTx(t.Context(), ws.ID, func(ctx context.Context) error {
		if _, err := (identitypg.Reps{}).Add(ctx, rep); err != nil {
			return err
		}
		_, err := postgres.Conn(ctx).NewRaw(`insert into meetings
			(id, workspace_id, meeting_type, status, bot_key, bot_state, video, audio, crm, created_at, updated_at)
			values (?, ?, 'general', 'COMPLETED', ?, 'done', '{}', '{}', '{}', now(), now())`, s.meeting.id, ws.ID, uuid.NewString()).Exec(ctx)
		return err
	}))
	s.ana = kernel.Principal{Kind: kernel.Person, Workspace: ws.ID, Rep: rep.ID, Email: "ana@example.com", Role: kernel.Rep}
	agentstask.Register(registry, s.registry())
	agentstask.RegisterChats(registry, s.process(t, fast()).ChatUseCases)
	return s
}

// registry is the agents that can be asked.
func (s *chatSystem) registry() *agentsuc.UseCases {
	return agentsuc.New(s.shared, agentsuc.Storage{Agents: agentspg.Agents{}, Versions: agentspg.Versions{}, Notices: agentspg.ModelNotices{}, Admins: agentspg.Admins{}},
		agentsuc.Neighbours{Meetings: s.meeting}, agentsuc.Provider{}, agentsuc.Settings{ChatModel: "gpt-4o"}) // which has a successor
}

func (s *chatSystem) process(t *testing.T, settings agentsuc.RunSettings) *process {
	t.Helper()
	p := &process{model: newTalker()}
	settings.Report = func(_ context.Context, _ kernel.WorkspaceID, _ agents.MessageID, err error) {
		t.Logf("reported: %v", err)
	}
	p.ChatUseCases = agentsuc.NewChats(
		agentsuc.ChatShared{Shared: s.shared, Keys: idempotency.Keys{}},
		agentsuc.ChatStorage{Chats: agentspg.Chats{}, Messages: agentspg.ChatMessages{}, Runs: agentspg.Runs{}},
		agentsuc.ChatVendors{Model: p.model, Conversations: p.model},
		agentsuc.ChatNeighbours{Material: s.meeting, Usage: s.books},
		s.registry().Queries, settings)
	return p
}

func (s *chatSystem) chat() agentsuc.ChatOf {
	return agentsuc.ChatOf{Actor: s.ana, Meeting: s.meeting.id, Agent: follower}
}

func (p *process) ask(t *testing.T, s *chatSystem) agentsuc.Run {
	t.Helper()
	run, err := p.Ask.Execute(t.Context(), agentsuc.AskAgentInput{
		Actor: s.ana, Meeting: s.meeting.id, Agent: follower, Question: "¿Qué sigue?", Key: port.IdempotencyKey{Scope: "test"},
	})
	require.NoError(t, err)
	return run
}

// read takes frames until there are n, or the last one.
func read(t *testing.T, f agentsuc.Following, n int) []agents.Frame {
	t.Helper()
	var got []agents.Frame
	for len(got) < n && (len(got) == 0 || !got[len(got)-1].IsLast()) {
		frames, err := f.Next(t.Context(), time.Second)
		require.NoError(t, err)
		got = append(got, frames...)
		require.LessOrEqual(t, len(got), 1000)
	}
	return got
}

func (s *chatSystem) stored(t *testing.T, p *process) []agents.Message {
	t.Helper()
	list, _, err := p.Queries.Messages(t.Context(), s.chat(), kernel.Page{})
	require.NoError(t, err)
	return list
}

// conversation is the provider's that the chat goes on in, and what it was told.
func (s *chatSystem) conversation(t *testing.T) (c agents.Chat) {
	t.Helper()
	require.NoError(t, s.db.Read(t.Context(), s.ana.Workspace, func(ctx context.Context) (err error) {
		c, _, err = agentspg.Chats{}.Find(ctx, s.ana.Workspace, agentsuc.ChatRef{Meeting: s.meeting.id, Agent: follower, Rep: s.ana.Rep})
		return err
	}))
	return c
}

// answer is the chat's last message.
func (s *chatSystem) answer(t *testing.T, p *process) agents.Message {
	t.Helper()
	list := s.stored(t, p)
	require.NotEmpty(t, list)
	return list[len(list)-1]
}

func (s *chatSystem) untilStatus(t *testing.T, p *process, want agents.MessageStatus) agents.Message {
	t.Helper()
	require.Eventually(t, func() bool { return s.answer(t, p).Status == want }, 20*time.Second, 10*time.Millisecond)
	return s.answer(t, p)
}
