package hubspot_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tertulia-dev/tertulia/infrastructure/sandbox/core"
	"github.com/tertulia-dev/tertulia/infrastructure/sandbox/hubspot"
)

const objects = "/hubspot/crm/objects/2026-09/"

// running is a sandbox with the HubSpot double in it.
type running struct {
	*core.Server
	url string
}

func start(t *testing.T) *running {
	t.Helper()
	env := core.NewEnv(core.Env{Clock: core.NewClock(func() time.Time { return time.Date(2026, 11, 21, 10, 0, 0, 0, time.UTC) })})
	s := &running{Server: core.NewServer(env, hubspot.New(env))}
	server := httptest.NewServer(s)
	t.Cleanup(server.Close)
	s.url = server.URL
	return s
}

// answer is what came back.
type answer struct {
	status int
	header http.Header
	body   map[string]any
}

// at digs into the body by keys and list indexes: at("results", 0, "id").
func (a answer) at(t *testing.T, path ...any) any {
	t.Helper()
	var value any = a.body
	for _, step := range path {
		switch step := step.(type) {
		case string:
			fields, ok := value.(map[string]any)
			require.True(t, ok, "%v in %v", path, a.body)
			value = fields[step]
		case int:
			list, ok := value.([]any)
			require.True(t, ok && step < len(list), "%v in %v", path, a.body)
			value = list[step]
		}
	}
	return value
}

func (s *running) call(t *testing.T, method, path, body string) answer {
	t.Helper()
	return s.callAs(t, "sandbox-key", method, path, body)
}

func (s *running) callAs(t *testing.T, key, method, path, body string) answer {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, s.url+path, strings.NewReader(body))
	require.NoError(t, err)
	req.Header.Set("Authorization", "Bearer "+key)
	req.Header.Set("Content-Type", "application/json")
	resp, err := http.DefaultClient.Do(req)
	require.NoError(t, err)
	defer func() { require.NoError(t, resp.Body.Close()) }()
	raw, err := io.ReadAll(resp.Body)
	require.NoError(t, err)
	a := answer{status: resp.StatusCode, header: resp.Header}
	if len(raw) > 0 {
		require.NoError(t, json.Unmarshal(raw, &a.body), string(raw))
	}
	return a
}

func (s *running) control(t *testing.T, path, body string) answer {
	t.Helper()
	a := s.call(t, http.MethodPost, "/_control/hubspot"+path, body)
	require.Less(t, a.status, 300, a.body)
	return a
}

const byEmail = `{"filterGroups":[{"filters":[{"propertyName":"email","operator":"EQ","value":"%s"}]}],"sorts":[],"properties":["email","company"],"limit":5,"after":"0"}`

func TestAContactIsFoundByItsEmailWhateverItsCase(t *testing.T) {
	t.Parallel()
	s := start(t)
	made := s.call(t, "POST", objects+"contacts", `{"properties":{"email":"nuevo@cliente.test","firstname":"Nuevo","company":"Cliente"},"associations":[]}`)
	require.Equal(t, http.StatusCreated, made.status, made.body)

	found := s.call(t, "POST", objects+"contacts/search", fmt.Sprintf(byEmail, "NUEVO@cliente.test"))

	require.Equal(t, http.StatusOK, found.status)
	require.EqualValues(t, 1, found.at(t, "total"))
	require.Equal(t, made.at(t, "id"), found.at(t, "results", 0, "id"))
	require.Equal(t, "Cliente", found.at(t, "results", 0, "properties", "company"))
	require.NotContains(t, found.at(t, "results", 0, "properties"), "firstname")

	again := s.call(t, "POST", objects+"contacts", `{"properties":{"email":"Nuevo@cliente.test"}}`)
	require.Equal(t, http.StatusConflict, again.status)
	require.Contains(t, again.at(t, "message"), made.at(t, "id"))
}

func TestAQueryLooksIntoNamesAndCompanies(t *testing.T) {
	t.Parallel()
	s := start(t)
	for query, id := range map[string]any{"pedro": "101", "grupo nor": "102", "maria.lopez": "103"} {
		found := s.call(t, "POST", "/hubspot/crm/v3/objects/contacts/search", `{"query":"`+query+`","limit":3}`)
		require.EqualValues(t, 1, found.at(t, "total"), query)
		require.Equal(t, id, found.at(t, "results", 0, "id"))
	}
}

func TestANoteIsCreatedWithItsAssociationsInOneCall(t *testing.T) {
	t.Parallel()
	s := start(t)
	body := `{"properties":{"hs_timestamp":"2026-11-21T10:00:00Z","hs_note_body":"<p>Reunión 0193d2a4-7b1e-7c3a-9f00-5a6b7c8d9e0f</p>","hubspot_owner_id":"7001"},
		"associations":[{"to":{"id":"101"},"types":[{"associationCategory":"HUBSPOT_DEFINED","associationTypeId":202}]},
			{"to":{"id":"902"},"types":[{"associationCategory":"HUBSPOT_DEFINED","associationTypeId":214}]}]}`

	note := s.call(t, "POST", objects+"notes", body)

	require.Equal(t, http.StatusCreated, note.status, note.body)
	id := note.at(t, "id").(string)
	read := s.call(t, "GET", objects+"notes/"+id+"?properties=hs_note_body,hs_timestamp&associations=contacts,deals", "")
	require.Equal(t, "2026-11-21T10:00:00.000Z", read.at(t, "properties", "hs_timestamp"))
	require.Equal(t, "101", read.at(t, "associations", "contacts", "results", 0, "id"))
	require.Equal(t, "902", read.at(t, "associations", "deals", "results", 0, "id"))

	search := `{"filterGroups":[{"filters":[{"propertyName":"hs_note_body","operator":"CONTAINS_TOKEN","value":"%s"}]}],"limit":1}`
	found := s.call(t, "POST", objects+"notes/search", fmt.Sprintf(search, "0193d2a4-7b1e-7c3a-9f00-5a6b7c8d9e0f"))
	require.Equal(t, id, found.at(t, "results", 0, "id"))
	other := s.call(t, "POST", objects+"notes/search", fmt.Sprintf(search, "0193d2a4-0000-7c3a-9f00-5a6b7c8d9e0f"))
	require.EqualValues(t, 0, other.at(t, "total"))

	changed := s.call(t, "PATCH", objects+"notes/"+id, `{"properties":{"hs_note_body":"otra"}}`)
	require.Equal(t, "otra", changed.at(t, "properties", "hs_note_body"))
	require.Equal(t, http.StatusNoContent, s.call(t, "DELETE", objects+"notes/"+id, "").status)
	require.Equal(t, http.StatusNotFound, s.call(t, "GET", objects+"notes/"+id, "").status)
}

func TestAWrongWriteIsRefusedAndWritesNothing(t *testing.T) {
	t.Parallel()
	s := start(t)
	at := `"hs_timestamp":"1764000000000"`
	for body, code := range map[string]any{
		`{"properties":{"hs_note_body":"x"}}`:                                              "REQUIRED_PROPERTY_MISSING",
		`{"properties":{` + at + `,"color":"x"}}`:                                          "PROPERTY_DOESNT_EXIST",
		`{"properties":{` + at + `,"hubspot_owner_id":"1"}}`:                               "INVALID_OWNER_ID",
		`{"properties":{"hs_timestamp":"ayer"}}`:                                           "INVALID_DATE",
		`{"properties":{` + at + `,"hs_object_id":"5"}}`:                                   "READ_ONLY_VALUE",
		`{"properties":{` + at + `,"hs_note_body":"` + strings.Repeat("ñ", 65_537) + `"}}`: "PROPERTY_VALUE_TOO_LONG",
		`{"properties":{"hs_timestamp":1764000000000}}`:                                    nil,
		`{"properties":{` + at + `},"associations":[{"to":{"id":"101"},"types":[{"associationCategory":"HUBSPOT_DEFINED","associationTypeId":200}]}]}`: nil,
		`{"properties":{` + at + `},"associations":[{"to":{"id":"999"},"types":[{"associationCategory":"HUBSPOT_DEFINED","associationTypeId":202}]}]}`: nil,
	} {
		a := s.call(t, "POST", objects+"notes", body)
		require.Equal(t, http.StatusBadRequest, a.status, body)
		require.Equal(t, "VALIDATION_ERROR", a.at(t, "category"), body)
		require.NotEmpty(t, a.at(t, "correlationId"))
		if code != nil {
			require.Equal(t, code, a.at(t, "errors", 0, "code"))
		}
	}
	require.Equal(t, http.StatusCreated, s.call(t, "POST", objects+"notes", `{"properties":{`+at+`,"hs_note_body":"`+strings.Repeat("ñ", 65_536)+`"}}`).status)
	require.Len(t, s.call(t, "GET", "/_control/hubspot/objects?type=notes", "").at(t, "results"), 1)
}

func TestAMeetingsTimestampDefaultsToItsStart(t *testing.T) {
	t.Parallel()
	s := start(t)
	a := s.call(t, "POST", objects+"meetings", `{"properties":{"hs_meeting_title":"Demo","hs_meeting_start_time":"1764000000000","hs_meeting_end_time":"2025-11-24T17:00:00Z","hs_meeting_outcome":"COMPLETED"}}`)
	require.Equal(t, http.StatusCreated, a.status, a.body)
	require.Equal(t, "2025-11-24T16:00:00.000Z", a.at(t, "properties", "hs_timestamp"))
}

func TestTheOpenDealOfAContactCanBeTold(t *testing.T) {
	t.Parallel()
	s := start(t)

	links := s.call(t, "GET", objects+"contacts/101/associations/deals", "")
	require.Equal(t, "901", links.at(t, "results", 0, "toObjectId"))
	require.EqualValues(t, 4, links.at(t, "results", 0, "associationTypes", 0, "typeId"))
	older := s.call(t, "GET", "/hubspot/crm/v4/objects/contacts/101/associations/deals", "")
	require.EqualValues(t, 901, older.at(t, "results", 0, "toObjectId"))

	deals := s.call(t, "POST", objects+"deals/batch/read", `{"inputs":[{"id":"901"},{"id":"902"},{"id":"7"}],"properties":["hs_is_closed"],"propertiesWithHistory":[]}`)
	require.Equal(t, http.StatusMultiStatus, deals.status)
	require.Equal(t, "true", deals.at(t, "results", 0, "properties", "hs_is_closed"))
	require.Equal(t, "false", deals.at(t, "results", 1, "properties", "hs_is_closed"))

	open := s.call(t, "POST", objects+"deals/search", `{"filterGroups":[{"filters":[{"propertyName":"associations.contact","operator":"EQ","value":"101"},{"propertyName":"hs_is_closed","operator":"EQ","value":"false"}]}]}`)
	require.Equal(t, "902", open.at(t, "results", 0, "id"))
	require.EqualValues(t, 1, open.at(t, "total"))
}

func TestADefaultAssociationIsMadeOnceAndBothWays(t *testing.T) {
	t.Parallel()
	s := start(t)
	for range 2 {
		a := s.call(t, "PUT", objects+"contacts/102/associations/default/deals/902", "")
		require.Equal(t, http.StatusOK, a.status, a.body)
	}
	require.Len(t, s.call(t, "GET", objects+"contacts/102/associations/deals", "").at(t, "results"), 1)
	require.Len(t, s.call(t, "GET", objects+"deals/902/associations/contacts", "").at(t, "results"), 2)
	require.Equal(t, http.StatusNoContent, s.call(t, "DELETE", objects+"contacts/102/associations/deals/902", "").status)
	require.Empty(t, s.call(t, "GET", objects+"contacts/102/associations/deals", "").at(t, "results"))
}

func TestOwnersAreFoundByEmailAndArchivedOnesOnlyWhenAskedFor(t *testing.T) {
	t.Parallel()
	s := start(t)
	s.control(t, "/seed", `{"owners":[{"id":"7003","email":"se.fue@andamio.example","archived":true}]}`)

	a := s.call(t, "GET", "/hubspot/crm/owners/2026-09?email=Mariana.Rios@andamio.example", "")
	require.Equal(t, "7001", a.at(t, "results", 0, "id"))
	require.Empty(t, s.call(t, "GET", "/hubspot/crm/owners/2026-09?email=se.fue@andamio.example", "").at(t, "results"))
	require.Equal(t, http.StatusNotFound, s.call(t, "GET", "/hubspot/crm/v3/owners/7003", "").status)
	require.Equal(t, http.StatusOK, s.call(t, "GET", "/hubspot/crm/v3/owners/7003?archived=true", "").status)
	page := s.call(t, "GET", "/hubspot/crm/owners/2026-09?limit=1", "")
	require.Equal(t, "7001", page.at(t, "paging", "next", "after"))
	page = s.call(t, "GET", "/hubspot/crm/owners/2026-09?limit=1&after=7001", "")
	require.Equal(t, "7002", page.at(t, "results", 0, "id"))
	require.NotContains(t, page.body, "paging")
}
