// Package openai has OpenAI, or any service that speaks its protocol, do what agents need: answer, keep chats and files.
package openai

import (
	"cmp"
	"context"
	"errors"
	"fmt"

	"github.com/tertulia-dev/tertulia/domain/agents"
	"github.com/tertulia-dev/tertulia/domain/fault"
	"github.com/tertulia-dev/tertulia/infrastructure/outbound"
	"github.com/tertulia-dev/tertulia/infrastructure/vendors/openai"
	agentsuc "github.com/tertulia-dev/tertulia/usecase/agents"
)

var (
	_ agentsuc.Answerer      = (*Answerer)(nil)
	_ agentsuc.Conversations = (*Answerer)(nil)
)

// Answerer implements agentsuc.Answerer and agentsuc.Conversations.
type Answerer struct{ client *openai.Client }

// NewAnswerer makes an answerer; without a client every question is answered OPENAI_NOT_CONFIGURED.
func NewAnswerer(client *openai.Client) *Answerer { return &Answerer{client: client} }

// Answer asks once and tells the answer as it is written. An answer that stops early is an error, with what it took.
func (a *Answerer) Answer(ctx context.Context, p agentsuc.Prompt, onDelta func(string) error) (agentsuc.Answer, error) {
	if a.client == nil {
		return agentsuc.Answer{}, fault.New(fault.Unavailable, agents.AnswerUnavailable)
	}
	said, err := a.client.Stream(ctx, openai.StreamRequest{
		Model: p.Model, Instructions: p.Instructions, Messages: messagesOf(p), Temperature: p.Temperature, TopP: p.TopP,
		Stores: p.Stores, Conversation: p.Conversation,
	}, onDelta)
	if err != nil {
		switch {
		case openai.IsModelGone(err):
			err = fmt.Errorf("%w: %w", agentsuc.ErrModelGone, err)
		case a.client.LacksStore(ctx, err, p.Stores):
			err = fmt.Errorf("%w: %w", agentsuc.ErrStoreGone, err)
		}
		return agentsuc.Answer{}, outbound.Fault(err, agents.AnswerFailed)
	}
	answer := agentsuc.Answer{
		Text: cmp.Or(said.Text, said.Refusal), ResponseID: said.ID, Model: said.Model,
		Usage: agentsuc.Usage{InputTokens: said.Usage.Input, CachedTokens: said.Usage.Cached, OutputTokens: said.Usage.Output},
	}
	if said.Incomplete != "" {
		return answer, fault.Wrap(fault.Upstream, agents.AnswerFailed, fmt.Errorf("the answer stops early: %s", said.Incomplete))
	}
	return answer, nil
}

// messagesOf writes the prompt as messages. What is known of the meeting is the user's: it must not rank above a question.
func messagesOf(p agentsuc.Prompt) []openai.Message {
	var list []openai.Message
	if p.Context != "" {
		list = append(list, openai.Message{Role: string(agents.RoleUser), Text: p.Context})
	}
	for _, turn := range p.History {
		list = append(list, openai.Message{Role: string(turn.Role), Text: turn.Text})
	}
	return append(list, openai.Message{Role: string(agents.RoleUser), Text: p.Question})
}

// Create makes an empty conversation; without a client there is none.
func (a *Answerer) Create(ctx context.Context) (string, error) {
	if a.client == nil {
		return "", errors.New("make a conversation: no provider is configured")
	}
	id, err := a.client.CreateConversation(ctx, nil)
	return id, outbound.Fault(err, agents.AnswerFailed)
}

// Delete removes a conversation with every item in it.
func (a *Answerer) Delete(ctx context.Context, id string) error {
	if a.client == nil {
		return fault.New(fault.Unavailable, agents.AnswerUnavailable)
	}
	return outbound.Fault(a.client.DeleteConversation(ctx, id), agents.AnswerFailed)
}
