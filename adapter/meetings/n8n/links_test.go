package n8n_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	adapter "github.com/tertulia-dev/tertulia/adapter/meetings/n8n"
	"github.com/tertulia-dev/tertulia/domain/fault"
	"github.com/tertulia-dev/tertulia/domain/meetings"
	"github.com/tertulia-dev/tertulia/infrastructure/outbound"
	"github.com/tertulia-dev/tertulia/infrastructure/sandbox/sandboxtest"
	"github.com/tertulia-dev/tertulia/infrastructure/vendors/n8n"
	meetingsuc "github.com/tertulia-dev/tertulia/usecase/meetings"
)

func request() meetingsuc.LinkRequest {
	return meetingsuc.LinkRequest{
		MeetingID: "01a1fc20-d057-7794-8cb6-32d3af225d6c", Title: "Demo", ScheduledAt: time.Now(), RepEmail: "ana@acme.example",
	}
}

func TestTheWorkflowMakesALink(t *testing.T) {
	t.Parallel()
	s := sandboxtest.Start(t)
	client, err := n8n.New(n8n.Options{
		URL: s.URL("n8n") + "/webhook/create-meet", Secret: sandboxtest.Key, Guard: outbound.Guard{AllowLoopback: true},
	})
	require.NoError(t, err)

	url, err := adapter.NewLinks(client).MakeLink(t.Context(), request())
	require.NoError(t, err)
	link, err := meetings.ParseMeetingURL(url)
	require.NoError(t, err)
	require.Equal(t, meetings.GoogleMeet, link.Platform)

	s.Fault(sandboxtest.Fault{Vendor: "n8n", Times: 1, Status: 500})
	_, err = adapter.NewLinks(client).MakeLink(t.Context(), request())
	require.Equal(t, meetings.N8NError, fault.CodeOf(err))
	require.Equal(t, fault.Upstream, fault.KindOf(err))
}

func TestWithoutAWorkflowThereIsNoLink(t *testing.T) {
	t.Parallel()
	_, err := adapter.NewLinks(nil).MakeLink(t.Context(), request())
	require.Equal(t, meetings.N8NError, fault.CodeOf(err))
}
