package catalog_test

import (
	"encoding/json"
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tertulia-dev/tertulia/domain/fault"
	"github.com/tertulia-dev/tertulia/infrastructure/catalog"
)

func TestALanguageIsNegotiatedAndSpanishIsTheDefault(t *testing.T) {
	t.Parallel()
	c := catalog.New()
	for header, lang := range map[string]string{
		"": "es", "en": "en", "en-US,en;q=0.9": "en", "pt-BR,pt": "pt", "es-MX": "es", "de": "es", "de, en;q=0.1": "en",
		"*": "es", "%%%": "es",
	} {
		require.Equal(t, lang, c.Negotiate(header), header)
	}
}

func TestParametersFillTheSentence(t *testing.T) {
	t.Parallel()
	c := catalog.New()
	require.Equal(t, "It must be between 1 and 9.", c.Text("en", "RANGE", map[string]string{"min": "1", "max": "9"}))
	require.Equal(t, "No es posible en el estado actual.", c.Text("es", "INVALID_STATE", nil))
	require.Equal(t, "Não é possível no estado atual (JOINING).", c.Text("pt", "INVALID_STATE", map[string]string{"status": "JOINING"}))
	require.Equal(t, "El análisis de «Demo» con Acme está listo: 78 de 100.", c.Text("es", "notification.meeting_completed.body",
		map[string]string{"title": "Demo", "customer": "Acme", "score": "78"}))
}

func TestEveryNotificationHasATitleAndAMessage(t *testing.T) {
	t.Parallel()
	c := catalog.New()
	for _, kind := range []string{"meeting_completed", "meeting_failed", "crm_no_match", "correction_reviewed"} {
		for _, lang := range catalog.Languages() {
			require.NotEmpty(t, c.Text(lang, "notification."+kind+".title", nil), "%s in %s", kind, lang)
			require.NotEmpty(t, c.Text(lang, "notification."+kind+".body", nil), "%s in %s", kind, lang)
		}
	}
}

func TestWhatIsNotKnownFallsBack(t *testing.T) {
	t.Parallel()
	c := catalog.New()
	require.Equal(t, "No existe.", c.Text("xx", "NOT_FOUND", nil), "an unknown language is the default one")
	require.Empty(t, c.Text("es", "NO_SUCH_KEY", nil))
	for kind := fault.Internal; kind <= fault.Upstream; kind++ {
		for _, lang := range catalog.Languages() {
			require.NotEmpty(t, c.Sentence(lang, kind, "NO_SUCH_CODE", nil), "%s in %s", kind, lang)
		}
	}
	kind, ok := c.Kind("N8N_ERROR")
	require.True(t, ok)
	require.Equal(t, fault.Upstream, kind)
	_, ok = c.Kind("NO_SUCH_CODE")
	require.False(t, ok)
}

func TestEveryLanguageHasTheSameSentencesWithTheSameParameters(t *testing.T) {
	t.Parallel()
	parameter := regexp.MustCompile(`\.\w+`)
	read := func(lang string) map[string]string {
		raw, err := os.ReadFile("active." + lang + ".json")
		require.NoError(t, err)
		var sentences map[string]string
		require.NoError(t, json.Unmarshal(raw, &sentences))
		return sentences
	}
	parametersOf := func(sentence string) []string {
		var names []string
		for _, action := range regexp.MustCompile(`\{\{.*?\}\}`).FindAllString(sentence, -1) {
			names = append(names, parameter.FindAllString(action, -1)...)
		}
		slices.Sort(names)
		return slices.Compact(names)
	}
	spanish := read(catalog.Default)
	for _, lang := range catalog.Languages()[1:] {
		other := read(lang)
		require.Equal(t, slices.Sorted(maps.Keys(spanish)), slices.Sorted(maps.Keys(other)), lang)
		for key, sentence := range spanish {
			require.Equal(t, parametersOf(sentence), parametersOf(other[key]), "%s in %s", key, lang)
			require.Equal(t, strings.TrimSpace(other[key]), other[key])
		}
	}
}

func TestEveryCodeOfTheProgramHasASentenceInEveryLanguage(t *testing.T) {
	t.Parallel()
	c, program := catalog.New(), readProgram(t)
	require.Greater(t, len(program.codes), 25, "the search finds codes")
	for code, where := range program.codes {
		for _, lang := range catalog.Languages() {
			assert.NotEmpty(t, c.Text(lang, code, nil), "%s (%s) has no sentence in %s", code, where, lang)
		}
	}
}

func TestEveryFaultOfTheProgramIsOfTheKindThatTheDocumentSays(t *testing.T) {
	t.Parallel()
	c, program := catalog.New(), readProgram(t)
	require.NotEmpty(t, program.faults, "the search finds faults")
	for _, f := range program.faults {
		kind, ok := c.Kind(fault.Code(f.code))
		assert.True(t, ok, "%s: %s is answered, but is not among the answers", f.where, f.code)
		assert.Equal(t, f.kind, strings.ReplaceAll(kind.String(), " ", ""), "%s: kind of %s", f.where, f.code)
	}
}

func TestSentencesThatChooseByAParameterDoWithoutIt(t *testing.T) {
	t.Parallel()
	c := catalog.New()
	for _, lang := range catalog.Languages() {
		for code, params := range map[string]map[string]string{
			"UNAUTHORIZED": {"credential": "scheduler"}, "TYPE": {"expected": "integer"}, "MEETING_NOT_FOUND": {"expected": "UUID"},
		} {
			plain, chosen := c.Text(lang, code, nil), c.Text(lang, code, params)
			require.NotEmpty(t, plain, "%s %s", lang, code)
			require.NotEmpty(t, chosen, "%s %s", lang, code)
			require.NotEqual(t, plain, chosen)
			require.NotContains(t, chosen, "integer", "types are named in the reader's language")
		}
	}
}
