package notificationsuc

import (
	"context"
	"fmt"

	"github.com/tertulia-dev/tertulia/domain/kernel"
	"github.com/tertulia-dev/tertulia/domain/notifications"
	"github.com/tertulia-dev/tertulia/usecase/port"
)

// NotifyInput is one thing to tell to several reps.
type NotifyInput struct {
	Workspace kernel.WorkspaceID
	Event     string
	Type      notifications.Type
	Meeting   string
	Params    map[string]string
	Reps      []kernel.RepID
}

// Notify tells reps of something that happened. The same event tells each rep once, however often it is delivered.
type Notify struct {
	tx    port.Transactor
	store Notifications
	ids   port.IDs
	clock port.Clock
}

// Execute stores one notification per distinct rep.
func (uc *Notify) Execute(ctx context.Context, in NotifyInput) error {
	err := uc.tx.InTx(ctx, in.Workspace, func(ctx context.Context) error {
		for _, rep := range in.Reps {
			n := notifications.Notification{
				ID: notifications.ID(uc.ids.New()), Workspace: in.Workspace, Rep: rep, Event: in.Event,
				Type: in.Type, Meeting: in.Meeting, Params: in.Params, CreatedAt: uc.clock.Now(),
			}
			if err := uc.store.Add(ctx, n); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("notify of %s: %w", in.Type, err)
	}
	return nil
}
