package agentsuc

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/tertulia-dev/tertulia/domain/agents"
	"github.com/tertulia-dev/tertulia/domain/kernel"
	"github.com/tertulia-dev/tertulia/usecase/port"
)

// librarian puts files into stores and takes them out, in steps that a job can finish: whatever stops half way leaves a
// row that says so, and a job that looks at it.
type librarian struct {
	*registry
	files   Files
	stores  Stores
	library Library
	jobs    port.Jobs
	ids     port.IDs
}

// store returns the agent's store, and makes it when there is none. Of two that are made at once the first one noted stays;
// TidyStores deletes the other.
func (l *librarian) store(ctx context.Context, ws kernel.WorkspaceID, key agents.Key) (string, error) {
	a, err := l.find(ctx, ws, key)
	if err != nil || a.HasStore() {
		return a.StoreID, err
	}
	made, err := l.makeStore(ctx, ws, key)
	if err != nil {
		return "", err
	}
	err = l.tx.InTx(ctx, ws, func(ctx context.Context) error {
		if a, err = l.lock(ctx, ws, key); err != nil || a.HasStore() {
			return err
		}
		a.StoreID, a.UpdatedAt = made, l.clock.Now()
		return l.agents.Save(ctx, a)
	})
	return a.StoreID, err
}

// makeStore makes a store for an agent. One that is not noted then is deleted by a job.
func (l *librarian) makeStore(ctx context.Context, ws kernel.WorkspaceID, key agents.Key) (string, error) {
	err := l.tx.InTx(ctx, ws, func(ctx context.Context) error {
		_, err := l.jobs.Enqueue(ctx, ws, TidyStores{Agent: key}, port.At(l.clock.Now().Add(storeAge)))
		return err
	})
	if err != nil {
		return "", err
	}
	return l.stores.Create(ctx, ws, key)
}

// plan makes the file of a store that is yet to be sent. The caller adds it, in the transaction in which begin is called.
func (l *librarian) plan(ws kernel.WorkspaceID, key agents.Key, store, name string, t agents.FileType) agents.File {
	now := l.clock.Now()
	return agents.File{
		Workspace: ws, ID: agents.FileID(l.ids.New()), Store: store, Agent: key, Name: name, Type: t,
		State: agents.FileUploading, CreatedAt: now, UpdatedAt: now,
	}
}

// begin stores the intent to send a file, with the job that clears up if nobody else does.
func (l *librarian) begin(ctx context.Context, f agents.File) error {
	if err := l.files.Add(ctx, f); err != nil {
		return err
	}
	_, err := l.jobs.Enqueue(ctx, f.Workspace, SettleFile{File: f.ID}, port.At(f.CreatedAt.Add(uploadLimit)))
	return err
}

// send gives the file that begin has stored to the provider and puts it into its store. What fails is removed, by a job.
func (l *librarian) send(ctx context.Context, f agents.File, size int64, content io.Reader) (agents.File, error) {
	limited, cancel := context.WithTimeout(ctx, uploadLimit/2)
	defer cancel()
	count := &counter{Reader: content}
	id, err := l.library.Upload(limited, f, size, count)
	if err != nil {
		return agents.File{}, l.giveUp(ctx, f, err)
	}
	f, err = l.change(ctx, f.Workspace, f.ID, func(f *agents.File) {
		f.ProviderID, f.State, f.Bytes = id, agents.FileReading, count.n
	})
	if err != nil {
		return agents.File{}, err
	}
	err = l.attach(limited, f)
	if err != nil && !errors.Is(err, ErrStoreGone) { // then the file comes into the store that is made in its place
		return agents.File{}, l.giveUp(ctx, f, err)
	}
	return f, nil
}

// attach puts a file into its store. One that is gone is restored by a job, ErrStoreGone.
func (l *librarian) attach(ctx context.Context, f agents.File) error {
	err := l.library.Attach(ctx, f.Store, f.ProviderID)
	if err == nil {
		return nil
	}
	if there, unknown := l.stores.Exists(ctx, f.Store); unknown != nil || there {
		return err
	}
	noted := l.tx.InTx(ctx, f.Workspace, func(ctx context.Context) error { return restoreLater(ctx, l.jobs, f.Workspace, f.Store) })
	if noted != nil {
		return errors.Join(err, noted)
	}
	return ErrStoreGone
}

// giveUp has a file removed whose sending failed because of cause, even when the caller is gone.
func (l *librarian) giveUp(ctx context.Context, f agents.File, cause error) error {
	ctx = context.WithoutCancel(ctx)
	if _, err := l.change(ctx, f.Workspace, f.ID, func(f *agents.File) { f.State = agents.FileRemoving }); err != nil {
		return fmt.Errorf("%w (and it could not be noted: %w)", cause, err)
	}
	return cause
}

// change alters a file under its row's lock, and has a job look at it. A file that is gone stays gone. The job that ctx
// runs in, if any, is done with it.
func (l *librarian) change(ctx context.Context, ws kernel.WorkspaceID, id agents.FileID, fn func(*agents.File)) (agents.File, error) {
	var changed agents.File
	err := l.tx.InTx(ctx, ws, func(ctx context.Context) error {
		f, found, err := l.files.Lock(ctx, ws, id)
		if err != nil || !found {
			return err
		}
		fn(&f)
		f.UpdatedAt, changed = l.clock.Now(), f
		if err := l.files.Save(ctx, f); err != nil {
			return err
		}
		_, err = l.jobs.Enqueue(ctx, ws, SettleFile{File: id}, port.At(l.clock.Now().Add(firstLook)))
		return err
	})
	return changed, err
}

// counter counts what is read through it.
type counter struct {
	io.Reader
	n int64
}

// Read implements io.Reader.
func (c *counter) Read(p []byte) (int, error) {
	n, err := c.Reader.Read(p)
	c.n += int64(n)
	return n, err
}
