package agentsuc

import (
	"context"
	"io"
	"time"

	"github.com/tertulia-dev/tertulia/domain/agents"
	"github.com/tertulia-dev/tertulia/domain/kernel"
)

// Files keeps what is in the stores. Every method stays inside the given workspace.
type Files interface {
	// Add stores a new file.
	Add(ctx context.Context, f agents.File) error
	// List returns the files of a store that are not on their way out, newest first: at most agents.MaxFiles and those
	// that are made of lessons.
	List(ctx context.Context, ws kernel.WorkspaceID, store string) ([]agents.File, error)
	// Lock returns one file and holds its row until the transaction ends.
	Lock(ctx context.Context, ws kernel.WorkspaceID, id agents.FileID) (agents.File, bool, error)
	// Save stores a file whose row the transaction holds.
	Save(ctx context.Context, f agents.File) error
	// Remove forgets a file.
	Remove(ctx context.Context, ws kernel.WorkspaceID, id agents.FileID) error
}

// Stores are the provider's vector stores. Unavailable OPENAI_NOT_CONFIGURED without a provider, Upstream OPENAI_ERROR when
// it fails.
type Stores interface {
	// Create makes an empty store that carries the names of its workspace and agent.
	Create(ctx context.Context, ws kernel.WorkspaceID, agent agents.Key) (string, error)
	// Exists reports whether a store is there to be searched in: neither deleted nor expired.
	Exists(ctx context.Context, store string) (bool, error)
	// Owned returns the stores that carry those names.
	Owned(ctx context.Context, ws kernel.WorkspaceID, agent agents.Key) ([]StoreInfo, error)
	// Delete deletes a store, and nothing when it is gone already.
	Delete(ctx context.Context, store string) error
}

// StoreInfo is a store at the provider.
type StoreInfo struct {
	ID        string
	CreatedAt time.Time
}

// Library is the provider's side of files. Errors as of Stores.
type Library interface {
	// Upload sends the file's content, as it is read, under its RemoteName; size is -1 when it is not known. An error of
	// content is returned as it is.
	Upload(ctx context.Context, f agents.File, size int64, content io.Reader) (providerID string, err error)
	// Attach puts a file into a store, which then reads it. A file that is there already is read again.
	Attach(ctx context.Context, store, providerID string) error
	// Progress returns FileReading, FileReady, or FileFailed with the provider's code; "" when the file is not in the store.
	Progress(ctx context.Context, store, providerID string) (state agents.FileState, problem string, err error)
	// Find returns the provider's IDs of the files under that RemoteName, made since a time.
	Find(ctx context.Context, remoteName string, since time.Time) ([]string, error)
	// Delete deletes a file from everywhere, and nothing when it is gone already.
	Delete(ctx context.Context, providerID string) error
}

// Sniffer tells what a file is by its content.
type Sniffer interface {
	// HeadBytes is how much of a file's beginning Sniff wants to see.
	HeadBytes() int
	Sniff(head []byte) agents.Sniffed
}
