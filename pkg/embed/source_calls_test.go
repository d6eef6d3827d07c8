package embed_test

import (
	"context"
	"encoding/json"
	"maps"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tertulia-dev/tertulia/pkg/tertulia"
)

// A sourceCall calls a row of the source through the SDK and returns what the SDK answers, nil where it answers nothing.
type sourceCall func(context.Context, callOf) (any, error)

// callOf is what a try gives to a call: who calls, and what the row's path, query, headers and body say.
type callOf struct {
	*tertulia.Client

	t      *testing.T
	id     string // the path's first parameter
	other  string // and its second
	query  url.Values
	header http.Header
	body   string
}

func (c callOf) q(name string) string { return c.query.Get(name) }

// as names the rep for whom a service calls.
func (c callOf) as() tertulia.CallOption { return tertulia.AsSalesRep(c.q("salesRepEmail")) }

// vote is what the query names.
func (c callOf) vote() tertulia.VoteRef {
	return tertulia.VoteRef{Source: c.q("source"), SourceRef: c.q("source_ref")}
}

// version is what If-Match names, 0 without it.
func (c callOf) version() int {
	version, _ := strconv.Atoi(strings.Trim(c.header.Get("If-Match"), `"`))
	return version
}

// body reads the try's body as the SDK's request, which has a field for everything in it.
func body[T any](c callOf) (in T) {
	c.t.Helper()
	d := json.NewDecoder(strings.NewReader(c.body))
	d.DisallowUnknownFields()
	require.NoError(c.t, d.Decode(&in), c.body)
	return in
}

// answered drops the zero value that comes with an error.
func answered[T any](answer T, err error) (any, error) {
	if err != nil {
		return nil, err
	}
	return answer, nil
}

// sourceCalls are the source's rows in the SDK. One has no place in it: Recall's webhook.
func sourceCalls() map[string]sourceCall {
	all := map[string]sourceCall{}
	for _, part := range []map[string]sourceCall{meetingCalls(), peopleCalls(), operationCalls(), chatCalls(), agentCalls()} {
		maps.Copy(all, part)
	}
	return all
}

func meetingCalls() map[string]sourceCall {
	return map[string]sourceCall{
		"POST /api/meetings/schedule": func(ctx context.Context, c callOf) (any, error) {
			return answered(c.Meetings.Schedule(ctx, body[tertulia.ScheduleRequest](c)))
		},
		"POST /api/meetings/start": func(ctx context.Context, c callOf) (any, error) {
			return answered(c.Meetings.Start(ctx, body[tertulia.StartRequest](c)))
		},
		"POST /api/meetings/invite-bot": func(ctx context.Context, c callOf) (any, error) {
			return answered(c.Meetings.InviteBot(ctx, body[tertulia.InviteBotRequest](c)))
		},
		"GET /api/meetings": func(ctx context.Context, c callOf) (any, error) {
			page, _ := strconv.Atoi(c.q("page"))
			limit, _ := strconv.Atoi(c.q("limit"))
			return answered(c.Meetings.List(ctx, tertulia.MeetingFilter{
				Page: page, Limit: limit, Status: c.query["status"], Search: c.q("search"),
			}))
		},
		"GET /api/meetings/:id":       func(ctx context.Context, c callOf) (any, error) { return answered(c.Meetings.Get(ctx, c.id)) },
		"GET /api/meetings/:id/video": func(ctx context.Context, c callOf) (any, error) { return answered(c.Meetings.Video(ctx, c.id)) },
		"GET /api/meetings/:id/audio": func(ctx context.Context, c callOf) (any, error) { return answered(c.Meetings.Audio(ctx, c.id)) },
		"POST /api/meetings/:id/reanalyze": func(ctx context.Context, c callOf) (any, error) {
			return answered(c.Meetings.Reanalyze(ctx, c.id, body[tertulia.ReanalyzeRequest](c)))
		},
		"PATCH /api/meetings/:id": func(ctx context.Context, c callOf) (any, error) {
			return answered(c.Meetings.Update(ctx, c.id, body[tertulia.UpdateMeetingRequest](c)))
		},
		"DELETE /api/meetings/:id":            func(ctx context.Context, c callOf) (any, error) { return answered(c.Meetings.Cancel(ctx, c.id)) },
		"DELETE /api/admin/meetings/:id":      func(ctx context.Context, c callOf) (any, error) { return answered(c.Meetings.Delete(ctx, c.id)) },
		"POST /api/meetings/:id/sync-hubspot": func(ctx context.Context, c callOf) (any, error) { return answered(c.Hubspot.Sync(ctx, c.id)) },
		"GET /api/meetings/:id/hubspot/candidates": func(ctx context.Context, c callOf) (any, error) {
			return answered(c.Hubspot.Candidates(ctx, c.id, tertulia.HubspotSearch{Q: c.q("q")}))
		},
		"GET /api/meetings/:id/hubspot/preview": func(ctx context.Context, c callOf) (any, error) { return answered(c.Hubspot.Preview(ctx, c.id)) },
		"GET /api/hubspot/contacts/search": func(ctx context.Context, c callOf) (any, error) {
			return answered(c.Hubspot.SearchContacts(ctx, tertulia.HubspotSearch{Q: c.q("q")}))
		},
	}
}

func peopleCalls() map[string]sourceCall {
	return map[string]sourceCall{
		"GET /api/me": func(ctx context.Context, c callOf) (any, error) { return answered(c.Me.Get(ctx)) },
		"PATCH /api/me": func(ctx context.Context, c callOf) (any, error) {
			return answered(c.Me.Update(ctx, body[tertulia.UpdateMeRequest](c), c.as()))
		},
		"GET /api/sales-reps": func(ctx context.Context, c callOf) (any, error) {
			return answered(c.SalesReps.List(ctx, tertulia.SalesRepFilter{}))
		},
		"PATCH /api/sales-reps/:id": func(ctx context.Context, c callOf) (any, error) {
			return answered(c.SalesReps.Change(ctx, c.id, body[tertulia.ChangeRepRequest](c)))
		},
		"GET /api/sales-reps/by-email": func(ctx context.Context, c callOf) (any, error) {
			return answered(c.SalesReps.FindByEmail(ctx, c.q("email")))
		},
		"GET /api/sales-reps/:id/performance": func(ctx context.Context, c callOf) (any, error) {
			return answered(c.SalesReps.Performance(ctx, c.id))
		},
		"GET /api/sales-reps/:id/performance/breakdown": func(ctx context.Context, c callOf) (any, error) {
			return answered(c.SalesReps.PerformanceBreakdown(ctx, c.id, tertulia.PerformanceDays{}))
		},
		"GET /api/sales-reps/:id/performance/weekly": func(ctx context.Context, c callOf) (any, error) {
			return answered(c.SalesReps.PerformanceWeekly(ctx, c.id, tertulia.PerformanceWeeks{}))
		},
		"GET /api/admin/team-performance": func(ctx context.Context, c callOf) (any, error) {
			return answered(c.SalesReps.TeamPerformance(ctx, tertulia.TeamFilter{}))
		},
		"GET /api/me/hubspot/owner": func(ctx context.Context, c callOf) (any, error) { return answered(c.Hubspot.Owner(ctx)) },
		"GET /api/me/hubspot/owner/candidates": func(ctx context.Context, c callOf) (any, error) {
			return answered(c.Hubspot.OwnerCandidates(ctx, tertulia.HubspotOwnerFilter{Q: c.q("q")}))
		},
		"PATCH /api/me/hubspot/owner": func(ctx context.Context, c callOf) (any, error) {
			return answered(c.Hubspot.ChooseOwner(ctx, body[tertulia.ChooseHubspotOwnerRequest](c).HubspotOwnerID))
		},
		"PATCH /api/sales-reps/:id/hubspot-owner": func(ctx context.Context, c callOf) (any, error) {
			return answered(c.Hubspot.AssignOwner(ctx, c.id, body[tertulia.ChooseHubspotOwnerRequest](c).HubspotOwnerID))
		},
		"GET /api/notifications": func(ctx context.Context, c callOf) (any, error) { return answered(c.Notifications.List(ctx)) },
		"PATCH /api/notifications/:id/read": func(ctx context.Context, c callOf) (any, error) {
			return answered(c.Notifications.MarkRead(ctx, c.id))
		},
		"POST /api/notifications/mark-all-read": func(ctx context.Context, c callOf) (any, error) {
			return answered(c.Notifications.MarkAllRead(ctx))
		},
		"DELETE /api/notifications/read": func(ctx context.Context, c callOf) (any, error) {
			return answered(c.Notifications.DeleteRead(ctx))
		},
	}
}

func operationCalls() map[string]sourceCall {
	return map[string]sourceCall{
		"GET /api/cron/process-queue":   func(ctx context.Context, c callOf) (any, error) { return answered(c.Cron.ProcessQueue(ctx)) },
		"GET /api/cron/cleanup-storage": func(ctx context.Context, c callOf) (any, error) { return answered(c.Cron.CleanupStorage(ctx)) },
		"GET /api/admin/cron-health":    func(ctx context.Context, c callOf) (any, error) { return answered(c.Cron.Health(ctx)) },
		"GET /api/transcript-corrections": func(ctx context.Context, c callOf) (any, error) {
			return answered(c.TranscriptCorrections.List(ctx, tertulia.TranscriptCorrectionFilter{OnlyActive: c.q("onlyActive") == "true"}))
		},
		"POST /api/transcript-corrections": func(ctx context.Context, c callOf) (any, error) {
			return answered(c.TranscriptCorrections.Create(ctx, body[tertulia.CreateCorrectionRequest](c)))
		},
		"PATCH /api/transcript-corrections/:id": func(ctx context.Context, c callOf) (any, error) {
			return answered(c.TranscriptCorrections.Update(ctx, c.id, body[tertulia.UpdateCorrectionRequest](c)))
		},
		"DELETE /api/transcript-corrections/:id": func(ctx context.Context, c callOf) (any, error) {
			return answered(c.TranscriptCorrections.Delete(ctx, c.id))
		},
	}
}

func chatCalls() map[string]sourceCall {
	return map[string]sourceCall{
		"GET /api/meetings/:id/agents": func(ctx context.Context, c callOf) (any, error) { return answered(c.Agents.OfMeeting(ctx, c.id)) },
		"GET /api/meetings/:id/agents/:agentKey/messages": func(ctx context.Context, c callOf) (any, error) {
			return answered(c.Agents.Messages(ctx, c.id, c.other, tertulia.PageQuery{}))
		},
		"POST /api/meetings/:id/agents/:agentKey/messages": askThrough,
		"DELETE /api/meetings/:id/agents/:agentKey/conversation": func(ctx context.Context, c callOf) (any, error) {
			return answered(c.Agents.Reset(ctx, c.id, c.other))
		},
		"POST /api/meetings/:id/agent-feedback": func(ctx context.Context, c callOf) (any, error) {
			return answered(c.Agents.Vote(ctx, c.id, body[tertulia.VoteRequest](c)))
		},
		"GET /api/meetings/:id/my-agent-feedback": func(ctx context.Context, c callOf) (any, error) { return answered(c.Agents.MyVotes(ctx, c.id)) },
		"DELETE /api/meetings/:id/agent-feedback": func(ctx context.Context, c callOf) (any, error) {
			return nil, c.Agents.WithdrawVote(ctx, c.id, c.vote())
		},
		"GET /api/sales-subtypes": func(ctx context.Context, c callOf) (any, error) { return answered(c.Agents.Subtypes(ctx)) },
	}
}

// askThrough asks and reads the answer to its end: its frames.
func askThrough(ctx context.Context, c callOf) (any, error) {
	var frames []tertulia.ChatFrame
	for frame, err := range c.Agents.Ask(ctx, c.id, c.other, body[tertulia.AskAgentRequest](c).Question) {
		if err != nil {
			return nil, err
		}
		frames = append(frames, frame)
	}
	require.Greater(c.t, len(frames), 1)
	require.True(c.t, frames[len(frames)-1].Done)
	return frames, nil
}
