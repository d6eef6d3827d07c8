package batchcallshttp

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestLargeSubmissionsWaitForEachOtherAndSmallOnesForNobody(t *testing.T) {
	t.Parallel()
	d := newDesk()
	leave, err := d.enter(t.Context(), 100<<20)
	require.NoError(t, err)
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	_, err = d.enter(gone, smallBody+1)
	require.ErrorIs(t, err, context.Canceled)
	small, err := d.enter(gone, smallBody)
	require.NoError(t, err)
	small()
	leave()
	_, err = d.enter(t.Context(), 1<<20)
	require.NoError(t, err)
	_, err = d.enter(t.Context(), 2<<20)
	require.NoError(t, err, "two fit")
}
