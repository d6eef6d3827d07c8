package identityuc

import (
	"context"
	"sync/atomic"
	"time"

	"github.com/tertulia-dev/tertulia/domain/fault"
	"github.com/tertulia-dev/tertulia/domain/identity"
	"github.com/tertulia-dev/tertulia/domain/kernel"
	"github.com/tertulia-dev/tertulia/usecase/port"
)

// How long an answer is remembered although nobody said that it changed.
const (
	KeyMemory = 5 * time.Minute
	RepMemory = 30 * time.Second
)

// Change names what has to be looked up anew. Exactly one field is set.
type Change struct {
	Key identity.KeyID
	Rep kernel.RepID
}

// Directory looks up keys, reps and the default workspace for every call, in memory where that is safe: a process that
// hears of every change, over the connection that calls Listening and Forget, answers without a query; any other asks
// the database each time.
type Directory struct {
	outside    Outside
	reader     port.Reader
	workspaces Workspaces
	reps       Reps
	keys       Keys
	clock      port.Clock

	knownKeys *memory[identity.Hash, identity.Key]
	knownReps *memory[repAddress, identity.Rep]
	fallback  atomic.Pointer[identity.Workspace] // the default workspace; it never changes
}

type repAddress struct {
	workspace kernel.WorkspaceID
	email     identity.Email
}

// NewDirectory makes a directory that remembers nothing until Listening(true).
func NewDirectory(outside Outside, reader port.Reader, workspaces Workspaces, reps Reps, keys Keys, clock port.Clock) *Directory {
	return &Directory{
		outside: outside, reader: reader, workspaces: workspaces, reps: reps, keys: keys, clock: clock,
		knownKeys: newMemory[identity.Hash, identity.Key](KeyMemory),
		knownReps: newMemory[repAddress, identity.Rep](RepMemory),
	}
}

// Listening says that from now on every change is told, or that none is. Either way the directory starts anew.
func (d *Directory) Listening(live bool) {
	d.knownKeys.reset(live)
	d.knownReps.reset(live)
}

// Forget makes the directory look up anew what has changed.
func (d *Directory) Forget(c Change) {
	d.knownKeys.forget(func(k identity.Key) bool { return k.ID == c.Key })
	d.knownReps.forget(func(r identity.Rep) bool { return r.ID == c.Rep })
}

// key returns the unrevoked key with the hash.
func (d *Directory) key(ctx context.Context, hash identity.Hash) (identity.Key, bool, error) {
	now := d.clock.Now()
	return d.knownKeys.get(hash, now, func() (key identity.Key, found bool, err error) {
		err = d.outside.System(ctx, func(ctx context.Context) error {
			key, found, err = d.keys.FindByHash(ctx, hash, now)
			return err
		})
		return key, found, err
	})
}

// rep returns the rep with the e-mail, also a deactivated one.
func (d *Directory) rep(ctx context.Context, ws kernel.WorkspaceID, email identity.Email) (identity.Rep, bool, error) {
	return d.knownReps.get(repAddress{ws, email}, d.clock.Now(), func() (rep identity.Rep, found bool, err error) {
		err = d.reader.Read(ctx, ws, func(ctx context.Context) error {
			rep, found, err = d.reps.FindByEmail(ctx, ws, email)
			return err
		})
		return rep, found, err
	})
}

// DefaultWorkspace returns the workspace to which the service key, Supabase tokens and Recall's webhooks belong.
// Unavailable when none was made yet.
func (d *Directory) DefaultWorkspace(ctx context.Context) (identity.Workspace, error) {
	if w := d.fallback.Load(); w != nil {
		return *w, nil
	}
	var w identity.Workspace
	err := d.outside.System(ctx, func(ctx context.Context) error {
		found, ok, err := d.workspaces.Find(ctx, "")
		if err == nil && !ok {
			err = fault.New(fault.Unavailable, fault.UnavailableCode)
		}
		w = found
		return err
	})
	if err != nil {
		return identity.Workspace{}, err
	}
	d.fallback.Store(&w)
	return w, nil
}
