package embedtest

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tertulia-dev/tertulia/infrastructure/sandbox/sandboxtest"
)

// Notetaker is what the vendor's double knows of one.
type Notetaker struct {
	ID            string            `json:"id"`
	JoinAt        *string           `json:"join_at"`
	Metadata      map[string]string `json:"metadata"`
	StatusChanges []struct {
		Code    string `json:"code"`
		SubCode string `json:"sub_code"`
	} `json:"status_changes"`
}

// Notetakers returns every notetaker that was sent to a meeting, "" is to any, as the vendor knows them.
func (s *System) Notetakers(t testing.TB, meeting string) []Notetaker {
	t.Helper()
	address := s.Sandbox.URL("recall") + "/api/v1/bot/"
	if meeting != "" {
		address += "?metadata__meeting_id=" + meeting
	}
	answer := s.Do(t, http.MethodGet, address, "", "Authorization", "Token "+sandboxtest.Key)
	require.Equal(t, http.StatusOK, answer.Status, answer.Body)
	var page struct {
		Results []Notetaker `json:"results"`
	}
	require.NoError(t, json.Unmarshal([]byte(answer.Body), &page))
	return page.Results
}

// CRMRecord is one record in the CRM's double.
type CRMRecord struct {
	ID           string            `json:"id"`
	Properties   map[string]string `json:"properties"`
	Associations json.RawMessage   `json:"associations"`
}

// CRM returns the records of a kind ("notes", "meetings") that bear a meeting's ID.
func (s *System) CRM(t testing.TB, kind, meeting string) []CRMRecord {
	t.Helper()
	var answer struct {
		Results []CRMRecord `json:"results"`
	}
	s.Sandbox.Control("GET", "/hubspot/objects?type="+kind, nil, &answer)
	var found []CRMRecord
	for _, record := range answer.Results {
		if strings.Contains(record.Properties["hs_note_body"]+record.Properties["hs_meeting_body"], meeting) {
			found = append(found, record)
		}
	}
	return found
}

// Names of the schemas in which models are asked about meetings.
const (
	salesAnalysis   = "sales_analysis"
	meetingAnalysis = "meeting_analysis"
	salesStage      = "sales_stage"
)

// Analyses returns the requests for an analysis of a meeting that the model's vendor has received; "" is of any.
func (s *System) Analyses(meeting string) []sandboxtest.Request {
	return s.asked(meeting, salesAnalysis, meetingAnalysis)
}

// Detections returns the requests for the stage of a sale that the model's vendor has received; "" is of any.
func (s *System) Detections(meeting string) []sandboxtest.Request {
	return s.asked(meeting, salesStage)
}

func (s *System) asked(meeting string, schemas ...string) []sandboxtest.Request {
	var found []sandboxtest.Request
	for _, request := range s.Sandbox.Matching("openai", "POST /v1/responses") {
		isOne := slices.ContainsFunc(schemas, func(name string) bool { return strings.Contains(request.Body, `"`+name+`"`) })
		if isOne && strings.Contains(request.Body, meeting) {
			found = append(found, request)
		}
	}
	return found
}

// Model scripts what the model answers next, once for each answer: the fields of the double's POST /script.
func (s *System) Model(answers ...map[string]any) {
	s.Sandbox.Control("POST", "/openai/script", answers, nil)
}

// Evaluations scripts what the model answers to the next requests for an analysis of a sale.
func (s *System) Evaluations(answers ...map[string]any) { s.scriptFor(salesAnalysis, answers) }

// Stages scripts what the model answers to the next requests for the stage of a sale.
func (s *System) Stages(answers ...map[string]any) { s.scriptFor(salesStage, answers) }

func (s *System) scriptFor(schema string, answers []map[string]any) {
	for _, answer := range answers {
		answer["schema"] = schema
	}
	s.Model(answers...)
}
