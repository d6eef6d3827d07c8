package embed_test

import (
	"context"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tertulia-dev/tertulia/infrastructure/sandbox/sandboxtest"
	"github.com/tertulia-dev/tertulia/pkg/embed/embedtest"
	"github.com/tertulia-dev/tertulia/pkg/tertulia"
)

const createBot = "POST /api/v1/bot"

// onCreate is a fault of the request that sends a notetaker.
func onCreate(f sandboxtest.Fault) sandboxtest.Fault {
	f.Vendor, f.Method, f.Path = "recall", "POST", "/api/v1/bot"
	return f
}

func requireCode(t *testing.T, err error, status int, code string) {
	t.Helper()
	var e *tertulia.APIError
	require.ErrorAs(t, err, &e)
	require.Equal(t, code, e.Code, e.Error())
	require.Equal(t, status, e.Status, e.Error())
}

func TestTheSameKeyManyTimesAtOnceIsOneMeetingWithOneNotetaker(t *testing.T) {
	t.Parallel()
	s := embedtest.New(t)
	s.Sandbox.Fault(onCreate(sandboxtest.Fault{Times: -1, DelayMs: 150}))
	var calls sync.WaitGroup
	answers := make([]tertulia.ScheduledMeeting, 8)
	for i := range answers {
		calls.Go(func() {
			var err error
			answers[i], err = s.Service.Meetings.Schedule(t.Context(), embedtest.Booking(), tertulia.WithIdempotencyKey("k-1"))
			require.NoError(t, err)
		})
	}
	calls.Wait()

	for _, answer := range answers {
		require.Equal(t, answers[0].MeetingID, answer.MeetingID)
	}
	require.Len(t, s.Notetakers(t, ""), 1)
	require.Equal(t, 1, s.Sandbox.Calls("recall", createBot))
	require.Equal(t, 1, s.Count(t, "select count(*) from meetings"))
}

func TestAKeyThatCameWithAnotherBodyIsRefused(t *testing.T) {
	t.Parallel()
	s := embedtest.New(t)
	first := embedtest.Booking()
	_, err := s.Service.Meetings.Schedule(t.Context(), first, tertulia.WithIdempotencyKey("k-1"))
	require.NoError(t, err)
	first.Title = "Otra"
	_, err = s.Service.Meetings.Schedule(t.Context(), first, tertulia.WithIdempotencyKey("k-1"))
	requireCode(t, err, http.StatusConflict, tertulia.CodeIdempotencyKeyReused)
	other := embedtest.Booking()
	other.SalesRepEmail = embedtest.OtherEmail
	_, err = s.Other.Meetings.Schedule(t.Context(), other, tertulia.WithIdempotencyKey("k-1"))
	require.NoError(t, err, "another workspace has keys of its own")
}

func TestWhateverBecomesOfTheVendorsAnswerThereIsOneNotetaker(t *testing.T) {
	t.Parallel()
	for name, fault := range map[string]sandboxtest.Fault{
		"lost after it was accepted": {Drop: "after"},
		"reset after":                {Drop: "after", Reset: true},
		"lost before":                {Drop: "before"},
		"unreadable after":           {Drop: "after", Status: 201, Body: []byte(`"<html>"`)},
		"server error":               {Status: 500},
		"server error after":         {Drop: "after", Status: 502},
		"throttled":                  {Status: 429, Headers: map[string]string{"Retry-After": "7"}},
		"in flight":                  {Status: 409},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := embedtest.New(t)
			s.Sandbox.Fault(onCreate(fault))
			id := s.Scheduled(t, talkWith(sandboxtest.Faults{DropWebhooks: []string{"*"}}))
			require.Equal(t, tertulia.Joining, s.Get(t, id).Meeting.Status)

			s.HastenUntil(t, id, tertulia.Completed)
			require.Len(t, s.Notetakers(t, ""), 1)
		})
	}
}

func TestADepletedPoolIsAskedAgainWithAFreshKey(t *testing.T) {
	t.Parallel()
	s := embedtest.New(t)
	s.Sandbox.RecallSettings(map[string]any{"pool": 0})
	id := s.Scheduled(t, embedtest.Talk())
	refused := s.Sandbox.Matching("recall", createBot)
	require.Len(t, refused, 1)
	s.Sandbox.RecallSettings(map[string]any{"pool": 5})

	s.HastenUntil(t, id, tertulia.Completed)
	again := s.Sandbox.Matching("recall", createBot)[1:]
	require.GreaterOrEqual(t, again[0].At.Sub(refused[0].At), 30*time.Second, "as the vendor asks")
	for _, r := range again { // when time flies, the job and the watch may both ask: with the same key, for the same notetaker
		require.NotEqual(t, refused[0].Headers["Idempotency-Key"], r.Headers["Idempotency-Key"])
		require.Equal(t, again[0].Headers["Idempotency-Key"], r.Headers["Idempotency-Key"])
	}
	require.Len(t, s.Notetakers(t, ""), 1)
}

func TestARefusalForGoodFailsTheMeetingVisibly(t *testing.T) {
	t.Parallel()
	s := embedtest.New(t)
	s.Sandbox.Fault(onCreate(sandboxtest.Fault{Status: 400, Body: []byte(`{"meeting_url":["Not supported."]}`)}))
	_, err := s.Service.Meetings.Schedule(t.Context(), embedtest.Booking())
	require.True(t, tertulia.HasCode(err, "RECALL_ERROR"), "%v", err)
	page, err := s.Rep.Meetings.List(t.Context(), tertulia.MeetingFilter{})
	require.NoError(t, err)
	require.Len(t, page.Data, 1)
	requireFailed(t, s.Get(t, page.Data[0].ID), "NOTETAKER_REFUSED")
}

// zoomWith books a Zoom call that has a password.
func zoomWith(password string) func(*tertulia.ScheduleRequest) {
	return func(r *tertulia.ScheduleRequest) {
		r.MeetingURL, r.MeetingPassword = "https://us02web.zoom.us/j/81234567890", password
	}
}

const password = "canary-p4ssword"

// requirePasswordOnlyIn holds that a password went to the vendor so many times and nowhere else.
func requirePasswordOnlyIn(t *testing.T, s *embedtest.System, requests int) {
	t.Helper()
	found := 0
	for _, request := range s.Sandbox.Ledger("") {
		if strings.Contains(request.Body+request.Query, password) {
			require.Equal(t, "recall", request.Vendor)
			found++
		}
	}
	require.Equal(t, requests, found)
	require.NotContains(t, s.Dump(t), password)
	require.NotContains(t, s.Logs.String(), password)
}

func TestAMeetingPasswordGoesIntoOneRequestAndNowhereElse(t *testing.T) {
	t.Parallel()
	s := embedtest.New(t)
	id := s.Scheduled(t, embedtest.Talk(), zoomWith(password))
	detail := s.Settled(t, id)
	require.NotContains(t, detail.Meeting.MeetingURL, "pwd")
	requirePasswordOnlyIn(t, s, 1)
}

func TestAPasswordThatWasLostOnTheWayFailsTheMeetingInsteadOfBeingKept(t *testing.T) {
	t.Parallel()
	for name, fault := range map[string]sandboxtest.Fault{
		"lost": {Drop: "before"}, "throttled": {Status: 429}, "no capacity": {Status: 507},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := embedtest.New(t)
			s.Sandbox.Fault(onCreate(fault))
			id := s.Scheduled(t, embedtest.Talk(), zoomWith(password))
			requireFailed(t, s.HastenUntil(t, id, tertulia.Failed), "MEETING_PASSWORD_REQUIRED")
			require.Empty(t, s.Notetakers(t, ""))
			require.NotContains(t, s.Dump(t)+s.Logs.String(), password)
		})
	}
}

func TestAPasswordWhoseAnswerWasLostIsNotNeededAgain(t *testing.T) {
	t.Parallel()
	s := embedtest.New(t)
	s.Sandbox.Fault(onCreate(sandboxtest.Fault{Drop: "after"}))
	id := s.Scheduled(t, talkWith(sandboxtest.Faults{DropWebhooks: []string{"*"}}), zoomWith(password))
	s.HastenUntil(t, id, tertulia.Completed)
	require.Len(t, s.Notetakers(t, id), 1)
	requirePasswordOnlyIn(t, s, 1)
}

func TestWithoutALinkNothingIsScheduledAndTheSameKeyMayTryAgain(t *testing.T) {
	t.Parallel()
	for name, fault := range map[string]sandboxtest.Fault{
		"not found": {Status: 404}, "broken": {Drop: "before"}, "no link": {Body: []byte(`{"ok":true}`)},
		"not a Google Meet": {Body: []byte(`{"meetingUrl":"https://evil.com/meet.google.com/abc"}`)},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := embedtest.New(t)
			fault.Vendor = "n8n"
			s.Sandbox.Fault(fault)
			request := embedtest.Booking()
			request.MeetingURL = ""
			_, err := s.Service.Meetings.Schedule(t.Context(), request, tertulia.WithIdempotencyKey("k-1"))
			requireCode(t, err, http.StatusBadGateway, tertulia.CodeN8N)
			require.Zero(t, s.Count(t, "select (select count(*) from meetings) + (select count(*) from idempotency_keys)"))
			require.Zero(t, s.Sandbox.Calls("recall", createBot))

			booked, err := s.Service.Meetings.Schedule(t.Context(), request, tertulia.WithIdempotencyKey("k-1"))
			require.NoError(t, err)
			require.Contains(t, booked.MeetURL, "https://meet.google.com/")
			s.Until(t, booked.MeetingID, tertulia.Completed)
			require.Len(t, s.Notetakers(t, ""), 1)
		})
	}
}

func TestACallerWhoHangsUpDoesNotMakeUsForgetTheNotetaker(t *testing.T) {
	t.Parallel()
	s := embedtest.New(t)
	s.Sandbox.Fault(onCreate(sandboxtest.Fault{DelayMs: 300}))
	ctx, hangUp := context.WithCancel(t.Context())
	gone := make(chan error, 1)
	go func() {
		_, err := s.Service.Meetings.Schedule(ctx, embedtest.Booking(), tertulia.WithIdempotencyKey("k-1"))
		gone <- err
	}()
	s.WaitFor(t, "the vendor is being asked", func() bool { return s.Sandbox.Calls("recall", createBot) == 1 })
	hangUp()
	require.ErrorIs(t, <-gone, context.Canceled)

	again, err := s.Service.Meetings.Schedule(t.Context(), embedtest.Booking(), tertulia.WithIdempotencyKey("k-1"))
	require.NoError(t, err)
	s.Until(t, again.MeetingID, tertulia.Completed)
	require.Len(t, s.Notetakers(t, ""), 1)
}
