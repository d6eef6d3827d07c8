package batchcallshttp

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tertulia-dev/tertulia/domain/batchcalls"
)

func TestListsThatNobodyAsksForMakeRoom(t *testing.T) {
	t.Parallel()
	reads := map[batchcalls.BatchID]int{}
	big := json.RawMessage(`{"conversation_initiation_client_data":{"x":"` + strings.Repeat("x", 25<<20) + `"}}`)
	ls := newListings(func(_ context.Context, b batchcalls.Batch, fn func(batchcalls.Recipient) error) error {
		reads[b.ID]++
		return fn(batchcalls.Recipient{Phone: "+15550100001", Ref: "r", Body: big})
	})
	for _, id := range []batchcalls.BatchID{"a", "b", "a", "c", "a", "b", "a"} {
		_, err := ls.of(t.Context(), batchcalls.Batch{ID: id, Version: 1})
		require.NoError(t, err)
		require.LessOrEqual(t, ls.bytes, maxListings)
		require.Len(t, ls.kept, ls.recent.Len())
	}
	require.Equal(t, map[batchcalls.BatchID]int{"a": 1, "b": 2, "c": 1}, reads, "the one in use stays")
}

func TestAListThatCouldNotBeReadIsNotKept(t *testing.T) {
	t.Parallel()
	ls := newListings(func(context.Context, batchcalls.Batch, func(batchcalls.Recipient) error) error {
		return errors.New("away")
	})
	_, err := ls.of(t.Context(), batchcalls.Batch{ID: "a"})
	require.Error(t, err)
	require.Empty(t, ls.kept)
}

func TestAnOlderVersionTakesNobodysPlace(t *testing.T) {
	t.Parallel()
	ls := newListings(nil)
	ls.keep(listing{"a", 2, []byte("new")})
	ls.keep(listing{"a", 1, []byte("old")})
	text, ok := ls.find(batchcalls.Batch{ID: "a", Version: 2})
	require.True(t, ok)
	require.Equal(t, "new", string(text))
	require.Equal(t, 1, ls.recent.Len())
}

func TestBodiesInFlightAreBoundedAndRoomComesBack(t *testing.T) {
	t.Parallel()
	in := newIntake()
	first := holding{room: in.room}
	require.NoError(t, first.wait(t.Context(), maxInFlight-10))
	second := holding{room: in.room}
	require.False(t, second.take(firstRoom), "who grows does not wait")
	gone, leave := context.WithCancel(t.Context())
	leave()
	require.Error(t, second.wait(gone, maxBody))
	second.release()
	first.release()
	require.NoError(t, second.wait(t.Context(), maxInFlight))
}
