package embed_test

import (
	"encoding/json"
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tertulia-dev/tertulia/infrastructure/sandbox/sandboxtest"
	"github.com/tertulia-dev/tertulia/pkg/embed/embedtest"
	"github.com/tertulia-dev/tertulia/pkg/tertulia"
)

// brokenAnswers makes every answer of the model break off in the middle of its JSON.
func brokenAnswers(t *testing.T) sandboxtest.Fault {
	t.Helper()
	body, err := json.Marshal(map[string]any{
		"id": "resp_broken", "object": "response", "created_at": 1, "status": "completed", "model": "gpt-6-luna",
		"output": []any{map[string]any{"id": "msg_1", "type": "message", "role": "assistant", "status": "completed", "content": []any{
			map[string]any{"type": "output_text", "text": `{"summary":"Se habl`, "annotations": []any{}},
		}}},
		"usage": map[string]any{"input_tokens": 1, "output_tokens": 1, "total_tokens": 2},
	})
	require.NoError(t, err)
	return sandboxtest.Fault{Vendor: "openai", Method: "POST", Path: "/v1/responses", Times: -1, Body: body}
}

func TestABrokenAnswerOfTheModelIsRepairedOnce(t *testing.T) {
	t.Parallel()
	s := embedtest.New(t)
	s.Evaluations(map[string]any{"malformed": true})
	id := s.Scheduled(t, embedtest.Talk())
	d := s.Until(t, id, tertulia.Completed)
	require.Equal(t, "openai", d.Analyses[0].Engine)
	require.Len(t, s.Analyses(id), 2)
}

func TestAModelThatNeverAnswersWellFailsTheMeetingAndKeepsTheTranscript(t *testing.T) {
	t.Parallel()
	s := embedtest.New(t)
	s.Sandbox.Fault(brokenAnswers(t))
	id := s.Scheduled(t, embedtest.Talk())
	failed := s.HastenUntil(t, id, tertulia.Failed)
	requireFailed(t, failed, "ANALYSIS_FAILED")
	require.NotNil(t, failed.Transcript)
	require.Empty(t, failed.Analyses)
	s.WaitFor(t, "the job is dead, for people to see", func() bool {
		return s.Jobs(t, "analyze_transcript")[0].State == tertulia.JobDead
	})

	s.Sandbox.Control("DELETE", "/faults?vendor=openai", nil, nil)
	answer, err := s.Rep.Meetings.Reanalyze(t.Context(), id, tertulia.ReanalyzeRequest{})
	require.NoError(t, err)
	require.Equal(t, tertulia.Processing, answer.Status)
	done := s.Settled(t, id)
	require.Len(t, done.Analyses, 1)
	require.Nil(t, done.Meeting.ErrorCode)
	require.Len(t, s.CRM(t, "notes", id), 1)
}

func TestARefusalOfTheModelIsFinalAndVisible(t *testing.T) {
	t.Parallel()
	s := embedtest.New(t)
	s.Evaluations(map[string]any{"refusal": "No puedo ayudar con eso."})
	id := s.Scheduled(t, embedtest.Talk())
	requireFailed(t, s.Until(t, id, tertulia.Failed), "ANALYSIS_FAILED")
	s.Idle(t)
	require.Len(t, s.Analyses(id), 1, "asking again would not help")
}

func TestAModelsOutageIsOutlasted(t *testing.T) {
	t.Parallel()
	s := embedtest.New(t)
	s.Evaluations(
		map[string]any{"error": map[string]any{"status": 429, "retryAfter": 3}},
		map[string]any{"error": map[string]any{"status": 500}},
		map[string]any{"failed": map[string]any{"code": "server_error", "message": "x"}},
		map[string]any{"incomplete": "max_output_tokens"},
	)
	s.Sandbox.Fault(sandboxtest.Fault{Vendor: "openai", Drop: "before"})
	id := s.Scheduled(t, embedtest.Talk())
	s.HastenUntil(t, id, tertulia.Completed)
	require.Len(t, s.Analyses(id), 5, "four that failed and the good one; the first was never read")
}

func TestWithoutAModelKeyTheBuiltInAnalyserMeasuresTheSame(t *testing.T) {
	t.Parallel()
	var found [2]tertulia.Analysis
	for i, opts := range [][]embedtest.Option{nil, {embedtest.WithoutOpenAI()}} {
		s := embedtest.New(t, opts...)
		id := s.Scheduled(t, embedtest.Talk())
		found[i] = s.Until(t, id, tertulia.Completed).Analyses[0]
	}
	model, builtIn := found[0], found[1]
	require.Equal(t, "openai", model.Engine)
	require.NotNil(t, model.Model)
	require.Equal(t, "extractive", builtIn.Engine)
	require.Nil(t, builtIn.Model)
	require.NotEmpty(t, builtIn.Summary)
	require.NotNil(t, builtIn.SalesRepScore)
	require.Equal(t, model.Metrics, builtIn.Metrics)
	require.Equal(t, model.Participation, builtIn.Participation)
}

func TestASalesAnalysisKeepsItsOwnRules(t *testing.T) {
	t.Parallel()
	s := embedtest.New(t)
	id := s.Scheduled(t, embedtest.Talk())
	d := s.Until(t, id, tertulia.Completed)
	a := d.Analyses[0]
	require.NotNil(t, a.ScoreBreakdown)
	raw, err := json.Marshal(a.ScoreBreakdown.Scores)
	require.NoError(t, err)
	var scores map[string]int
	require.NoError(t, json.Unmarshal(raw, &scores))
	sum := 0
	for _, score := range scores {
		require.True(t, 0 <= score && score <= 20)
		sum += score
	}
	require.Len(t, scores, 5)
	require.Equal(t, sum, *a.SalesRepScore)
	require.NotNil(t, a.SalesSubtype)
	require.NotNil(t, d.Meeting.SalesSubtype)
}

func TestAMeetingThatIsNotAboutSalesHasNoScoreAndStaysOutOfTheCRM(t *testing.T) {
	t.Parallel()
	s := embedtest.New(t)
	s.Sandbox.Script(embedtest.Talk())
	booked, err := s.Service.Meetings.InviteBot(t.Context(), tertulia.InviteBotRequest{MeetingURL: embedtest.MeetURL, MeetingType: tertulia.TypePlanning})
	require.NoError(t, err)
	d := s.Settled(t, booked.MeetingID)
	require.Nil(t, d.Analyses[0].SalesRepScore)
	require.Nil(t, d.Analyses[0].ScoreBreakdown)
	require.Nil(t, d.Analyses[0].CloseProbability)
	require.NotEmpty(t, d.Analyses[0].Topics)
	require.Nil(t, d.Meeting.SalesRepID)
	require.NotNil(t, d.Meeting.CreatedByRepID)
	require.Equal(t, "skipped", d.Meeting.Hubspot.State)
	require.Equal(t, "NOT_A_SALES_MEETING", *d.Meeting.Hubspot.Reason)
	require.Zero(t, len(s.Sandbox.Ledger("hubspot")))

	_, err = s.Rep.Meetings.Reanalyze(t.Context(), booked.MeetingID, tertulia.ReanalyzeRequest{SalesSubtype: tertulia.Negotiation})
	requireCode(t, err, http.StatusBadRequest, tertulia.CodeValidation)
}

func TestReanalysingLeavesTheMeetingCompletedAndReplacesTheAnalysis(t *testing.T) {
	t.Parallel()
	s := embedtest.New(t, embedtest.WithoutWorker())
	id := s.Scheduled(t, embedtest.Talk())
	s.Process(t, func() bool { return s.Get(t, id).Meeting.Hubspot.State == "synced" })
	before := s.Get(t, id).Analyses[0]

	first, err := s.Rep.Meetings.Reanalyze(t.Context(), id, tertulia.ReanalyzeRequest{SalesSubtype: tertulia.Negotiation})
	require.NoError(t, err)
	again, err := s.Rep.Meetings.Reanalyze(t.Context(), id, tertulia.ReanalyzeRequest{SalesSubtype: tertulia.Negotiation})
	require.NoError(t, err)
	require.Equal(t, first.JobID, again.JobID, "a pending one is answered again")
	waiting := s.Get(t, id)
	require.Equal(t, tertulia.Completed, waiting.Meeting.Status)
	require.Equal(t, before.ID, waiting.Analyses[0].ID, "the old one stands until the new one is stored")

	s.Process(t, func() bool { return s.Get(t, id).Analyses[0].ID != before.ID })
	after := s.Get(t, id)
	require.Equal(t, tertulia.Completed, after.Meeting.Status)
	require.Len(t, after.Analyses, 1)
	require.Equal(t, tertulia.Negotiation, *after.Analyses[0].SalesSubtype)
	require.Len(t, s.Analyses(id), 2)
	require.Equal(t, 1, s.Count(t, "select count(*) from analyses"))
}

func TestAReanalysisThatFailsLeavesTheOldAnalysisAndTheState(t *testing.T) {
	t.Parallel()
	s := embedtest.New(t)
	id := s.Scheduled(t, embedtest.Talk())
	before := s.Settled(t, id)
	s.Evaluations(map[string]any{"refusal": "no"})
	answer, err := s.Rep.Meetings.Reanalyze(t.Context(), id, tertulia.ReanalyzeRequest{})
	require.NoError(t, err)
	s.WaitFor(t, "the run has failed", func() bool {
		job, err := s.Admin.Jobs.Get(t.Context(), answer.JobID)
		return err == nil && job.State == tertulia.JobDead
	})
	after := s.Get(t, id)
	require.Equal(t, tertulia.Completed, after.Meeting.Status)
	require.Equal(t, before.Analyses, after.Analyses)
	require.Nil(t, after.Meeting.ErrorCode)
}

func TestReanalysingIsRefusedWhereItMakesNoSense(t *testing.T) {
	t.Parallel()
	s := embedtest.New(t, embedtest.WithoutWorker())
	id := s.Scheduled(t, embedtest.Talk())
	_, err := s.Rep.Meetings.Reanalyze(t.Context(), id, tertulia.ReanalyzeRequest{})
	requireCode(t, err, http.StatusConflict, tertulia.CodeTranscriptNotReady)
	_, err = s.Rep.Meetings.Reanalyze(t.Context(), id, tertulia.ReanalyzeRequest{SalesSubtype: "otra"})
	requireCode(t, err, http.StatusBadRequest, tertulia.CodeValidation)
	_, err = s.OtherRep.Meetings.Reanalyze(t.Context(), id, tertulia.ReanalyzeRequest{})
	requireCode(t, err, http.StatusForbidden, tertulia.CodeForbidden)
}
