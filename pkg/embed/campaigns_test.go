package embed_test

import (
	"encoding/csv"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tertulia-dev/tertulia/infrastructure/sandbox/sandboxtest"
	"github.com/tertulia-dev/tertulia/pkg/embed/embedtest"
	"github.com/tertulia-dev/tertulia/pkg/tertulia"
)

func ptr[T any](v T) *T { return &v }

// draft is a campaign that may call at any hour.
func draft(name string) tertulia.CreateCampaignRequest {
	return tertulia.CreateCampaignRequest{
		Name: name, AgentID: "agent_1", PhoneNumberID: "phnum_1", CampaignSettings: tertulia.CampaignSettings{
			Consent: &tertulia.ConsentRequest{Kind: "express_written", Note: "Formulario"}, DefaultRegion: ptr("MX"),
			Window: &tertulia.WindowRequest{Start: "00:00", End: "24:00"},
		},
	}
}

const customers = "Nombre;Teléfono;Nota\nAna;55 1234 5678;=cmd()\nLuis;+52 55 8765 4321;hola\nEva;no tiene;x\nAna otra vez;5512345678;y\nZoe;5511112222;z\n"

func TestACampaignIsMadeFromAFileFollowedAndExported(t *testing.T) {
	t.Parallel()
	s := embedtest.New(t)
	s.Sandbox.ScriptCalls(sandboxtest.CallScript{Outcomes: map[string]sandboxtest.Outcomes{"+525587654321": {"voicemail"}}})
	c, err := s.Admin.Campaigns.Create(t.Context(), draft("Octubre"))
	require.NoError(t, err)
	require.Equal(t, []string{"draft", "00:00", "24:00", "express_written"}, []string{c.Status, c.Window.Start, c.Window.End, c.Consent.Kind})
	require.Len(t, c.Window.Days, 7)
	n, err := s.Admin.DoNotCall.Add(t.Context(), tertulia.DoNotCallRequest{Phones: []string{"55 1111 2222"}, Region: "MX", Reason: "lo pidió"})
	require.NoError(t, err)
	require.Equal(t, 1, n)

	seen, err := s.Admin.Campaigns.Preview(t.Context(), c.ID, strings.NewReader(customers), tertulia.FileQuery{})
	require.NoError(t, err)
	require.Equal(t, []string{"Nombre", "Teléfono", "Nota"}, seen.Header)
	require.Equal(t, []int{5, 3, 1, 1}, []int{seen.Rows, seen.Good, seen.Bad, seen.Repeated})
	require.Equal(t, "phone", seen.Mapping[1].Target)
	require.Equal(t, 4, seen.Problems[0].Line)
	require.NotEmpty(t, seen.Problems[0].Message)
	seen.Mapping[0].Name = "nombre"
	added, err := s.Admin.Campaigns.AddRecipients(t.Context(), c.ID, strings.NewReader(customers), tertulia.FileQuery{Mapping: seen.Mapping})
	require.NoError(t, err)
	require.Equal(t, []int{3, 1}, []int{added.Added, added.DoNotCall})
	require.Equal(t, []tertulia.DuplicateRow{{Line: 5, FirstLine: 2}}, added.Duplicates)
	again, err := s.Admin.Campaigns.AddRecipients(t.Context(), c.ID, strings.NewReader(customers), tertulia.FileQuery{Mapping: seen.Mapping})
	require.NoError(t, err)
	require.Equal(t, []int{0, 3}, []int{again.Added, again.Known})

	checked, err := s.Rep.Campaigns.Preflight(t.Context(), c.ID)
	require.NoError(t, err)
	require.True(t, checked.Ready, checked.Problems)
	require.Equal(t, 2, checked.People)
	for i, code := range []string{"BURSTING_ENABLED", "NO_BUDGET"} {
		require.Equal(t, code, checked.Warnings[i].Code)
		require.NotEmpty(t, checked.Warnings[i].Message)
	}
	_, err = s.Admin.Campaigns.Start(t.Context(), c.ID)
	require.NoError(t, err)

	last := followed(t, s, c.ID)
	require.Equal(t, "completed", last.Campaign.Status)
	require.Equal(t, map[string]int{"completed": 1, "voicemail": 1, "do_not_call": 1}, last.Counts.ByStatus)
	require.Zero(t, last.Campaign.Live)

	who, err := s.Rep.Campaigns.Recipient(t.Context(), c.ID, 0)
	require.NoError(t, err)
	require.Equal(t, map[string]any{"nombre": "Ana", "Nota": "=cmd()"}, who.Variables)
	require.Equal(t, []string{"America/Mexico_City"}, who.Zones)
	require.Len(t, who.Calls, 1)
	s.WaitFor(t, "the transcript is there", func() bool {
		who, err = s.Rep.Campaigns.Recipient(t.Context(), c.ID, 0)
		require.NoError(t, err)
		return len(who.Calls[0].Transcript) > 0 && who.Calls[0].Outcome != nil
	})
	sheet := exported(t, s.Rep, c.ID)
	require.Equal(t, []string{"variable.Nota", "variable.nombre"}, sheet[0][12:14])
	require.Equal(t, []string{"0", "2", "'+525512345678", "completed", "1"}, sheet[1][:5])
	require.Equal(t, []string{"'=cmd()", "Ana"}, sheet[1][12:14])
	require.Equal(t, []string{"do_not_call", "0"}, sheet[3][3:5])

	waiting, err := s.Rep.Campaigns.Recipients(t.Context(), c.ID, tertulia.CampaignRecipientFilter{Waiting: true})
	require.NoError(t, err)
	require.Empty(t, waiting.Data)
	retried, err := s.Admin.Campaigns.Retry(t.Context(), c.ID, []string{"voicemail"})
	require.NoError(t, err)
	require.Equal(t, 1, retried.Again)
	require.Equal(t, "in_progress", retried.Campaign.Status)
	for _, personal := range []string{"5512345678", "5587654321", "Luis", "=cmd"} {
		require.NotContains(t, s.Logs.String(), personal)
	}
}

// followed hastens time while it watches a campaign, and returns the last that is told of it.
func followed(t *testing.T, s *embedtest.System, id string) tertulia.CampaignProgress {
	t.Helper()
	var last tertulia.CampaignProgress
	ended := make(chan error, 1)
	go func() {
		for p, err := range s.Rep.Campaigns.Watch(t.Context(), id) {
			if err != nil {
				ended <- err
				return
			}
			last = p
		}
		ended <- nil
	}()
	var failure error
	s.Hasten(t, "the campaign is over", func() bool {
		select {
		case failure = <-ended:
			return true
		default:
			return false
		}
	})
	require.NoError(t, failure)
	require.True(t, last.Done)
	return last
}

// exported reads a campaign's file.
func exported(t *testing.T, c *tertulia.Client, id string) [][]string {
	t.Helper()
	file, err := c.Campaigns.Export(t.Context(), id)
	require.NoError(t, err)
	defer file.Close()
	mark := make([]byte, 3)
	_, err = io.ReadFull(file, mark)
	require.NoError(t, err)
	require.Equal(t, "\ufeff", string(mark), "spreadsheets read accents by it")
	lines, err := csv.NewReader(file).ReadAll()
	require.NoError(t, err)
	return lines
}

func TestACampaignIsNotStartedBeforeItIsReady(t *testing.T) {
	t.Parallel()
	s := embedtest.New(t, embedtest.WithoutWorker())
	made := draft("Octubre")
	made.Consent = nil
	c, err := s.Admin.Campaigns.Create(t.Context(), made)
	require.NoError(t, err)
	_, err = s.Admin.Campaigns.Start(t.Context(), c.ID)
	require.Equal(t, []string{"consent.kind", "recipients"}, wrongFields(t, err))
	_, err = s.Admin.Campaigns.Pause(t.Context(), c.ID)
	requireCode(t, err, http.StatusConflict, tertulia.CodeCampaignState)
	_, err = s.Admin.BatchCalls.Resume(t.Context(), c.ID)
	requireCode(t, err, http.StatusConflict, tertulia.CodeCallBatchIsCampaign)
	require.ErrorContains(t, err, "/v1/calls/campaigns/"+c.ID+"/resume")

	c, err = s.Admin.Campaigns.Update(t.Context(), c.ID, tertulia.UpdateCampaignRequest{
		StartAt: tertulia.Some(s.Clock.Now().AddDate(0, 1, 0)),
		CampaignSettings: tertulia.CampaignSettings{
			Consent: &tertulia.ConsentRequest{Kind: "express"}, Window: &tertulia.WindowRequest{Days: []string{"mon", "fri"}},
			Limits: &tertulia.CampaignLimits{CallsPerSecond: ptr(0.5)}, Budget: &tertulia.CampaignBudget{Minutes: ptr(int64(60))},
			Retry: &tertulia.CampaignRetries{Rules: []tertulia.RetryRule{{Outcome: "busy", AfterMinutes: 30, Times: 2}}},
		},
	})
	require.NoError(t, err)
	require.Equal(t, []string{"mon", "fri"}, c.Window.Days)
	require.Equal(t, "00:00", c.Window.Start, "what is absent stays")
	require.Equal(t, 0.5, c.Limits.CallsPerSecond)
	require.Equal(t, 10, c.Limits.MaxConcurrent)
	require.Equal(t, int64(60), c.Budget.Minutes)
	require.Equal(t, []tertulia.RetryRule{{Outcome: "busy", AfterMinutes: 30, Times: 2}}, c.Retry.Rules)
	require.NotEmpty(t, c.Consent.By)
	require.NotNil(t, c.StartAt)
	_, err = s.Admin.Campaigns.AddRecipients(t.Context(), c.ID, strings.NewReader(customers), tertulia.FileQuery{Region: "mx"})
	require.NoError(t, err)
	c, err = s.Admin.Campaigns.Start(t.Context(), c.ID)
	require.NoError(t, err)
	require.Equal(t, "pending", c.Status, "its time is to come")
	c, err = s.Admin.Campaigns.Pause(t.Context(), c.ID)
	require.NoError(t, err)
	require.Equal(t, "person", *c.PauseReason)
	c, err = s.Admin.Campaigns.Update(t.Context(), c.ID, tertulia.UpdateCampaignRequest{
		StartAt: tertulia.Null[time.Time](), CampaignSettings: tertulia.CampaignSettings{Retry: &tertulia.CampaignRetries{Rules: []tertulia.RetryRule{}}},
	})
	require.NoError(t, err)
	require.Nil(t, c.StartAt)
	require.Empty(t, c.Retry.Rules)
	c, err = s.Admin.Campaigns.Resume(t.Context(), c.ID)
	require.NoError(t, err)
	require.Equal(t, "in_progress", c.Status)
	c, err = s.Admin.Campaigns.Cancel(t.Context(), c.ID)
	require.NoError(t, err)
	require.Equal(t, "cancelled", c.Status)
}

// wrongFields are the fields that a refused call names.
func wrongFields(t *testing.T, err error) []string {
	t.Helper()
	var refused *tertulia.APIError
	require.ErrorAs(t, err, &refused)
	require.Equal(t, tertulia.CodeValidation, refused.Code)
	var names []string
	for _, d := range refused.Details {
		require.NotEmpty(t, d.Message)
		names = append(names, d.Field)
	}
	return names
}

func TestWrongSettingsAndFilesAreNamed(t *testing.T) {
	t.Parallel()
	s := embedtest.New(t, embedtest.WithoutWorker())
	wrong := draft(" ")
	wrong.DefaultRegion, wrong.Limits = ptr("Mexico"), &tertulia.CampaignLimits{MaxConcurrent: ptr(0)}
	_, err := s.Admin.Campaigns.Create(t.Context(), wrong)
	require.Equal(t, []string{"name", "defaultRegion", "limits.maxConcurrent"}, wrongFields(t, err))
	wrong = draft("Horas")
	wrong.Window = &tertulia.WindowRequest{Start: "9 am", End: "25:00"}
	_, err = s.Admin.Campaigns.Create(t.Context(), wrong)
	require.Equal(t, []string{"window.start", "window.end"}, wrongFields(t, err))

	c, err := s.Admin.Campaigns.Create(t.Context(), draft("Octubre"), tertulia.WithIdempotencyKey("k"))
	require.NoError(t, err)
	same, err := s.Admin.Campaigns.Create(t.Context(), draft("Octubre"), tertulia.WithIdempotencyKey("k"))
	require.NoError(t, err)
	require.Equal(t, c.ID, same.ID)
	_, err = s.Admin.Campaigns.Create(t.Context(), draft("Noviembre"), tertulia.WithIdempotencyKey("k"))
	requireCode(t, err, http.StatusConflict, tertulia.CodeIdempotencyKeyReused)

	path := "/v1/calls/campaigns/" + c.ID + "/recipients"
	for name, try := range map[string]struct {
		query, kind, body, says string
		status                  int
	}{
		"no JSON":        {"?mapping=phone", "text/csv", customers, "mapping", http.StatusBadRequest},
		"no such column": {`?mapping=[{"header":"Celular","target":"phone"}]`, "text/csv", customers, "mapping[0].header", http.StatusBadRequest},
		"no phone":       {"", "text/csv", "nombre\nAna\n", "mapping", http.StatusBadRequest},
		"JSON":           {"", "application/json", `{"a":1}`, "UNSUPPORTED_MEDIA_TYPE", http.StatusUnsupportedMediaType},
		"a form":         {"", "multipart/form-data; boundary=x", "--x--", "UNSUPPORTED_MEDIA_TYPE", http.StatusUnsupportedMediaType},
		"a spreadsheet":  {"", "application/octet-stream", "PK\x03\x04\x14\x00", "file", http.StatusBadRequest},
	} {
		answer := s.Do(t, http.MethodPost, path+strings.ReplaceAll(try.query, `"`, "%22"), try.body,
			"X-API-Key", embedtest.ServiceKey, "Content-Type", try.kind)
		require.Equal(t, try.status, answer.Status, "%s: %s", name, answer.Body)
		require.Contains(t, answer.Body, try.says, name)
	}
	_, err = s.Rep.Campaigns.Recipient(t.Context(), c.ID, 7)
	requireCode(t, err, http.StatusNotFound, tertulia.CodeCallRecipientNotFound)
	for _, err := range s.Rep.Campaigns.Watch(t.Context(), "btcal_nobodys") {
		requireCode(t, err, http.StatusNotFound, tertulia.CodeCallBatchNotFound)
	}
}

func TestWhoIsOnTheListIsCalledByNobody(t *testing.T) {
	t.Parallel()
	s := embedtest.New(t, embedtest.WithoutWorker())
	report, err := s.Admin.DoNotCall.Import(t.Context(), strings.NewReader("nombre,telefono\nAna,+34631021622\nLuis,+34612215815\nEva,nada\n"), "Lista Robinson", tertulia.FileQuery{})
	require.NoError(t, err)
	require.Equal(t, []int{3, 2, 1, 2}, []int{report.Rows, report.Good, report.Bad, report.Added})
	require.Equal(t, 4, report.Problems[0].Line)
	_, err = s.Admin.DoNotCall.Add(t.Context(), tertulia.DoNotCallRequest{Phones: []string{"+34631021622", "12"}})
	require.Equal(t, []string{"phones[1]"}, wrongFields(t, err))

	sent, err := s.Service.BatchCalls.Submit(t.Context(), campaign("Octubre", "+34631021622", "+34633456789"))
	require.NoError(t, err)
	require.Equal(t, 1, sent.DoNotCall)
	var phones []string
	for e, err := range s.Rep.DoNotCall.All(t.Context()) {
		require.NoError(t, err)
		require.Equal(t, "Lista Robinson", e.Reason)
		phones = append(phones, e.Phone)
	}
	require.ElementsMatch(t, []string{"+34631021622", "+34612215815"}, phones)
	require.NoError(t, s.Admin.DoNotCall.Remove(t.Context(), "631 02 16 22", "ES"))
	requireCode(t, s.Admin.DoNotCall.Remove(t.Context(), "+34631021622", ""), http.StatusNotFound, tertulia.CodeCallRecipientNotFound)
	require.NotContains(t, s.Logs.String(), "31021622")
	page, err := s.Other.DoNotCall.List(t.Context(), tertulia.PageQuery{})
	require.NoError(t, err)
	require.Empty(t, page.Data)
}
