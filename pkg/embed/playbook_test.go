package embed_test

import (
	"encoding/json"
	"maps"
	"net/http"
	"slices"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tertulia-dev/tertulia/pkg/embed/embedtest"
	"github.com/tertulia-dev/tertulia/pkg/tertulia"
)

const ownDimension = "escucha_activa"

// edited is a playbook with its last dimension replaced.
func edited(p tertulia.Playbook) []tertulia.PlaybookDimension {
	list := slices.Clone(p.Dimensions)
	list[4] = tertulia.PlaybookDimension{
		Key: ownDimension, Label: "Escucha activa", High: "Resume lo que oyó y lo confirma.", Low: "Interrumpe.",
	}
	return list
}

func TestAPlaybookIsEditedInVersionsByAdministrators(t *testing.T) {
	t.Parallel()
	s := embedtest.New(t, embedtest.WithoutWorker())
	first, err := s.Rep.Playbooks.Get(t.Context())
	require.NoError(t, err)
	require.Equal(t, 1, first.Version)
	require.True(t, first.IsDefault)
	require.Len(t, first.Dimensions, 5)
	_, err = s.Rep.Playbooks.Edit(t.Context(), 1, edited(first))
	requireCode(t, err, http.StatusForbidden, tertulia.CodeForbidden)
	_, err = s.Admin.Playbooks.Edit(t.Context(), 1, first.Dimensions[:4])
	requireCode(t, err, http.StatusBadRequest, tertulia.CodeValidation)

	outcomes := make([]error, 6)
	var together sync.WaitGroup
	for i := range outcomes {
		together.Go(func() { _, outcomes[i] = s.Admin.Playbooks.Edit(t.Context(), 1, edited(first)) })
	}
	together.Wait()
	refused := slices.DeleteFunc(outcomes, func(err error) bool { return err == nil })
	require.Len(t, refused, 5, "of several who edited the same version one is first")
	for _, err := range refused {
		requireCode(t, err, http.StatusConflict, tertulia.CodeVersionConflict)
	}
	third, err := s.Admin.Playbooks.Edit(t.Context(), 0, first.Dimensions)
	require.NoError(t, err)
	require.Equal(t, 3, third.Version)
	require.NotNil(t, third.EditedBy)

	var versions []int
	for p, err := range s.Rep.Playbooks.All(t.Context()) {
		require.NoError(t, err)
		versions = append(versions, p.Version)
	}
	require.Equal(t, []int{3, 2, 1}, versions)
	page, err := s.Rep.Playbooks.History(t.Context(), tertulia.PageQuery{Limit: 1, Cursor: "3"})
	require.NoError(t, err)
	require.Equal(t, "2", *page.NextCursor)
	second, err := s.Rep.Playbooks.Version(t.Context(), 2)
	require.NoError(t, err)
	require.Equal(t, edited(first), second.Dimensions)
	_, err = s.Rep.Playbooks.Version(t.Context(), 9)
	requireCode(t, err, http.StatusNotFound, tertulia.CodePlaybookNotFound)
	theirs, err := s.Other.Playbooks.Get(t.Context())
	require.NoError(t, err)
	require.Equal(t, first, theirs, "each workspace has its own")
}

func TestAnAnalysisGoesByThePlaybookOfItsTimeAndNamesIt(t *testing.T) {
	t.Parallel()
	for engine, opts := range map[string][]embedtest.Option{"openai": nil, "extractive": {embedtest.WithoutOpenAI()}} {
		t.Run(engine, func(t *testing.T) {
			t.Parallel()
			s := embedtest.New(t, opts...)
			old, id := s.Scheduled(t, embedtest.Talk()), s.Scheduled(t, embedtest.Talk())
			before := s.Settled(t, old).Analyses[0]
			s.Settled(t, id)
			require.Equal(t, 1, *before.PlaybookVersion)
			first, err := s.Rep.Playbooks.Get(t.Context())
			require.NoError(t, err)
			_, err = s.Admin.Playbooks.Edit(t.Context(), first.Version, edited(first))
			require.NoError(t, err)

			_, err = s.Rep.Meetings.Reanalyze(t.Context(), id, tertulia.ReanalyzeRequest{})
			require.NoError(t, err)
			d := s.UntilMeeting(t, id, "analysed anew", func(d tertulia.MeetingDetail) bool { return *d.Analyses[0].PlaybookVersion == 2 })
			after := d.Analyses[0]
			require.Equal(t, engine, after.Engine)
			keys := slices.Sorted(maps.Keys(after.ScoreBreakdown.Scores))
			require.Equal(t, []string{"cierre", "descubrimiento", ownDimension, "manejo_objeciones", "propuesta_valor"}, keys)
			require.NotEmpty(t, after.ScoreBreakdown.Justifications[ownDimension].Text)
			sum := 0
			for _, points := range after.ScoreBreakdown.Scores {
				sum += points
			}
			require.Equal(t, sum, *after.SalesRepScore)
			require.Equal(t, before, s.Get(t, old).Analyses[0], "earlier ones stay as they are")

			me, err := s.Rep.Me.Get(t.Context())
			require.NoError(t, err)
			breakdown, err := s.Rep.SalesReps.PerformanceBreakdown(t.Context(), me.ID, tertulia.PerformanceDays{})
			require.NoError(t, err)
			for _, key := range []string{ownDimension, "comunicacion"} {
				require.NotNil(t, breakdown.Scores[key], "a dimension shows for as long as it was scored in the period")
			}
			if engine == "openai" {
				requests := s.Sandbox.Matching("openai", "POST /v1/responses")
				sent, err := json.Marshal(requests[len(requests)-1].Body)
				require.NoError(t, err)
				require.Contains(t, string(sent), "Resume lo que oyó y lo confirma.")
			}
		})
	}
}
