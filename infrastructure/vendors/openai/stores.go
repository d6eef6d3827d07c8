package openai

import (
	"context"
	"time"

	sdk "github.com/openai/openai-go/v3"

	"github.com/tertulia-dev/tertulia/infrastructure/outbound"
)

// StoreFile is a file in a vector store.
type StoreFile struct {
	ID     string // of the file
	Status string // "in_progress", "completed", "failed" or "cancelled"; only a completed one is searched
	Error  string // the provider's code of a failure, such as "invalid_file"
}

// CreateStore makes an empty vector store and returns its ID.
func (c *Client) CreateStore(ctx context.Context, name string, metadata map[string]string) (string, error) {
	const operation = "create_store"
	made, err := c.stores.New(outbound.WithOperation(ctx, operation), sdk.VectorStoreNewParams{Name: sdk.String(name), Metadata: metadata})
	if err != nil {
		return "", explain(operation, err)
	}
	return made.ID, nil
}

// StoreExists reports whether a store can be searched in: one that is deleted cannot, nor one that has expired.
func (c *Client) StoreExists(ctx context.Context, id string) (bool, error) {
	const operation = "get_store"
	s, err := c.stores.Get(outbound.WithOperation(ctx, operation), id)
	if err != nil {
		err = explain(operation, err)
		return false, unlessGone(err)
	}
	return s.Status != sdk.VectorStoreStatusExpired, nil
}

// Store is a vector store.
type Store struct {
	ID        string
	CreatedAt time.Time
}

// Stores returns the stores that carry all of the given metadata.
func (c *Client) Stores(ctx context.Context, metadata map[string]string) ([]Store, error) {
	const operation = "list_stores"
	const page = 100
	pages := c.stores.ListAutoPaging(outbound.WithOperation(ctx, operation), sdk.VectorStoreListParams{Limit: sdk.Int(page)})
	var found []Store
	for pages.Next() {
		s := pages.Current()
		if carries(s.Metadata, metadata) {
			found = append(found, Store{ID: s.ID, CreatedAt: time.Unix(s.CreatedAt, 0).UTC()})
		}
	}
	if err := pages.Err(); err != nil {
		return nil, explain(operation, err)
	}
	return found, nil
}

func carries(all, some map[string]string) bool {
	for name, value := range some {
		if all[name] != value {
			return false
		}
	}
	return true
}

// DeleteStore deletes a store and leaves its files. A store that is gone already is no error.
func (c *Client) DeleteStore(ctx context.Context, id string) error {
	const operation = "delete_store"
	if _, err := c.stores.Delete(outbound.WithOperation(ctx, operation), id); err != nil {
		return unlessGone(explain(operation, err))
	}
	return nil
}

// AttachFile puts a file into a store, which then reads it for a while. A file that is there already is read again.
func (c *Client) AttachFile(ctx context.Context, store, file string) (StoreFile, error) {
	const operation = "attach_file"
	in, err := c.stores.Files.New(outbound.WithOperation(ctx, operation), store, sdk.VectorStoreFileNewParams{FileID: file})
	if err != nil {
		return StoreFile{}, explain(operation, err)
	}
	return toStoreFile(in), nil
}

// StoreFile returns one file of a store. Status 404 when it is not there.
func (c *Client) StoreFile(ctx context.Context, store, file string) (StoreFile, error) {
	const operation = "get_store_file"
	in, err := c.stores.Files.Get(outbound.WithOperation(ctx, operation), store, file)
	if err != nil {
		return StoreFile{}, explain(operation, err)
	}
	return toStoreFile(in), nil
}

func toStoreFile(f *sdk.VectorStoreFile) StoreFile {
	return StoreFile{ID: f.ID, Status: string(f.Status), Error: f.LastError.Code}
}
