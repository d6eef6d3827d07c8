package agentsuc

import (
	"context"
	"fmt"
	"slices"

	"github.com/tertulia-dev/tertulia/domain/agents"
	"github.com/tertulia-dev/tertulia/domain/kernel"
)

// FileQueries reads what agents search in.
type FileQueries struct{ *librarian }

// FileList is what one agent searches in, newest first, and who else does.
type FileList struct {
	Files      []agents.File
	SharedWith []agents.Key
}

// List returns the files of an agent's store. Admins only; NotFound AGENT_NOT_FOUND.
func (q *FileQueries) List(ctx context.Context, actor kernel.Principal, key agents.Key) (FileList, error) {
	if err := mustBeAdmin(actor); err != nil {
		return FileList{}, err
	}
	a, err := q.find(ctx, actor.Workspace, key)
	if err != nil || !a.HasStore() {
		return FileList{}, err
	}
	var out FileList
	err = q.reader.Read(ctx, actor.Workspace, func(ctx context.Context) error {
		if out.Files, err = q.files.List(ctx, actor.Workspace, a.StoreID); err != nil {
			return err
		}
		all, err := q.agents.List(ctx, actor.Workspace)
		out.SharedWith = slices.DeleteFunc(sharing(all, a.StoreID), func(k agents.Key) bool { return k == key })
		return err
	})
	if err != nil {
		return FileList{}, fmt.Errorf("list files: %w", err)
	}
	return out, nil
}
