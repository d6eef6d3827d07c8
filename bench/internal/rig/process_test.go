package rig_test

import (
	"os"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tertulia-dev/tertulia/bench/internal/rig"
)

func TestAProcessTellsWhatItTakes(t *testing.T) {
	t.Parallel()
	self := rig.Process(os.Getpid())
	before, err := self.CPU()
	require.NoError(t, err)
	require.Eventually(t, func() bool { // it asks often enough to take some
		for range 1000 {
			if _, err := self.CPU(); err != nil {
				return false
			}
		}
		after, err := self.CPU()
		return err == nil && after >= before+20*time.Millisecond
	}, time.Minute, time.Millisecond)

	held := make([]byte, 64<<20)
	for i := range held {
		held[i] = 1
	}
	peak, err := self.PeakMemory()
	require.NoError(t, err)
	require.Greater(t, peak, float64(len(held))/1e6)
	require.EqualValues(t, 1, held[len(held)-1])
}

func TestAQuantileIsOneOfTheValues(t *testing.T) {
	t.Parallel()
	four := []time.Duration{1, 2, 3, 4}
	require.EqualValues(t, 1, rig.Quantile(four, 0))
	require.EqualValues(t, 3, rig.Quantile(four, .5))
	require.EqualValues(t, 4, rig.Quantile(four, 1))
}
