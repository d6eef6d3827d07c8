package meetings_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"github.com/tertulia-dev/tertulia/domain/fault"
	"github.com/tertulia-dev/tertulia/domain/meetings"
)

func TestASearchIsReadAsAPersonTypesIt(t *testing.T) {
	t.Parallel()
	one := func(words ...string) meetings.SearchClause { return meetings.SearchClause{Words: words} }
	for raw, want := range map[string][]meetings.SearchClause{
		"Cotización":               {one("cotizacion")},
		"precio garantía":          {one("precio"), one("garantia")},
		`"plan anual" -básico`:     {one("plan", "anual"), {Words: []string{"basico"}, Excluded: true}},
		`-"al mes" pago`:           {{Words: []string{"al", "mes"}, Excluded: true}, one("pago")},
		"cotiz*":                   {{Words: []string{"cotiz"}, Prefix: true}},
		`"plan an"*`:               {{Words: []string{"plan", "an"}, Prefix: true}},
		`"plan an*"`:               {{Words: []string{"plan", "an"}, Prefix: true}},
		"a*":                       {one("a")},
		"post-venta":               {one("post", "venta")},
		"“sin cerrar":              {one("sin", "cerrar")},
		`precio"fijo"`:             {one("precio"), one("fijo")},
		"' | & ! <-> :* ( ) \\ --": nil,
		"":                         nil,
		"日本 ¿qué?":                 {one("日本"), one("que")},
	} {
		require.Equal(t, want, meetings.ParseSearch(raw).Clauses, "%q", raw)
	}
}

func TestASearchThatLooksForNothingIsRefusedByItsField(t *testing.T) {
	t.Parallel()
	for raw, rule := range map[string]fault.Code{"": fault.Required, "-solo": fault.Required, "¡!": fault.Required, strings.Repeat("ñ ", 101): fault.TooLong} {
		var f fault.Fields
		meetings.CheckSearch(raw, "q", &f)
		require.ErrorContains(t, f.Err(), "q:"+string(rule), "%q", raw)
	}
	var f fault.Fields
	meetings.CheckSearch("a -b", "q", &f)
	require.NoError(t, f.Err())
}

func TestPluralsMeetTheirSingular(t *testing.T) {
	t.Parallel()
	for _, pair := range []string{
		"precio precios", "cliente Clientes", "plan planes", "cotización COTIZACIONES", "mes meses", "price prices", "contrato contratos",
		"reunión reuniones", "módulo modulos", "discount discounts", "tres tres", "business business",
	} {
		words := meetings.IndexWords(pair)
		require.Equal(t, words[0], words[1], pair)
	}
	words := meetings.IndexWords("me mes el él 2 3 casa caso")
	require.Equal(t, []string{"me", "mes", "el", "el", "2", "3", "casa", "caso"}, words)
}

func TestWhatIsFoundIsMarkedAndTheRestIsEscaped(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ search, text, want string }{
		{"cotizacion", "La <b>Cotización</b> & más", "La &lt;b&gt;<mark>Cotización</mark>&lt;/b&gt; &amp; más"},
		{`"plan anual"`, "un plan, anual; otro plan mensual", "un <mark>plan, anual</mark>; otro plan mensual"},
		{"plan planes*", "Planes y planeación", "<mark>Planes</mark> y <mark>planeación</mark>"},
		{"precio -alto", "precio bajo, precios altos", "<mark>precio</mark> bajo, <mark>precios</mark> altos"},
		{`plan "plan anual"`, "plan anual", "<mark>plan anual</mark>"},
		{"nada", "\"otra\" cosa", "&#34;otra&#34; cosa"},
	} {
		require.Equal(t, c.want, meetings.ParseSearch(c.search).Excerpt(c.text).Highlighted, c.search)
	}
}

func TestAnExcerptOfALongTurnShowsWhatWasFound(t *testing.T) {
	t.Parallel()
	text := strings.Repeat("palabrería ", 200) + "el precio final " + strings.Repeat("después ", 200)
	found := meetings.ParseSearch("precio").Excerpt(text)
	require.Contains(t, found.Highlighted, "<mark>precio</mark>")
	require.True(t, strings.HasPrefix(found.Text, "…palabrería ") && strings.HasSuffix(found.Text, "después…"), found.Text)
	require.LessOrEqual(t, len(found.Text), 330)
	require.Equal(t, found.Text, strings.NewReplacer("<mark>", "", "</mark>", "").Replace(found.Highlighted))

	for _, solid := range []string{strings.Repeat("ñ", 999), strings.Repeat("ñ", 400) + " precio " + strings.Repeat("ñ", 400)} {
		found := meetings.ParseSearch("precio").Excerpt(solid)
		require.True(t, utf8.ValidString(found.Text))
		require.Equal(t, strings.Contains(solid, "precio"), strings.Contains(found.Text, "precio"))
	}
}
