package embed_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tertulia-dev/tertulia/pkg/embed/embedtest"
	"github.com/tertulia-dev/tertulia/pkg/tertulia"
)

func TestAClipIsKeptPlayedAndDeletedOverTheAPI(t *testing.T) {
	t.Parallel()
	s := embedtest.New(t)
	id := s.Scheduled(t, embedtest.Talk())
	spoken := s.Settled(t, id).Transcript.RawTranscript[1]

	clip, err := s.Rep.Meetings.AddClip(t.Context(), id, tertulia.ClipRequest{Title: "Saludo", StartMS: spoken.StartMS, EndMS: spoken.EndMS})
	require.NoError(t, err)
	require.Equal(t, spoken, clip.Transcript[0])
	link, fragment, _ := strings.Cut(*clip.VideoURL, "#")
	require.Regexp(t, `^t=[\d.]+,[\d.]+$`, fragment)
	require.Equal(t, http.StatusOK, s.Do(t, http.MethodGet, link, "").Status, "the link plays")

	page, err := s.Rep.Meetings.Clips(t.Context(), id, tertulia.ClipFilter{Limit: 1})
	require.NoError(t, err)
	require.Equal(t, clip.ID, page.Data[0].ID)
	require.Equal(t, embedtest.RepEmail, page.Data[0].CreatedBy.Email)

	for field, bad := range map[string]tertulia.ClipRequest{
		"title": {StartMS: 0, EndMS: 5000}, "start_ms": {Title: "x", StartMS: 1 << 40, EndMS: 1 << 41}, "end_ms": {Title: "x", StartMS: 5000, EndMS: 5},
	} {
		_, err := s.Rep.Meetings.AddClip(t.Context(), id, bad)
		requireCode(t, err, http.StatusBadRequest, tertulia.CodeValidation)
		require.ErrorContains(t, err, field)
	}
	require.NoError(t, s.Rep.Meetings.RemoveClip(t.Context(), id, clip.ID))
	requireCode(t, s.Rep.Meetings.RemoveClip(t.Context(), id, clip.ID), http.StatusNotFound, tertulia.CodeClipNotFound)
	requireCode(t, s.Rep.Meetings.RemoveClip(t.Context(), id, "x"), http.StatusNotFound, tertulia.CodeClipNotFound)
}
