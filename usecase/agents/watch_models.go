package agentsuc

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/tertulia-dev/tertulia/domain/agents"
	"github.com/tertulia-dev/tertulia/domain/kernel"
	"github.com/tertulia-dev/tertulia/usecase/port"
)

// watchInterval is the pause between two looks at the provider's models.
const watchInterval = 24 * time.Hour

// warning is how long before its end a model is warned of.
const warning = 60 * 24 * time.Hour

// WatchModels is the daily look at the models that a workspace's agents run on. It begins with the workspace's agents.
type WatchModels struct{}

// Kind implements port.Job.
func (WatchModels) Kind() string { return "watch_models" }

// Unique keeps one pending look a workspace.
func (WatchModels) Unique() string { return "daily" }

// ModelList is the provider's list of models.
type ModelList interface {
	// Models returns every model that the provider serves, none where there is no provider.
	Models(ctx context.Context) ([]ListedModel, error)
}

// ListedModel is one model that the provider serves.
type ListedModel struct {
	Name       string
	ShutdownAt time.Time // zero: none is announced
}

// CompareModels compares the models that a workspace's agents run on with the provider's list: one that is not served any
// more is retired, one that is served again comes back, and of an end within 60 days the admins are told once.
type CompareModels struct {
	*registry
	models *models
	list   ModelList
	news   *news
}

// Execute looks once, and sees to it that the next look is pending.
func (uc *CompareModels) Execute(ctx context.Context, ws kernel.WorkspaceID) error {
	listed, err := uc.list.Models(ctx)
	if err != nil {
		return fmt.Errorf("compare models: %w", err)
	}
	used, err := uc.used(ctx, ws)
	if err != nil {
		return fmt.Errorf("compare models: %w", err)
	}
	err = uc.tx.InTx(ctx, ws, func(ctx context.Context) error {
		for _, m := range used {
			if err := uc.compare(ctx, ws, m, listed); err != nil {
				return err
			}
		}
		if err := uc.jobs.Finish(ctx); err != nil {
			return err
		}
		return uc.watch(ctx, ws)
	})
	if err != nil {
		return fmt.Errorf("compare models: %w", err)
	}
	return nil
}

// Watch sees to it that the next look is pending.
func (uc *CompareModels) Watch(ctx context.Context, ws kernel.WorkspaceID) error {
	return uc.tx.InTx(ctx, ws, func(ctx context.Context) error { return uc.watch(ctx, ws) })
}

// compare tells what has become of one model. Without a list, what we know of it must do.
func (uc *CompareModels) compare(ctx context.Context, ws kernel.WorkspaceID, m agents.Model, listed []ListedModel) error {
	now := uc.clock.Now()
	i := slices.IndexFunc(listed, func(l ListedModel) bool { return l.Name == m.Name })
	if i >= 0 && !listed[i].ShutdownAt.IsZero() {
		m.ShutdownAt = listed[i].ShutdownAt
	}
	switch {
	case m.IsRetired(now), len(listed) > 0 && i < 0 && m.Successor != "":
		return uc.news.tell(ctx, ws, NoticeRetired, m)
	case i >= 0:
		if err := uc.news.notices.Remove(ctx, ws, []string{m.Name}); err != nil {
			return err
		}
	}
	if !m.ShutdownAt.IsZero() && m.ShutdownAt.Sub(now) <= warning {
		return uc.news.tell(ctx, ws, NoticeEnding, m)
	}
	return nil
}

// used returns the models that the workspace's agents are meant to run on, each once.
func (uc *CompareModels) used(ctx context.Context, ws kernel.WorkspaceID) ([]agents.Model, error) {
	all, err := uc.all(ctx, ws)
	if err != nil {
		return nil, err
	}
	var used []agents.Model
	add := func(m agents.Model) {
		if !slices.Contains(used, m) {
			used = append(used, m)
		}
	}
	for _, kind := range []agents.Kind{agents.Evaluator, agents.FollowUp} {
		add(uc.models.chosen(agents.Agent{Kind: kind}))
	}
	for _, a := range all {
		if a.Active {
			add(uc.models.chosen(a))
		}
	}
	return used, nil
}

// watch sees to it that the next look is pending, in the caller's transaction.
func (r *registry) watch(ctx context.Context, ws kernel.WorkspaceID) error {
	_, err := r.jobs.Enqueue(ctx, ws, WatchModels{}, port.At(r.clock.Now().Add(watchInterval)))
	return err
}
