package main

import (
	"context"
	"encoding/json"
	"log/slog"
	"net"
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tertulia-dev/tertulia/pkg/embed"
	"github.com/tertulia-dev/tertulia/pkg/embed/embedtest"
	"github.com/tertulia-dev/tertulia/pkg/tertulia"
)

// The program runs on the stores and doubles of a test system that runs no jobs itself.
func TestTheProgramServesItsOwnRouteAndAllOfTertulia(t *testing.T) {
	t.Parallel()
	s := embedtest.New(t, embedtest.WithoutWorker())
	cfg, err := embed.ConfigFrom(s.Environ())
	require.NoError(t, err)
	var lc net.ListenConfig
	ln, err := lc.Listen(t.Context(), "tcp", "127.0.0.1:0")
	require.NoError(t, err)
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- run(ctx, ln, cfg, slog.New(slog.DiscardHandler)) }()
	address := "http://" + ln.Addr().String()

	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, address+"/intranet/company", nil)
	require.NoError(t, err)
	res, err := http.DefaultClient.Do(req)
	require.NoError(t, err)
	defer res.Body.Close()
	var company struct{ Name, Timezone string }
	require.NoError(t, json.NewDecoder(res.Body).Decode(&company))
	require.Equal(t, "Andamio", company.Name)
	require.Equal(t, "America/Mexico_City", company.Timezone)

	s.Sandbox.Script(embedtest.Talk())
	client := tertulia.New(address, tertulia.WithAPIKey(embedtest.ServiceKey), tertulia.WithSalesRep(embedtest.RepEmail))
	booked, err := client.Meetings.Schedule(t.Context(), embedtest.Booking())
	require.NoError(t, err)
	require.Len(t, s.Settled(t, booked.MeetingID).Analyses, 1)

	stop()
	require.NoError(t, <-ended)
}
