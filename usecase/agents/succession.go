package agentsuc

import (
	"cmp"
	"context"
	"errors"
	"fmt"

	"github.com/tertulia-dev/tertulia/domain/agents"
	"github.com/tertulia-dev/tertulia/domain/kernel"
)

// ErrModelGone says that the provider answers for the model no more.
var ErrModelGone = errors.New("the model is gone")

// successions is how many models are asked, one taking another's place, before an answer is given up.
const successions = 3

// ask has a model answer. One that is found to be gone before it has said anything is retired, and its successor is asked
// at once: who has read a word of one model is not given those of another. Where a store is gone the model answers without
// its files, and a job restores it.
func (m *models) ask(ctx context.Context, ws kernel.WorkspaceID, model Answerer, p Prompt, onDelta func(string) error) (Answer, error) {
	spoken := false
	hear := func(piece string) error {
		spoken = true
		return onDelta(piece)
	}
	for attempt := 1; ; attempt++ {
		answer, err := model.Answer(ctx, p, hear)
		answer.Model = cmp.Or(answer.Model, p.Model)
		if err == nil || spoken || attempt == successions {
			return answer, err
		}
		next, ok, noted := m.instead(ctx, ws, p, err)
		if noted != nil || !ok {
			return answer, errors.Join(err, noted)
		}
		p = next
	}
}

// instead returns the prompt to be asked in place of one that failed, if there is one.
func (m *models) instead(ctx context.Context, ws kernel.WorkspaceID, p Prompt, err error) (Prompt, bool, error) {
	switch {
	case errors.Is(err, ErrStoreGone):
		noted := m.restore(ctx, ws, p.Stores)
		p.Stores = nil
		return p, noted == nil, noted
	case errors.Is(err, ErrModelGone):
		successor, there, noted := m.succeed(ctx, ws, p.Model)
		return p.on(successor), there, noted
	default:
		return p, false, nil
	}
}

// restore has stores restored that were found to be gone.
func (m *models) restore(ctx context.Context, ws kernel.WorkspaceID, stores []string) error {
	return m.tx.InTx(ctx, ws, func(ctx context.Context) error {
		for _, store := range stores {
			if err := restoreLater(ctx, m.jobs, ws, store); err != nil {
				return err
			}
		}
		return nil
	})
}

// succeed retires a model and returns the one that answers for it from now on, if there is one.
func (m *models) succeed(ctx context.Context, ws kernel.WorkspaceID, gone string) (agents.Model, bool, error) {
	replaced, err := m.retire.Execute(ctx, ws, gone)
	if err != nil || !replaced {
		return agents.Model{}, false, err
	}
	successor, err := m.serving(ctx, ws, gone)
	if err != nil {
		return agents.Model{}, false, fmt.Errorf("choose the successor: %w", err)
	}
	return successor, successor.Name != gone, nil
}

// on is the prompt for another model, without what that one does not take.
func (p Prompt) on(m agents.Model) Prompt {
	p.Model = m.Name
	if !m.Temperature {
		p.Temperature, p.TopP = nil, nil
	}
	if !m.FileSearch {
		p.Stores = nil
	}
	return p
}
