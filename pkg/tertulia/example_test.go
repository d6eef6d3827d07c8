package tertulia_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"

	"github.com/tertulia-dev/tertulia/pkg/tertulia"
)

// exampleServer stands for a Tertulia server in the examples.
func exampleServer() *httptest.Server {
	mux := http.NewServeMux()
	mux.HandleFunc("POST /api/meetings/schedule", func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusCreated)
		fmt.Fprint(w, `{"meetingId": "8c1b6e2f", "meetUrl": "https://meet.google.com/abc-defg-hij",
			"scheduledAt": null, "status": "JOINING"}`)
	})
	mux.HandleFunc("GET /api/meetings", func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprint(w, `{"data": [{"id": "8c1b6e2f", "status": "COMPLETED", "duration": "47 min",
			"customer_info": {"contactName": "Pedro García"}}], "total": 1, "page": 1, "limit": 20}`)
	})
	mux.HandleFunc("DELETE /api/meetings/{id}", func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusConflict)
		fmt.Fprint(w, `{"error": "The meeting has already begun.", "code": "INVALID_STATE", "requestId": "req-1"}`)
	})
	return httptest.NewServer(mux)
}

func ExampleMeetings_Schedule() {
	server := exampleServer()
	defer server.Close()
	client := tertulia.New(server.URL, tertulia.WithAPIKey("service key"), tertulia.WithSalesRep("ana@example.com"))

	meeting, err := client.Meetings.Schedule(context.Background(), tertulia.ScheduleRequest{
		CustomerInfo: tertulia.CustomerInfo{ContactName: "Pedro García", Company: "Acme S.A."},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(meeting.Status, meeting.MeetURL)
	// Output: JOINING https://meet.google.com/abc-defg-hij
}

func ExampleMeetings_All() {
	server := exampleServer()
	defer server.Close()
	client := tertulia.New(server.URL, tertulia.WithAPIKey("service key"))

	filter := tertulia.MeetingFilter{Status: []string{string(tertulia.Completed)}}
	for meeting, err := range client.Meetings.All(context.Background(), filter) {
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println(meeting.CustomerInfo.ContactName, *meeting.Duration)
	}
	// Output: Pedro García 47 min
}

func ExampleAPIError() {
	server := exampleServer()
	defer server.Close()
	client := tertulia.New(server.URL, tertulia.WithAPIKey("service key"))

	_, err := client.Meetings.Cancel(context.Background(), "8c1b6e2f")

	var refused *tertulia.APIError
	if errors.As(err, &refused) {
		fmt.Println(refused.Status, refused.Code, refused.RequestID)
	}
	fmt.Println(tertulia.HasCode(err, tertulia.CodeInvalidState))
	// Output:
	// 409 INVALID_STATE req-1
	// true
}

func ExampleEventStream() {
	stream := tertulia.EventStream{
		Open: func(_ context.Context, lastEventID string) (io.ReadCloser, error) {
			// A real one sends a request with the Last-Event-ID header and returns the body of its answer.
			return io.NopCloser(strings.NewReader("id: 1\ndata: {\"delta\":\"Hola\"}\n\nid: 2\ndata: {\"done\":true}\n\n")), nil
		},
		Last: func(e tertulia.Event) bool { return strings.Contains(e.Data, `"done"`) },
	}
	for event, err := range stream.Events(context.Background()) {
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println(event.ID, event.Data)
	}
	// Output:
	// 1 {"delta":"Hola"}
	// 2 {"done":true}
}

func ExampleWebhook() {
	webhook, err := tertulia.NewWebhook("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
	if err != nil {
		fmt.Println(err)
		return
	}
	http.HandleFunc("POST /tertulia", func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, 1<<20))
		if err != nil || webhook.Verify(r.Header, body) != nil {
			w.WriteHeader(http.StatusBadRequest)
			return
		}
		w.WriteHeader(http.StatusNoContent)
	})
}
