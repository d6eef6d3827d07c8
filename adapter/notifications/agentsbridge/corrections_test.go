package agentsbridge_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tertulia-dev/tertulia/adapter/notifications/agentsbridge"
	"github.com/tertulia-dev/tertulia/domain/kernel"
	"github.com/tertulia-dev/tertulia/domain/notifications"
	agentsuc "github.com/tertulia-dev/tertulia/usecase/agents"
)

func TestTheAuthorOfACorrectionIsToldWhatBecameOfIt(t *testing.T) {
	t.Parallel()
	in, err := agentsbridge.Bridge{}.Translate(agentsuc.EventCorrectionReviewed, []byte(`{"meeting":"m","author":"a","agent":"Seguimiento","review":"approved"}`))
	require.NoError(t, err)
	require.Equal(t, notifications.CorrectionReviewed, in.Type)
	require.Equal(t, []kernel.RepID{"a"}, in.Reps)
	require.Equal(t, "m", in.Meeting)
	require.Equal(t, map[string]string{"status": "approved", "agent": "Seguimiento"}, in.Params)
	_, err = agentsbridge.Bridge{}.Translate(agentsuc.EventCorrectionReviewed, []byte(`{`))
	require.Error(t, err)
}
