package meetings_test

import (
	"regexp"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/stretchr/testify/require"

	"github.com/tertulia-dev/tertulia/domain/meetings"
)

const noteID = meetings.ID("8c1b6e2f-0000-7000-8000-c1f2e3a4b5c6")

// requireBalanced fails unless every tag is whole, known and closed in order.
func requireBalanced(t *testing.T, html string) {
	t.Helper()
	var open []string
	rest := regexp.MustCompile(`<(/?)(p|strong|br|h4|ul|li)>`).ReplaceAllStringFunc(html, func(tag string) string {
		name := strings.Trim(tag, "</>")
		switch {
		case name == "br":
		case strings.HasPrefix(tag, "</"):
			require.NotEmpty(t, open)
			require.Equal(t, open[len(open)-1], name)
			open = open[:len(open)-1]
		default:
			open = append(open, name)
		}
		return ""
	})
	require.Empty(t, open)
	require.NotContains(t, rest, "<")
	require.NotContains(t, rest, ">")
}

func TestANoteHoldsTheAnalysisAndOurID(t *testing.T) {
	t.Parallel()
	tr, a := analyseDemo(t, meetings.Sales)
	_ = tr
	m := meetings.Meeting{ID: noteID, Title: "Propuesta", Type: meetings.Sales}
	note := meetings.RenderNote(m, a)
	requireBalanced(t, note)
	require.Contains(t, note, meetings.NoteMarker(noteID))
	require.Contains(t, note, noteID.String())
	for _, text := range []string{"Propuesta", "Resumen", "Puntuación", "Próximos pasos", "Objeciones", "Mariana Ríos: 42"} {
		require.Contains(t, note, text)
	}
	engagement := meetings.RenderEngagement(m, a)
	requireBalanced(t, engagement)
	require.Contains(t, engagement, meetings.NoteMarker(noteID))
}

func TestANoteEscapesWhatCameFromOutside(t *testing.T) {
	t.Parallel()
	evil := `<script>alert("x")</script> & <b>`
	note := meetings.RenderNote(meetings.Meeting{ID: noteID, Title: evil}, meetings.Analysis{
		Summary: evil, Opportunities: []string{evil}, ActionItems: []meetings.ActionItem{{Text: evil, Owner: evil, Due: evil}},
	})
	requireBalanced(t, note)
	require.NotContains(t, note, "<script")
	require.Contains(t, note, "&lt;script&gt;")
}

func TestANoteIsNeverTooLongAndNeverCutInsideATag(t *testing.T) {
	t.Parallel()
	for _, unit := range []string{"<&>", "a ", "😀", "ñandú & co "} {
		long := strings.Repeat(unit, 40_000)
		a := meetings.Analysis{Summary: long, NextSteps: long}
		for range 500 {
			a.Opportunities = append(a.Opportunities, long[:3000/len(unit)*len(unit)])
			a.ActionItems = append(a.ActionItems, meetings.ActionItem{Text: "algo", Owner: unit})
			a.KeyObjections = append(a.KeyObjections, meetings.Objection{Objection: unit, Response: unit})
		}
		note := meetings.RenderNote(meetings.Meeting{ID: noteID, Title: long}, a)
		requireBalanced(t, note)
		require.LessOrEqual(t, len(utf16.Encode([]rune(note))), meetings.MaxNote)
		require.Contains(t, note, meetings.NoteMarker(noteID))
	}
}

func TestAnEngagementIsNamedAfterTheMeetingOrTheCustomer(t *testing.T) {
	t.Parallel()
	named := meetings.Meeting{Title: "Demo", Customer: meetings.Customer{Company: "Acme", ContactName: "Pedro"}}
	require.Equal(t, "Demo", meetings.EngagementTitle(named))
	named.Title = ""
	require.Equal(t, "Reunión con Acme", meetings.EngagementTitle(named))
	named.Customer.Company = ""
	require.Equal(t, "Reunión con Pedro", meetings.EngagementTitle(named))
	require.Equal(t, "Reunión", meetings.EngagementTitle(meetings.Meeting{}))
}
