// Package meetingsbridge asks meetings who may see what a meeting costs.
package meetingsbridge

import (
	"context"

	"github.com/tertulia-dev/tertulia/domain/kernel"
	"github.com/tertulia-dev/tertulia/domain/meetings"
	meetingsuc "github.com/tertulia-dev/tertulia/usecase/meetings"
)

// Bridge implements billinguc.Meetings.
type Bridge struct{ Queries *meetingsuc.Queries }

// CanRead fails as reading the meeting would. What is no ID names no meeting.
func (b Bridge) CanRead(ctx context.Context, actor kernel.Principal, meeting string) error {
	id, err := kernel.ParseID[meetings.ID](meeting)
	if err != nil {
		return meetings.NotFound()
	}
	_, err = b.Queries.Row(ctx, actor, id)
	return err
}
