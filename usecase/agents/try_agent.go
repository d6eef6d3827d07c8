package agentsuc

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/tertulia-dev/tertulia/domain/agents"
	"github.com/tertulia-dev/tertulia/domain/fault"
	"github.com/tertulia-dev/tertulia/domain/kernel"
)

// maxTranscript is how much of a conversation an admin may bring along, in characters: some six hours of it.
const maxTranscript = 400_000

// verdict is what an evaluator is asked for unless the admin asks otherwise.
const verdict = "Evalúa esta conversación según tus instrucciones y explica cada punto con una cita."

// TryAgentInput is one question to an agent as it is, or as it would be.
type TryAgentInput struct {
	Actor        kernel.Principal
	Agent        agents.Key
	Question     string    // an evaluator's may be empty
	Transcript   string    // what the question is about, as text; an evaluator needs this or Meeting
	Meeting      MeetingID // whose transcript it is about; empty: Transcript's
	Instructions string    // to try in place of the current version; empty: the current one
}

// Trial is what came of it.
type Trial struct {
	Answer
	Version int // of the instructions; 0: those that were tried
	Took    time.Duration
}

// TryAgent asks an agent and keeps nothing: no chat, no version, no analysis. An archived agent can be tried too.
//
// Allowed: admins.
// Errors: Forbidden, NotFound AGENT_NOT_FOUND or MEETING_NOT_FOUND, Conflict TRANSCRIPT_NOT_READY, Invalid VALIDATION_ERROR,
// Unavailable OPENAI_NOT_CONFIGURED where there is no provider, Upstream OPENAI_ERROR.
type TryAgent struct {
	*registry
	models   *models
	material Material
	model    Answerer
}

// NewTryAgent builds the use case.
func NewTryAgent(p Shared, s Storage, settings Settings, material Material, model Answerer) *TryAgent {
	return &TryAgent{registry: newRegistry(p, s), models: newModels(p, s, settings), material: material, model: model}
}

// Execute returns the answer.
func (uc *TryAgent) Execute(ctx context.Context, in TryAgentInput) (Trial, error) {
	if err := mustBeAdmin(in.Actor); err != nil {
		return Trial{}, err
	}
	a, err := uc.find(ctx, in.Actor.Workspace, in.Agent)
	if err != nil {
		return Trial{}, fmt.Errorf("try agent: %w", err)
	}
	if err := in.check(a); err != nil {
		return Trial{}, err
	}
	trial := Trial{Version: a.Version}
	if in.Instructions != "" {
		a.Instructions, trial.Version = in.Instructions, 0
	}
	prompt, err := uc.prompt(ctx, in, a)
	if err != nil {
		return Trial{}, fmt.Errorf("try agent: %w", err)
	}
	began := uc.clock.Now()
	trial.Answer, err = uc.models.ask(ctx, in.Actor.Workspace, uc.model, prompt, func(string) error { return nil })
	if fault.CodeOf(err) == agents.AnswerFailed { // however the provider fails: the agent is there, and the request was right
		err = fault.Wrap(fault.Upstream, agents.AnswerFailed, err)
	}
	if err != nil {
		return Trial{}, fmt.Errorf("try agent: %w", err)
	}
	trial.Took = uc.clock.Now().Sub(began)
	return trial, nil
}

func (in TryAgentInput) check(a agents.Agent) error {
	var f fault.Fields
	isEvaluator := a.Kind == agents.Evaluator
	f.Require(isEvaluator || strings.TrimSpace(in.Question) != "", "question", fault.Required)
	f.Require(!isEvaluator || in.Meeting != "" || strings.TrimSpace(in.Transcript) != "", "transcript", fault.Required)
	for _, field := range []struct {
		name, text string
		most       int
	}{
		{"question", in.Question, agents.MaxInstructions},
		{"transcript", in.Transcript, maxTranscript},
		{"instructions", in.Instructions, agents.MaxInstructions},
	} {
		f.Require(utf8.RuneCountInString(field.text) <= field.most, field.name, fault.TooLong, "max", strconv.Itoa(field.most))
	}
	return f.Err()
}

// prompt is what the agent would read: its instructions, its parameters, its files, the conversation, the question.
func (uc *TryAgent) prompt(ctx context.Context, in TryAgentInput, a agents.Agent) (Prompt, error) {
	setup, err := uc.models.setup(ctx, a)
	if err != nil {
		return Prompt{}, err
	}
	briefing := agents.Briefing{Transcript: in.Transcript}
	if in.Meeting != "" {
		m, err := uc.material.Of(ctx, in.Actor, in.Meeting)
		if err != nil {
			return Prompt{}, err
		}
		briefing = m.Briefing
	}
	p := Prompt{
		Model: setup.Model.Name, Instructions: agents.ChatInstructions(a), Question: in.Question,
		Temperature: setup.Params.Temperature, TopP: setup.Params.TopP,
		Context: briefing.Text(max(setup.Model.ContextTokens, smallContext) - agents.ReservedTokens),
	}
	if strings.TrimSpace(p.Question) == "" {
		p.Question = verdict
	}
	if a.HasStore() && setup.Model.FileSearch {
		p.Stores = []string{a.StoreID}
	}
	return p, nil
}

// smallContext is what a model is taken to read of which that is not known.
const smallContext = 32_000
