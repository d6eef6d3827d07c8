package tertulia_test

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tertulia-dev/tertulia/pkg/tertulia"
)

// seen is one request as the server got it.
type seen struct {
	method string
	path   string
	query  url.Values
	header http.Header
	body   map[string]any
}

// answers serves status and body to every request and returns the client, and what the server has seen.
func answers(t *testing.T, status int, body string, opts ...tertulia.Option) (*tertulia.Client, *[]seen) {
	t.Helper()
	var log []seen
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s := seen{method: r.Method, path: r.URL.EscapedPath(), query: r.URL.Query(), header: r.Header}
		if r.ContentLength > 0 {
			if err := json.NewDecoder(r.Body).Decode(&s.body); err != nil {
				t.Errorf("decode the request: %v", err)
			}
		}
		log = append(log, s)
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(status)
		_, _ = w.Write([]byte(body))
	}))
	t.Cleanup(server.Close)
	return tertulia.New(server.URL+"/", opts...), &log
}

func TestAScheduledMeetingIsSentAsTheSourceDocumentShowsIt(t *testing.T) {
	t.Parallel()
	client, log := answers(t, http.StatusCreated, `{
		"meetingId": "8c1b6e2f", "meetUrl": "https://meet.google.com/abc-defg-hij",
		"scheduledAt": "2026-05-15T15:00:00-06:00", "status": "SCHEDULED"}`,
		tertulia.WithAPIKey("key"), tertulia.WithLanguage("en"), tertulia.WithUserAgent("crm/1"))
	value := 50000.0

	got, err := client.Meetings.Schedule(t.Context(), tertulia.ScheduleRequest{
		SalesRepEmail: "ana@example.com",
		SalesRepName:  "Ana",
		ScheduledAt:   "2026-05-15T15:00:00-06:00",
		CustomerInfo: tertulia.CustomerInfo{
			Company: "Acme S.A.", ContactName: "Pedro García", DealValue: &value, DealCurrency: "MXN",
		},
	}, tertulia.WithIdempotencyKey("once"), tertulia.WithRequestID("req-1"))

	require.NoError(t, err)
	require.Equal(t, tertulia.Scheduled, got.Status)
	require.Equal(t, "2026-05-15T15:00:00-06:00", *got.ScheduledAt)
	require.Len(t, *log, 1)
	r := (*log)[0]
	require.Equal(t, "POST /api/meetings/schedule", r.method+" "+r.path)
	require.Equal(t, "key", r.header.Get("X-API-Key"))
	require.Equal(t, "once", r.header.Get("Idempotency-Key"))
	require.Equal(t, "req-1", r.header.Get("X-Request-Id"))
	require.Equal(t, "en", r.header.Get("Accept-Language"))
	require.Equal(t, "crm/1", r.header.Get("User-Agent"))
	require.Equal(t, map[string]any{
		"salesRepEmail": "ana@example.com", "salesRepName": "Ana", "scheduledAt": "2026-05-15T15:00:00-06:00",
		"customerInfo": map[string]any{
			"company": "Acme S.A.", "contactName": "Pedro García", "dealValue": 50000.0, "dealCurrency": "MXN",
		},
	}, r.body)
}

func TestAPartialUpdateTellsNullFromAbsent(t *testing.T) {
	t.Parallel()
	client, log := answers(t, http.StatusOK, `{}`)

	_, err := client.Meetings.Update(t.Context(), "m1", tertulia.UpdateMeetingRequest{
		Title:        tertulia.Some("Demo"),
		SalesRepID:   tertulia.Null[string](),
		CustomerInfo: &tertulia.CustomerPatch{DealValue: tertulia.Some(0.0), Phone: tertulia.Null[string]()},
	})

	require.NoError(t, err)
	require.Equal(t, map[string]any{
		"title": "Demo", "sales_rep_id": nil, "customerInfo": map[string]any{"dealValue": 0.0, "phone": nil},
	}, (*log)[0].body)
}

func TestEveryOperationUsesItsMethodPathAndQuery(t *testing.T) {
	t.Parallel()
	client, log := answers(t, http.StatusOK, `{}`, tertulia.WithBearer("token"), tertulia.WithSalesRep("ana@example.com"))
	ctx := t.Context()
	steps := []struct {
		want string
		do   func() error
	}{
		{"POST /api/meetings/start", func() error { _, err := client.Meetings.Start(ctx, tertulia.StartRequest{}); return err }},
		{"POST /api/meetings/invite-bot", func() error {
			_, err := client.Meetings.InviteBot(ctx, tertulia.InviteBotRequest{})
			return err
		}},
		{"GET /api/meetings", func() error { _, err := client.Meetings.List(ctx, tertulia.MeetingFilter{}); return err }},
		{"GET /api/meetings/a%2Fb", func() error { _, err := client.Meetings.Get(ctx, "a/b"); return err }},
		{"GET /api/meetings/m/video", func() error { _, err := client.Meetings.Video(ctx, "m"); return err }},
		{"GET /api/meetings/m/audio", func() error { _, err := client.Meetings.Audio(ctx, "m"); return err }},
		{"DELETE /api/meetings/m", func() error { _, err := client.Meetings.Cancel(ctx, "m"); return err }},
		{"POST /api/meetings/m/reanalyze", func() error {
			_, err := client.Meetings.Reanalyze(ctx, "m", tertulia.ReanalyzeRequest{})
			return err
		}},
		{"GET /api/me", func() error { _, err := client.Me.Get(ctx); return err }},
		{"PATCH /api/me", func() error { _, err := client.Me.Update(ctx, tertulia.UpdateMeRequest{Name: "Ana"}); return err }},
		{"GET /api/sales-reps", func() error { _, err := client.SalesReps.List(ctx, tertulia.SalesRepFilter{}); return err }},
		{"PATCH /api/sales-reps/r", func() error { _, err := client.SalesReps.SetAdmin(ctx, "r", true); return err }},
		{"GET /api/sales-reps/by-email", func() error { _, err := client.SalesReps.FindByEmail(ctx, "b@example.com"); return err }},
		{"GET /api/notifications", func() error { _, err := client.Notifications.List(ctx); return err }},
		{"PATCH /api/notifications/n/read", func() error { _, err := client.Notifications.MarkRead(ctx, "n"); return err }},
		{"POST /api/notifications/mark-all-read", func() error { _, err := client.Notifications.MarkAllRead(ctx); return err }},
		{"DELETE /api/notifications/read", func() error { _, err := client.Notifications.DeleteRead(ctx); return err }},
		{"GET /api/playbook", func() error { _, err := client.Playbooks.Get(ctx); return err }},
		{"GET /api/playbook", func() error { _, err := client.Playbooks.Version(ctx, 2); return err }},
		{"GET /api/playbook/history", func() error { _, err := client.Playbooks.History(ctx, tertulia.PageQuery{}); return err }},
		{"PUT /api/admin/playbook", func() error { _, err := client.Playbooks.Edit(ctx, 1, nil); return err }},
		{"GET /api/me/calendar-feeds", func() error { _, err := client.CalendarFeeds.List(ctx); return err }},
		{"POST /api/me/calendar-feeds", func() error {
			_, err := client.CalendarFeeds.Add(ctx, tertulia.AddCalendarFeedRequest{})
			return err
		}},
		{"DELETE /api/me/calendar-feeds/f", func() error { _, err := client.CalendarFeeds.Remove(ctx, "f"); return err }},
		{"GET /api/cron/process-queue", func() error { _, err := client.Cron.ProcessQueue(ctx); return err }},
		{"GET /api/cron/cleanup-storage", func() error { _, err := client.Cron.CleanupStorage(ctx); return err }},
		{"GET /api/admin/cron-health", func() error { _, err := client.Cron.Health(ctx); return err }},
		{"GET /v1/admin/jobs", func() error { _, err := client.Jobs.List(ctx, tertulia.JobFilter{}); return err }},
		{"GET /v1/admin/jobs/j", func() error { _, err := client.Jobs.Get(ctx, "j"); return err }},
		{"POST /v1/admin/jobs/j/replay", func() error { _, err := client.Jobs.Replay(ctx, "j"); return err }},
		{"POST /v1/admin/jobs/j/cancel", func() error { _, err := client.Jobs.Cancel(ctx, "j"); return err }},
		{"POST /v1/admin/jobs/j/discard", func() error { _, err := client.Jobs.Discard(ctx, "j"); return err }},
	}
	for i, step := range steps {
		require.NoError(t, step.do(), step.want)
		require.Len(t, *log, i+1, step.want)
		got := (*log)[i]
		require.Equal(t, step.want, got.method+" "+got.path)
		require.Equal(t, "ana@example.com", got.query.Get("salesRepEmail"), step.want)
		require.Equal(t, "Bearer token", got.header.Get("Authorization"), step.want)
	}
}

func TestAFilterIsWrittenUnderTheNamesThatTheServerReads(t *testing.T) {
	t.Parallel()
	client, log := answers(t, http.StatusOK, `{}`)

	_, err := client.Meetings.List(t.Context(), tertulia.MeetingFilter{
		Page: 2, Limit: 50, Status: []string{"COMPLETED", "FAILED"}, MeetingType: tertulia.TypeSales,
		DateFrom: "2026-05-01", DateTo: "2026-05-31", Search: "acmé & co",
	}, tertulia.AsSalesRep("ana@example.com"))
	require.NoError(t, err)
	_, err = client.Jobs.List(t.Context(), tertulia.JobFilter{
		State: tertulia.JobDead, Kind: "sync_hubspot", PageQuery: tertulia.PageQuery{Limit: 5, Cursor: "next"},
	})
	require.NoError(t, err)

	require.Equal(t, url.Values{
		"page": {"2"}, "limit": {"50"}, "status": {"COMPLETED,FAILED"}, "meetingType": {"ventas"},
		"dateFrom": {"2026-05-01"}, "dateTo": {"2026-05-31"}, "search": {"acmé & co"}, "salesRepEmail": {"ana@example.com"},
	}, (*log)[0].query)
	require.Equal(t, url.Values{
		"state": {"dead"}, "kind": {"sync_hubspot"}, "limit": {"5"}, "cursor": {"next"},
	}, (*log)[1].query)
}

func TestARefusalIsATypedErrorWithEverythingTheServerSaid(t *testing.T) {
	t.Parallel()
	client, _ := answers(t, http.StatusBadRequest, `{"error": "Datos inválidos", "code": "VALIDATION_ERROR",
		"details": [{"field": "customerInfo.email", "message": "no es un correo"}], "requestId": "req-9"}`)

	_, err := client.Meetings.Schedule(t.Context(), tertulia.ScheduleRequest{})

	var refused *tertulia.APIError
	require.ErrorAs(t, err, &refused)
	require.Equal(t, tertulia.APIError{
		Status: 400, Code: tertulia.CodeValidation, Message: "Datos inválidos", RequestID: "req-9",
		Details: []tertulia.FieldError{{Field: "customerInfo.email", Message: "no es un correo"}},
	}, *refused)
	require.True(t, tertulia.HasCode(err, tertulia.CodeValidation))
	require.False(t, tertulia.HasCode(err, tertulia.CodeForbidden))
	require.EqualError(t, err, "tertulia: 400 VALIDATION_ERROR: Datos inválidos; customerInfo.email: no es un correo (request req-9)")
}

func TestAnAnswerOfAProxyIsAnErrorToo(t *testing.T) {
	t.Parallel()
	client, _ := answers(t, http.StatusForbidden, `<html>blocked</html>`)

	_, err := client.Me.Get(t.Context())

	var refused *tertulia.APIError
	require.ErrorAs(t, err, &refused)
	require.Equal(t, "Forbidden", refused.Message)
	require.Empty(t, refused.Code)
}

func TestAnErrorOfTheConnectionDoesNotNameThePerson(t *testing.T) {
	t.Parallel()
	client := tertulia.New("http://127.0.0.1:1", tertulia.WithSalesRep("ana@example.com"), tertulia.WithRetries(0))

	_, err := client.Me.Get(context.Background())

	require.Error(t, err)
	require.NotContains(t, err.Error(), "ana")
	require.Contains(t, err.Error(), "GET /api/me")
}
