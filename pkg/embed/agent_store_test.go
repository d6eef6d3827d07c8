package embed_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tertulia-dev/tertulia/pkg/embed/embedtest"
	"github.com/tertulia-dev/tertulia/pkg/tertulia"
)

func TestAStoreThatIsDeletedAtTheProviderIsMadeAgainWithItsFiles(t *testing.T) {
	t.Parallel()
	k := newKnowledge(t)
	c := &chatting{System: k.System}
	k.add(assistant, "catalogo.md", "El plan Oro cuesta novecientos pesos al mes.")
	with := assistant
	_, err := k.Admin.Agents.ShareFiles(t.Context(), "coach_ventas", &with)
	require.NoError(t, err)
	k.eventually(func() bool { return k.files(assistant).Data[0].Status == "completed" }, "the file is read")
	c.meeting = c.Scheduled(t, embedtest.Talk())
	c.Settled(t, c.meeting)
	const priced = "¿Cuánto cuesta el plan Oro?"
	text, _, err := c.ask(t, c.Rep, assistant, priced)
	require.NoError(t, err)
	require.Contains(t, text, "novecientos", "the file is searched")

	lost := k.stores()
	require.Len(t, lost, 1)
	require.NoError(t, k.provider.DeleteStore(t.Context(), lost[0]))
	text, last, err := c.ask(t, c.Rep, assistant, priced)
	require.NoError(t, err, "the chat does not fail")
	require.True(t, last.Done)
	require.NotContains(t, text, "novecientos")

	k.eventually(func() bool { return k.hasReadAll(lost[0], 1) }, "another store has the file")
	require.Equal(t, []string{assistant}, k.files("coach_ventas").SharedWith)
	for _, agent := range []string{assistant, "coach_ventas"} {
		text, _, err = c.ask(t, c.Rep, agent, priced)
		require.NoError(t, err)
		require.Contains(t, text, "novecientos", agent)
	}

	gone := k.stores()[0]
	require.NoError(t, k.provider.DeleteStore(t.Context(), gone))
	k.add(assistant, "anexo.md", "El plan Plata cuesta seiscientos pesos al mes.")
	k.eventually(func() bool { return k.hasReadAll(gone, 2) }, "a file that is added finds out, too")
	require.Zero(t, k.Count(t, "select count(*) from jobs where state = 'dead'"))
}

func TestAMeetingIsJudgedAlthoughTheEvaluatorsFilesAreLost(t *testing.T) {
	t.Parallel()
	k := newKnowledge(t)
	k.add("evaluador_demostracion", "criterios.md", "Una demostración termina con una fecha.")
	k.eventually(func() bool { return k.files("evaluador_demostracion").Data[0].Status == "completed" }, "the file is read")
	lost := k.stores()[0]
	require.NoError(t, k.provider.DeleteStore(t.Context(), lost))
	id := k.Scheduled(t, embedtest.Talk(), func(r *tertulia.ScheduleRequest) { r.MeetingType = tertulia.TypeSales })
	k.Settled(t, id)
	_, err := k.Rep.Meetings.Reanalyze(t.Context(), id, tertulia.ReanalyzeRequest{SalesSubtype: "demostracion"})
	require.NoError(t, err)
	k.UntilMeeting(t, id, "judged by the evaluator", func(d tertulia.MeetingDetail) bool {
		return len(d.Analyses) > 0 && d.Analyses[0].Evaluator != nil && d.Analyses[0].Evaluator.Key == "evaluador_demostracion"
	})
	k.eventually(func() bool { return k.hasReadAll(lost, 1) }, "its files are back")
	require.Zero(t, k.Count(t, "select count(*) from jobs where state = 'dead'"))
}

// stores are the provider's.
func (k *knowledge) stores() []string {
	k.t.Helper()
	list, err := k.provider.Stores(k.t.Context(), nil)
	require.NoError(k.t, err)
	ids := make([]string, len(list))
	for i, s := range list {
		ids[i] = s.ID
	}
	return ids
}

// hasReadAll tells whether the provider has one store, another than that before, in which it has read so many files.
func (k *knowledge) hasReadAll(before string, n int) bool {
	k.t.Helper()
	stores, files := k.stores(), k.remote()
	if len(stores) != 1 || stores[0] == before || len(files) != n {
		return false
	}
	for _, f := range files {
		if in, err := k.provider.StoreFile(k.t.Context(), stores[0], f.ID); err != nil || in.Status != "completed" {
			return false
		}
	}
	return true
}
