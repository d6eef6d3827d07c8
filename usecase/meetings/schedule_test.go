package meetingsuc_test

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tertulia-dev/tertulia/domain/fault"
	"github.com/tertulia-dev/tertulia/domain/kernel"
	"github.com/tertulia-dev/tertulia/domain/meetings"
	"github.com/tertulia-dev/tertulia/infrastructure/queue"
	meetingsuc "github.com/tertulia-dev/tertulia/usecase/meetings"
	"github.com/tertulia-dev/tertulia/usecase/port"
)

func TestAMeetingForNowIsJoiningAndALaterOneIsScheduled(t *testing.T) {
	t.Parallel()
	s := newSystem(t)

	now := s.scheduled(t)
	require.Equal(t, meetings.Joining, now.Status)
	require.Nil(t, now.ScheduledAt)
	require.Equal(t, s.ana.Rep, now.SalesRep)
	require.Equal(t, s.ana.Rep, now.CreatedBy)
	require.Equal(t, meetings.BotCreated, now.Bot.State)

	later := s.scheduled(t, func(in *meetingsuc.ScheduleMeetingInput) { in.ScheduledAt = "2026-11-24T15:00:00-06:00" })
	require.Equal(t, meetings.Scheduled, later.Status)
	require.Equal(t, "2026-11-24T15:00:00-06:00", s.get(t, later.ID).ScheduledText())
	require.Zero(t, s.out.requests[0].JoinAt)
	require.True(t, s.out.requests[1].JoinAt.Equal(time.Date(2026, 11, 24, 21, 0, 0, 0, time.UTC)))
	require.Equal(t, 1, s.events(t, now.ID, meetingsuc.EventScheduled))
}

func TestAPasswordGoesToTheVendorAndIntoNoRow(t *testing.T) {
	t.Parallel()
	s := newSystem(t)

	m := s.scheduled(t, func(in *meetingsuc.ScheduleMeetingInput) {
		in.MeetingURL, in.Password = "https://us02web.zoom.us/j/123456789", "s3cret-canary"
	})

	require.Contains(t, s.out.requests[0].URL, "s3cret-canary")
	require.NotContains(t, m.URL, "canary")
	for _, table := range []string{"meetings", "jobs", "events", "idempotency_keys"} {
		require.Zero(t, s.count(t, table+" x where x::text like '%canary%'"), table)
	}
}

func TestEveryWrongFieldOfARequestIsNamedAndNothingIsStored(t *testing.T) {
	t.Parallel()
	s := newSystem(t)
	for field, spoil := range map[string]func(*meetingsuc.ScheduleMeetingInput){
		"customerInfo.contactName": func(in *meetingsuc.ScheduleMeetingInput) { in.Customer.ContactName = " " },
		"customerInfo.email":       func(in *meetingsuc.ScheduleMeetingInput) { in.Customer.Email = "nobody" },
		"meetingType":              func(in *meetingsuc.ScheduleMeetingInput) { in.Type = "party" },
		"meetingUrl":               func(in *meetingsuc.ScheduleMeetingInput) { in.MeetingURL = "https://evil.com/meet.google.com" },
		"scheduledAt":              func(in *meetingsuc.ScheduleMeetingInput) { in.ScheduledAt = "2026-11-24T15:00:00" },
		"title":                    func(in *meetingsuc.ScheduleMeetingInput) { in.Title = strings.Repeat("á", 301) },
	} {
		in := s.booking(s.ana)
		spoil(&in)
		_, err := s.Schedule.Execute(t.Context(), in)
		require.Equal(t, fault.Validation, fault.CodeOf(err), field)
		wrong, _ := errors.AsType[*fault.Error](err)
		require.Len(t, wrong.Fields, 1, field)
		require.Equal(t, field, wrong.Fields[0].Name)
	}
	in := s.booking(s.ana)
	in.ScheduledAt = "2026-11-23T08:54:59-06:00" // five minutes and a second ago
	_, err := s.Schedule.Execute(t.Context(), in)
	require.Equal(t, fault.Validation, fault.CodeOf(err))
	for _, b := range []meetingsuc.Booking{meetingsuc.ByStart, meetingsuc.ByInvite} {
		in := s.booking(s.ana)
		in.Booking, in.MeetingURL, in.Type = b, "", ""
		_, err := s.Schedule.Execute(t.Context(), in)
		require.Equal(t, fault.Validation, fault.CodeOf(err), "a URL is required")
	}
	require.Zero(t, s.count(t, "meetings"))
	require.Zero(t, s.count(t, "jobs"))
	require.Empty(t, s.out.requests)
}

func TestAnInvitationIsNobodysSaleAndNeverAboutSales(t *testing.T) {
	t.Parallel()
	s := newSystem(t)
	in := s.booking(s.ana)
	in.Booking, in.Customer = meetingsuc.ByInvite, meetings.Customer{}

	m, err := s.Schedule.Execute(t.Context(), in)
	require.NoError(t, err)
	require.Equal(t, meetings.General, m.Type)
	require.Empty(t, m.SalesRep)
	require.Equal(t, s.ana.Rep, m.CreatedBy)

	in.Type = meetings.Sales
	_, err = s.Schedule.Execute(t.Context(), in)
	require.Equal(t, fault.Validation, fault.CodeOf(err))
}

func TestOnlyAnAdminBooksForAnotherRep(t *testing.T) {
	t.Parallel()
	s := newSystem(t)
	for _, c := range []struct {
		actor kernel.Principal
		email string
		owner kernel.RepID
		code  fault.Code
	}{
		{actor: s.ana, email: "ANA@example.com", owner: s.ana.Rep},
		{actor: s.ana, email: "beto@example.com", code: fault.ForbiddenCode},
		{actor: s.admin, email: "Beto@example.com", owner: s.beto.Rep},
		{actor: s.admin, email: "nobody@example.com", code: meetings.SalesRepNotFound},
		{actor: s.admin, email: "eva@example.net", code: meetings.SalesRepNotFound}, // another workspace's
	} {
		in := s.booking(c.actor)
		in.RepEmail = c.email
		m, err := s.Schedule.Execute(t.Context(), in)
		if c.code != "" {
			require.Equal(t, c.code, fault.CodeOf(err), c.email)
			continue
		}
		require.NoError(t, err)
		require.Equal(t, c.owner, m.SalesRep)
		require.Equal(t, c.actor.Rep, m.CreatedBy)
	}
}

func TestALinkIsMadeInTheCalendarOfTheRepWhoseMeetingItIs(t *testing.T) {
	t.Parallel()
	s := newSystem(t)

	m := s.scheduled(t, func(in *meetingsuc.ScheduleMeetingInput) {
		in.Actor, in.RepEmail, in.MeetingURL = s.admin, "beto@example.com", ""
	})

	require.Equal(t, "https://meet.google.com/new-link-1", m.URL)
	require.Equal(t, meetings.GoogleMeet, m.Platform)
	require.Equal(t, "beto@example.com", s.out.linksFor[0].RepEmail)
	require.Equal(t, []string{"luis@acme.example"}, s.out.linksFor[0].Attendees)

	s.tx.crashAt(1, true) // the intent is stored, and no more
	require.Panics(t, func() {
		in := s.booking(s.admin)
		in.RepEmail, in.MeetingURL = "beto@example.com", ""
		_, _ = s.Schedule.Execute(t.Context(), in)
	})
	s.live(t, 3*time.Minute, time.Minute)
	require.Len(t, s.out.linksFor, 2)
	require.Equal(t, "beto@example.com", s.out.linksFor[1].RepEmail, "a job makes it in the same calendar")
}

func TestWithoutALinkNothingIsScheduledAndTheKeyIsFree(t *testing.T) {
	t.Parallel()
	s := newSystem(t)
	s.out.once("link", upstream(meetings.N8NError))
	in := s.booking(s.ana)
	in.MeetingURL, in.Key = "", port.IdempotencyKey{Scope: "schedule", Key: "k", BodyHash: "h"}

	_, err := s.Schedule.Execute(t.Context(), in)
	require.Equal(t, meetings.N8NError, fault.CodeOf(err))
	require.Equal(t, fault.Upstream, fault.KindOf(err))
	require.Zero(t, s.count(t, "meetings"))

	_, err = s.Schedule.Execute(t.Context(), in)
	require.NoError(t, err)
	require.Equal(t, 1, s.count(t, "meetings"))
	s.live(t, 3*time.Minute, time.Minute)
	require.Zero(t, s.count(t, "jobs where state = 'dead'"), "the look at the meeting that was taken back")
}

func TestTwoRequestsWithOneKeyAreOneMeeting(t *testing.T) {
	t.Parallel()
	s := newSystem(t)
	in := s.booking(s.ana)
	in.Key = port.IdempotencyKey{Scope: "schedule", Key: "k", BodyHash: "h"}
	ids := make([]meetings.ID, 8)
	var all sync.WaitGroup
	for i := range ids {
		all.Go(func() {
			m, err := s.Schedule.Execute(t.Context(), in)
			if err != nil {
				t.Errorf("schedule: %v", err)
			}
			ids[i] = m.ID
		})
	}
	all.Wait()
	for _, id := range ids {
		require.Equal(t, ids[0], id)
	}
	require.Len(t, s.out.requests, 1)

	in.Key.BodyHash = "another"
	_, err := s.Schedule.Execute(t.Context(), in)
	require.Equal(t, fault.IdempotencyKeyReused, fault.CodeOf(err))
}

func TestWhatTheVendorRefusesIsKeptAsFailedAndRefusedAgain(t *testing.T) {
	t.Parallel()
	s := newSystem(t)
	s.out.always("send", fault.New(fault.Invalid, meetings.RecallError))
	in := s.booking(s.ana)
	in.Key = port.IdempotencyKey{Scope: "schedule", Key: "k", BodyHash: "h"}

	for range 2 { // the second is answered from the first
		_, err := s.Schedule.Execute(t.Context(), in)
		require.Equal(t, meetings.RecallError, fault.CodeOf(err))
		require.Equal(t, fault.Upstream, fault.KindOf(err), "the caller's own input was right")
	}
	require.Equal(t, 1, s.out.called("send"))
	require.Equal(t, 1, s.count(t, "meetings where status = 'FAILED' and failure ->> 'code' = $1", string(meetings.NotetakerRefused)))
	s.live(t, time.Hour, 10*time.Minute)
	require.Equal(t, 1, s.out.called("send"), "it is not asked again")
}

func TestALostAnswerIsLookedUpAndNoSecondNotetakerIsSent(t *testing.T) {
	t.Parallel()
	s := newSystem(t)
	s.out.once("sent", fmt.Errorf("%w: timeout", meetingsuc.ErrOutcomeUnknown))

	m := s.scheduled(t)
	require.Equal(t, meetings.BotUnknown, m.Bot.State)
	s.runJobs(t)

	m = s.get(t, m.ID)
	require.Equal(t, meetings.BotCreated, m.Bot.State)
	require.Equal(t, s.out.of[m.ID], m.Bot.ID)
	require.Len(t, s.out.requests, 1)
	require.Equal(t, 1, s.events(t, m.ID, meetingsuc.EventScheduled))
}

func TestAnEmptyPoolIsAskedAgainWithAFreshKey(t *testing.T) {
	t.Parallel()
	s := newSystem(t)
	s.out.once("send", fmt.Errorf("%w: 507", meetingsuc.ErrNoCapacity))

	m := s.scheduled(t)
	s.runJobs(t)
	require.Empty(t, s.out.requests, "not before half a minute has gone")
	first := s.get(t, m.ID).Bot.IdempotencyKey
	s.live(t, time.Minute, 30*time.Second)

	require.Len(t, s.out.requests, 1)
	require.Equal(t, first, s.out.requests[0].Key)
	require.Equal(t, meetings.BotCreated, s.get(t, m.ID).Bot.State)
}

func TestAnOutageIsAskedAboutNowAndThenAndEndsInAFailureThatShows(t *testing.T) {
	t.Parallel()
	for name, err := range map[string]error{
		"overload":      upstream(meetings.RecallError),
		"empty pool":    fmt.Errorf("%w: 507", meetingsuc.ErrNoCapacity),
		"no answer":     fmt.Errorf("%w: timeout", meetingsuc.ErrOutcomeUnknown),
		"wrong address": fault.New(fault.NotFound, meetings.RecallError),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newSystem(t)
			s.out.always("send", err)

			m := s.scheduled(t)
			s.live(t, time.Minute, 10*time.Second)
			require.LessOrEqual(t, s.out.called("send"), 5, "a vendor in trouble is not hammered")

			s.live(t, 45*time.Minute, 30*time.Second)
			m = s.get(t, m.ID)
			require.Equal(t, meetings.Failed, m.Status)
			require.Equal(t, meetings.NotetakerFailed, m.Failure.Code)
			require.LessOrEqual(t, s.out.called("send"), 100, "every half minute")
			require.Zero(t, s.jobs(t, "send_notetaker", queue.StatePending))
		})
	}
}

func TestARetryThatWouldNeedThePasswordFailsTheMeeting(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		place string
		err   error
		found bool
	}{
		"the pool was empty":                  {place: "send", err: fmt.Errorf("%w: 507", meetingsuc.ErrNoCapacity)},
		"the request never arrived":           {place: "send", err: fmt.Errorf("%w: timeout", meetingsuc.ErrOutcomeUnknown)},
		"the answer was lost, the bot exists": {place: "sent", err: fmt.Errorf("%w: timeout", meetingsuc.ErrOutcomeUnknown), found: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newSystem(t)
			s.out.once(c.place, c.err)
			m := s.scheduled(t, func(in *meetingsuc.ScheduleMeetingInput) {
				in.MeetingURL, in.Password = "https://us02web.zoom.us/j/123456789", "canary"
			})
			s.live(t, 3*time.Minute, 30*time.Second)

			m = s.get(t, m.ID)
			if c.found {
				require.Equal(t, meetings.BotCreated, m.Bot.State)
				return
			}
			require.Equal(t, meetings.MeetingPasswordRequired, m.Failure.Code)
			require.Empty(t, s.out.requests)
		})
	}
}

func TestAKilledRequestLeavesOneMeetingWithOneNotetaker(t *testing.T) {
	t.Parallel()
	for n := 1; n <= 3; n++ { // intent, link, outcome
		for _, after := range []bool{false, true} {
			t.Run(fmt.Sprintf("transaction %d, committed %v", n, after), func(t *testing.T) {
				t.Parallel()
				s := newSystem(t)
				in := s.booking(s.ana)
				in.MeetingURL = ""
				s.tx.crashAt(n, after)
				require.Panics(t, func() { _, _ = s.Schedule.Execute(t.Context(), in) })

				s.live(t, 5*time.Minute, 30*time.Second)

				if n == 1 && !after {
					require.Zero(t, s.count(t, "meetings"))
					return
				}
				require.Len(t, s.out.bots, 1)
				require.Equal(t, 1, s.count(t, "meetings where bot_id = 'bot-1' and bot_state = 'created' and status = 'JOINING'"))
				require.Equal(t, 1, s.count(t, "events where type = $1", meetingsuc.EventScheduled))
			})
		}
	}
}

func TestADeadProcessInsideTheVendorsCallIsMadeUpFor(t *testing.T) {
	t.Parallel()
	for _, place := range []string{"link", "send", "sent"} {
		t.Run(place, func(t *testing.T) {
			t.Parallel()
			s := newSystem(t)
			s.out.on(place, crash(t))
			in := s.booking(s.ana)
			in.MeetingURL = ""
			require.Panics(t, func() { _, _ = s.Schedule.Execute(t.Context(), in) })

			s.live(t, 5*time.Minute, 30*time.Second)

			require.Len(t, s.out.bots, 1)
			require.Equal(t, 1, s.count(t, "meetings where bot_id = 'bot-1' and bot_state = 'created'"))
		})
	}
}
