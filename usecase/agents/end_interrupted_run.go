package agentsuc

import (
	"context"
	"fmt"

	"github.com/tertulia-dev/tertulia/domain/agents"
	"github.com/tertulia-dev/tertulia/domain/kernel"
	"github.com/tertulia-dev/tertulia/usecase/port"
)

// EndInterrupted ends an answer whose process has died, so that the person sees it and can ask again. It looks once a
// lease until the answer has ended, however it did.
type EndInterrupted struct{ *Runner }

// Execute looks once.
func (uc *EndInterrupted) Execute(ctx context.Context, ws kernel.WorkspaceID, job EndInterruptedRun) error {
	err := uc.Tx.InTx(ctx, ws, func(ctx context.Context) error {
		if err := uc.runs.EndInterrupted(ctx, ws, job.Chat, uc.Clock.Now()); err != nil {
			return err
		}
		m, found, err := uc.messages.Find(ctx, ws, job.Answer)
		if err != nil {
			return err
		}
		if found && m.Status == agents.MessageRunning {
			if _, err := uc.Jobs.Enqueue(ctx, ws, job, port.At(uc.Clock.Now().Add(uc.settings.Lease))); err != nil {
				return err
			}
		}
		return uc.Jobs.Finish(ctx)
	})
	if err != nil {
		return fmt.Errorf("end an interrupted answer: %w", err)
	}
	return nil
}
