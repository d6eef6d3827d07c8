package operationsuc

import (
	"context"
	"fmt"
	"time"

	"github.com/tertulia-dev/tertulia/domain/kernel"
)

// processLimit is how long one run of the queue may take: the schedulers that call it give up after a minute.
const processLimit = 50 * time.Second

// ProcessQueue runs the sweeper and all due jobs, for at most 50 seconds. Workers do the same without it; a deployment
// that has only a scheduler needs nothing else.
//
// Allowed: the scheduler.
type ProcessQueue struct{ runner Runner }

// Execute returns how many jobs ended well and how many attempts failed.
func (uc *ProcessQueue) Execute(ctx context.Context, actor kernel.Principal) (processed, failed int, err error) {
	if err := onlyScheduler(actor); err != nil {
		return 0, 0, err
	}
	attempts, failed, err := uc.runner.RunDue(ctx, processLimit)
	if err != nil {
		return 0, 0, fmt.Errorf("process queue: %w", err)
	}
	return attempts - failed, failed, nil
}
