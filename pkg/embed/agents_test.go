package embed_test

import (
	"net/http"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tertulia-dev/tertulia/pkg/embed/embedtest"
	"github.com/tertulia-dev/tertulia/pkg/tertulia"
)

func TestAMeetingShowsTheAgentsThatCanBeAskedAboutIt(t *testing.T) {
	t.Parallel()
	s := embedtest.New(t, embedtest.WithoutWorker())
	sale := s.Scheduled(t, embedtest.Talk(), later(s, time.Hour))
	talk, err := s.Rep.Meetings.InviteBot(t.Context(), tertulia.InviteBotRequest{
		MeetingURL: embedtest.MeetURL, ScheduledAt: s.Clock.Now().Add(time.Hour).Format(time.RFC3339),
	})
	require.NoError(t, err)

	keys := func(meeting string) (keys []string) {
		list, err := s.Rep.Agents.OfMeeting(t.Context(), meeting)
		require.NoError(t, err)
		for _, a := range list.Data {
			require.NotEmpty(t, a.SuggestedQuestions)
			keys = append(keys, a.Key)
		}
		return keys
	}
	require.Equal(t, []string{"seguimiento_general", "coach_ventas", "correo_seguimiento"}, keys(sale))
	require.Equal(t, []string{"seguimiento_general"}, keys(talk.MeetingID), "what is about sales is not offered elsewhere")

	_, err = s.OtherRep.Agents.OfMeeting(t.Context(), sale)
	requireCode(t, err, http.StatusForbidden, tertulia.CodeForbidden)
	_, err = s.Other.Agents.OfMeeting(t.Context(), sale)
	requireCode(t, err, http.StatusNotFound, tertulia.CodeMeetingNotFound)
}

func TestEveryWorkspaceHasTheAgentsThatComeWithTheProduct(t *testing.T) {
	t.Parallel()
	s := embedtest.New(t, embedtest.WithoutWorker())
	for _, admin := range []*tertulia.Client{s.Admin, s.Other} {
		list, err := admin.Agents.List(t.Context())
		require.NoError(t, err)
		require.Len(t, list.Data, 11)
		require.Equal(t, "evaluador_calificacion", list.Data[0].Key)
		require.True(t, slices.ContainsFunc(list.Data, func(a tertulia.Agent) bool { return a.Key == "evaluador_standup" }))
	}
	_, err := s.Rep.Agents.List(t.Context())
	requireCode(t, err, http.StatusForbidden, tertulia.CodeForbidden)
}
