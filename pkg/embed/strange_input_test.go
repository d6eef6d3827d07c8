package embed_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/tertulia-dev/tertulia/pkg/embed/embedtest"
)

// strangeTexts are what Postgres refuses as text, and what hides in patterns and cursors.
var strangeTexts = []string{"\x00", "a\x00b", "\xff\xfe", "\\", "%_", "'; --", "eyJuIjoiXHUwMDAwIiwiaSI6IjhjMWI2ZTJmLTBmM2MtN2Q1MS05YTYzLWMxZjJlM2E0YjVjNiJ9"}

func TestWhatNoDatabaseTakesIsTheCallersMistake(t *testing.T) {
	t.Parallel()
	s := embedtest.New(t, embedtest.WithoutWorker())
	bearer := []string{"Authorization", "Bearer " + s.Token(t, embedtest.AdminEmail)}
	key := []string{"X-API-Key", embedtest.ServiceKey}
	at := s.Clock.Now().Add(time.Hour).Format(time.RFC3339)
	for _, text := range strangeTexts {
		q := url.QueryEscape(text)
		for _, address := range []string{
			"/api/meetings?search=" + q, "/api/meetings?status=" + q, "/api/meetings?meetingType=" + q,
			"/api/meetings?dateFrom=" + q, "/api/meetings/" + url.PathEscape(text),
			"/api/sales-reps?cursor=" + q, "/api/sales-reps/by-email?email=" + q + "@andamio.example",
			"/v1/admin/jobs?kind=" + q, "/v1/admin/jobs?state=" + q, "/v1/admin/jobs?cursor=" + q, "/v1/admin/jobs/" + url.PathEscape(text),
		} {
			a := s.Do(t, http.MethodGet, address, "", bearer...)
			assert.Less(t, a.Status, http.StatusInternalServerError, "%s: %s", address, a.Body)
		}
		a := s.Do(t, http.MethodGet, "/api/meetings?salesRepEmail="+q+"@andamio.example", "", key...)
		assert.Less(t, a.Status, http.StatusInternalServerError, "salesRepEmail %q: %s", text, a.Body)
		a = s.Do(t, http.MethodGet, "/ops/login?token="+q, "")
		assert.Less(t, a.Status, http.StatusInternalServerError, "token %q: %s", text, a.Body)

		escaped := strings.NewReplacer("\x00", `\u0000`, `\`, `\\`).Replace(text)
		body := `{"meetingUrl":"` + embedtest.MeetURL + `","scheduledAt":"` + at + `","title":"T` + escaped + `","customerInfo":{"contactName":"A` + escaped + `","company":"` + escaped + `"},"salesRepEmail":"ana@andamio.example","salesRepName":"` + escaped + `"}`
		a = s.Do(t, http.MethodPost, "/api/meetings/schedule", body, append([]string{"Idempotency-Key", strings.ReplaceAll(text, "\x00", "\xfe")}, key...)...)
		assert.Less(t, a.Status, http.StatusInternalServerError, "schedule %q: %s", text, a.Body)
		a = s.Do(t, http.MethodPatch, "/api/me", `{"name":"N`+escaped+`"}`, bearer...)
		assert.Less(t, a.Status, http.StatusInternalServerError, "name %q: %s", text, a.Body)
	}
}
