package agentsuc

import (
	"context"
	"fmt"

	"github.com/tertulia-dev/tertulia/domain/agents"
	"github.com/tertulia-dev/tertulia/domain/kernel"
	"github.com/tertulia-dev/tertulia/usecase/port"
)

// RetireModel notes that the provider answers for a model no more: its successor answers from now on, and the admins are
// told, once. A model without a successor stays what it was, for its refusal to be seen.
type RetireModel struct {
	tx    port.Transactor
	clock port.Clock
	news  *news
}

// Execute reports whether another model takes its place.
func (uc *RetireModel) Execute(ctx context.Context, ws kernel.WorkspaceID, model string) (replaced bool, err error) {
	m := agents.KnownModel(model)
	if m.Successor == "" {
		return false, nil
	}
	err = uc.tx.InTx(ctx, ws, func(ctx context.Context) error { return uc.news.tell(ctx, ws, NoticeRetired, m) })
	if err != nil {
		return false, fmt.Errorf("retire model: %w", err)
	}
	return true, nil
}
