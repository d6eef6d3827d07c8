package agents_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tertulia-dev/tertulia/domain/agents"
	"github.com/tertulia-dev/tertulia/domain/fault"
)

func TestPersonalDataIsFoundHoweverItIsWritten(t *testing.T) {
	t.Parallel()
	people := []string{"Pedro García", "Ana Ruiz-Núñez", "Cliente 2", "Li"}
	for text, want := range map[string]agents.Personal{
		"Escribe a pedro.garcia@acme.com.mx":              agents.PersonalEmail,
		"Escribe a ventas @ acme.com":                     agents.PersonalEmail,
		"Escribe a ventas(at)acme.com":                    agents.PersonalEmail,
		"Llama al +52 (81) 8340-1234":                     agents.PersonalPhone,
		"Llama al 8183401234.":                            agents.PersonalPhone,
		"Llama al 81.83.40.12.34 antes de las 5":          agents.PersonalPhone,
		"A pedro garcia no le digas el precio":            agents.PersonalName,
		"A Pedro no le digas el precio":                   agents.PersonalName,
		"El señor GARCIA quiere descuento":                agents.PersonalName,
		"A Núñez se le manda contrato":                    agents.PersonalName,
		"A Nu\u0301n\u0303ez se le manda contrato":        agents.PersonalName,
		"No confirmes plazos":                             "",
		"Cliente nuevo: pregunta el presupuesto":          "",
		"El plan Oro cuesta $1,200,000.00 al año en 2026": "",
		"El plan cuesta $12 500 000":                      "",
		"Vale del 2025-2026, desde 2026-11-21":            "",
		"Desde 12 500 000 pesos hay descuento":            "",
		"Cita el artículo 14 y los años 2025 a 2026":      "",
		"Las pedroñeras y los garcías no son nombres":     "",
		"Un «li» suelto tampoco":                          "",
	} {
		got, found := agents.FindPersonal(text, people)
		require.Equal(t, want, got, text)
		require.Equal(t, want != "", found, text)
	}
}

func TestADecisionIsMadeOnceAndAnApprovedLessonCanBeTakenBack(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 11, 21, 10, 0, 0, 0, time.UTC)
	f := agents.Feedback{Review: agents.Pending}
	changed, err := f.Decide(agents.Approved, "Una lección", "", "a", at)
	require.NoError(t, err)
	require.True(t, changed)
	changed, err = f.Decide(agents.Approved, "Una lección", "", "a", at)
	require.NoError(t, err)
	require.False(t, changed, "the same again")
	_, err = f.Decide(agents.Approved, "Otra", "", "b", at)
	require.Equal(t, agents.AlreadyReviewed, fault.CodeOf(err))
	changed, err = f.Decide(agents.Rejected, "", "era falsa", "b", at)
	require.NoError(t, err)
	require.True(t, changed)
	require.Empty(t, f.Lesson)
	_, err = f.Decide(agents.Approved, "Una lección", "", "a", at)
	require.Equal(t, agents.AlreadyReviewed, fault.CodeOf(err))
}

func TestLessonsAreWrittenNewestFirst(t *testing.T) {
	t.Parallel()
	a := agents.Agent{DisplayName: "Seguimiento"}
	require.Empty(t, agents.WriteLessons(a, nil))
	day := time.Date(2026, 11, 21, 10, 0, 0, 0, time.UTC)
	require.Equal(t, `# Lecciones de Seguimiento

Correcciones del equipo a respuestas anteriores, revisadas por un administrador. Síguelas al responder. La más reciente va primero; si dos se contradicen, vale la más reciente.

## Lección 2 (2026-11-21)

No prometas plazos.

## Lección 1 (2026-11-20)

Pregunta el presupuesto.
`, agents.WriteLessons(a, []agents.Lesson{
		{Text: "No prometas plazos.", ApprovedAt: day}, {Text: " Pregunta el presupuesto.\n", ApprovedAt: day.AddDate(0, 0, -1)},
	}))
}

func TestAFileIsNamedWithoutItsFolder(t *testing.T) {
	t.Parallel()
	for given, want := range map[string]string{"a.pdf": "a.pdf", `C:\x\Año 1.MD`: "Año 1.MD", "../../etc/b.txt": "b.txt", " c.docx ": "c.docx"} {
		name, _, err := agents.NameFile(given)
		require.NoError(t, err, given)
		require.Equal(t, want, name)
	}
	for _, bad := range []string{"", "/", ".md", "a", "a.exe", "a\x00.md", "a.md/", "\xff.md"} {
		_, _, err := agents.NameFile(bad)
		require.Equal(t, fault.Validation, fault.CodeOf(err), bad)
	}
	f := agents.File{ID: "0193", Name: "Año 1.md"}
	require.Equal(t, "Año 1--0193.md", f.RemoteName())
}
