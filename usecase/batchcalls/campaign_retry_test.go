package batchcallsuc_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tertulia-dev/tertulia/domain/batchcalls"
	batchcallsuc "github.com/tertulia-dev/tertulia/usecase/batchcalls"
)

func TestLateNewsOfAnEarlierCallDoesNotUndoThatAPersonHasItCalledAgain(t *testing.T) {
	t.Parallel()
	for _, isSeen := range []bool{true, false} { // whether the provider's list ever told the conversation
		s := newSystem(t)
		c := s.start(t, retrying(3), mexican(0))
		s.line.end(batchcalls.CallFailed)
		if !isSeen {
			s.line.batches[0].Recipients[0].Conversation = ""
		}
		s.pass(t, 3*time.Minute)
		s.shift(14 * time.Hour) // it is night there: nobody is called at once
		_, again, err := s.campaigns.Retry.Execute(t.Context(), batchcallsuc.RetryRecipientsInput{CampaignRef: s.ref(c)})
		require.NoError(t, err)
		require.Equal(t, 1, again)
		s.run(t)

		late := batchcallsuc.CallNews{ProviderBatch: "btcal_vendor0", Ref: c.ID.RecipientRef(0), Outcome: batchcalls.Outcome{
			Conversation: "conv_btcal_vendor0_0", Status: batchcalls.CallVoicemail, Seconds: 12, EndedAt: s.clock.Now(),
		}}
		require.NoError(t, s.Receive.Execute(t.Context(), batchcallsuc.InboundEvent{ID: "e1", Body: encode(t, late)}))
		s.pass(t, 3*time.Minute)
		p := s.progress(t, c)
		require.Equal(t, 1, p.Counts.Waiting, "a person's word stands")
		require.Equal(t, batchcalls.InProgress, p.Campaign.Status)
		require.EqualValues(t, 12, p.Campaign.SpentSeconds, "what it took is counted all the same")
		calls, err := s.campaigns.Queries.Calls(t.Context(), s.ref(c), 0)
		require.NoError(t, err)
		require.Equal(t, batchcalls.CallVoicemail, calls.Attempts[0].Status, "and how it ended is told")

		s.shift(10 * time.Hour)
		s.pass(t, time.Minute)
		require.Equal(t, 2, s.line.calls()[mexican(0)])
		require.Equal(t, 1, s.progress(t, c).Campaign.Live)
	}
}
