package meetings_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tertulia-dev/tertulia/domain/fault"
	"github.com/tertulia-dev/tertulia/domain/meetings"
)

func TestATrackerFindsWholeWordsWhateverTheirAccentsAndCase(t *testing.T) {
	t.Parallel()
	tr := transcriptOf(
		said("Ana", 0, 4, "El PRECIO, los preciosos precios"),
		said("Pedro", 10, 16, "precio fijo; muy, muy caro, precio"),
		said("Ana", 20, 22, "una integración, post- venta <b>"),
	)
	tracker := meetings.Tracker{Terms: []string{"precio", "Precio Fijo", "muy caro", "integracion", "post-venta"}, Side: meetings.AnySide}
	type hit struct {
		term, speaker, marked string
		start                 meetings.Millis
	}
	var hits []hit
	for _, m := range tracker.Mentions(tr, meetings.RepIdentity{}) {
		hits = append(hits, hit{m.Term, m.Speaker, m.Highlighted, m.Start})
		require.Greater(t, m.End, m.Start)
	}
	require.Equal(t, []hit{
		{"precio", "Ana", "El <mark>PRECIO</mark>, los preciosos precios", 800},
		{"Precio Fijo", "Pedro", "<mark>precio fijo</mark>; muy, muy caro, precio", 10_000},
		{"muy caro", "Pedro", "precio fijo; muy, <mark>muy caro</mark>, precio", 13_000},
		{"precio", "Pedro", "precio fijo; muy, muy caro, <mark>precio</mark>", 15_000},
		{"integracion", "Ana", "una <mark>integración</mark>, post- venta &lt;b&gt;", 20_400},
		{"post-venta", "Ana", "una integración, <mark>post- venta</mark> &lt;b&gt;", 20_800},
	}, hits)
}

func TestATrackerOfOneSideHearsThatSideOnly(t *testing.T) {
	t.Parallel()
	tr := transcriptOf(said("Ana López", 0, 1, "precio"), said("Pedro", 1, 2, "precio"), said("Colega", 2, 3, "precio"))
	tr.Utterances[0].Speaker.Email, tr.Utterances[2].Speaker.Email = "ana@acme.test", "c@acme.test"
	speakers := func(side meetings.Side, rep meetings.RepIdentity) (names []string) {
		for _, m := range (meetings.Tracker{Terms: []string{"precio"}, Side: side}).Mentions(tr, rep) {
			names = append(names, m.Speaker)
		}
		return names
	}
	rep := meetings.RepIdentity{Email: "ana@acme.test"}
	require.Equal(t, []string{"Ana López", "Pedro", "Colega"}, speakers(meetings.AnySide, meetings.RepIdentity{}))
	require.Equal(t, []string{"Ana López", "Colega"}, speakers(meetings.RepSide, rep))
	require.Equal(t, []string{"Pedro"}, speakers(meetings.GuestSide, rep))
	require.Empty(t, speakers(meetings.GuestSide, meetings.RepIdentity{Name: "Nadie"}), "who is a guest is not known")
}

func TestATrackerHasANameAndTerms(t *testing.T) {
	t.Parallel()
	good := meetings.Tracker{Name: " Precio ", Terms: []string{"caro", " CARÓ ", "muy  caro"}, Side: meetings.AnySide}.Tidy()
	require.Equal(t, []string{"caro", "muy caro"}, good.Terms)
	var none fault.Fields
	good.Check(&none)
	require.NoError(t, none.Err())
	for field, spoil := range map[string]func(*meetings.Tracker){
		"name:REQUIRED":     func(t *meetings.Tracker) { t.Name = "" },
		"name:TOO_LONG":     func(t *meetings.Tracker) { t.Name = strings.Repeat("ñ", 81) },
		"terms:REQUIRED":    func(t *meetings.Tracker) { t.Terms = nil },
		"terms:RANGE":       func(t *meetings.Tracker) { t.Terms = strings.Fields(n(51)) },
		"terms[1]:REQUIRED": func(t *meetings.Tracker) { t.Terms = []string{"a", "¿?"} },
		"terms[0]:TOO_LONG": func(t *meetings.Tracker) { t.Terms = []string{strings.Repeat("a", 81)} },
		"side:ONE_OF":       func(t *meetings.Tracker) { t.Side = "all" },
	} {
		bad := good
		spoil(&bad)
		var f fault.Fields
		bad.Check(&f)
		require.ErrorContains(t, f.Err(), field)
	}
}
