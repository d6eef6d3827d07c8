package meetings_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tertulia-dev/tertulia/domain/fault"
	"github.com/tertulia-dev/tertulia/domain/meetings"
)

func TestAClipLiesInsideItsRecording(t *testing.T) {
	t.Parallel()
	const hour = 3_600_000
	for _, c := range []struct {
		start, end meetings.Millis
		wrong      string
	}{
		{0, 1000, ""},
		{hour - 1000, hour, ""},
		{10, 900_010, ""},
		{hour, hour + 1000, ""},
		{-1, 1000, "start_ms"},
		{hour + 1, hour + 5000, "start_ms"},
		{5, 1004, "end_ms"},
		{5000, 4000, "end_ms"},
		{0, 900_001, "end_ms"},
		{hour - 1000, hour + 1001, "end_ms"},
	} {
		var f fault.Fields
		meetings.Clip{Title: "x", Start: c.start, End: c.end}.Check(&f, time.Hour)
		if c.wrong == "" {
			require.NoError(t, f.Err(), "%d–%d", c.start, c.end)
		} else {
			require.ErrorContains(t, f.Err(), c.wrong+":RANGE", "%d–%d", c.start, c.end)
		}
	}
	for _, title := range []string{" ", strings.Repeat("ñ", 201)} {
		var f fault.Fields
		meetings.Clip{Title: title, End: 5000}.Check(&f, time.Hour)
		require.ErrorContains(t, f.Err(), "title:")
	}
}

func TestAClipIsAMediaFragmentInSeconds(t *testing.T) {
	t.Parallel()
	require.Equal(t, "#t=12.5,45.25", meetings.Clip{Start: 12_500, End: 45_250}.Fragment())
	require.Equal(t, "#t=0,3600", meetings.Clip{End: 3_600_000}.Fragment())
}

func TestAClipHoldsTheWordsThatLieMostlyInside(t *testing.T) {
	t.Parallel()
	tr := transcriptOf(said("", 0, 2, "uno dos"), said("Ana", 2, 6, "tres cuatro cinco seis"), said("", 6, 8, "siete ocho"))
	require.Equal(t, []meetings.Segment{
		{Speaker: "Orador 1", Text: "dos", StartMS: 1000, EndMS: 2000},
		{Speaker: "Ana", Text: "tres cuatro", StartMS: 2000, EndMS: 4000},
	}, tr.Between(1400, 4400))
	require.Empty(t, tr.Between(8000, 9000))
}
