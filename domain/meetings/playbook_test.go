package meetings_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tertulia-dev/tertulia/domain/fault"
	"github.com/tertulia-dev/tertulia/domain/meetings"
)

// ownPlaybook is the default one with its last dimension replaced.
func ownPlaybook() meetings.Playbook {
	p := meetings.DefaultPlaybook()
	p.Version = 2
	p.Dimensions[4] = meetings.PlaybookDimension{
		Key: "precio_licencias", Label: "Precio de las licencias", High: "Explica el precio de cada licencia\ny su descuento", Low: "Lo esquiva",
	}
	return p
}

func TestTheDefaultPlaybookIsWhatItAsksOthersToBe(t *testing.T) {
	t.Parallel()
	p := meetings.DefaultPlaybook()
	tidy, err := meetings.TidyDimensions(p.Dimensions)
	require.NoError(t, err)
	require.Equal(t, p.Dimensions, tidy)
	require.Equal(t, meetings.Dimensions(), p.Keys())
}

func TestAPlaybookHasFiveWholeDimensions(t *testing.T) {
	t.Parallel()
	for field, spoil := range map[string]func(list []meetings.PlaybookDimension) []meetings.PlaybookDimension{
		"dimensions": func(list []meetings.PlaybookDimension) []meetings.PlaybookDimension { return list[:4] },
		"dimensions[0].key": func(list []meetings.PlaybookDimension) []meetings.PlaybookDimension {
			list[0].Key = "Con Espacio"
			return list
		},
		"dimensions[4].key": func(list []meetings.PlaybookDimension) []meetings.PlaybookDimension {
			list[4].Key = list[0].Key
			return list
		},
		"dimensions[1].label": func(list []meetings.PlaybookDimension) []meetings.PlaybookDimension { list[1].Label = " "; return list },
		"dimensions[2].high":  func(list []meetings.PlaybookDimension) []meetings.PlaybookDimension { list[2].High = ""; return list },
		"dimensions[3].low": func(list []meetings.PlaybookDimension) []meetings.PlaybookDimension {
			list[3].Low = strings.Repeat("a", 1001)
			return list
		},
	} {
		_, err := meetings.TidyDimensions(spoil(meetings.DefaultPlaybook().Dimensions))
		require.Equal(t, fault.Validation, fault.CodeOf(err), field)
		require.ErrorContains(t, err, field)
	}
	own := ownPlaybook().Dimensions
	own[0].Label = "  Con \x00 aire "
	tidy, err := meetings.TidyDimensions(own)
	require.NoError(t, err)
	require.Equal(t, "Con  aire", tidy[0].Label)
}

func TestAModelIsAskedForThePlaybooksDimensionsAndHeldToThem(t *testing.T) {
	t.Parallel()
	p := ownPlaybook()
	text := meetings.Instructions(meetings.Sales, meetings.Negotiation, p, "")
	require.Contains(t, text, "- precio_licencias (Precio de las licencias). Puntúa alto: Explica el precio de cada licencia y su descuento. Puntúa bajo: Lo esquiva.\n")
	require.NotContains(t, text, "comunicacion")
	schema := string(meetings.SchemaFor(meetings.Sales, p))
	require.True(t, json.Valid([]byte(schema)))
	require.Equal(t, 4, strings.Count(schema, "precio_licencias"), "required and described, in the scores and in the reasons")
	require.NotContains(t, schema, "comunicacion")

	_, err := meetings.ParseAnalysis(modelAnswer(t, func(map[string]any) {}), talk(), meetings.Sales, p)
	require.ErrorContains(t, err, "score_breakdown.scores.precio_licencias must be 0 to 20")
	a, err := meetings.ParseAnalysis(modelAnswer(t, func(answer map[string]any) {
		b := answer["score_breakdown"].(map[string]any)
		for _, part := range []string{"scores", "justifications"} {
			values := b[part].(map[string]any)
			values["precio_licencias"] = values["comunicacion"]
			delete(values, "comunicacion")
		}
	}), talk(), meetings.Sales, p)
	require.NoError(t, err)
	require.Equal(t, 14, a.ScoreBreakdown.Scores["precio_licencias"])
	require.Len(t, a.ScoreBreakdown.Scores, 5)
}

func TestWithoutAModelADimensionOfOnesOwnIsScoredByItsWords(t *testing.T) {
	t.Parallel()
	tr := readRecall(t, demoFile)
	a := meetings.Extractive(tr, meetings.Meeting{Type: meetings.Sales}, mariana, "", ownPlaybook())
	why := a.ScoreBreakdown.Justifications["precio_licencias"]
	require.Positive(t, a.ScoreBreakdown.Scores["precio_licencias"], why.Text)
	require.NotEmpty(t, why.Quotes)
	sum := 0
	for _, score := range a.ScoreBreakdown.Scores {
		sum += score
	}
	require.Len(t, a.ScoreBreakdown.Scores, 5)
	require.Equal(t, sum, *a.SalesRepScore)
}
