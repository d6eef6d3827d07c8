package meetingsuc

import (
	"context"
	"fmt"
	"strconv"

	"github.com/tertulia-dev/tertulia/domain/fault"
	"github.com/tertulia-dev/tertulia/domain/kernel"
	"github.com/tertulia-dev/tertulia/domain/meetings"
	"github.com/tertulia-dev/tertulia/usecase/port"
)

// Playbooks keeps the playbooks that workspaces have written; the first version, which all share, is not among them.
type Playbooks interface {
	// Find returns a version, 0 being the newest, if there is one.
	Find(ctx context.Context, ws kernel.WorkspaceID, version int) (meetings.Playbook, bool, error)
	// List returns at most limit versions below before (0: all), the newest first.
	List(ctx context.Context, ws kernel.WorkspaceID, before, limit int) ([]meetings.Playbook, error)
	// Add stores the next version. Conflict VERSION_CONFLICT when there is one of that number already.
	Add(ctx context.Context, ws kernel.WorkspaceID, p meetings.Playbook) error
}

// currentPlaybook is what a workspace scores by now.
func currentPlaybook(ctx context.Context, playbooks Playbooks, ws kernel.WorkspaceID) (meetings.Playbook, error) {
	p, found, err := playbooks.Find(ctx, ws, 0)
	if err != nil || !found {
		return meetings.DefaultPlaybook(), err
	}
	return p, nil
}

// EditPlaybookInput is a workspace's next playbook.
type EditPlaybookInput struct {
	Actor      kernel.Principal
	Of         int // the version that was edited; 0: whatever is current
	Dimensions []meetings.PlaybookDimension
}

// EditPlaybook gives a workspace the next version of its playbook. It holds for the analyses that begin from then on;
// earlier ones stay as they are and name their own version.
//
// Allowed: admins. Errors: Forbidden; Invalid VALIDATION_ERROR; Conflict VERSION_CONFLICT when another version came
// between.
type EditPlaybook struct {
	tx        port.Transactor
	playbooks Playbooks
	clock     port.Clock
}

// Execute returns the new version.
func (uc *EditPlaybook) Execute(ctx context.Context, in EditPlaybookInput) (meetings.Playbook, error) {
	if !in.Actor.IsAdmin() {
		return meetings.Playbook{}, fmt.Errorf("edit playbook: %w", fault.New(fault.Forbidden, fault.ForbiddenCode))
	}
	dimensions, err := meetings.TidyDimensions(in.Dimensions)
	if err != nil {
		return meetings.Playbook{}, fmt.Errorf("edit playbook: %w", err)
	}
	now := uc.clock.Now()
	next := meetings.Playbook{Dimensions: dimensions, EditedBy: in.Actor.Rep, EditedAt: &now}
	err = uc.tx.InTx(ctx, in.Actor.Workspace, func(ctx context.Context) error {
		current, err := currentPlaybook(ctx, uc.playbooks, in.Actor.Workspace)
		if err != nil {
			return err
		}
		if in.Of != 0 && in.Of != current.Version {
			return fault.New(fault.Conflict, meetings.VersionConflict).With("version", strconv.Itoa(current.Version))
		}
		next.Version = current.Version + 1
		return uc.playbooks.Add(ctx, in.Actor.Workspace, next)
	})
	if err != nil {
		return meetings.Playbook{}, fmt.Errorf("edit playbook: %w", err)
	}
	return next, nil
}

// PlaybookQueries answers what sellers are, and were, scored by. Everybody in the workspace may know.
type PlaybookQueries struct {
	reader    port.Reader
	playbooks Playbooks
}

// Get returns a version, 0 being the current one. NotFound PLAYBOOK_NOT_FOUND.
func (q *PlaybookQueries) Get(ctx context.Context, actor kernel.Principal, version int) (p meetings.Playbook, err error) {
	if version == meetings.FirstPlaybook {
		return meetings.DefaultPlaybook(), nil
	}
	err = q.reader.Read(ctx, actor.Workspace, func(ctx context.Context) error {
		if version == 0 {
			p, err = currentPlaybook(ctx, q.playbooks, actor.Workspace)
			return err
		}
		var found bool
		if p, found, err = q.playbooks.Find(ctx, actor.Workspace, version); err == nil && !found {
			err = fault.New(fault.NotFound, meetings.PlaybookNotFound)
		}
		return err
	})
	if err != nil {
		return meetings.Playbook{}, fmt.Errorf("read playbook: %w", err)
	}
	return p, nil
}

// History returns a page of the versions, the newest first; the last one is what every workspace starts with. A page
// begins below the version before, 0 being the newest; more tells whether another page follows.
func (q *PlaybookQueries) History(ctx context.Context, actor kernel.Principal, before int, page kernel.Page) (list []meetings.Playbook, more bool, err error) {
	size := page.Size()
	err = q.reader.Read(ctx, actor.Workspace, func(ctx context.Context) error {
		list, err = q.playbooks.List(ctx, actor.Workspace, before, size+1)
		return err
	})
	if err != nil {
		return nil, false, fmt.Errorf("list playbooks: %w", err)
	}
	if before != meetings.FirstPlaybook {
		list = append(list, meetings.DefaultPlaybook())
	}
	more = len(list) > size
	return list[:min(size, len(list))], more, nil
}
