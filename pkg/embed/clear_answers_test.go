package embed_test

import (
	"encoding/json"
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tertulia-dev/tertulia/pkg/embed/embedtest"
	"github.com/tertulia-dev/tertulia/pkg/tertulia"
)

// refusal is an error as it is written.
type refusal struct {
	Error, Code string
	Details     []tertulia.FieldError
}

func readRefusal(t *testing.T, a embedtest.Answer) refusal {
	t.Helper()
	var r refusal
	require.NoError(t, json.Unmarshal([]byte(a.Body), &r), a.Body)
	return r
}

func TestARefusalSaysWhatWouldBeRight(t *testing.T) {
	t.Parallel()
	s := embedtest.New(t, embedtest.WithoutWorker())
	key := []string{"X-API-Key", embedtest.ServiceKey}
	const schedule, asRep = "/api/meetings/schedule", `"salesRepEmail":"` + embedtest.RepEmail + `"`
	const customer = `"customerInfo":{"contactName":"Ana"}`
	for name, c := range map[string]struct {
		method, path, body string
		header             []string
		status             int
		code, field, says  string
	}{
		"an empty time is no absent one": {
			method: "POST", path: schedule, body: `{` + asRep + `,` + customer + `,"scheduledAt":""}`, header: key,
			status: 400, code: "VALIDATION_ERROR", field: "scheduledAt", says: "vacío",
		},
		"an empty link is no absent one": {
			method: "POST", path: schedule, body: `{` + asRep + `,` + customer + `,"meetingUrl":""}`, header: key,
			status: 400, code: "VALIDATION_ERROR", field: "meetingUrl", says: "vacío",
		},
		"a form is no JSON": {
			method: "POST", path: schedule, body: `{` + asRep + `,` + customer + `}`,
			header: append([]string{"Content-Type", "application/x-www-form-urlencoded"}, key...),
			status: 415, code: "UNSUPPORTED_MEDIA_TYPE", says: "application/json",
		},
		"an e-mail of another type": {
			method: "POST", path: schedule, body: `{"salesRepEmail":7,` + customer + `}`, header: key,
			status: 400, code: "VALIDATION_ERROR", field: "salesRepEmail", says: "un texto",
		},
		"no e-mail at all": {
			method: "POST", path: schedule, body: `{` + customer + `}`, header: key,
			status: 400, code: "MISSING_SALES_REP_EMAIL", says: "salesRepEmail",
		},
		"a number that is a text": {
			method: "POST", path: schedule, body: `{` + asRep + `,"customerInfo":{"contactName":"Ana","dealValue":"mucho"}}`, header: key,
			status: 400, code: "VALIDATION_ERROR", field: "customerInfo.dealValue", says: "un número",
		},
		"a currency by name": {
			method: "POST", path: schedule, body: `{` + asRep + `,"customerInfo":{"contactName":"Ana","dealCurrency":"pesos"}}`, header: key,
			status: 400, code: "VALIDATION_ERROR", field: "customerInfo.dealCurrency", says: "ISO 4217: MXN",
		},
		"a scheduler without its secret":  {method: "GET", path: "/api/cron/process-queue", status: 401, code: "UNAUTHORIZED", says: "CRON_SECRET"},
		"a scheduler with another secret": {method: "GET", path: "/api/cron/cleanup-storage", header: []string{"Authorization", "Bearer x"}, status: 401, code: "UNAUTHORIZED", says: "CRON_SECRET"},
		"a wrong key":                     {method: "GET", path: "/api/meetings", header: []string{"X-API-Key", "x"}, status: 401, code: "UNAUTHORIZED", says: "X-API-Key"},
		"a path that is no meeting":       {method: "GET", path: "/api/meetings/schedule", header: key, status: 404, code: "MEETING_NOT_FOUND", says: "UUID"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			answer := s.Do(t, c.method, c.path, c.body, c.header...)
			require.Equal(t, c.status, answer.Status, answer.Body)
			got := readRefusal(t, answer)
			require.Equal(t, c.code, got.Code)
			if c.field == "" {
				require.Contains(t, got.Error, c.says)
				return
			}
			require.Len(t, got.Details, 1, answer.Body)
			require.Equal(t, c.field, got.Details[0].Field)
			require.Contains(t, got.Details[0].Message, c.says)
		})
	}
}

func TestAFieldThatIsNullIsAnAbsentOne(t *testing.T) {
	t.Parallel()
	s := embedtest.New(t, embedtest.WithoutWorker())
	body := `{"meetingUrl":"` + embedtest.MeetURL + `","scheduledAt":null,"salesRepEmail":"` + embedtest.RepEmail + `","customerInfo":{"contactName":"Ana"}}`
	answer := s.Do(t, http.MethodPost, "/api/meetings/schedule", body, "X-API-Key", embedtest.ServiceKey)
	require.Equal(t, http.StatusCreated, answer.Status, answer.Body)
	require.Contains(t, answer.Body, `"scheduledAt":null`)
}
