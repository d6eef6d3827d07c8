package openai_test

import (
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tertulia-dev/tertulia/infrastructure/outbound"
	"github.com/tertulia-dev/tertulia/infrastructure/sandbox/sandboxtest"
	"github.com/tertulia-dev/tertulia/infrastructure/vendors/openai"
)

func TestAnAnswerRestsOnTheFilesOfAStore(t *testing.T) {
	t.Parallel()
	c, _ := doubled(t)
	ctx := t.Context()
	before := time.Now().Add(-time.Minute)
	store, err := c.CreateStore(ctx, "agente", map[string]string{"agent": "seguimiento_general"})
	require.NoError(t, err)
	file, err := c.UploadFile(ctx, "precios «2026».md", "text/markdown", 37, strings.NewReader("El plan Oro cuesta novecientos pesos."))
	require.NoError(t, err)
	require.Equal(t, "precios «2026».md", file.Name)
	require.EqualValues(t, 37, file.Bytes)
	in, err := c.AttachFile(ctx, store, file.ID)
	require.NoError(t, err)
	require.Equal(t, "in_progress", in.Status)
	require.Eventually(t, func() bool {
		in, err = c.StoreFile(ctx, store, file.ID)
		return err == nil && in.Status == "completed"
	}, 5*time.Second, 5*time.Millisecond)

	q := question()
	q.Stores, q.Messages = []string{store}, []openai.Message{{Role: "user", Text: "¿Qué cuesta el plan Oro?"}}
	got, err := c.Stream(ctx, q, func(string) error { return nil })
	require.NoError(t, err)
	require.Equal(t, []openai.Citation{{File: file.ID, Name: "precios «2026».md"}}, got.Citations)

	stores, err := c.Stores(ctx, map[string]string{"agent": "seguimiento_general"})
	require.NoError(t, err)
	require.Len(t, stores, 1)
	require.Equal(t, store, stores[0].ID)
	stores, err = c.Stores(ctx, map[string]string{"agent": "otro"})
	require.NoError(t, err)
	require.Empty(t, stores)

	recent, err := c.FilesSince(ctx, before)
	require.NoError(t, err)
	require.Equal(t, []openai.File{file}, recent)
	for range 2 { // what is gone already is no error
		require.NoError(t, c.DeleteFile(ctx, file.ID))
		require.NoError(t, c.DeleteStore(ctx, store))
	}
	_, err = c.StoreFile(ctx, store, file.ID)
	require.Equal(t, http.StatusNotFound, outbound.StatusOf(err))
}

func TestAFileThatTheStoreCannotReadSaysSo(t *testing.T) {
	t.Parallel()
	c, _ := doubled(t)
	ctx := t.Context()
	store, err := c.CreateStore(ctx, "agente", nil)
	require.NoError(t, err)
	broken, err := c.UploadFile(ctx, "a.pdf", "application/pdf", -1, strings.NewReader("no es un PDF"))
	require.NoError(t, err)
	_, err = c.AttachFile(ctx, store, broken.ID)
	require.NoError(t, err)
	require.Eventually(t, func() bool {
		in, err := c.StoreFile(ctx, store, broken.ID)
		return err == nil && in.Status == "failed" && in.Error == "invalid_file"
	}, 5*time.Second, 5*time.Millisecond)

	program, err := c.UploadFile(ctx, "a.exe", "application/octet-stream", -1, strings.NewReader("MZ"))
	require.NoError(t, err)
	_, err = c.AttachFile(ctx, store, program.ID)
	require.Equal(t, "unsupported_file", asError(t, err).Code)
}

func TestAnUploadThatCannotBeReadToItsEndIsNoFile(t *testing.T) {
	t.Parallel()
	c, s := doubled(t, func(o *openai.Options) { o.Transport = nil }) // the check would read the body first
	_, err := c.UploadFile(t.Context(), "a.md", "text/markdown", -1, io.MultiReader(strings.NewReader("hola"), brokenReader{}))
	require.ErrorIs(t, err, io.ErrUnexpectedEOF)
	files, err := c.FilesSince(t.Context(), time.Time{})
	require.NoError(t, err)
	require.Empty(t, files)

	s.Fault(sandboxtest.Fault{Vendor: "openai", Method: "POST", Path: "/v1/files", Times: 1, Status: 429, Body: json.RawMessage(`{"error":{"message":"canary","type":"requests","code":"rate_limit_exceeded"}}`)})
	_, err = c.UploadFile(t.Context(), "a.md", "text/markdown", 5<<20, strings.NewReader(strings.Repeat("hola ", 1<<20)))
	require.Equal(t, "rate_limit_exceeded", asError(t, err).Code)
	require.NotContains(t, err.Error(), "canary")
}

// brokenReader fails at once.
type brokenReader struct{}

func (brokenReader) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }

func TestAConversationIsDeletedWithEveryItem(t *testing.T) {
	t.Parallel()
	c, s := doubled(t)
	ctx := t.Context()
	id, err := c.CreateConversation(ctx, map[string]string{"meeting": "m"})
	require.NoError(t, err)
	q := question()
	q.Conversation = id
	const turns = 8 // of three questions and an answer: more than one page
	for range turns {
		_, err = c.Stream(ctx, q, func(string) error { return nil })
		require.NoError(t, err)
	}
	s.Fault(sandboxtest.Fault{Vendor: "openai", Method: "DELETE", Path: "/v1/conversations/", Times: 1, Status: 503})
	require.Error(t, c.DeleteConversation(ctx, id))
	require.NoError(t, c.DeleteConversation(ctx, id))
	require.NoError(t, c.DeleteConversation(ctx, id))
	deleted := 0
	for _, r := range s.Matching("openai", "DELETE /v1/conversations/*/items/*") {
		if r.Status == http.StatusOK {
			deleted++
		}
	}
	require.Equal(t, turns*4, deleted)
}
