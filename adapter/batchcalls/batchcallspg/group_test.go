package batchcallspg

import (
	"context"
	"errors"
	"slices"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tertulia-dev/tertulia/domain/kernel"
)

func TestWhoComesDuringAWriteIsWrittenTogether(t *testing.T) {
	t.Parallel()
	var writes atomic.Int32
	begun, release := make(chan struct{}), make(chan struct{})
	g := newGroup(func(_ context.Context, _ kernel.WorkspaceID, in []int) ([]int, error) {
		if writes.Add(1) == 1 {
			close(begun)
			<-release
		}
		return slices.Clone(in), nil
	})
	var all sync.WaitGroup
	for i := range 50 {
		all.Go(func() {
			out, err := g.do(t.Context(), "w", i)
			require.NoError(t, err)
			require.Equal(t, i, out)
		})
		if i == 0 {
			<-begun
		}
	}
	require.Eventually(t, func() bool {
		g.mu.Lock()
		defer g.mu.Unlock()
		return len(g.waiting["w"]) == 49
	}, waitLimit, tick)
	close(release)
	all.Wait()
	require.EqualValues(t, 2, writes.Load())
	require.Empty(t, g.busy)
}

func TestOneBadEntryFailsAlone(t *testing.T) {
	t.Parallel()
	bad := errors.New("bad")
	first, release := make(chan struct{}), make(chan struct{})
	var once sync.Once
	g := newGroup(func(_ context.Context, _ kernel.WorkspaceID, in []int) ([]int, error) {
		once.Do(func() { close(first); <-release })
		if slices.Contains(in, 13) {
			return nil, bad
		}
		return in, nil
	})
	var all sync.WaitGroup
	for i := range 20 {
		all.Go(func() {
			_, err := g.do(t.Context(), "w", i)
			if i == 13 {
				require.ErrorIs(t, err, bad)
			} else {
				require.NoError(t, err)
			}
		})
	}
	<-first
	close(release)
	all.Wait()
}
