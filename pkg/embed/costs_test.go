package embed_test

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tertulia-dev/tertulia/pkg/embed/embedtest"
	"github.com/tertulia-dev/tertulia/pkg/tertulia"
)

// linesByKind are a meeting's lines by kind.
func linesByKind(lines []tertulia.UsageLine) map[string]tertulia.UsageLine {
	found := map[string]tertulia.UsageLine{}
	for _, l := range lines {
		found[l.Kind] = l
	}
	return found
}

func TestAMeetingsCostIsMeasuredFromTheCallToTheStore(t *testing.T) {
	t.Parallel()
	s := embedtest.New(t)
	id := s.Scheduled(t, embedtest.Talk())
	s.Settled(t, id)
	_, err := s.Scheduler.Cron.CleanupStorage(t.Context()) // the day's storage
	require.NoError(t, err)
	var costs tertulia.MeetingCosts
	s.WaitFor(t, "the notetaker's time is metered", func() bool {
		costs, err = s.Rep.Costs.Meeting(t.Context(), id)
		require.NoError(t, err)
		return linesByKind(costs.Lines)["notetaker_seconds"].Quantity > 0
	})

	require.True(t, costs.Complete, "%+v", costs.Lines)
	byKind, sum := linesByKind(costs.Lines), int64(0)
	for _, kind := range []string{"notetaker_seconds", "transcription_seconds", "model_input_tokens", "model_output_tokens", "storage_byte_days"} {
		require.Positive(t, byKind[kind].Quantity, kind)
		require.NotNil(t, byKind[kind].Price, kind)
		require.NotEmpty(t, byKind[kind].Price.Source, kind)
	}
	require.Positive(t, byKind["notetaker_seconds"].Cost.Micros)
	for _, l := range costs.Lines {
		sum += l.Cost.Micros
	}
	require.Equal(t, sum, costs.Total.Micros)

	month, err := s.Admin.Costs.Month(t.Context(), tertulia.CostsFilter{})
	require.NoError(t, err)
	require.Equal(t, "America/Mexico_City", month.Timezone)
	require.Equal(t, costs.Total, month.Total)
	require.Equal(t, 1, month.Meetings.Count)
	require.Equal(t, costs.Total, month.Meetings.Average)
	require.Positive(t, month.Meetings.PerHour.Micros)
	require.Len(t, month.Dearest, 1)
	require.Equal(t, id, month.Dearest[0].MeetingID)
	require.Equal(t, "Propuesta", *month.Dearest[0].Title)

	before, err := s.Admin.Costs.Month(t.Context(), tertulia.CostsFilter{Month: "2020-01"})
	require.NoError(t, err)
	require.Zero(t, before.Total.Micros)
	require.Empty(t, before.Lines)
	_, err = s.Admin.Costs.Month(t.Context(), tertulia.CostsFilter{Month: "enero"})
	requireCode(t, err, http.StatusBadRequest, tertulia.CodeValidation)
	theirs, err := s.Other.Costs.Month(t.Context(), tertulia.CostsFilter{})
	require.NoError(t, err)
	require.Zero(t, theirs.Total.Micros, "another workspace's costs are its own")
}
