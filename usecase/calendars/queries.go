package calendarsuc

import (
	"context"
	"fmt"

	"github.com/tertulia-dev/tertulia/domain/calendars"
	"github.com/tertulia-dev/tertulia/domain/kernel"
)

// Queries answers questions about calendars.
type Queries struct {
	Shared
	Storage
}

// Mine returns the actor's feeds, the oldest first; there are at most calendars.MaxFeeds.
func (q *Queries) Mine(ctx context.Context, actor kernel.Principal) (rows []FeedRow, err error) {
	now := q.Clock.Now()
	err = q.Reader.Read(ctx, actor.Workspace, func(ctx context.Context) error {
		rows, err = q.Reads.List(ctx, actor.Workspace, actor.Rep, now, now.Add(calendars.Ahead))
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("list calendar feeds: %w", err)
	}
	return rows, nil
}
