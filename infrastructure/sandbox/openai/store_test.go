package openai_test

import (
	"archive/zip"
	"bytes"
	"net/http"
	"strings"
	"testing"
	"time"

	sdk "github.com/openai/openai-go/v3"
	"github.com/openai/openai-go/v3/conversations"
	"github.com/openai/openai-go/v3/responses"
	"github.com/stretchr/testify/require"
)

// upload keeps a file and returns its ID.
func (s *running) upload(t *testing.T, name, content string) string {
	t.Helper()
	client := s.client("sandbox-1")
	f, err := client.Files.New(t.Context(), sdk.FileNewParams{
		File: sdk.File(strings.NewReader(content), name, "text/plain"), Purpose: sdk.FilePurposeAssistants,
	})
	require.NoError(t, err)
	return f.ID
}

// store makes a vector store of files and waits until they can be searched.
func (s *running) store(t *testing.T, files ...string) string {
	t.Helper()
	client := s.client("sandbox-1")
	store, err := client.VectorStores.New(t.Context(), sdk.VectorStoreNewParams{Name: sdk.String("agente")})
	require.NoError(t, err)
	for _, id := range files {
		f, err := client.VectorStores.Files.NewAndPoll(t.Context(), store.ID, sdk.VectorStoreFileNewParams{FileID: id}, 5)
		require.NoError(t, err)
		require.EqualValues(t, "completed", f.Status)
	}
	return store.ID
}

func searching(question, store string) responses.ResponseNewParams {
	in := ask(question)
	in.Tools = []responses.ToolUnionParam{{OfFileSearch: &responses.FileSearchToolParam{VectorStoreIDs: []string{store}}}}
	return in
}

func TestAFileIsReadBeforeItCanBeSearched(t *testing.T) {
	t.Parallel()
	s := start(t)
	client := s.client("sandbox-1")
	ctx := t.Context()
	status, _ := s.post(t, "/_control/openai/stores", `{"processingMs":60000}`)
	require.Equal(t, http.StatusOK, status)
	store, err := client.VectorStores.New(ctx, sdk.VectorStoreNewParams{Metadata: map[string]string{"agent": "a"}})
	require.NoError(t, err)
	f, err := client.VectorStores.Files.New(ctx, store.ID, sdk.VectorStoreFileNewParams{FileID: s.upload(t, "a.md", "El plan Oro")})
	require.NoError(t, err)
	require.EqualValues(t, "in_progress", f.Status)
	found, err := client.VectorStores.Search(ctx, store.ID, sdk.VectorStoreSearchParams{Query: sdk.VectorStoreSearchParamsQueryUnion{OfString: sdk.String("plan Oro")}})
	require.NoError(t, err)
	require.Empty(t, found.Data)
	store, err = client.VectorStores.Get(ctx, store.ID)
	require.NoError(t, err)
	require.EqualValues(t, 1, store.FileCounts.InProgress)
}

func TestAnAnswerCitesTheFileThatTheQuestionFinds(t *testing.T) {
	t.Parallel()
	s := start(t)
	client := s.client("sandbox-1")
	store := s.store(t, s.upload(t, "precios.md", "El plan Oro cuesta novecientos pesos."), s.upload(t, "clima.txt", "Mañana llueve."))

	r, err := client.Responses.New(t.Context(), searching("¿Qué cuesta el plan Oro?\n"+transcript, store))
	require.NoError(t, err)
	require.Contains(t, r.OutputText(), "novecientos pesos")
	kinds := map[string]responses.ResponseOutputItemUnion{}
	for _, item := range r.Output {
		kinds[item.Type] = item
	}
	require.EqualValues(t, "completed", kinds["file_search_call"].Status)
	require.Equal(t, "precios.md", kinds["message"].Content[0].Annotations[0].Filename)

	h := hear(client.Responses.NewStreaming(t.Context(), searching("¿Qué cuesta el plan Oro?", store)))
	require.NoError(t, h.err)
	require.Contains(t, h.kinds, "response.file_search_call.searching")
	require.Contains(t, h.kinds, "response.output_text.annotation.added")
	require.Contains(t, h.text, "novecientos pesos")
}

func TestWordAndPDFFilesAreRead(t *testing.T) {
	t.Parallel()
	s := start(t)
	client := s.client("sandbox-1")
	var docx bytes.Buffer
	archive := zip.NewWriter(&docx)
	document, err := archive.Create("word/document.xml")
	require.NoError(t, err)
	_, err = document.Write([]byte(`<w:document xmlns:w="w"><w:p><w:t>garantía extendida</w:t></w:p></w:document>`))
	require.NoError(t, err)
	require.NoError(t, archive.Close())
	store := s.store(t, s.upload(t, "a.docx", docx.String()),
		s.upload(t, "b.pdf", "%PDF-1.4\n1 0 obj <<>> stream\nBT (sucursal Monterrey) Tj ET\nendstream endobj"))
	for query, name := range map[string]string{"garantía": "a.docx", "Monterrey": "b.pdf"} {
		found, err := client.VectorStores.Search(t.Context(), store, sdk.VectorStoreSearchParams{Query: sdk.VectorStoreSearchParamsQueryUnion{OfString: sdk.String(query)}})
		require.NoError(t, err)
		require.Len(t, found.Data, 1)
		require.Equal(t, name, found.Data[0].Filename)
	}
}

func TestAStoreRefusesWhatItCannotRead(t *testing.T) {
	t.Parallel()
	s := start(t)
	client := s.client("sandbox-1")
	ctx := t.Context()
	store := s.store(t)

	_, err := client.VectorStores.Files.New(ctx, store, sdk.VectorStoreFileNewParams{FileID: s.upload(t, "a.exe", "MZ")})
	require.Equal(t, "unsupported_file", errorOf(t, err).Code)
	_, err = client.VectorStores.Files.New(ctx, store, sdk.VectorStoreFileNewParams{FileID: "file_none"})
	require.Equal(t, http.StatusNotFound, errorOf(t, err).StatusCode)
	f, err := client.VectorStores.Files.NewAndPoll(ctx, store, sdk.VectorStoreFileNewParams{FileID: s.upload(t, "a.pdf", "no es pdf")}, 5)
	require.NoError(t, err)
	require.EqualValues(t, "failed", f.Status)
	require.EqualValues(t, "invalid_file", f.LastError.Code)

	s.post(t, "/_control/openai/stores", `{"fail":"b.md"}`)
	f, err = client.VectorStores.Files.NewAndPoll(ctx, store, sdk.VectorStoreFileNewParams{FileID: s.upload(t, "b.md", "hola")}, 5)
	require.NoError(t, err)
	require.EqualValues(t, "server_error", f.LastError.Code)

	_, err = client.Responses.New(ctx, searching("hola", "vs_none"))
	require.Equal(t, http.StatusNotFound, errorOf(t, err).StatusCode)
	_, err = client.Files.New(ctx, sdk.FileNewParams{File: sdk.File(strings.NewReader(""), "a.md", "text/markdown"), Purpose: sdk.FilePurposeAssistants})
	require.Equal(t, http.StatusBadRequest, errorOf(t, err).StatusCode)
}

func TestAStoresFilesComeAndGo(t *testing.T) {
	t.Parallel()
	s := start(t)
	client := s.client("sandbox-1")
	ctx := t.Context()
	kept, erased := s.upload(t, "a.md", "uno"), s.upload(t, "b.md", "dos")
	store := s.store(t, kept, erased)

	_, err := client.VectorStores.Files.Delete(ctx, store, kept)
	require.NoError(t, err)
	_, err = client.Files.Get(ctx, kept) // the file outlives its place in the store
	require.NoError(t, err)
	_, err = client.Files.Delete(ctx, erased) // which does not outlive the file
	require.NoError(t, err)
	page, err := client.VectorStores.Files.List(ctx, store, sdk.VectorStoreFileListParams{})
	require.NoError(t, err)
	require.Empty(t, page.Data)

	batch, err := client.VectorStores.FileBatches.NewAndPoll(ctx, store, sdk.VectorStoreFileBatchNewParams{FileIDs: []string{kept}}, 5)
	require.NoError(t, err)
	require.EqualValues(t, 1, batch.FileCounts.Completed)
	_, err = client.VectorStores.Delete(ctx, store)
	require.NoError(t, err)
	_, err = client.VectorStores.Get(ctx, store)
	require.Equal(t, http.StatusNotFound, errorOf(t, err).StatusCode)
	_, err = client.Files.Get(ctx, kept)
	require.NoError(t, err)
}

func TestItemsArePagedAndDeletedOneByOne(t *testing.T) {
	t.Parallel()
	s := start(t)
	client := s.client("sandbox-1")
	ctx := t.Context()
	c, err := client.Conversations.New(ctx, conversations.ConversationNewParams{})
	require.NoError(t, err)
	at := "/openai/v1/conversations/" + c.ID
	for range 3 {
		s.post(t, at+"/items", `{"items":[`+strings.Repeat(`{"role":"user","content":"hola"},`, 14)+`{"role":"user","content":"fin"}]}`)
	}
	first, err := client.Conversations.Items.List(ctx, c.ID, conversations.ItemListParams{})
	require.NoError(t, err)
	require.Len(t, first.Data, 20)
	require.True(t, first.HasMore)

	deleted := 0
	for page := first; len(page.Data) > 0; {
		for _, item := range page.Data {
			_, err := client.Conversations.Items.Delete(ctx, c.ID, item.ID)
			require.NoError(t, err)
			deleted++
		}
		page, err = client.Conversations.Items.List(ctx, c.ID, conversations.ItemListParams{})
		require.NoError(t, err)
	}
	require.Equal(t, 45, deleted)
}

func TestAClientThatLeavesAStreamIsCounted(t *testing.T) {
	t.Parallel()
	s := start(t)
	client := s.client("sandbox-1")
	s.script(t, `{"deltaMs":60000,"text":"despacio"}`)
	stream := client.Responses.NewStreaming(t.Context(), ask("hola"))
	require.True(t, stream.Next())
	count := func(name string) any {
		_, streams := s.do(t, http.MethodGet, "/_control/openai/streams", "")
		return streams[name]
	}
	require.InDelta(t, 1, count("open"), 0)
	require.NoError(t, stream.Close())
	require.Eventually(t, func() bool { return count("left") == float64(1) }, 5*time.Second, 5*time.Millisecond)
	require.InDelta(t, 0, count("open"), 0)
}
