package hubspot_test

import (
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestTheSixthSearchInASecondIsRefused(t *testing.T) {
	t.Parallel()
	s := start(t)
	search := func() answer { return s.call(t, "POST", objects+"contacts/search", fmt.Sprintf(byEmail, "a@b.test")) }
	for range 5 {
		a := search()
		require.Equal(t, http.StatusOK, a.status)
		require.Empty(t, a.header.Get("X-HubSpot-RateLimit-Remaining"))
	}

	refused := search()

	require.Equal(t, http.StatusTooManyRequests, refused.status)
	require.Equal(t, "SECONDLY", refused.at(t, "policyName"))
	require.Equal(t, "RATE_LIMIT", refused.at(t, "errorType"))
	s.Clock().Advance(time.Second)
	require.Equal(t, http.StatusOK, search().status)
}

func TestTheBurstAndTheDayHaveLimitsOfTheirOwn(t *testing.T) {
	t.Parallel()
	s := start(t)
	read := func() answer { return s.call(t, "GET", objects+"contacts/101", "") }
	s.control(t, "/settings", `{"burstPer10s":2,"dailyLimit":5}`)

	require.Equal(t, "1", read().header.Get("X-HubSpot-RateLimit-Remaining"))
	require.Equal(t, "0", read().header.Get("X-HubSpot-RateLimit-Remaining"))
	require.Equal(t, "TEN_SECONDLY_ROLLING", read().at(t, "policyName"))
	s.Clock().Advance(10 * time.Second)
	require.Equal(t, http.StatusOK, read().status)
	require.Equal(t, http.StatusOK, read().status)
	s.Clock().Advance(10 * time.Second)
	require.Equal(t, "DAILY", read().at(t, "policyName"))
	s.Clock().Advance(24 * time.Hour)
	require.Equal(t, http.StatusOK, read().status)
}

func TestANewRecordIsHiddenFromSearchUntilItIsIndexed(t *testing.T) {
	t.Parallel()
	s := start(t)
	s.control(t, "/settings", `{"indexLagMs":5000}`)
	s.Clock().Advance(time.Minute)
	made := s.call(t, "POST", objects+"contacts", `{"properties":{"email":"tarde@x.test"}}`)
	total := func() any {
		return s.call(t, "POST", objects+"contacts/search", fmt.Sprintf(byEmail, "tarde@x.test")).at(t, "total")
	}

	require.EqualValues(t, 0, total())
	require.Equal(t, http.StatusOK, s.call(t, "GET", objects+"contacts/"+made.at(t, "id").(string), "").status)
	s.Clock().Advance(5 * time.Second)
	require.EqualValues(t, 1, total())
}

func TestAPortalMayDemandAndAddProperties(t *testing.T) {
	t.Parallel()
	s := start(t)
	s.control(t, "/settings", `{"requiredProperties":{"notes":["hubspot_owner_id"]},"properties":{"contacts":["plan"]}}`)

	refused := s.call(t, "POST", objects+"notes", `{"properties":{"hs_timestamp":"2026-11-21T10:00:00Z"}}`)
	require.Equal(t, http.StatusBadRequest, refused.status)
	require.Equal(t, "hubspot_owner_id", refused.at(t, "errors", 0, "context", "properties", 0))
	made := s.call(t, "POST", objects+"contacts", `{"properties":{"email":"plan@x.test","plan":"oro"}}`)
	require.Equal(t, "oro", made.at(t, "properties", "plan"))
}

func TestASeedAddsJoinedRecords(t *testing.T) {
	t.Parallel()
	s := start(t)
	ids := s.control(t, "/seed", `{"contacts":[{"email":"c@x.test","firstname":"C"}],"owners":[{"email":"o@x.test"}],
		"deals":[{"dealname":"D","dealstage":"closedwon","contactEmail":"c@x.test"}]}`)

	contact := ids.at(t, "contacts", 0).(string)
	require.Equal(t, ids.at(t, "deals", 0), s.call(t, "GET", objects+"contacts/"+contact+"/associations/deals", "").at(t, "results", 0, "toObjectId"))
	wrong := s.call(t, "POST", "/_control/hubspot/seed", `{"contacts":[{"mail":"x"}]}`)
	require.Equal(t, http.StatusBadRequest, wrong.status)
	require.Equal(t, "contacts[0].mail", wrong.at(t, "field"))

	s.Reset()
	require.Equal(t, http.StatusNotFound, s.call(t, "GET", objects+"contacts/"+contact, "").status)
	require.Equal(t, http.StatusOK, s.call(t, "GET", objects+"contacts/101", "").status)
}

func TestAnUnknownKeyVersionOrPathIsRefused(t *testing.T) {
	t.Parallel()
	s := start(t)
	a := s.callAs(t, "pat-na1-real", "GET", objects+"contacts/101", "")
	require.Equal(t, http.StatusUnauthorized, a.status)
	require.Equal(t, "INVALID_AUTHENTICATION", a.at(t, "category"))
	require.Equal(t, http.StatusNotFound, s.call(t, "GET", "/hubspot/crm/objects/2020-01/contacts/101", "").status)
	require.Equal(t, http.StatusNotFound, s.call(t, "GET", "/hubspot/crm/nothing", "").status)
}

func TestSearchPagesAndSorts(t *testing.T) {
	t.Parallel()
	s := start(t)
	body := `{"filterGroups":[],"sorts":%s,"properties":[],"limit":2,"after":"%d"}`
	first := s.call(t, "POST", objects+"contacts/search", fmt.Sprintf(body, `["-firstname"]`, 0))
	require.Equal(t, "101", first.at(t, "results", 0, "id"))
	require.Equal(t, "2", first.at(t, "paging", "next", "after"))
	second := s.call(t, "POST", objects+"contacts/search", fmt.Sprintf(body, `[{"propertyName":"firstname","direction":"DESCENDING"}]`, 2))
	require.Equal(t, "102", second.at(t, "results", 0, "id"))
	require.NotContains(t, second.body, "paging")
	tooMany := s.call(t, "POST", objects+"contacts/search", `{"limit":201}`)
	require.Equal(t, http.StatusBadRequest, tooMany.status)
}
