package embed_test

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tertulia-dev/tertulia/infrastructure/sandbox/sandboxtest"
	"github.com/tertulia-dev/tertulia/infrastructure/vendors/openai"
	"github.com/tertulia-dev/tertulia/pkg/embed/embedtest"
	"github.com/tertulia-dev/tertulia/pkg/tertulia"
)

const assistant = "seguimiento_general"

// knowledge is a system whose agents' files are looked at from both sides.
type knowledge struct {
	*embedtest.System

	t        *testing.T
	provider *openai.Client
}

func newKnowledge(t *testing.T, opts ...embedtest.Option) *knowledge {
	t.Helper()
	k := &knowledge{System: embedtest.New(t, opts...), t: t}
	var err error
	k.provider, err = openai.New(openai.Options{BaseURL: k.Sandbox.URL("openai") + "/v1", APIKey: sandboxtest.Key})
	require.NoError(t, err)
	return k
}

// remote is what the provider has.
func (k *knowledge) remote() []openai.File {
	k.t.Helper()
	files, err := k.provider.FilesSince(context.Background(), time.Time{})
	require.NoError(k.t, err)
	return files
}

func (k *knowledge) add(agent, name, content string) tertulia.AgentFile {
	k.t.Helper()
	f, err := k.Admin.Agents.AddFile(k.t.Context(), agent, name, strings.NewReader(content))
	require.NoError(k.t, err)
	return f
}

func (k *knowledge) files(agent string) tertulia.AgentFileList {
	k.t.Helper()
	list, err := k.Admin.Agents.Files(k.t.Context(), agent)
	require.NoError(k.t, err)
	return list
}

// eventually waits for what jobs will have done, some of them again after a pause.
func (k *knowledge) eventually(done func() bool, what string) {
	k.t.Helper()
	k.Hasten(k.t, what, done)
}

// nothingIsLeft waits until neither side knows a file.
func (k *knowledge) nothingIsLeft() {
	k.t.Helper()
	k.eventually(func() bool {
		return len(k.remote()) == 0 && k.Count(k.t, "select count(*) from agent_files") == 0
	}, "no file is left")
}

func TestAFileThatAnAgentIsGivenIsReadAndCanBeTakenAway(t *testing.T) {
	t.Parallel()
	k := newKnowledge(t)
	require.Empty(t, k.files(assistant).Data)

	f := k.add(assistant, "Catálogo 2026.md", "El plan Oro cuesta novecientos pesos.")
	require.Equal(t, "in_progress", f.Status)
	require.Equal(t, "Catálogo 2026.md", f.Filename)
	require.EqualValues(t, 37, f.Bytes)
	k.add(assistant, "notas.txt", "Mañana llueve.")
	k.eventually(func() bool {
		list := k.files(assistant).Data
		return len(list) == 2 && list[0].Status == "completed" && list[1].Status == "completed"
	}, "both files are read")
	require.Equal(t, "notas.txt", k.files(assistant).Data[0].Filename, "newest first")
	require.Equal(t, 1, k.Sandbox.Calls("openai", "POST /v1/vector_stores"), "one store for both")

	require.NoError(t, k.Admin.Agents.RemoveFile(t.Context(), assistant, f.ID))
	require.Len(t, k.files(assistant).Data, 1)
	k.eventually(func() bool { return len(k.remote()) == 1 }, "the provider has lost it too")
	err := k.Admin.Agents.RemoveFile(t.Context(), assistant, f.ID)
	requireCode(t, err, http.StatusNotFound, tertulia.CodeFileNotFound)
	err = k.Admin.Agents.RemoveFile(t.Context(), "coach_ventas", k.files(assistant).Data[0].ID)
	requireCode(t, err, http.StatusNotFound, tertulia.CodeFileNotFound)
}

// word is a small Word file.
func word(t *testing.T, text string) string {
	t.Helper()
	var b bytes.Buffer
	archive := zip.NewWriter(&b)
	for name, content := range map[string]string{"[Content_Types].xml": "<Types/>", "word/document.xml": "<w:document><w:p><w:t>" + text + "</w:t></w:p></w:document>"} {
		part, err := archive.Create(name)
		require.NoError(t, err)
		_, err = io.WriteString(part, content)
		require.NoError(t, err)
	}
	require.NoError(t, archive.Close())
	return b.String()
}

func TestAFileIsWhatItsContentShows(t *testing.T) {
	t.Parallel()
	k := newKnowledge(t)
	program := "MZ\x90\x00\x03\x00\x00\x00\x04\x00\x00\x00\xff\xff" + strings.Repeat("\x00", 200)
	for _, bad := range []struct{ name, content, field string }{
		{"catalogo.pdf", program, "body"},
		{"catalogo.docx", program, "body"},
		{"catalogo.txt", program, "body"},
		{"catalogo.pdf", "solo texto", "body"},
		{"catalogo.txt", "%PDF-1.4\n", "body"},
		{"vacio.md", "", "body"},
		{"tarde.md", strings.Repeat("texto ", 20_000) + "\x00", "body"},
		{"latin.csv", strings.Repeat("a;b\n", 3000) + "a\xf1o", "body"},
		{"catalogo.exe", program, "X-Filename"},
		{"catalogo", "texto", "X-Filename"},
		{"", "texto", "X-Filename"},
		{".md", "texto", "X-Filename"},
	} {
		_, err := k.Admin.Agents.AddFile(t.Context(), assistant, bad.name, strings.NewReader(bad.content))
		requireCode(t, err, http.StatusBadRequest, tertulia.CodeValidation)
		var refused *tertulia.APIError
		require.ErrorAs(t, err, &refused)
		require.Equal(t, bad.field, refused.Details[0].Field, bad.name)
	}
	k.nothingIsLeft()

	for name, content := range map[string]string{
		"a.pdf": "%PDF-1.4\n1 0 obj <<>> stream\nBT (hola) Tj ET\nendstream endobj", "b.TXT": "hola", "c.md": "# Hola\n\n<p>año</p>",
		"d.csv": "plan,precio\nOro,900\n", `C:\Users\ana\e.docx`: word(t, "hola"),
	} {
		k.add(assistant, name, content)
	}
	k.eventually(func() bool {
		list := k.files(assistant).Data
		for _, f := range list {
			if f.Status != "completed" {
				return false
			}
		}
		return len(list) == 5
	}, "every file is read")
	names := map[string]bool{}
	for _, f := range k.files(assistant).Data {
		names[f.Filename] = true
	}
	require.Equal(t, map[string]bool{"a.pdf": true, "b.TXT": true, "c.md": true, "d.csv": true, "e.docx": true}, names)
}

func TestATooLargeFileIsRefusedAndLeavesNothing(t *testing.T) {
	t.Parallel()
	k := newKnowledge(t)
	big := strings.Repeat("texto ", 21<<20/6)
	_, err := k.Admin.Agents.AddFile(t.Context(), assistant, "a.md", strings.NewReader(big))
	requireCode(t, err, http.StatusRequestEntityTooLarge, tertulia.CodePayloadTooLarge)
	_, err = k.Admin.Agents.AddFile(t.Context(), assistant, "a.md", io.MultiReader(strings.NewReader(big))) // of unknown length
	requireCode(t, err, http.StatusRequestEntityTooLarge, tertulia.CodePayloadTooLarge)
	k.nothingIsLeft()
	full := strings.Repeat("texto ", (20<<20)/6)
	k.add(assistant, "a.md", full)
}

func TestAnUploadThatFailsHalfWayLeavesNothing(t *testing.T) {
	t.Parallel()
	for name, fault := range map[string]sandboxtest.Fault{
		"the answer is lost":       {Method: "POST", Path: "/v1/files", Times: 1, Drop: "after"},
		"the provider is down":     {Method: "POST", Path: "/v1/files", Times: 1, Status: 503},
		"the store does not take":  {Method: "POST", Path: "/v1/vector_stores/*/files", Times: 1, Status: 500},
		"the store's answer drops": {Method: "POST", Path: "/v1/vector_stores/*/files", Times: 1, Drop: "after"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			k := newKnowledge(t)
			fault.Vendor = "openai"
			k.Sandbox.Fault(fault)
			k.Sandbox.Fault(sandboxtest.Fault{Vendor: "openai", Method: "DELETE", Path: "/v1/files/", Times: 1, Status: 503})
			_, err := k.Admin.Agents.AddFile(t.Context(), assistant, "a.md", strings.NewReader("hola"))
			requireCode(t, err, http.StatusBadGateway, tertulia.CodeOpenAI)
			require.Empty(t, k.files(assistant).Data)
			k.nothingIsLeft()
			k.add(assistant, "a.md", "hola")
		})
	}
}

func TestAnUploaderThatLeavesHalfWayLeavesNothing(t *testing.T) {
	t.Parallel()
	k := newKnowledge(t)
	ctx, leave := context.WithCancel(t.Context())
	content, writer := io.Pipe()
	go func() {
		_, _ = writer.Write([]byte(strings.Repeat("texto ", 2000)))
		leave()
		writer.CloseWithError(errors.New("gone"))
	}()
	_, err := k.Admin.Agents.AddFile(ctx, assistant, "a.md", content)
	require.Error(t, err)
	k.nothingIsLeft()
}

func TestAnUploadWhoseProcessDiedIsClearedUp(t *testing.T) {
	t.Parallel()
	k := newKnowledge(t)
	f := k.add(assistant, "a.md", "hola")
	k.eventually(func() bool { return k.files(assistant).Data[0].Status == "completed" }, "it is read")
	// As if the process had died between the provider's answer and its note.
	k.Exec(t, "update agent_files set state = 'uploading', provider_id = '', created_at = created_at - interval '10 minutes' where id = $1", f.ID)
	k.Exec(t, `insert into jobs (id, workspace_id, kind, class, payload, max_attempts, run_at, created_at)
		select gen_random_uuid(), workspace_id, kind, class, payload, max_attempts, now(), now() from jobs where kind = 'settle_agent_file' limit 1`)
	k.nothingIsLeft()
}

func TestTwoFirstFilesAtOnceEndInOneStore(t *testing.T) {
	t.Parallel()
	k := newKnowledge(t)
	k.Sandbox.Fault(sandboxtest.Fault{Vendor: "openai", Method: "POST", Path: "/v1/vector_stores$", Times: 2, DelayMs: 300})
	var both sync.WaitGroup
	for _, name := range []string{"a.md", "b.md"} {
		both.Go(func() {
			_, err := k.Admin.Agents.AddFile(t.Context(), assistant, name, strings.NewReader("hola"))
			if err != nil {
				t.Error(err)
			}
		})
	}
	both.Wait()
	require.Len(t, k.files(assistant).Data, 2)
	require.Equal(t, 1, k.Count(t, "select count(distinct store_id) from agent_files"))
	stores := func() int {
		found, err := k.provider.Stores(context.Background(), nil)
		require.NoError(t, err)
		return len(found)
	}
	k.Clock.Advance(11 * time.Minute)
	k.eventually(func() bool { return stores() == 1 }, "the other store is deleted")
}

func TestAgentsCanShareFiles(t *testing.T) {
	t.Parallel()
	k := newKnowledge(t)
	with := assistant
	k.add(assistant, "a.md", "hola")
	list, err := k.Admin.Agents.ShareFiles(t.Context(), "coach_ventas", &with)
	require.NoError(t, err)
	require.Len(t, list.Data, 1)
	require.Equal(t, []string{assistant}, list.SharedWith)
	require.Equal(t, []string{"coach_ventas"}, k.files(assistant).SharedWith)

	own := k.add("coach_ventas", "b.md", "hola")
	require.Len(t, k.files(assistant).Data, 2)
	_, err = k.Admin.Agents.ShareFiles(t.Context(), "coach_ventas", nil)
	requireCode(t, err, http.StatusConflict, tertulia.CodeStoreHasFiles)
	require.NoError(t, k.Admin.Agents.RemoveFile(t.Context(), assistant, own.ID))
	list, err = k.Admin.Agents.ShareFiles(t.Context(), "coach_ventas", nil)
	require.NoError(t, err)
	require.Empty(t, list.Data)
	require.Empty(t, k.files(assistant).SharedWith)
	_, err = k.Admin.Agents.ShareFiles(t.Context(), "nadie", &with)
	requireCode(t, err, http.StatusNotFound, tertulia.CodeAgentNotFound)
}

func TestWithoutAProviderThereAreNoFiles(t *testing.T) {
	t.Parallel()
	k := newKnowledge(t, embedtest.WithoutOpenAI())
	require.Empty(t, k.files(assistant).Data)
	_, err := k.Admin.Agents.AddFile(t.Context(), assistant, "a.md", strings.NewReader("hola"))
	requireCode(t, err, http.StatusServiceUnavailable, tertulia.CodeOpenAINotConfigured)
	require.Zero(t, k.Count(t, "select count(*) from agent_files"))
}
