package embedtest

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tertulia-dev/tertulia/infrastructure/sandbox/sandboxtest"
	"github.com/tertulia-dev/tertulia/pkg/embed/demo"
	"github.com/tertulia-dev/tertulia/pkg/tertulia"
)

// MeetURL is a call that takes place at once.
const MeetURL = "https://meet.google.com/abc-defg-hij"

// Booking is a request for a notetaker in a sales call with a customer whom the CRM knows.
func Booking() tertulia.ScheduleRequest {
	return tertulia.ScheduleRequest{
		MeetingURL: MeetURL, Title: "Propuesta", SalesRepEmail: RepEmail,
		CustomerInfo: tertulia.CustomerInfo{ContactName: "Pedro García", Company: "Distribuidora del Valle", Email: CustomerEmail},
	}
}

// Talk is a script with the conversation that ships with the product, in which Admin sells.
func Talk() sandboxtest.Script { return sandboxtest.Script{Transcript: demo.Transcript()} }

// Scheduled books a call for Rep, whose notetaker lives through the script, and returns the meeting's ID.
func (s *System) Scheduled(t testing.TB, script sandboxtest.Script, changes ...func(*tertulia.ScheduleRequest)) string {
	t.Helper()
	s.script <- struct{}{} // a script is for whatever notetaker is made next
	defer func() { <-s.script }()
	s.Sandbox.Script(script)
	request := Booking()
	for _, change := range changes {
		change(&request)
	}
	booked, err := s.Service.Meetings.Schedule(t.Context(), request)
	require.NoError(t, err)
	return booked.MeetingID
}

// Get returns a meeting as the administrator sees it.
func (s *System) Get(t testing.TB, id string) tertulia.MeetingDetail {
	t.Helper()
	detail, err := s.Admin.Meetings.Get(t.Context(), id)
	require.NoError(t, err)
	return detail
}

// Jobs returns the jobs of a kind, newest first; "" is every kind.
func (s *System) Jobs(t testing.TB, kind string) []tertulia.Job {
	t.Helper()
	var found []tertulia.Job
	for job, err := range s.Admin.Jobs.All(t.Context(), tertulia.JobFilter{Kind: kind}) {
		require.NoError(t, err)
		found = append(found, job)
	}
	return found
}
