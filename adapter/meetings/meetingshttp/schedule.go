package meetingshttp

import (
	"context"
	"net/http"
	"time"

	"github.com/tertulia-dev/tertulia/domain/fault"
	"github.com/tertulia-dev/tertulia/domain/kernel"
	"github.com/tertulia-dev/tertulia/domain/meetings"
	"github.com/tertulia-dev/tertulia/infrastructure/httpserver"
	"github.com/tertulia-dev/tertulia/pkg/tertulia"
	meetingsuc "github.com/tertulia-dev/tertulia/usecase/meetings"
)

// vendorTime is the deadline of an operation that waits for two vendors: n8n (20 s) and Recall.ai.
const vendorTime = 45 * time.Second

type scheduledOutput struct {
	Body tertulia.ScheduledMeeting
}

type scheduleInput struct {
	httpserver.Caller

	Body tertulia.ScheduleRequest
}

// registerSchedule: POST /api/meetings/schedule.
func registerSchedule(api *httpserver.API, uc *meetingsuc.ScheduleMeeting) {
	httpserver.Post(api, "/api/meetings/schedule", httpserver.Spec{
		ID: "scheduleMeeting", Tag: tag, Summary: "Schedule a meeting, now or later",
		Description: "Sends a notetaker to a Google Meet, Zoom or Microsoft Teams call. Without meetingUrl a Google Meet is made.",
		Role:        kernel.Rep, ActAs: httpserver.RepProvisioned, Status: http.StatusCreated, Timeout: vendorTime, Idempotent: true,
		Errors: []fault.Code{fault.ForbiddenCode, meetings.SalesRepNotFound, meetings.N8NError, meetings.RecallError},
	}, func(ctx context.Context, in *scheduleInput) (*scheduledOutput, error) {
		return schedule(ctx, uc, meetingsuc.ScheduleMeetingInput{
			Actor: in.Principal, Key: keyOf(in.Caller, "scheduleMeeting"), Booking: meetingsuc.BySchedule,
			MeetingURL: in.Body.MeetingURL, Password: in.Body.MeetingPassword, Title: in.Body.Title,
			Type: meetings.Type(in.Body.MeetingType), ScheduledAt: in.Body.ScheduledAt,
			Customer: fromAPICustomer(in.Body.CustomerInfo, in.Body.HubspotContactID), RepEmail: in.Body.SalesRepEmail,
		})
	})
}

type startInput struct {
	httpserver.Caller

	Body tertulia.StartRequest
}

// registerStart: POST /api/meetings/start.
func registerStart(api *httpserver.API, uc *meetingsuc.ScheduleMeeting) {
	httpserver.Post(api, "/api/meetings/start", httpserver.Spec{
		ID: "startMeeting", Tag: tag, Summary: "Start a meeting now",
		Description: "The older form of schedule: meetingUrl is required, and the notetaker joins at once.",
		Role:        kernel.Rep, ActAs: httpserver.RepProvisioned, Status: http.StatusCreated, Timeout: vendorTime, Idempotent: true,
		Errors: []fault.Code{fault.ForbiddenCode, meetings.SalesRepNotFound, meetings.RecallError},
	}, func(ctx context.Context, in *startInput) (*scheduledOutput, error) {
		return schedule(ctx, uc, meetingsuc.ScheduleMeetingInput{
			Actor: in.Principal, Key: keyOf(in.Caller, "startMeeting"), Booking: meetingsuc.ByStart,
			MeetingURL: in.Body.MeetingURL, Password: in.Body.MeetingPassword, Title: in.Body.Title,
			Type:     meetings.Type(in.Body.MeetingType),
			Customer: fromAPICustomer(in.Body.CustomerInfo, in.Body.HubspotContactID), RepEmail: in.Body.SalesRepEmail,
		})
	})
}

type inviteInput struct {
	httpserver.Caller

	Body tertulia.InviteBotRequest
}

// registerInvite: POST /api/meetings/invite-bot.
func registerInvite(api *httpserver.API, uc *meetingsuc.ScheduleMeeting) {
	httpserver.Post(api, "/api/meetings/invite-bot", httpserver.Spec{
		ID: "inviteBot", Tag: tag, Summary: "Invite the notetaker to a meeting that is not about sales",
		Role: kernel.Rep, ActAs: httpserver.RepProvisioned, Status: http.StatusCreated, Timeout: vendorTime, Idempotent: true,
		Errors: []fault.Code{meetings.RecallError},
	}, func(ctx context.Context, in *inviteInput) (*scheduledOutput, error) {
		return schedule(ctx, uc, meetingsuc.ScheduleMeetingInput{
			Actor: in.Principal, Key: keyOf(in.Caller, "inviteBot"), Booking: meetingsuc.ByInvite,
			MeetingURL: in.Body.MeetingURL, Password: in.Body.MeetingPassword, Title: in.Body.Title,
			Type: meetings.Type(in.Body.MeetingType), ScheduledAt: in.Body.ScheduledAt,
		})
	})
}

func schedule(ctx context.Context, uc *meetingsuc.ScheduleMeeting, in meetingsuc.ScheduleMeetingInput) (*scheduledOutput, error) {
	m, err := uc.Execute(ctx, in)
	if err != nil {
		return nil, err
	}
	return &scheduledOutput{Body: toAPIScheduled(m)}, nil
}
