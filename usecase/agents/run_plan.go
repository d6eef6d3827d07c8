package agentsuc

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"strings"

	"github.com/tertulia-dev/tertulia/domain/agents"
	"github.com/tertulia-dev/tertulia/domain/fault"
)

// answerPlan is everything that is decided about an answer before it is begun.
type answerPlan struct {
	chat     agents.Chat
	question agents.MessageID
	answer   agents.Message
	meeting  MeetingID
	moments  []agents.Moment
	prompt   Prompt // whole: nothing left to the provider's conversation
	room     int    // tokens that are left for the history
	told     string // hash of what the model is told about the meeting
	lossless bool   // the whole chat is in the prompt, and its last answer came to its end
}

// plan gathers what the model is told. What was said before is added under the chat's lock.
func (uc *AskAgent) plan(ctx context.Context, in AskAgentInput) (answerPlan, error) {
	if err := in.Validate(); err != nil {
		return answerPlan{}, err
	}
	if in.Actor.Rep == "" { // a chat is somebody's
		return answerPlan{}, fault.New(fault.Forbidden, fault.ForbiddenCode)
	}
	m, err := uc.agents.meetings.Visible(ctx, in.Actor, in.Meeting)
	if err != nil {
		return answerPlan{}, err
	}
	agent, err := uc.agents.Answering(ctx, in.Actor.Workspace, in.Agent, m.Type)
	if err != nil {
		return answerPlan{}, err
	}
	material, err := uc.material.Of(ctx, in.Actor, in.Meeting)
	if err != nil {
		return answerPlan{}, err
	}
	setup, err := uc.agents.models.setup(ctx, agent)
	if err != nil {
		return answerPlan{}, err
	}
	now := uc.Clock.Now()
	plan := answerPlan{
		chat: agents.Chat{
			ID: agents.ChatID(uc.IDs.New()), Workspace: in.Actor.Workspace, Meeting: in.Meeting.String(), Agent: agent.Key,
			Rep: in.Actor.Rep, CreatedAt: now,
		},
		question: agents.MessageID(uc.IDs.New()),
		answer: agents.Message{
			ID: agents.MessageID(uc.IDs.New()), Workspace: in.Actor.Workspace, Role: agents.RoleAssistant,
			Status: agents.MessageRunning, AgentVersion: agent.Version, Model: setup.Model.Name, CreatedAt: now,
		},
		meeting: in.Meeting, moments: material.Moments,
	}
	plan.tell(agent, setup, material.Briefing, in.Question)
	return plan, nil
}

// assumedContext is what a model reads at least, in tokens, of which nothing is known.
const assumedContext = 128_000

// tell writes the prompt as far as the chat's past is not in it.
func (p *answerPlan) tell(agent agents.Agent, run Setup, b agents.Briefing, question string) {
	p.prompt = Prompt{
		Model: run.Model.Name, Instructions: agents.ChatInstructions(agent), Temperature: run.Params.Temperature, TopP: run.Params.TopP,
		Question: strings.TrimSpace(clean(question)),
	}
	if agent.HasStore() && run.Model.FileSearch {
		p.prompt.Stores = []string{agent.StoreID}
	}
	room := cmp.Or(run.Model.ContextTokens, assumedContext) - agents.ReservedTokens - agents.Tokens(p.prompt.Instructions) - agents.Tokens(p.prompt.Question)
	p.prompt.Context = b.Text(room)
	p.room = room - agents.Tokens(p.prompt.Context)
	sum := sha256.Sum256([]byte(p.prompt.Context))
	p.told = hex.EncodeToString(sum[:])
}

// estimate is what an answer took of which the provider has not told: everything that the model reads, whoever sends it, and
// what it had said. Of what it had thought we know nothing.
func (p *answerPlan) estimate(said string) Usage {
	read := agents.Tokens(p.prompt.Instructions) + agents.Tokens(p.prompt.Context) + agents.Tokens(p.prompt.Question)
	for _, turn := range p.prompt.History {
		read += agents.Tokens(turn.Text)
	}
	u := Usage{InputTokens: int64(read), Estimated: true}
	if said != "" {
		u.OutputTokens = int64(agents.Tokens(said))
	}
	return u
}

// remember takes what was said in the chat before, as far as it fits.
func (p *answerPlan) remember(c agents.Chat, said []agents.Message, all bool) {
	p.chat, p.answer.Chat = c, c.ID
	kept, fits := agents.LastThatFit(said, p.room)
	p.lossless = fits && all && (len(said) == 0 || said[len(said)-1].Status == agents.MessageCompleted)
	for _, m := range kept {
		p.prompt.History = append(p.prompt.History, Turn{Role: m.Role, Text: m.Text})
	}
}

// continues reports whether the provider's conversation holds what the prompt would repeat.
func (p *answerPlan) continues() bool {
	return p.lossless && p.chat.Conversation != "" && p.chat.Told == p.told
}
