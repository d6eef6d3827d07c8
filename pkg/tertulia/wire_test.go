package tertulia_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tertulia-dev/tertulia/pkg/tertulia"
)

var mexico = time.FixedZone("", -6*60*60)

// The list row of the source document; title and scheduled_at are ours.
const listGolden = `{
  "data": [{
    "id": "8c1b6e2f-...", "sales_rep_id": "r1", "created_by_rep_id": "r2", "title": null,
    "meeting_url": "https://meet.google.com/abc-defg-hij", "platform": "Google Meet",
    "customer_info": {"company": "Acme S.A.", "contactName": "Pedro García", "dealValue": 50000,
      "dealCurrency": "MXN", "dealValueDisplay": "$50,000 MXN"},
    "status": "COMPLETED", "error_code": null, "error_message": null, "meeting_type": "ventas",
    "scheduled_at": null, "started_at": "2026-05-15T15:00:00-06:00", "started_at_formatted": "15 may 2026, 15:00",
    "video_duration_minutes": 47, "duration": "47 min",
    "sales_reps": {"id": "r1", "name": "Vendedor", "email": "v@example.com"},
    "created_by": {"id": "r2", "name": "Quien programó", "email": "q@example.com"}
  }],
  "total": 1, "page": 1, "limit": 20
}`

func goldenRow() tertulia.MeetingRow {
	value := 50000.0
	return tertulia.MeetingRow{
		ID: "8c1b6e2f-...", SalesRepID: new("r1"), CreatedByRepID: new("r2"),
		MeetingURL: "https://meet.google.com/abc-defg-hij", Platform: "Google Meet",
		CustomerInfo: tertulia.CustomerView{
			CustomerInfo: tertulia.CustomerInfo{
				Company: "Acme S.A.", ContactName: "Pedro García", DealValue: &value, DealCurrency: "MXN",
			},
			DealValueDisplay: "$50,000 MXN",
		},
		Status: tertulia.Completed, MeetingType: tertulia.TypeSales,
		StartedAt: new(time.Date(2026, 5, 15, 15, 0, 0, 0, mexico)), StartedAtFormatted: new("15 may 2026, 15:00"),
		VideoDurationMinutes: new(47), Duration: new("47 min"),
		SalesReps: &tertulia.RepRef{ID: "r1", Name: "Vendedor", Email: "v@example.com"},
		CreatedBy: &tertulia.RepRef{ID: "r2", Name: "Quien programó", Email: "q@example.com"},
	}
}

func TestAListIsWrittenAsTheSourceDocumentShowsIt(t *testing.T) {
	t.Parallel()
	page := tertulia.MeetingPage{Data: []tertulia.MeetingRow{goldenRow()}, Total: 1, Page: 1, Limit: 20}

	raw, err := json.Marshal(page)

	require.NoError(t, err)
	require.JSONEq(t, listGolden, string(raw))
	var back tertulia.MeetingPage
	require.NoError(t, json.Unmarshal(raw, &back))
	require.True(t, page.Data[0].StartedAt.Equal(*back.Data[0].StartedAt))
	back.Data[0].StartedAt = page.Data[0].StartedAt
	require.Equal(t, page, back)
}

// The detail of the source document, with what the contract adds: metrics, engine, and the parts of the meeting that
// the document leaves out.
const detailGolden = `{
  "meeting": {
    "id": "8c1b6e2f-...", "sales_rep_id": "r1", "created_by_rep_id": "r2", "title": null,
    "meeting_url": "https://meet.google.com/abc-defg-hij", "platform": "Google Meet",
    "customer_info": {"company": "Acme S.A.", "contactName": "Pedro García", "dealValue": 50000,
      "dealCurrency": "MXN", "dealValueDisplay": "$50,000 MXN"},
    "status": "COMPLETED", "error_code": null, "error_message": null, "meeting_type": "ventas",
    "scheduled_at": null, "started_at": "2026-05-15T15:00:00-06:00", "started_at_formatted": "15 may 2026, 15:00",
    "video_duration_minutes": 47, "duration": "47 min",
    "sales_reps": {"id": "r1", "name": "Vendedor", "email": "v@example.com"},
    "created_by": {"id": "r2", "name": "Quien programó", "email": "q@example.com"},
    "sales_subtype": "demostracion", "language": "es", "ended_at": null,
    "video": {"state": "ready", "duration_seconds": 2820.5, "size_bytes": 1048576},
    "audio": {"state": "none", "duration_seconds": null, "size_bytes": null},
    "hubspot": {"state": "skipped", "reason": "HUBSPOT_NOT_CONFIGURED", "contact_id": null, "note_id": null, "deal_id": null, "message": null, "synced_at": null, "engagement_id": null},
    "created_at": "2026-05-15T14:59:00-06:00", "updated_at": "2026-05-15T15:50:00-06:00"
  },
  "transcript": {
    "id": "t1", "language": "es",
    "raw_transcript": [{"speaker": "Orador 0 (Emmanuel)", "text": "Hola Pedro...", "start_ms": 0, "end_ms": 3200}],
    "full_text": "[00:00] Orador 0 (Emmanuel): Hola Pedro..."
  },
  "media": {"videoUrl": "https://storage.example/v", "audioUrl": null, "expiresAt": "2026-05-15T16:00:00Z"},
  "analyses": [{
    "id": "a1", "summary": "...", "action_items": [{"text": "Enviar la cotización", "owner": "Emmanuel", "due": null}],
    "sales_rep_score": 78,
    "score_breakdown": {
      "scores": {"cierre": 16},
      "justifications": {"cierre": {"text": "Pidió fecha", "quotes": [{"text": "Hola Pedro", "start_ms": 0}]}},
      "meeting_type": "ventas"
    },
    "opportunities": ["Cliente abierto a multi-año"], "close_probability": 70,
    "key_objections": [{"objection": "Precio", "response": "Descuento", "handled": true}],
    "next_steps": "...", "decisions": [], "topics": [],
    "participation": {
      "rep_identified": true, "total_speaking_seconds": 1842,
      "participants": [
        {"name": "Juan Pérez", "email": "juan@clickbalance.com", "role": "rep", "speaking_seconds": 1102, "percentage": 59.8},
        {"name": "María López", "email": null, "role": "guest", "speaking_seconds": 160, "percentage": 8.7}
      ]
    },
    "metrics": {
      "talk_ratio": 0.6, "longest_monologue_seconds": {"rep": 80.5, "guest": null}, "longest_customer_story_seconds": 42,
      "interactivity": 5.2, "patience_seconds": 0.8, "questions_per_hour": 13, "words_per_minute": 160
    },
    "sales_subtype": "demostracion", "engine": "extractive", "evaluator": null, "model": null, "playbook_version": null, "created_at": "2026-05-15T15:50:00-06:00"
  }]
}`

func goldenDetail() tertulia.MeetingDetail {
	later := time.Date(2026, 5, 15, 15, 50, 0, 0, mexico)
	return tertulia.MeetingDetail{
		Meeting: tertulia.Meeting{
			MeetingRow: goldenRow(), SalesSubtype: new(tertulia.Demonstration), Language: new("es"),
			Video:     tertulia.MediaState{State: "ready", DurationSeconds: new(2820.5), SizeBytes: new(int64(1 << 20))},
			Audio:     tertulia.MediaState{State: "none"},
			Hubspot:   tertulia.CRMState{State: "skipped", Reason: new(tertulia.CodeHubspotNotConfigured)},
			CreatedAt: time.Date(2026, 5, 15, 14, 59, 0, 0, mexico), UpdatedAt: later,
		},
		Transcript: &tertulia.Transcript{
			ID: "t1", Language: new("es"), FullText: "[00:00] Orador 0 (Emmanuel): Hola Pedro...",
			RawTranscript: []tertulia.TranscriptSegment{{Speaker: "Orador 0 (Emmanuel)", Text: "Hola Pedro...", EndMS: 3200}},
		},
		Media: tertulia.MediaLinks{
			VideoURL: new("https://storage.example/v"), ExpiresAt: new(time.Date(2026, 5, 15, 16, 0, 0, 0, time.UTC)),
		},
		Analyses: []tertulia.Analysis{goldenAnalysis(later)},
	}
}

func goldenAnalysis(at time.Time) tertulia.Analysis {
	return tertulia.Analysis{
		ID: "a1", Summary: "...", SalesRepScore: new(78), CloseProbability: new(70), NextSteps: new("..."),
		ActionItems: []tertulia.ActionItem{{Text: "Enviar la cotización", Owner: new("Emmanuel")}},
		ScoreBreakdown: &tertulia.ScoreBreakdown{
			Scores: map[string]int{"cierre": 16}, MeetingType: tertulia.TypeSales,
			Justifications: map[string]tertulia.Justification{
				"cierre": {Text: "Pidió fecha", Quotes: []tertulia.Quote{{Text: "Hola Pedro"}}},
			},
		},
		Opportunities: []string{"Cliente abierto a multi-año"},
		KeyObjections: []tertulia.Objection{{Objection: "Precio", Response: "Descuento", Handled: true}},
		Decisions:     []string{}, Topics: []string{},
		Participation: tertulia.Participation{
			RepIdentified: true, TotalSpeakingSeconds: 1842,
			Participants: []tertulia.Participant{
				{Name: "Juan Pérez", Email: new("juan@clickbalance.com"), Role: "rep", SpeakingSeconds: 1102, Percentage: 59.8},
				{Name: "María López", Role: "guest", SpeakingSeconds: 160, Percentage: 8.7},
			},
		},
		Metrics: tertulia.CallMetrics{
			TalkRatio: new(0.6), LongestMonologue: tertulia.SecondsPerSide{Rep: new(80.5)}, LongestCustomerStory: new(42.0),
			Interactivity: 5.2, PatienceSeconds: new(0.8), QuestionsPerHour: new(13.0), WordsPerMinute: new(160.0),
		},
		SalesSubtype: new(tertulia.Demonstration), Engine: "extractive", CreatedAt: at,
	}
}

func TestADetailIsWrittenAsTheSourceDocumentShowsIt(t *testing.T) {
	t.Parallel()

	raw, err := json.Marshal(goldenDetail())

	require.NoError(t, err)
	require.JSONEq(t, detailGolden, string(raw))
}

func TestSmallAnswersAreWrittenAsTheSourceDocumentShowsThem(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 4, 29, 12, 0, 0, 0, time.UTC)
	cases := map[string]any{
		`{"meetingId": "m", "meetUrl": "https://meet.google.com/abc-defg-hij", "scheduledAt": "2026-05-15T15:00:00-06:00", "status": "SCHEDULED"}`: tertulia.ScheduledMeeting{
			MeetingID: "m", MeetURL: "https://meet.google.com/abc-defg-hij",
			ScheduledAt: new("2026-05-15T15:00:00-06:00"), Status: tertulia.Scheduled,
		},
		`{"meetingId": "m", "meetUrl": "https://meet.google.com/qxb-xdam-uae", "scheduledAt": null, "status": "JOINING"}`: tertulia.ScheduledMeeting{
			MeetingID: "m", MeetURL: "https://meet.google.com/qxb-xdam-uae", Status: tertulia.Joining,
		},
		`{"ok": true, "status": "CANCELLED"}`: tertulia.CancelAnswer{OK: true, Status: tertulia.Cancelled},
		`{"jobId": "j", "meetingId": "m", "status": "PROCESSING"}`: tertulia.ReanalyzeAnswer{
			JobID: "j", MeetingID: "m", Status: tertulia.Processing,
		},
		`{"processed": 3, "failed": 0}`: tertulia.ProcessQueueAnswer{Processed: 3},
		`{"deleted": 4}`:                tertulia.DeletedCount{Deleted: 4},
		`{"id": "r", "email": "a@example.com", "name": "Emmanuel Hernández", "is_admin": false, "is_active": false, "created_at": "2026-04-29T12:00:00Z"}`: tertulia.SalesRep{
			ID: "r", Email: "a@example.com", Name: "Emmanuel Hernández", CreatedAt: at,
		},
	}
	for want, answer := range cases {
		raw, err := json.Marshal(answer)
		require.NoError(t, err)
		require.JSONEq(t, want, string(raw))
	}
}

func TestNullableTellsNullAbsentAndValueApart(t *testing.T) {
	t.Parallel()
	type patch struct {
		Name  tertulia.Nullable[string]  `json:"name,omitzero"`
		Value tertulia.Nullable[float64] `json:"value,omitzero"`
	}
	cases := map[string]patch{
		`{}`:                       {},
		`{"name":null}`:            {Name: tertulia.Null[string]()},
		`{"name":"","value":0}`:    {Name: tertulia.Some(""), Value: tertulia.Some(0.0)},
		`{"name":"a","value":1.5}`: {Name: tertulia.Some("a"), Value: tertulia.Some(1.5)},
	}
	for text, want := range cases {
		var got patch
		require.NoError(t, json.Unmarshal([]byte(text), &got))
		require.Equal(t, want, got)
		raw, err := json.Marshal(got)
		require.NoError(t, err)
		require.Equal(t, text, string(raw))
	}
	require.Error(t, json.Unmarshal([]byte(`{"value":"much"}`), &patch{}))
	require.Nil(t, tertulia.Null[string]().Ptr())
	require.Equal(t, "a", *tertulia.Some("a").Ptr())
}
