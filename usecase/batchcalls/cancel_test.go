package batchcallsuc_test

import (
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tertulia-dev/tertulia/domain/batchcalls"
	batchcallsuc "github.com/tertulia-dev/tertulia/usecase/batchcalls"
)

func (s *system) cancel(t *testing.T, id string) (batchcalls.Batch, error) {
	t.Helper()
	return s.Cancel.Execute(t.Context(), batchcallsuc.CancelInput{Actor: s.admin, PublicID: id})
}

func TestACancelledBatchIsCancelledAtTheProvider(t *testing.T) {
	t.Parallel()
	s := newSystem(t)
	done, err := s.Submit.Execute(t.Context(), s.order(0, 10_001))
	require.NoError(t, err)
	b, err := s.cancel(t, done.Batch.PublicID)
	require.NoError(t, err)
	require.Equal(t, batchcalls.Cancelled, b.Status)
	require.Equal(t, batchcalls.Cancelled, s.line.find("btcal_vendor0").Status)
	s.pass(t, 2*time.Minute)
	require.Equal(t, 1, s.line.asked, "what was not sent is dropped")
	for _, status := range s.statuses(t, b) {
		require.Equal(t, batchcalls.CallCancelled, status)
	}
}

func TestABatchThatIsStoppedWhileItIsSentIsCancelledByItsSender(t *testing.T) {
	t.Parallel()
	s := newSystem(t)
	s.line.hold = make(chan struct{})
	var sender sync.WaitGroup
	sender.Go(func() {
		done, err := s.Submit.Execute(t.Context(), s.order(0, 2))
		require.NoError(t, err)
		require.Equal(t, batchcalls.Cancelled, done.Batch.Status)
	})
	<-s.line.began
	same, err := s.Submit.Execute(t.Context(), s.order(0, 2))
	require.NoError(t, err)
	_, err = s.cancel(t, same.Batch.PublicID)
	require.NoError(t, err)
	close(s.line.hold)
	sender.Wait()
	require.Equal(t, batchcalls.Cancelled, s.line.find("btcal_vendor0").Status)
}

func TestWhatTheProviderHadNoRoomForIsNotSentAfterAStop(t *testing.T) {
	t.Parallel()
	s := newSystemOf(t, inPairs())
	done, err := s.Submit.Execute(t.Context(), s.order(0, 4))
	require.NoError(t, err)
	<-s.line.began
	s.line.hold = make(chan struct{})
	s.line.breaks(busy)
	var sender sync.WaitGroup
	sender.Go(func() { s.runSome(t) })
	<-s.line.began // the second request is on its way
	_, err = s.cancel(t, done.Batch.PublicID)
	require.NoError(t, err)
	close(s.line.hold)
	sender.Wait()
	s.pass(t, 5*time.Minute)
	require.Equal(t, 2, s.line.asked)
	require.Equal(t, batchcalls.Dropped, s.chunk(t, done.Batch, 1).Status)
	require.Zero(t, s.chunk(t, done.Batch, 1).NextLook, "nobody goes on looking at it")
}

func TestADoubtfulBatchThatIsStoppedIsCancelledWhenItIsFound(t *testing.T) {
	t.Parallel()
	s := newSystem(t)
	s.line.breaks(lostReply)
	done, err := s.Submit.Execute(t.Context(), s.order(0, 2))
	require.NoError(t, err)
	b, err := s.cancel(t, done.Batch.PublicID)
	require.NoError(t, err)
	require.Equal(t, batchcalls.Cancelled, b.Status)
	s.pass(t, 90*time.Second)
	require.Equal(t, batchcalls.Cancelled, s.line.find("btcal_vendor0").Status)
}

func TestABatchThatIsOverIsNotCancelled(t *testing.T) {
	t.Parallel()
	s := newSystem(t)
	done, err := s.Submit.Execute(t.Context(), s.order(0, 2))
	require.NoError(t, err)
	s.line.finish("btcal_vendor0", batchcalls.CallCompleted) // which nobody here knows yet
	_, err = s.cancel(t, done.Batch.PublicID)
	var refusal *batchcallsuc.Refusal
	require.True(t, errors.As(err, &refusal))
	require.Equal(t, 400, refusal.Status)
	require.Equal(t, batchcalls.Completed, s.now(t, done.Batch).Status)
}

func TestWhatWasMadeElsewhereIsAdopted(t *testing.T) {
	t.Parallel()
	s := newSystem(t)
	body := people(0, 2)
	made, err := s.line.Submit(t.Context(), batchcallsuc.Submission{
		Name: "Suya", Agent: "agent_9", PhoneNumber: "phnum_1", Recipients: []jsonRaw{body[0].Body, body[1].Body},
	})
	require.NoError(t, err)
	var all sync.WaitGroup
	ids := make([]batchcalls.BatchID, 5)
	for i := range ids {
		all.Go(func() {
			b, err := s.Queries.Get(t.Context(), s.admin, made.ID)
			require.NoError(t, err)
			require.Equal(t, "Suya", b.Name)
			ids[i] = b.ID
		})
	}
	all.Wait()
	for _, id := range ids {
		require.Equal(t, ids[0], id)
	}
	require.Len(t, s.statuses(t, batchcalls.Batch{ID: ids[0], Workspace: s.admin.Workspace}), 2)
	_, err = s.Queries.Get(t.Context(), s.other, made.ID)
	require.Error(t, err, "the provider's account is the default workspace's")

	other, err := s.line.Submit(t.Context(), batchcallsuc.Submission{Name: "Otra", Agent: "agent_9", Recipients: []jsonRaw{body[0].Body}})
	require.NoError(t, err)
	b, err := s.cancel(t, other.ID)
	require.NoError(t, err)
	require.Equal(t, batchcalls.Cancelled, b.Status)
	s.pass(t, 10*time.Second)
	require.Equal(t, []batchcalls.CallStatus{"cancelled"}, s.statuses(t, b), "its people are read by the poller")
}
