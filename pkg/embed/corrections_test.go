package embed_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tertulia-dev/tertulia/pkg/embed/embedtest"
	"github.com/tertulia-dev/tertulia/pkg/tertulia"
)

// promptOf is what the model was last asked.
func promptOf(t *testing.T, s *embedtest.System, id string) string {
	t.Helper()
	asked := s.Analyses(id)
	require.NotEmpty(t, asked)
	return asked[len(asked)-1].Body
}

func TestACorrectionChangesWhatIsReadAtOnceAndWhatIsAnalysedNext(t *testing.T) {
	t.Parallel()
	s := embedtest.New(t)
	id := s.Scheduled(t, embedtest.Talk())
	before := s.Settled(t, id)
	heard := strings.Fields(before.Transcript.FullText)[0]
	word := strings.Trim(heard, "¿¡.,?!")

	c, err := s.Admin.TranscriptCorrections.Create(t.Context(), tertulia.CreateCorrectionRequest{Wrong: word, Right: "Palabrota"})
	require.NoError(t, err)
	require.True(t, c.Active)
	require.NotNil(t, c.CreatedByRepID)
	_, err = s.Admin.TranscriptCorrections.Create(t.Context(), tertulia.CreateCorrectionRequest{Wrong: strings.ToUpper(word), Right: "x"})
	requireCode(t, err, http.StatusConflict, tertulia.CodeTranscriptCorrectionExists)

	read := s.Get(t, id)
	require.Equal(t, before.Transcript.RawTranscript, read.Transcript.RawTranscript, "what was heard")
	require.True(t, strings.HasPrefix(read.Transcript.FullText, strings.Replace(heard, word, "Palabrota", 1)))
	require.Equal(t, before.Analyses, read.Analyses)

	_, err = s.Rep.Meetings.Reanalyze(t.Context(), id, tertulia.ReanalyzeRequest{})
	require.NoError(t, err)
	s.WaitFor(t, "there is a new analysis", func() bool { return s.Get(t, id).Analyses[0].ID != before.Analyses[0].ID })
	require.Contains(t, promptOf(t, s, id), "Palabrota")

	off, err := s.Admin.TranscriptCorrections.Update(t.Context(), c.ID, tertulia.UpdateCorrectionRequest{Active: new(false)})
	require.NoError(t, err)
	require.Equal(t, "Palabrota", off.Right)
	require.Equal(t, before.Transcript.FullText, s.Get(t, id).Transcript.FullText)
	active, err := s.Rep.TranscriptCorrections.List(t.Context(), tertulia.TranscriptCorrectionFilter{OnlyActive: true})
	require.NoError(t, err)
	require.Empty(t, active.Data)
	all, err := s.OtherRep.TranscriptCorrections.List(t.Context(), tertulia.TranscriptCorrectionFilter{})
	require.NoError(t, err)
	require.Len(t, all.Data, 1)
	require.Equal(t, c.ID, all.Data[0].ID)
	require.False(t, all.Data[0].Active)

	gone, err := s.Admin.TranscriptCorrections.Delete(t.Context(), c.ID)
	require.NoError(t, err)
	require.True(t, gone.OK)
	_, err = s.Admin.TranscriptCorrections.Update(t.Context(), c.ID, tertulia.UpdateCorrectionRequest{})
	requireCode(t, err, http.StatusNotFound, tertulia.CodeTranscriptCorrectionNotFound)
	_, err = s.Rep.TranscriptCorrections.Create(t.Context(), tertulia.CreateCorrectionRequest{Wrong: "a", Right: "b"})
	requireCode(t, err, http.StatusForbidden, tertulia.CodeForbidden)
	_, err = s.Admin.TranscriptCorrections.Create(t.Context(), tertulia.CreateCorrectionRequest{Wrong: "igual", Right: "igual"})
	requireCode(t, err, http.StatusBadRequest, tertulia.CodeValidation)
	require.ErrorContains(t, err, "right")
}
