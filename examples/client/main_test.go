package main

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/tertulia-dev/tertulia/pkg/tertulia"
)

const meetingID = "01a1fc28-8dcf-7c70-8b9e-954c440e2a6a"

var call = tertulia.ScheduleRequest{
	MeetingURL: "https://meet.google.com/abc-defg-hij", SalesRepEmail: "ana@acme.example",
	CustomerInfo: tertulia.CustomerInfo{ContactName: "Pedro García"},
}

// server books one meeting, which has each of the statuses for one look and the last one for ever.
func server(t *testing.T, statuses ...tertulia.MeetingStatus) *tertulia.Client {
	t.Helper()
	var looks atomic.Int64
	mux := http.NewServeMux()
	mux.HandleFunc("POST /api/meetings/schedule", func(w http.ResponseWriter, r *http.Request) {
		var asked tertulia.ScheduleRequest
		if err := json.NewDecoder(r.Body).Decode(&asked); err != nil || asked.MeetingURL != call.MeetingURL ||
			asked.CustomerInfo.ContactName != "Pedro García" || r.Header.Get("Idempotency-Key") == "" {
			t.Errorf("asked for %+v, %v", asked, err)
		}
		if r.Header.Get("X-Api-Key") != "key" {
			w.WriteHeader(http.StatusUnauthorized)
			_, _ = w.Write([]byte(`{"error":"No.","code":"INVALID_API_KEY","requestId":"r-1"}`))
			return
		}
		w.WriteHeader(http.StatusCreated)
		_ = json.NewEncoder(w).Encode(tertulia.ScheduledMeeting{MeetingID: meetingID, Status: tertulia.Joining})
	})
	mux.HandleFunc("GET /api/meetings/"+meetingID, func(w http.ResponseWriter, _ *http.Request) {
		n := min(int(looks.Add(1)), len(statuses))
		score := 71
		detail := tertulia.MeetingDetail{Analyses: []tertulia.Analysis{{
			Summary: "Se acordó una prueba.", SalesRepScore: &score,
			Participation: tertulia.Participation{Participants: []tertulia.Participant{{Name: "Ana", Role: "rep", SpeakingSeconds: 209.94}}},
		}}}
		detail.Meeting.ID, detail.Meeting.Status = meetingID, statuses[n-1]
		_ = json.NewEncoder(w).Encode(detail)
	})
	running := httptest.NewServer(mux)
	t.Cleanup(running.Close)
	return tertulia.New(running.URL, tertulia.WithAPIKey("key"), tertulia.WithSalesRep("ana@acme.example"))
}

func TestTheAnalysisIsPrintedOnceItIsThere(t *testing.T) {
	t.Parallel()
	var out strings.Builder
	err := run(t.Context(), &out, server(t, tertulia.Joining, tertulia.Processing, tertulia.Completed), call, time.Millisecond)
	if err != nil {
		t.Fatal(err)
	}
	const want = "Meeting " + meetingID + " is JOINING.\nSe acordó una prueba.\nScore: 71 of 100\nAna (rep) spoke for 209.9 s\n"
	if out.String() != want {
		t.Errorf("printed %q, want %q", out.String(), want)
	}
}

func TestAMeetingThatFailsIsAnError(t *testing.T) {
	t.Parallel()
	var out strings.Builder
	err := run(t.Context(), &out, server(t, tertulia.Failed), call, time.Millisecond)
	if err == nil || err.Error() != "the meeting is FAILED" {
		t.Errorf("got %v", err)
	}
}

func TestARefusalNamesItsCodeAndRequest(t *testing.T) {
	t.Parallel()
	client := server(t, tertulia.Completed)
	tertulia.WithAPIKey("wrong")(client)
	err := run(t.Context(), &strings.Builder{}, client, call, time.Millisecond)
	if err == nil || explain(err) != "No. (INVALID_API_KEY, request r-1)" {
		t.Errorf("got %v", err)
	}
}
