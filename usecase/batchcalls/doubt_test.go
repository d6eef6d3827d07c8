package batchcallsuc_test

import (
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tertulia-dev/tertulia/domain/batchcalls"
	"github.com/tertulia-dev/tertulia/domain/fault"
	batchcallsuc "github.com/tertulia-dev/tertulia/usecase/batchcalls"
)

func TestARequestWithoutAnAnswerIsFoundAndAdopted(t *testing.T) {
	t.Parallel()
	s := newSystem(t)
	s.line.breaks(lostReply)
	done, err := s.Submit.Execute(t.Context(), s.order(0, 3))
	require.NoError(t, err)
	require.True(t, done.Refusal.Doubtful)
	require.Equal(t, batchcalls.InProgress, done.Batch.Status)
	require.Equal(t, []batchcalls.CallStatus{"unknown", "unknown", "unknown"}, s.statuses(t, done.Batch))
	_, err = s.Resume.Execute(t.Context(), batchcallsuc.ResumeInput{Actor: s.admin, PublicID: done.Batch.PublicID})
	require.Equal(t, batchcalls.NothingToResume, fault.CodeOf(err), "what is doubtful is not sent again")
	for range 4 { // others with the same name came after it: it is on a later page
		s.clock.ahead.Add(int64(time.Second))
		forced := s.order(10, 13)
		forced.Force = true
		_, err = s.Submit.Execute(t.Context(), forced)
		require.NoError(t, err)
	}

	s.pass(t, 90*time.Second)
	s.line.finish("btcal_vendor0", batchcalls.CallCompleted)
	s.pass(t, 30*time.Second)

	require.Equal(t, batchcalls.Completed, s.now(t, done.Batch).Status)
	require.Equal(t, 1, s.line.dialled[string(phone(0))])
	again, err := s.Submit.Execute(t.Context(), s.order(0, 3))
	require.NoError(t, err)
	require.True(t, again.Repeated)
}

func TestWhatIsAbsentIsSentAgainByAPersonOnly(t *testing.T) {
	t.Parallel()
	s := newSystem(t)
	s.line.breaks(down)
	done, err := s.Submit.Execute(t.Context(), s.order(0, 3))
	require.NoError(t, err)
	require.Equal(t, 503, done.Refusal.Status)
	s.pass(t, 30*time.Minute)
	require.Equal(t, 1, s.line.asked, "nothing is dialled again by itself")
	require.Equal(t, batchcalls.Failed, s.now(t, done.Batch).Status)
	require.Equal(t, []batchcalls.CallStatus{"unknown", "unknown", "unknown"}, s.statuses(t, done.Batch))

	_, err = s.Resume.Execute(t.Context(), batchcallsuc.ResumeInput{Actor: s.other, PublicID: done.Batch.PublicID})
	require.Equal(t, batchcalls.BatchNotFound, fault.CodeOf(err))
	var all sync.WaitGroup
	for range 5 { // five people press the button at once
		all.Go(func() {
			_, err := s.Resume.Execute(t.Context(), batchcallsuc.ResumeInput{Actor: s.admin, PublicID: done.Batch.PublicID})
			if err != nil {
				require.Equal(t, batchcalls.NothingToResume, fault.CodeOf(err))
			}
		})
	}
	all.Wait()
	s.run(t)
	require.Equal(t, 2, s.line.asked)
	most, n := s.line.times()
	require.Equal(t, []int{1, 3}, []int{most, n})
	s.line.finish("btcal_vendor0", batchcalls.CallCompleted)
	s.pass(t, 30*time.Second)
	require.Equal(t, batchcalls.Completed, s.now(t, done.Batch).Status)
}

func TestTheRestWaitsWhileTheFirstIsDoubtful(t *testing.T) {
	t.Parallel()
	s := newSystem(t)
	s.line.breaks(lostReply)
	done, err := s.Submit.Execute(t.Context(), s.order(0, 10_002))
	require.NoError(t, err)
	s.pass(t, 40*time.Second)
	require.Equal(t, 1, s.line.asked)
	s.pass(t, 60*time.Second)
	require.Equal(t, 2, s.line.asked)
	most, n := s.line.times()
	require.Equal(t, []int{1, 10_002}, []int{most, n})
	require.Equal(t, batchcalls.Pending, s.now(t, done.Batch).Status)
}

func TestASubmissionWhoseProcessEndedIsLookedFor(t *testing.T) {
	t.Parallel()
	for name, people := range map[string]int{"one request": 2, "several": 5} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newSystemOf(t, inPairs())
			hangs := make(chan struct{}) // the process hangs in the request, and never writes what came of it
			s.line.hold = hangs
			var gone sync.WaitGroup
			gone.Go(func() { _, _ = s.Submit.Execute(t.Context(), s.order(0, people)) })
			<-s.line.began
			s.line.set(func() { s.line.hold = nil })
			s.pass(t, time.Minute)
			known, err := s.Submit.Execute(t.Context(), s.order(0, people))
			require.NoError(t, err)
			require.True(t, known.Repeated)
			require.Equal(t, []batchcalls.CallStatus{"unknown", "unknown"}, s.statuses(t, known.Batch)[:2])
			s.line.set(func() { s.line.blind = -1 })
			s.pass(t, 10*time.Minute)
			s.line.set(func() { s.line.blind = 0 })
			require.Equal(t, []batchcalls.CallStatus{"unknown", "unknown"}, s.statuses(t, known.Batch)[:2], "looks that fail prove nothing")
			s.pass(t, 10*time.Minute)
			require.Equal(t, batchcalls.Absent, s.chunk(t, known.Batch, 0).Status)
			s.line.breaks(down)
			close(hangs)
			gone.Wait()
			require.Equal(t, batchcalls.Absent, s.chunk(t, known.Batch, 0).Status, "what it writes so late changes nothing")
		})
	}
}

func TestAProcessThatWasStoppedDoesNotSendWhenItWakes(t *testing.T) {
	t.Parallel()
	s := newSystem(t)
	s.pause = 20 * time.Second
	done, err := s.Submit.Execute(t.Context(), s.order(0, 2))
	require.NoError(t, err)
	require.Zero(t, s.line.asked, "somebody may have looked for it, and not found it, meanwhile")
	require.Equal(t, batchcalls.Pending, done.Batch.Status)
	s.pass(t, 30*time.Second)
	require.Equal(t, 1, s.line.asked, "whoever takes it anew sends it")
	require.Equal(t, batchcalls.Accepted, s.chunk(t, done.Batch, 0).Status)
}

func TestAListThatLagsBehindMakesNothingAbsent(t *testing.T) {
	t.Parallel()
	s := newSystem(t)
	s.line.breaks(lostReply)
	s.line.blind = 1
	done, err := s.Submit.Execute(t.Context(), s.order(0, 2))
	require.NoError(t, err)
	s.pass(t, 2*time.Minute)
	require.Equal(t, batchcalls.Doubtful, s.chunk(t, done.Batch, 0).Status)
	_, err = s.Resume.Execute(t.Context(), batchcallsuc.ResumeInput{Actor: s.admin, PublicID: done.Batch.PublicID})
	require.Equal(t, batchcalls.NothingToResume, fault.CodeOf(err))
	s.pass(t, 6*time.Minute)
	require.Equal(t, batchcalls.Accepted, s.chunk(t, done.Batch, 0).Status)
}

func TestTheRestWaitsAsLongAsTheFirstIsDoubtful(t *testing.T) {
	t.Parallel()
	s := newSystemOf(t, inPairs())
	s.line.breaks(lostReply)
	s.line.blind = -1
	_, err := s.Submit.Execute(t.Context(), s.order(0, 5))
	require.NoError(t, err)
	s.pass(t, 20*time.Minute)
	require.Equal(t, 1, s.line.asked)
	s.line.blind = 0
	s.pass(t, 2*time.Minute)
	require.Equal(t, 3, s.line.asked)
	most, n := s.line.times()
	require.Equal(t, []int{1, 5}, []int{most, n})
}

func TestAnEventIsAppliedOnce(t *testing.T) {
	t.Parallel()
	s := newSystem(t)
	done, err := s.Submit.Execute(t.Context(), s.order(0, 2))
	require.NoError(t, err)
	news := func(ref, conversation string, status batchcalls.CallStatus) batchcallsuc.InboundEvent {
		n := batchcallsuc.CallNews{ProviderBatch: "btcal_vendor0", Ref: ref, Outcome: batchcalls.Outcome{
			Conversation: conversation, Status: status, Seconds: 42, EndedAt: s.clock.Now(),
			Transcript: []batchcalls.Turn{{Role: "agent", Text: "Hola", Second: 0}},
		}}
		return batchcallsuc.InboundEvent{ID: "e_" + conversation, Body: encode(t, n)}
	}
	first := news(done.Batch.ID.RecipientRef(0), "conv_a", batchcalls.CallVoicemail)
	for range 3 {
		require.NoError(t, s.Receive.Execute(t.Context(), first))
	}
	early := news("", "conv_btcal_vendor0_1", batchcalls.CallNoAnswer) // a failure names no batch, and its call is not known yet
	require.NoError(t, s.Receive.Execute(t.Context(), early))
	s.runSome(t)
	require.Equal(t, []batchcalls.CallStatus{"voicemail", "pending"}, s.statuses(t, done.Batch))

	s.line.finish("btcal_vendor0", batchcalls.CallFailed)
	s.passSome(t, time.Minute)
	require.Equal(t, []batchcalls.CallStatus{"voicemail", "no_answer"}, s.statuses(t, done.Batch))
}
