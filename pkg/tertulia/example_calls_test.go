package tertulia_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"

	"github.com/tertulia-dev/tertulia/pkg/tertulia"
)

// callServer stands for a Tertulia server in the examples about calls.
func callServer() *httptest.Server {
	mux := http.NewServeMux()
	mux.HandleFunc("POST /api/batch-calling/submit", func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprint(w, `{"success": true, "data": {"id": "btcal_1", "status": "pending", "total_calls_scheduled": 1},
			"duplicates": [{"index": 1, "first_index": 0}], "duplicates_total": 1}`)
	})
	mux.HandleFunc("GET /v1/calls/batches/btcal_1", func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprint(w, `{"id": "btcal_1", "status": "completed", "recipients": 1, "finished": 1, "version": 4, "parts": []}`)
	})
	mux.HandleFunc("POST /v1/calls/campaigns", func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusCreated)
		fmt.Fprint(w, `{"id": "btcal_2", "status": "draft"}`)
	})
	mux.HandleFunc("POST /v1/calls/campaigns/btcal_2/recipients", func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprint(w, `{"rows": 3, "good": 2, "bad": 1, "added": 2, "problems": [{"line": 4, "field": "telefono", "message": "No es un teléfono."}]}`)
	})
	mux.HandleFunc("POST /v1/calls/campaigns/btcal_2/start", func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprint(w, `{"id": "btcal_2", "status": "in_progress"}`)
	})
	mux.HandleFunc("GET /v1/calls/campaigns/btcal_2/progress/stream", func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprint(w, "id: 7\ndata: {\"campaign\": {\"status\": \"in_progress\"}, \"counts\": {\"waiting\": 1}}\n\n"+
			"id: 9\ndata: {\"campaign\": {\"status\": \"completed\"}, \"counts\": {\"waiting\": 0}, \"done\": true}\n\n")
	})
	return httptest.NewServer(mux)
}

func ExampleBatchCalls_Submit() {
	server := callServer()
	defer server.Close()
	client := tertulia.New(server.URL, tertulia.WithAPIKey("service key"))
	ctx := context.Background()

	sent, err := client.BatchCalls.Submit(ctx, tertulia.CallSubmission{
		CallName: "Citas", AgentID: "agent_1", AgentPhoneNumberID: "phnum_1", Recipients: []tertulia.CallRecipient{
			{PhoneNumber: "+525512345678", DynamicVariables: map[string]any{"nombre": "Ana"}},
			{PhoneNumber: "+525512345678"},
		},
	})
	if err != nil {
		fmt.Println(err) // an APIError with a CallBatch: calls may have been placed, and that batch tells
		return
	}
	fmt.Println(sent.Batch.TotalCallsScheduled, "called,", sent.DuplicatesTotal, "left out")
	last, err := client.BatchCalls.Wait(ctx, sent.Batch.ID)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(last.Status)
	// Output:
	// 1 called, 1 left out
	// completed
}

func ExampleCampaigns_Watch() {
	server := callServer()
	defer server.Close()
	client := tertulia.New(server.URL, tertulia.WithAPIKey("service key"))
	ctx := context.Background()

	campaign, err := client.Campaigns.Create(ctx, tertulia.CreateCampaignRequest{
		Name: "Cobranza octubre", AgentID: "agent_1", PhoneNumberID: "phnum_1", CampaignSettings: tertulia.CampaignSettings{
			Consent: &tertulia.ConsentRequest{Kind: "existing_customer"}, Window: &tertulia.WindowRequest{Start: "09:00", End: "19:00"},
		},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	file := strings.NewReader("nombre,telefono\nAna,55 1234 5678\nLuis,55 8765 4321\nEva,no tiene\n")
	added, err := client.Campaigns.AddRecipients(ctx, campaign.ID, file, tertulia.FileQuery{Region: "MX"})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, p := range added.Problems {
		fmt.Printf("line %d: %s: %s\n", p.Line, p.Field, p.Message)
	}
	if _, err := client.Campaigns.Start(ctx, campaign.ID); err != nil {
		fmt.Println(err) // an APIError with each thing that keeps it from starting in its Details
		return
	}
	for p, err := range client.Campaigns.Watch(ctx, campaign.ID) {
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println(p.Campaign.Status, p.Counts.Waiting)
	}
	// Output:
	// line 4: telefono: No es un teléfono.
	// in_progress 1
	// completed 0
}
