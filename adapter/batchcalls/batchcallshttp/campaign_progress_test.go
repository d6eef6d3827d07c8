package batchcallshttp_test

import (
	"bytes"
	"context"
	"errors"
	"regexp"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tertulia-dev/tertulia/adapter/batchcalls/batchcallshttp"
	"github.com/tertulia-dev/tertulia/domain/batchcalls"
	batchcallsuc "github.com/tertulia-dev/tertulia/usecase/batchcalls"
)

// at is a campaign at a version.
func at(version int64, status batchcalls.Status) batchcallsuc.CampaignProgress {
	return batchcallsuc.CampaignProgress{Campaign: batchcalls.CampaignState{Batch: batchcalls.Batch{Version: version, Status: status}}}
}

// told streams progress to a reader who has seen a version, and returns the IDs of the events.
func told(t *testing.T, seen int64, all ...batchcallsuc.CampaignProgress) []string {
	t.Helper()
	var out bytes.Buffer
	require.NoError(t, batchcallshttp.StreamProgress(t.Context(), &out, seen, func(_ context.Context, tell func(batchcallsuc.CampaignProgress) error) error {
		for _, p := range all {
			if err := tell(p); err != nil {
				return err
			}
		}
		return nil
	}))
	require.Regexp(t, `^retry: 1000\n\n`, out.String())
	return regexp.MustCompile(`(?m)^id: \d+$`).FindAllString(out.String(), -1)
}

func TestAReaderWhoComesBackIsToldWhatIsNew(t *testing.T) {
	t.Parallel()
	require.Equal(t, []string{"id: 3", "id: 4"}, told(t, -1, at(3, batchcalls.InProgress), at(4, batchcalls.Completed)))
	require.Equal(t, []string{"id: 4"}, told(t, 3, at(3, batchcalls.InProgress), at(4, batchcalls.Completed)))
	require.Equal(t, []string{"id: 4"}, told(t, 4, at(4, batchcalls.Completed)), "the last one always: the reader waits for it")
	require.Empty(t, told(t, 4, at(4, batchcalls.Paused)))
}

// gone is a reader that has left.
type gone struct{}

// Write implements io.Writer.
func (gone) Write([]byte) (int, error) { return 0, errors.New("broken pipe") }

func TestFollowingEndsWithItsReaderAndItsFailureIsTold(t *testing.T) {
	t.Parallel()
	ended := make(chan struct{})
	waits := func(ctx context.Context, _ func(batchcallsuc.CampaignProgress) error) error {
		defer close(ended)
		<-ctx.Done()
		return nil
	}
	require.NoError(t, batchcallshttp.StreamProgress(t.Context(), gone{}, -1, waits))
	<-ended
	down := errors.New("the database is down")
	fails := func(context.Context, func(batchcallsuc.CampaignProgress) error) error { return down }
	require.ErrorIs(t, batchcallshttp.StreamProgress(t.Context(), &bytes.Buffer{}, -1, fails), down)
}

func TestNoCellIsAFormula(t *testing.T) {
	t.Parallel()
	for cell, want := range map[string]string{
		"": "", "Ana": "Ana", "=1+1": "'=1+1", "+525512345678": "'+525512345678", "-5": "'-5", "@SUM(A1)": "'@SUM(A1)", "\t=1": "'\t=1", "a=b": "a=b", "é": "é",
	} {
		require.Equal(t, want, batchcallshttp.Defused(cell))
	}
}
