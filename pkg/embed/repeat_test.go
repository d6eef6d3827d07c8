package embed_test

import (
	"net/http"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tertulia-dev/tertulia/pkg/embed/embedtest"
	"github.com/tertulia-dev/tertulia/pkg/tertulia"
)

// repeated makes a call eight times at once with one key, and returns the one ID that all of them answer.
func repeated(t *testing.T, call func(tertulia.CallOption) (string, error)) string {
	t.Helper()
	key := tertulia.WithIdempotencyKey(t.Name())
	ids := make([]string, 8)
	var calls sync.WaitGroup
	for i := range ids {
		calls.Go(func() {
			var err error
			if ids[i], err = call(key); err != nil {
				t.Errorf("call %d: %v", i, err)
			}
		})
	}
	calls.Wait()
	for _, id := range ids {
		require.Equal(t, ids[0], id)
	}
	return ids[0]
}

func TestAClipThatIsAddedAgainWithItsKeyIsTheSame(t *testing.T) {
	t.Parallel()
	s := embedtest.New(t)
	first, second := s.Scheduled(t, embedtest.Talk()), s.Scheduled(t, embedtest.Talk())
	s.Settled(t, first)
	s.Settled(t, second)
	req := tertulia.ClipRequest{Title: "Saludo", StartMS: 0, EndMS: 5000}
	add := func(meeting string) func(tertulia.CallOption) (string, error) {
		return func(key tertulia.CallOption) (string, error) {
			clip, err := s.Rep.Meetings.AddClip(t.Context(), meeting, req, key)
			return clip.ID, err
		}
	}
	id := repeated(t, add(first))
	require.Equal(t, 1, s.Count(t, "select count(*) from clips"))
	require.NotEqual(t, id, repeated(t, add(second)), "another meeting's clip is another")
	_, err := s.Rep.Meetings.AddClip(t.Context(), first, req)
	require.NoError(t, err)
	require.Equal(t, 3, s.Count(t, "select count(*) from clips"), "without the key it is one more")

	key := tertulia.WithIdempotencyKey(t.Name())
	_, err = s.Rep.Meetings.AddClip(t.Context(), first, tertulia.ClipRequest{Title: "Otro", EndMS: 5000}, key)
	requireCode(t, err, http.StatusConflict, tertulia.CodeIdempotencyKeyReused)
	require.NoError(t, s.Rep.Meetings.RemoveClip(t.Context(), first, id))
	_, err = s.Rep.Meetings.AddClip(t.Context(), first, req, key)
	requireCode(t, err, http.StatusNotFound, tertulia.CodeClipNotFound)
}

func TestATrackerThatIsAddedAgainWithItsKeyIsTheSame(t *testing.T) {
	t.Parallel()
	s := embedtest.New(t)
	req := tertulia.TrackerRequest{Name: "Precio", Terms: []string{"precio"}}
	id := repeated(t, func(key tertulia.CallOption) (string, error) {
		tracker, err := s.Admin.Trackers.Add(t.Context(), req, key)
		return tracker.ID, err
	})
	require.Equal(t, 1, s.Count(t, "select count(*) from trackers"))
	_, err := s.Admin.Trackers.Add(t.Context(), req)
	requireCode(t, err, http.StatusConflict, tertulia.CodeTrackerExists)
	key := tertulia.WithIdempotencyKey(t.Name())
	_, err = s.Admin.Trackers.Add(t.Context(), tertulia.TrackerRequest{Name: "Otro", Terms: req.Terms}, key)
	requireCode(t, err, http.StatusConflict, tertulia.CodeIdempotencyKeyReused)
	require.NoError(t, s.Admin.Trackers.Remove(t.Context(), id))
	_, err = s.Admin.Trackers.Add(t.Context(), req, key)
	requireCode(t, err, http.StatusNotFound, tertulia.CodeTrackerNotFound)
}
