package batchcallsuc_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tertulia-dev/tertulia/domain/batchcalls"
	"github.com/tertulia-dev/tertulia/domain/fault"
	batchcallsuc "github.com/tertulia-dev/tertulia/usecase/batchcalls"
)

// retrying are settings that call again after the given outcomes, an hour later, twice each.
func retrying(attempts int, outcomes ...batchcalls.CallStatus) batchcalls.Settings {
	set := settings()
	set.Retry.MaxAttempts, set.Breaker = attempts, false
	for _, o := range outcomes {
		set.Retry.Rules = append(set.Retry.Rules, batchcalls.RetryRule{Outcome: o, After: time.Hour, Times: 2})
	}
	return set
}

func TestPeopleAreCalledAgainAsTheRulesOfTheirOutcomeSay(t *testing.T) {
	t.Parallel()
	s := newSystem(t)
	c := s.start(t, retrying(3, batchcalls.CallNoAnswer, batchcalls.CallBusy), many(0, 4)...)
	for i, how := range []batchcalls.CallStatus{batchcalls.CallNoAnswer, batchcalls.CallBusy, batchcalls.CallVoicemail, batchcalls.CallCompleted} {
		s.told(t, c, i, how, 0)
	}
	s.line.end(batchcalls.CallFailed) // what the provider's list says of them all
	s.pass(t, time.Minute)
	p := s.progress(t, c)
	require.Equal(t, 2, p.Counts.Waiting)
	require.Equal(t, batchcalls.HeldNotDue, p.Campaign.Waiting)
	require.Equal(t, map[batchcalls.CallStatus]int{"voicemail": 1, "completed": 1}, p.Counts.ByStatus)

	s.shift(58 * time.Minute)
	s.pass(t, 30*time.Second)
	require.Equal(t, 1, s.line.calls()[mexican(0)])
	s.pass(t, time.Minute)
	require.Equal(t, map[string]int{mexican(0): 2, mexican(1): 2, mexican(2): 1, mexican(3): 1}, s.line.calls())

	for range 3 { // the cap over all rules is three
		s.line.end(batchcalls.CallNoAnswer)
		s.pass(t, time.Minute)
		s.shift(time.Hour)
		s.pass(t, 2*time.Minute)
	}
	require.Equal(t, map[string]int{mexican(0): 3, mexican(1): 3, mexican(2): 1, mexican(3): 1}, s.line.calls())
	require.Equal(t, batchcalls.Completed, s.progress(t, c).Campaign.Status)
	calls, err := s.campaigns.Queries.Calls(t.Context(), s.ref(c), 1)
	require.NoError(t, err)
	var how []batchcalls.CallStatus
	for _, a := range calls.Attempts {
		how = append(how, a.Status)
		require.NotZero(t, a.EndedAt)
	}
	require.Equal(t, []batchcalls.CallStatus{"busy", "no_answer", "no_answer"}, how)
	require.Equal(t, "Hola", calls.Outcomes[0].Transcript[0].Text)
}

func TestWhyACallFailedMayBeToldAfterItsEndWasSeen(t *testing.T) {
	t.Parallel()
	s := newSystem(t)
	c := s.start(t, retrying(3, batchcalls.CallNoAnswer), mexican(0))
	s.line.end(batchcalls.CallFailed)
	s.pass(t, 20*time.Second)
	require.Equal(t, map[batchcalls.CallStatus]int{"failed": 1}, s.progress(t, c).Counts.ByStatus)
	s.told(t, c, 0, batchcalls.CallNoAnswer, 0)
	p := s.progress(t, c)
	require.Equal(t, 1, p.Counts.Waiting)
	require.Equal(t, batchcalls.InProgress, p.Campaign.Status)
}

func TestALateEventOfAnEarlierCallDoesNotEndTheNext(t *testing.T) {
	t.Parallel()
	for _, isSeen := range []bool{true, false} { // whether the provider's list ever told the conversation
		s := newSystem(t)
		c := s.start(t, retrying(3, batchcalls.CallFailed), mexican(0))
		s.line.end(batchcalls.CallFailed)
		if !isSeen {
			s.line.batches[0].Recipients[0].Conversation = ""
		}
		s.pass(t, 20*time.Second)
		s.shift(time.Hour)
		s.run(t)
		require.Equal(t, 2, s.line.calls()[mexican(0)])
		late := batchcallsuc.CallNews{ProviderBatch: "btcal_vendor0", Ref: c.ID.RecipientRef(0), Outcome: batchcalls.Outcome{
			Conversation: "conv_btcal_vendor0_0", Status: batchcalls.CallVoicemail, Seconds: 12, EndedAt: s.clock.Now(),
		}}
		require.NoError(t, s.Receive.Execute(t.Context(), batchcallsuc.InboundEvent{ID: "e1", Body: encode(t, late)}))
		s.run(t)
		p := s.progress(t, c)
		require.Equal(t, 1, p.Campaign.Live)
		require.EqualValues(t, 12, p.Campaign.SpentSeconds)
		calls, err := s.campaigns.Queries.Calls(t.Context(), s.ref(c), 0)
		require.NoError(t, err)
		require.Equal(t, batchcalls.CallVoicemail, calls.Attempts[0].Status)
		require.Zero(t, calls.Attempts[1].EndedAt)
		require.Equal(t, batchcalls.CallPending, calls.Person.Status)
	}
}

func TestNobodyIsCalledWhomTheBudgetDoesNotCover(t *testing.T) {
	t.Parallel()
	s := newSystem(t)
	set := settings()
	set.BudgetSeconds, set.Estimate = 300, 100*time.Second
	c := s.start(t, set, many(0, 10)...)
	require.Equal(t, []int{3}, s.line.sizes())
	require.Equal(t, batchcalls.HeldBudget, s.progress(t, c).Campaign.Waiting)
	s.told(t, c, 0, batchcalls.CallCompleted, 40)
	require.Equal(t, []int{3}, s.line.sizes(), "40 + 2 × 100 leave less than 100")
	s.told(t, c, 1, batchcalls.CallCompleted, 30)
	require.Equal(t, []int{3, 1}, s.line.sizes())
	s.line.end(batchcalls.CallCompleted)
	s.pass(t, time.Minute)
	p := s.progress(t, c)
	require.EqualValues(t, 270, p.Campaign.SpentSeconds, "of those nobody has told of, the estimate")
	require.Equal(t, batchcalls.Paused, p.Campaign.Status)
	require.Equal(t, batchcalls.PausedByBudget, p.Campaign.PauseReason)
	s.told(t, c, 2, batchcalls.CallCompleted, 50)
	require.EqualValues(t, 220, s.progress(t, c).Campaign.SpentSeconds, "settled with what it took")

	_, err := s.campaigns.Edit.Execute(t.Context(), batchcallsuc.EditCampaignInput{
		CampaignRef: s.ref(c), Settings: func(set *batchcalls.Settings) { set.BudgetSeconds = 420 },
	})
	require.NoError(t, err)
	_, err = s.campaigns.Resume.Execute(t.Context(), s.ref(c))
	require.NoError(t, err)
	s.run(t)
	require.Equal(t, []int{3, 1, 2}, s.line.sizes())
}

func TestTheBreakerPausesACampaignWhoseCallsFail(t *testing.T) {
	t.Parallel()
	s := newSystem(t)
	set := settings()
	set.Limits.MaxConcurrent = 6
	c := s.start(t, set, many(0, 20)...)
	s.line.end(batchcalls.CallFailed)
	s.pass(t, 20*time.Second)
	p := s.progress(t, c)
	require.Equal(t, batchcalls.Paused, p.Campaign.Status)
	require.Equal(t, batchcalls.PausedByBreaker, p.Campaign.PauseReason)
	require.Len(t, s.line.calls(), 6)
	require.Equal(t, []string{"call_campaign.paused"}, s.events(t, c))

	_, err := s.campaigns.Resume.Execute(t.Context(), s.ref(c))
	require.NoError(t, err)
	s.pass(t, 5*time.Second)
	require.Len(t, s.line.calls(), 12, "what a person has seen counts no more")
	s.line.end(batchcalls.CallBusy)
	s.pass(t, 30*time.Second)
	require.Len(t, s.line.calls(), 18, "a line that is busy says nothing against going on")
}

func TestACampaignIsPausedResumedAndCancelled(t *testing.T) {
	t.Parallel()
	s := newSystem(t)
	set := settings()
	set.Limits.MaxConcurrent = 3
	c := s.start(t, set, many(0, 9)...)
	s.line.move(batchcalls.CallInProgress, mexican(0))
	c, err := s.campaigns.Pause.Execute(t.Context(), s.ref(c))
	require.NoError(t, err)
	require.Equal(t, batchcalls.PausedByPerson, c.PauseReason)
	s.pass(t, 30*time.Second)
	p := s.progress(t, c)
	require.Equal(t, []int{1, 8}, []int{p.Campaign.Live, p.Counts.Waiting}, "what the provider had not dialled waits again")
	s.line.end(batchcalls.CallCompleted)
	s.pass(t, 10*time.Minute)
	require.Len(t, s.line.calls(), 3)
	_, err = s.campaigns.Pause.Execute(t.Context(), s.ref(c))
	require.Equal(t, batchcalls.WrongCampaignState, fault.CodeOf(err))

	_, err = s.campaigns.Resume.Execute(t.Context(), s.ref(c))
	require.NoError(t, err)
	s.run(t)
	require.Equal(t, []int{3, 3}, s.line.sizes())
	s.line.move(batchcalls.CallInProgress, mexican(3))
	c, err = s.campaigns.Cancel.Execute(t.Context(), s.ref(c))
	require.NoError(t, err)
	require.Equal(t, batchcalls.Cancelled, c.Status)
	s.pass(t, 30*time.Second)
	require.Equal(t, batchcalls.Cancelled, s.line.find("btcal_vendor1").Status)
	s.line.end(batchcalls.CallCompleted)
	s.pass(t, time.Hour)
	p = s.progress(t, c)
	require.Equal(t, []int{3, 3}, s.line.sizes())
	require.Equal(t, map[batchcalls.CallStatus]int{"completed": 2, "cancelled": 7}, p.Counts.ByStatus)
	require.Zero(t, p.Counts.Waiting)
	_, _, err = s.campaigns.Retry.Execute(t.Context(), batchcallsuc.RetryRecipientsInput{CampaignRef: s.ref(c)})
	require.Equal(t, batchcalls.WrongCampaignState, fault.CodeOf(err))
}

func TestARefusedRequestPausesTheCampaignAndCountsForNobody(t *testing.T) {
	t.Parallel()
	s := newSystem(t)
	s.line.breaks(refused)
	c := s.start(t, settings(), many(0, 3)...)
	s.pass(t, time.Minute)
	p := s.progress(t, c)
	require.Equal(t, batchcalls.PausedByProvider, p.Campaign.PauseReason)
	require.Equal(t, "Invalid API key", p.Campaign.PauseDetail)
	require.Equal(t, 3, p.Counts.Waiting)
	_, err := s.campaigns.Resume.Execute(t.Context(), s.ref(c))
	require.NoError(t, err)
	s.run(t)
	most, n := s.line.times()
	require.Equal(t, []int{1, 3}, []int{most, n})
}

func TestWhomNobodyKnowsToBeDialledIsNotCalledAgainByItself(t *testing.T) {
	t.Parallel()
	s := newSystem(t)
	s.line.breaks(lostReply)
	set := retrying(3, batchcalls.CallFailed)
	c := s.start(t, set, many(0, 2)...)
	require.Equal(t, 2, s.progress(t, c).Counts.ByStatus[batchcalls.CallUnknown])
	require.Equal(t, batchcalls.HeldProvider, s.progress(t, c).Campaign.Waiting)
	s.pass(t, 2*time.Minute) // it is found
	require.Equal(t, 2, s.progress(t, c).Counts.ByStatus[batchcalls.CallPending])
	s.line.end(batchcalls.CallCompleted)
	s.pass(t, 3*time.Minute)
	require.Equal(t, batchcalls.Completed, s.progress(t, c).Campaign.Status)
	most, _ := s.line.times()
	require.Equal(t, 1, most)

	s.line.breaks(down)
	c = s.start(t, set, many(10, 12)...)
	s.pass(t, 20*time.Minute) // it is looked for twice, and is not there
	p := s.progress(t, c)
	require.Equal(t, 2, p.Counts.ByStatus[batchcalls.CallUnknown])
	require.Zero(t, p.Campaign.Live)
	require.Zero(t, s.line.calls()[mexican(10)])
	_, again, err := s.campaigns.Retry.Execute(t.Context(), batchcallsuc.RetryRecipientsInput{
		CampaignRef: s.ref(c), Outcomes: []batchcalls.CallStatus{batchcalls.CallUnknown},
	})
	require.NoError(t, err)
	require.Equal(t, 2, again)
	s.run(t)
	require.Equal(t, 1, s.line.calls()[mexican(10)])
}

func TestALostCallbackDoesNotHoldItsPlaceForEver(t *testing.T) {
	t.Parallel()
	s := newSystem(t)
	set := retrying(3, batchcalls.CallFailed)
	set.Limits.MaxConcurrent = 1
	c := s.start(t, set, many(0, 2)...)
	s.line.move(batchcalls.CallInitiated, "") // and there it stays
	s.pass(t, 20*time.Second)
	s.shift(2 * time.Hour)
	s.pass(t, time.Minute)
	p := s.progress(t, c)
	require.Equal(t, 1, p.Counts.ByStatus[batchcalls.CallUnknown])
	require.Equal(t, map[string]int{mexican(0): 1, mexican(1): 1}, s.line.calls(), "it is not called again")
	s.told(t, c, 0, batchcalls.CallCompleted, 10)
	require.Equal(t, 1, s.progress(t, c).Counts.ByStatus[batchcalls.CallCompleted])
}

func TestPeopleWhoseCallsFailedAreCalledAgainByAPerson(t *testing.T) {
	t.Parallel()
	s := newSystem(t)
	set := retrying(2)
	c := s.start(t, set, many(0, 3)...)
	s.told(t, c, 0, batchcalls.CallNoAnswer, 0)
	s.told(t, c, 1, batchcalls.CallCompleted, 9)
	s.line.end(batchcalls.CallFailed)
	s.pass(t, 3*time.Minute)
	require.Equal(t, batchcalls.Completed, s.progress(t, c).Campaign.Status)
	in := batchcallsuc.RetryRecipientsInput{CampaignRef: s.ref(c), Outcomes: []batchcalls.CallStatus{batchcalls.CallNoAnswer}}
	back, again, err := s.campaigns.Retry.Execute(t.Context(), in)
	require.NoError(t, err)
	require.Equal(t, 1, again)
	require.Equal(t, batchcalls.InProgress, back.Status)
	s.run(t)
	require.Equal(t, map[string]int{mexican(0): 2, mexican(1): 1, mexican(2): 1}, s.line.calls())
	s.line.end(batchcalls.CallNoAnswer)
	s.pass(t, 3*time.Minute)
	_, _, err = s.campaigns.Retry.Execute(t.Context(), in)
	require.Equal(t, batchcalls.NothingToRetry, fault.CodeOf(err), "two attempts are all there are")
}
