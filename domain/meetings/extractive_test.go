package meetings_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tertulia-dev/tertulia/domain/meetings"
)

const demoFile = "../../pkg/embed/demo/meeting.json"

var mariana = meetings.RepIdentity{Name: "Mariana Ríos", Email: "mariana.rios@andamio.example"}

func analyseDemo(t *testing.T, typ meetings.Type) (meetings.Transcript, meetings.Analysis) {
	t.Helper()
	tr := readRecall(t, demoFile)
	return tr, meetings.Extractive(tr, meetings.Meeting{Type: typ}, mariana, "", meetings.DefaultPlaybook())
}

func TestTheExtractiveAnalyserReadsASale(t *testing.T) {
	t.Parallel()
	_, a := analyseDemo(t, meetings.Sales)

	require.Equal(t, meetings.EngineExtractive, a.Engine)
	require.Equal(t, "es", a.Language)
	require.Equal(t, meetings.Negotiation, a.Subtype)
	require.Contains(t, a.Summary, "Reunión de 10 min entre Mariana Ríos")
	require.Contains(t, a.NextSteps, "el martes a las once")
	require.Contains(t, a.ActionItems, meetings.ActionItem{
		Text:  "Y yo les paso los archivos de clientes y de precios a más tardar el viernes, para que Diego los vaya revisando.",
		Owner: "Pedro García", Due: "a más tardar el viernes",
	})
	require.True(t, containsText(a.Opportunities, "otra sucursal en Querétaro"))
	var price, offline meetings.Objection
	for _, o := range a.KeyObjections {
		switch {
		case strings.Contains(o.Objection, "Se me hace caro"):
			price = o
		case strings.Contains(o.Objection, "se cae el internet"):
			offline = o
		}
	}
	require.NotEmpty(t, price.Objection)
	require.True(t, offline.Handled)
	require.Contains(t, offline.Response, "trabaja sin conexión", "the engineer answers for the seller")
}

func TestExtractiveScoresFollowTheRulesOfEveryAnalysis(t *testing.T) {
	t.Parallel()
	tr, a := analyseDemo(t, meetings.Sales)
	sum := 0
	for _, d := range meetings.Dimensions() {
		score := a.ScoreBreakdown.Scores[d]
		require.GreaterOrEqual(t, score, 0)
		require.LessOrEqual(t, score, meetings.MaxDimension)
		sum += score
		why := a.ScoreBreakdown.Justifications[d]
		require.NotEmpty(t, why.Text)
		for _, q := range why.Quotes {
			require.Contains(t, tr.Flatten(), "["+q.StartMS.Clock()[:2], q.Text)
			require.True(t, saidAt(tr, q), "%q at %v", q.Text, q.StartMS)
		}
	}
	require.Equal(t, sum, *a.SalesRepScore)
	require.Greater(t, sum, 50, "a good negotiation scores above the middle")
	require.GreaterOrEqual(t, *a.CloseProbability, 5)
	require.LessOrEqual(t, *a.CloseProbability, 95)
	require.Equal(t, meetings.Sales, a.ScoreBreakdown.MeetingType)
}

// saidAt reports whether a word begins at the quote's time.
func saidAt(tr meetings.Transcript, q meetings.Quote) bool {
	for _, u := range tr.Utterances {
		for _, w := range u.Words {
			if w.Start == q.StartMS && strings.HasPrefix(q.Text, strings.TrimSpace(w.Text)) {
				return true
			}
		}
	}
	return false
}

func TestTheExtractiveAnalyserIsDeterministic(t *testing.T) {
	t.Parallel()
	_, first := analyseDemo(t, meetings.Sales)
	want, err := json.Marshal(first)
	require.NoError(t, err)
	for range 10 {
		_, again := analyseDemo(t, meetings.Sales)
		got, err := json.Marshal(again)
		require.NoError(t, err)
		require.Equal(t, string(want), string(got))
	}
}

func TestANonSalesMeetingGetsTopicsAndNoScores(t *testing.T) {
	t.Parallel()
	_, a := analyseDemo(t, meetings.Planning)
	require.Nil(t, a.SalesRepScore)
	require.Nil(t, a.ScoreBreakdown)
	require.Nil(t, a.CloseProbability)
	require.Empty(t, a.KeyObjections)
	require.Empty(t, a.Subtype)
	require.NotEmpty(t, a.Topics)
	require.NotEmpty(t, a.Summary)
	require.NotEmpty(t, a.Participation.Participants)
}

func TestAGivenSubtypeStands(t *testing.T) {
	t.Parallel()
	a := meetings.Extractive(talk(), meetings.Meeting{Type: meetings.Sales}, ana, meetings.Demonstration, meetings.DefaultPlaybook())
	require.Equal(t, meetings.Demonstration, a.Subtype)
}

func TestTheExtractiveAnalyserKnowsEnglishAndPortuguese(t *testing.T) {
	t.Parallel()
	for language, c := range map[string]struct{ rep, guest, answer, agree, promise, due string }{
		"en": {
			"What do you use currently?", "Honestly, it is too expensive for our budget.", "It saves you two people every month of the year.",
			"That makes sense.", "I'll send you the quote by Friday.", "by Friday",
		},
		"pt": {
			"Como fazem isso atualmente?", "Sinceramente, ficou caro para o nosso orçamento.", "O sistema economiza duas pessoas por mês para vocês.",
			"Faz sentido.", "Vou enviar a cotação na sexta-feira.", "na sexta-feira",
		},
	} {
		tr := transcriptOf(said("Ana López", 0, 3, c.rep), said("Pedro", 4, 8, c.guest), said("Ana López", 9, 13, c.answer),
			said("Pedro", 14, 15, c.agree), said("Ana López", 16, 20, c.promise))
		for i := range tr.Utterances {
			tr.Utterances[i].Language = language
		}
		a := meetings.Extractive(tr, meetings.Meeting{Type: meetings.Sales}, ana, "", meetings.DefaultPlaybook())
		require.Equal(t, []meetings.Objection{{Objection: "Pedro: " + c.guest, Response: c.answer, Handled: true}}, a.KeyObjections, language)
		require.Equal(t, []meetings.ActionItem{{Text: c.promise, Owner: "Ana López", Due: c.due}}, a.ActionItems, language)
	}
}

func TestOddTranscriptsDoNotTroubleTheExtractiveAnalyser(t *testing.T) {
	t.Parallel()
	for _, tr := range []meetings.Transcript{
		{},
		transcriptOf(said("", 0, 1, "…")), transcriptOf(said("Ana", 0, 1, "sí")),
		transcriptOf(said("Ana López", 0, 600, n(5000))), transcriptOf(meetings.Utterance{}),
	} {
		for _, typ := range meetings.Types() {
			a := meetings.Extractive(tr, meetings.Meeting{Type: typ}, ana, "", meetings.DefaultPlaybook())
			require.NotEmpty(t, a.Summary)
			require.NotNil(t, a.ActionItems)
		}
	}
}

func TestThreeHoursAreAnalysedQuickly(t *testing.T) {
	t.Parallel()
	tr, _ := threeHours()
	began := time.Now()
	a := meetings.Extractive(tr, meetings.Meeting{Type: meetings.Sales}, ana, "", meetings.DefaultPlaybook())
	require.Less(t, time.Since(began), 5*time.Second)
	require.Contains(t, a.Summary, fmt.Sprint(180))
}

func containsText(list []string, text string) bool {
	for _, s := range list {
		if strings.Contains(s, text) {
			return true
		}
	}
	return false
}
