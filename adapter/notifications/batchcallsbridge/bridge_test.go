package batchcallsbridge_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tertulia-dev/tertulia/adapter/notifications/batchcallsbridge"
	"github.com/tertulia-dev/tertulia/domain/kernel"
	"github.com/tertulia-dev/tertulia/domain/notifications"
	batchcallsuc "github.com/tertulia-dev/tertulia/usecase/batchcalls"
)

func TestAdminsAreToldOfACampaignThatStandsStillByItself(t *testing.T) {
	t.Parallel()
	b := batchcallsbridge.Bridge{}
	in, err := b.Translate(batchcallsuc.EventCampaignPaused, []byte(`{"name":"Cobros","reason":"breaker","publicId":"btcal_1","admins":["a"]}`))
	require.NoError(t, err)
	require.Equal(t, notifications.CampaignPaused, in.Type)
	require.Equal(t, []kernel.RepID{"a"}, in.Reps)
	require.Equal(t, map[string]string{"name": "Cobros", "reason": "breaker", "campaign": "btcal_1"}, in.Params)
	in, err = b.Translate(batchcallsuc.EventCampaignPaused, []byte(`{"name":"Cobros","reason":"person","admins":["a"]}`))
	require.NoError(t, err)
	require.Empty(t, in.Reps)
	_, err = b.Translate(batchcallsuc.EventCampaignPaused, []byte(`{`))
	require.Error(t, err)
}
