package meetingsuc_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tertulia-dev/tertulia/domain/meetings"
	meetingsuc "github.com/tertulia-dev/tertulia/usecase/meetings"
)

// analyse runs the analysis once, under a context that ends while the model thinks.
func (s *system) analyse(ctx context.Context, t *testing.T, m meetings.Meeting, end func()) error {
	t.Helper()
	s.out.on("analyze", func(int) error {
		end()
		<-ctx.Done()
		return ctx.Err()
	})
	return s.Analyze.Execute(ctx, meetingsuc.AnalyzeInput{Workspace: s.ws, Meeting: m.ID, Last: true})
}

func TestALastTryThatRunsOutOfTimeIsShownOnTheMeeting(t *testing.T) {
	t.Parallel()
	s := newSystem(t)
	m := s.scheduled(t)
	ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
	defer cancel()

	require.ErrorIs(t, s.analyse(ctx, t, m, func() {}), context.DeadlineExceeded)

	got := s.get(t, m.ID)
	require.Equal(t, meetings.Failed, got.Status)
	require.Equal(t, meetings.AnalysisFailed, got.Failure.Code)
}

func TestALastTryThatWasCalledOffHasNotBeenOne(t *testing.T) {
	t.Parallel()
	s := newSystem(t)
	m := s.scheduled(t)
	ctx, cancel := context.WithCancel(t.Context())

	require.ErrorIs(t, s.analyse(ctx, t, m, cancel), context.Canceled)

	require.Equal(t, meetings.Processing, s.get(t, m.ID).Status)
}
