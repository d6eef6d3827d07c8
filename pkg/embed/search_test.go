package embed_test

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tertulia-dev/tertulia/pkg/embed/embedtest"
	"github.com/tertulia-dev/tertulia/pkg/tertulia"
)

func TestWhatWasSaidIsFoundOverTheAPI(t *testing.T) {
	t.Parallel()
	s := embedtest.New(t)
	id := s.Scheduled(t, embedtest.Talk())
	s.Until(t, id, tertulia.Completed)
	s.Searchable(t, id, "finanzas")

	page, err := s.Rep.Meetings.Search(t.Context(), tertulia.SearchFilter{Q: `"lucia trevino" finanza`, MeetingType: tertulia.TypeSales})
	require.NoError(t, err)
	require.Equal(t, 1, page.Total)
	require.Equal(t, id, page.Data[0].Meeting.ID)
	require.Equal(t, "Propuesta", *page.Data[0].Meeting.Title)
	moment := page.Data[0].Moments[0]
	require.Equal(t, "Igualmente. Conmigo está <mark>Lucía Treviño</mark>, que lleva <mark>finanzas</mark> y es quien al final firma.", moment.Highlighted)
	require.Equal(t, "Pedro García", moment.Speaker)
	require.Contains(t, s.Get(t, id).Transcript.RawTranscript, tertulia.TranscriptSegment{
		Speaker: moment.Speaker, Text: moment.Text, StartMS: moment.StartMS, EndMS: moment.EndMS,
	}, "a moment leads to its place in the transcript")

	for name, client := range map[string]*tertulia.Client{"another rep": s.OtherRep, "another workspace": s.Other} {
		page, err := client.Meetings.Search(t.Context(), tertulia.SearchFilter{Q: "finanzas"})
		require.NoError(t, err)
		require.Empty(t, page.Data, name)
		require.Zero(t, page.Total, name)
	}
	for _, bad := range []string{"", "q=", "q=-finanzas", "q=x&dateFrom=ayer", "q=x&salesRepId=7", "q=x&meetingType=boda", "q=x&limit=101"} {
		answer := s.Do(t, http.MethodGet, "/api/meetings/search?"+bad, "", "X-API-Key", embedtest.ServiceKey)
		require.Equal(t, http.StatusBadRequest, answer.Status, bad)
		require.Contains(t, answer.Body, `"field":`, bad)
	}
}
