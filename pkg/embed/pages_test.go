package embed_test

import (
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/stretchr/testify/require"

	"github.com/tertulia-dev/tertulia/pkg/embed/embedtest"
)

// readPage gets a page in a language, with no credential.
func readPage(t *testing.T, s *embedtest.System, path, language string) (*http.Response, string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, s.URL+path, nil)
	require.NoError(t, err)
	r.Header.Set("Accept-Language", language)
	res, err := http.DefaultClient.Do(r)
	require.NoError(t, err)
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	require.NoError(t, err)
	require.Equal(t, http.StatusOK, res.StatusCode, path)
	return res, string(body)
}

func TestTheCostsPageSpeaksTheReadersLanguageAndShowsWhatWasMeasured(t *testing.T) {
	t.Parallel()
	s := embedtest.New(t)
	for language, words := range map[string][]string{
		"es-MX": {"Una hora a precios de lista", "no publicado", "Todavía no se ha medido"},
		"en":    {"What does a meeting cost?", "unpublished", "No meeting has been measured"},
		"pt-BR": {"Uma hora a preços de tabela", "não publicado", "Ainda não foi medida"},
	} {
		res, body := readPage(t, s, "/costs", language)
		for _, word := range append(words, "DIIO", "Gong", "Chorus", "$0.50 / h", "2026-") {
			require.Contains(t, body, word, language)
		}
		require.NotContains(t, res.Header.Get("Content-Security-Policy"), "unsafe")
		require.NotContains(t, body, "style=")
	}
	readPage(t, s, "/costs.css", "")

	id := s.Scheduled(t, embedtest.Talk())
	s.Settled(t, id)
	s.WaitFor(t, "the meeting is measured", func() bool {
		_, body := readPage(t, s, "/costs", "en")
		return strings.Contains(body, "per meeting, on average")
	})
}

func TestTheReferenceIsServedFromHereAndLinksWhatThereIsToDownload(t *testing.T) {
	t.Parallel()
	s := embedtest.New(t, embedtest.WithoutWorker())
	_, body := readPage(t, s, "/", "")
	require.Contains(t, body, "/reference/scalar-")
	_, document := readPage(t, s, "/openapi.json", "")
	for _, link := range []string{"/postman/collection.json", "/postman/environment.json", "/costs"} {
		require.Contains(t, document, link)
		readPage(t, s, link, "")
	}
}

func TestEveryOperationOfTheDocumentCanBeCopied(t *testing.T) {
	t.Parallel()
	s := embedtest.New(t, embedtest.WithoutWorker())
	_, raw := readPage(t, s, "/openapi.json", "")
	doc, err := openapi3.NewLoader().LoadFromData([]byte(raw))
	require.NoError(t, err)
	for _, op := range s.App.API().Operations() {
		described := doc.Paths.Find(op.Path).GetOperation(op.Method)
		require.NotNil(t, described, op.ID)
		samples, _ := json.Marshal(described.Extensions["x-codeSamples"])
		require.Contains(t, string(samples), "curl", op.ID)
		require.NotContains(t, string(samples), "{id}", op.ID)
		for status, response := range described.Responses.Map() {
			content := response.Value.Content["application/json"]
			switch {
			case content == nil:
			case strings.HasPrefix(status, "2"):
				require.True(t, content.Example != nil || len(content.Examples) > 0, "%s shows an answer", op.ID)
			default:
				for code, example := range content.Examples {
					require.NotEmpty(t, example.Value.Description, "%s tells the cause of %s", op.ID, code)
				}
			}
			if content != nil && content.Example != nil {
				require.NoError(t, content.Schema.Value.VisitJSON(content.Example), "%s %s", op.ID, status)
			}
		}
	}
}
