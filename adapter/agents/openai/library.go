// Package openai runs agents at OpenAI, or at any base URL that speaks its protocol, and keeps there what they search in.
package openai

import (
	"context"
	"errors"
	"io"
	"time"

	"github.com/tertulia-dev/tertulia/domain/agents"
	"github.com/tertulia-dev/tertulia/domain/fault"
	"github.com/tertulia-dev/tertulia/domain/kernel"
	"github.com/tertulia-dev/tertulia/infrastructure/outbound"
	"github.com/tertulia-dev/tertulia/infrastructure/vendors/openai"
	agentsuc "github.com/tertulia-dev/tertulia/usecase/agents"
)

var (
	_ agentsuc.Stores  = Stores{}
	_ agentsuc.Library = Library{}
)

// Names under which a store carries whose it is.
const (
	metaWorkspace = "tertulia_workspace"
	metaAgent     = "tertulia_agent"
)

// Stores implements agentsuc.Stores.
type Stores struct{ client *openai.Client }

// NewStores keeps stores at the client's provider; nil is no provider.
func NewStores(client *openai.Client) Stores { return Stores{client: client} }

// Create implements agentsuc.Stores.
func (s Stores) Create(ctx context.Context, ws kernel.WorkspaceID, agent agents.Key) (string, error) {
	if s.client == nil {
		return "", notConfigured()
	}
	id, err := s.client.CreateStore(ctx, agent.String(), names(ws, agent))
	return id, failed(err)
}

// Exists implements agentsuc.Stores.
func (s Stores) Exists(ctx context.Context, store string) (bool, error) {
	if s.client == nil {
		return false, notConfigured()
	}
	there, err := s.client.StoreExists(ctx, store)
	return there, failed(err)
}

// Owned implements agentsuc.Stores.
func (s Stores) Owned(ctx context.Context, ws kernel.WorkspaceID, agent agents.Key) ([]agentsuc.StoreInfo, error) {
	if s.client == nil {
		return nil, notConfigured()
	}
	found, err := s.client.Stores(ctx, names(ws, agent))
	if err != nil {
		return nil, failed(err)
	}
	list := make([]agentsuc.StoreInfo, len(found))
	for i, f := range found {
		list[i] = agentsuc.StoreInfo(f)
	}
	return list, nil
}

// Delete implements agentsuc.Stores.
func (s Stores) Delete(ctx context.Context, store string) error {
	if s.client == nil {
		return notConfigured()
	}
	return failed(s.client.DeleteStore(ctx, store))
}

func names(ws kernel.WorkspaceID, agent agents.Key) map[string]string {
	return map[string]string{metaWorkspace: ws.String(), metaAgent: agent.String()}
}

// Library implements agentsuc.Library.
type Library struct{ client *openai.Client }

// NewLibrary keeps files at the client's provider; nil is no provider.
func NewLibrary(client *openai.Client) Library { return Library{client: client} }

// Upload implements agentsuc.Library.
func (l Library) Upload(ctx context.Context, f agents.File, size int64, content io.Reader) (string, error) {
	if l.client == nil {
		return "", notConfigured()
	}
	made, err := l.client.UploadFile(ctx, f.RemoteName(), f.Type.MediaType(), size, content)
	if own, ok := errors.AsType[*fault.Error](err); ok { // what the content says of itself
		return "", own
	}
	return made.ID, failed(err)
}

// Attach implements agentsuc.Library.
func (l Library) Attach(ctx context.Context, store, providerID string) error {
	if l.client == nil {
		return notConfigured()
	}
	_, err := l.client.AttachFile(ctx, store, providerID)
	return failed(err)
}

// Progress implements agentsuc.Library.
func (l Library) Progress(ctx context.Context, store, providerID string) (agents.FileState, string, error) {
	if l.client == nil {
		return "", "", notConfigured()
	}
	in, err := l.client.StoreFile(ctx, store, providerID)
	switch {
	case outbound.StatusOf(err) == 404:
		return "", "", nil
	case err != nil:
		return "", "", failed(err)
	case in.Status == "completed":
		return agents.FileReady, "", nil
	case in.Status == "in_progress":
		return agents.FileReading, "", nil
	case in.Error == "":
		return agents.FileFailed, in.Status, nil
	}
	return agents.FileFailed, in.Error, nil
}

// Find implements agentsuc.Library.
func (l Library) Find(ctx context.Context, remoteName string, since time.Time) ([]string, error) {
	if l.client == nil {
		return nil, notConfigured()
	}
	recent, err := l.client.FilesSince(ctx, since)
	if err != nil {
		return nil, failed(err)
	}
	var ids []string
	for _, f := range recent {
		if f.Name == remoteName {
			ids = append(ids, f.ID)
		}
	}
	return ids, nil
}

// Delete implements agentsuc.Library.
func (l Library) Delete(ctx context.Context, providerID string) error {
	if l.client == nil {
		return notConfigured()
	}
	return failed(l.client.DeleteFile(ctx, providerID))
}

// failed says that the provider failed. Whatever it refused was our request, not the caller's: it is Upstream to everyone.
func failed(err error) error {
	if err == nil {
		return nil
	}
	return fault.Wrap(fault.Upstream, agents.OpenAIError, err)
}

func notConfigured() error { return fault.New(fault.Unavailable, agents.OpenAINotConfigured) }
