package embed_test

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tertulia-dev/tertulia/pkg/embed/embedtest"
	"github.com/tertulia-dev/tertulia/pkg/tertulia"
)

func TestATopicIsTrackedOverTheAPI(t *testing.T) {
	t.Parallel()
	s := embedtest.New(t)
	early := s.Scheduled(t, embedtest.Talk())
	s.Until(t, early, tertulia.Completed)
	tracker, err := s.Admin.Trackers.Add(t.Context(), tertulia.TrackerRequest{Name: "Finanzas", Terms: []string{"FINANZAS", "lucia trevino"}})
	require.NoError(t, err)
	require.Equal(t, "any", tracker.Side)
	s.Until(t, s.Scheduled(t, embedtest.Talk()), tertulia.Completed)

	found, err := s.Rep.Meetings.Trackers(t.Context(), early, tertulia.TrackerFilter{})
	require.NoError(t, err)
	mentions := found.Data[0]
	require.Positive(t, mentions.Count)
	require.Len(t, mentions.Moments, mentions.Count)
	require.Contains(t, mentions.Moments[0].Highlighted, "<mark>")
	sum := 0
	for _, term := range mentions.Terms {
		sum += term.Count
	}
	require.Equal(t, mentions.Count, sum)

	s.WaitFor(t, "both meetings are counted", func() bool {
		trend, err := s.Rep.Trackers.Trend(t.Context(), tracker.ID, tertulia.TrendFilter{Weeks: 3})
		require.NoError(t, err)
		require.Len(t, trend.Weeks, 3)
		last := trend.Weeks[2]
		return trend.Tracker.Ready && last.MeetingsWith == 2 && last.Mentions == 2*mentions.Count && last.Meetings == 2
	})
	renamed, err := s.Admin.Trackers.Update(t.Context(), tracker.ID, tertulia.TrackerPatch{Name: tertulia.Some("Dinero")})
	require.NoError(t, err)
	require.Equal(t, tracker.Terms, renamed.Terms)
	require.True(t, renamed.Ready)

	_, err = s.Rep.Trackers.Add(t.Context(), tertulia.TrackerRequest{Name: "x", Terms: []string{"x"}})
	requireCode(t, err, http.StatusForbidden, tertulia.CodeForbidden)
	_, err = s.Admin.Trackers.Add(t.Context(), tertulia.TrackerRequest{Name: "dinero", Terms: []string{"x"}})
	requireCode(t, err, http.StatusConflict, tertulia.CodeTrackerExists)
	_, err = s.Admin.Trackers.Add(t.Context(), tertulia.TrackerRequest{Name: "x", Terms: []string{"a", "!"}, Side: "todos"})
	requireCode(t, err, http.StatusBadRequest, tertulia.CodeValidation)
	require.ErrorContains(t, err, "terms[1]")
	require.ErrorContains(t, err, "side")
	requireCode(t, s.Other.Trackers.Remove(t.Context(), tracker.ID), http.StatusNotFound, tertulia.CodeTrackerNotFound)
	require.NoError(t, s.Admin.Trackers.Remove(t.Context(), tracker.ID))
	page, err := s.Rep.Trackers.List(t.Context(), tertulia.TrackerFilter{})
	require.NoError(t, err)
	require.Empty(t, page.Data)
}
