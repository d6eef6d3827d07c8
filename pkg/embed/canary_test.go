package embed_test

import (
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tertulia-dev/tertulia/infrastructure/config"
	"github.com/tertulia-dev/tertulia/infrastructure/sandbox/sandboxtest"
	"github.com/tertulia-dev/tertulia/pkg/embed"
	"github.com/tertulia-dev/tertulia/pkg/embed/embedtest"
	"github.com/tertulia-dev/tertulia/pkg/tertulia"
)

// canaries are private values that must be seen again nowhere.
type canaries struct{ all []string }

// word makes a private word.
func (c *canaries) word(about string) string {
	return c.keep("canary-" + about + "-" + strings.ToLower(rand.Text()[:10]))
}

func (c *canaries) email(about string) string { return c.word(about) + "@kanarien.example" }

func (c *canaries) phone() string {
	return c.keep(fmt.Sprintf("+52155%08d", 10_000_000+len(c.all)*7919))
}

func (c *canaries) keep(value string) string {
	c.all = append(c.all, value)
	return value
}

// secrets replaces everything that is configured and secret.
func (c *canaries) secrets(cfg *embed.Config) {
	for about, secret := range map[string]*config.Secret{
		"recall": &cfg.Recall.APIKey, "openai": &cfg.OpenAI.APIKey, "hubspot": &cfg.HubSpot.AccessToken, "n8n": &cfg.N8N.WebhookSecret,
	} {
		*secret = config.Secret(c.keep("sandbox-" + c.word(about))) // what the doubles take for a good key
	}
	cfg.Stores.MediaSecret = config.Secret(c.word("media-secret-of-thirty-two-bytes"))
	for _, known := range []string{embedtest.ServiceKey, embedtest.CronSecret, sandboxtest.Secret, cfg.Stores.RedisURL.Reveal()} {
		c.keep(known)
	}
}

// talk is a conversation in which everything is private.
func (c *canaries) talk(t *testing.T) sandboxtest.Script {
	t.Helper()
	var utterances []map[string]any
	at := 0.0
	for i := range 8 {
		var words []map[string]any
		for _, text := range []string{c.word("sentence"), "y", c.phone()} {
			words = append(words, map[string]any{
				"text": text, "start_timestamp": map[string]any{"relative": at}, "end_timestamp": map[string]any{"relative": at + 1},
			})
			at++
		}
		utterances = append(utterances, map[string]any{
			"participant":   map[string]any{"id": i % 2, "name": c.word("name"), "email": c.email("speaker"), "is_host": i%2 == 0, "platform": "desktop"},
			"language_code": "es", "words": words,
		})
	}
	raw, err := json.Marshal(utterances)
	require.NoError(t, err)
	return sandboxtest.Script{Title: c.word("call"), Transcript: raw}
}

// booking is a request in which everything is private.
func (c *canaries) booking(r *tertulia.ScheduleRequest) {
	r.Title = c.word("title")
	r.MeetingURL, r.MeetingPassword = "https://zoom.us/j/123?tk="+c.word("url"), c.word("password")
	r.CustomerInfo = tertulia.CustomerInfo{ContactName: c.word("contact"), Company: c.word("company"), Email: c.email("customer"), Phone: c.phone()}
	r.SalesRepEmail, r.SalesRepName = c.email("rep"), c.word("repname")
}

func TestNothingPrivateIsEverLogged(t *testing.T) {
	t.Parallel()
	c := &canaries{}
	s := embedtest.New(t, embedtest.Configured(c.secrets))
	for _, email := range []string{embedtest.AdminEmail, embedtest.RepEmail} {
		c.keep(email)
		c.keep(s.Token(t, email))
	}
	c.keep(s.OtherKey)

	id := s.Scheduled(t, c.talk(t), c.booking)
	s.Settled(t, id)
	c.breakVendors(t, s)
	c.knockEverywhere(t, s, id)
	c.forgeWebhooks(t, s)
	s.Idle(t)

	logs := s.Logs.String()
	require.Greater(t, strings.Count(logs, "\n"), 100, "there are logs, down to debug")
	require.GreaterOrEqual(t, len(c.all), 50)
	errors := s.Count(t, "select count(*) from jobs where last_error like '%canary%' or last_error like '%@%'")
	require.Zero(t, errors, "nor do a job's errors tell")
	for _, secret := range c.all {
		if at := strings.Index(logs, secret); at >= 0 {
			t.Errorf("%q is in the logs: %s", secret, logs[max(0, at-300):min(len(logs), at+100)])
		}
	}
}

// breakVendors has each vendor refuse with a sentence that quotes what is private.
func (c *canaries) breakVendors(t *testing.T, s *embedtest.System) {
	t.Helper()
	for _, status := range []int{400, 403, 422, 429, 500} {
		for _, vendor := range []string{"n8n", "recall", "openai", "hubspot"} {
			said := c.word("refusal-of-" + vendor)
			body, err := json.Marshal(map[string]any{
				"code": "a_code", "message": said, "detail": said, "error": map[string]any{"message": said, "code": "a_code"}, "meeting_url": []string{said},
			})
			require.NoError(t, err)
			s.Sandbox.Fault(sandboxtest.Fault{Vendor: vendor, Status: status, Body: body})
		}
		request := embedtest.Booking()
		c.booking(&request)
		request.MeetingURL = ""
		_, err := s.Service.Meetings.Schedule(t.Context(), request)
		require.Error(t, err, "n8n refuses")
		c.booking(&request)
		_, _ = s.Service.Meetings.Schedule(t.Context(), request) // Recall refuses, for good or for now
		s.Sandbox.Control("DELETE", "/faults?vendor=recall", nil, nil)
		s.Sandbox.Control("POST", "/openai/script", []map[string]any{{"refusal": c.word("refusal")}, {"text": c.word("answer")}}, nil)
		s.Scheduled(t, c.talk(t), c.booking)
		s.Clock.Advance(time.Minute)
		s.Idle(t)
		s.Sandbox.Control("DELETE", "/faults", nil, nil)
	}
}

// knockEverywhere calls every operation with private garbage in every place.
func (c *canaries) knockEverywhere(t *testing.T, s *embedtest.System, id string) {
	t.Helper()
	for _, op := range s.App.API().Operations() {
		for _, target := range []string{id, c.word("id")} {
			path := strings.ReplaceAll(op.Path, "{id}", target) + "?search=" + c.word("search") + "&email=" + c.email("wanted") +
				"&status=" + c.word("status") + "&dateFrom=" + c.word("date") + "&cursor=" + c.word("cursor") + "&token=" + c.word("token")
			for _, body := range []string{
				`{"title":"` + c.word("title") + `","name":"` + c.word("name") + `","meetingUrl":"https://` + c.word("host") + `/x"}`,
				`{"title":` + c.word("syntax"), `{"customerInfo":"` + c.word("type") + `","is_admin":"` + c.word("bool") + `"}`,
			} {
				for _, credential := range [][]string{
					{"Authorization", "Bearer " + c.word("bearer")},
					{"X-API-Key", c.word("key")},
					{"Authorization", "Bearer " + s.Token(t, embedtest.RepEmail), "Idempotency-Key", c.word("idem")},
					{"X-API-Key", embedtest.ServiceKey, "Cookie", "tertulia_ops=" + c.word("cookie")},
				} {
					s.Do(t, op.Method, path, body, credential...)
				}
			}
		}
	}
	for _, path := range []string{"/ops/login?token=", "/media/x/y?signature=", "/ops/queues/", "/nowhere/", "/openapi.json?x="} {
		s.Do(t, http.MethodGet, path+c.word("path"), "")
	}
}

// forgeWebhooks sends events that are private, signed and not.
func (c *canaries) forgeWebhooks(t *testing.T, s *embedtest.System) {
	t.Helper()
	foreign := "whsec_" + base64.StdEncoding.EncodeToString([]byte(c.word("foreign-secret-of-many-bytes")))
	for i, body := range []string{
		`{"event":"` + c.word("event") + `","data":{"bot":{"id":"` + c.word("bot") + `","metadata":{"meeting_id":"` + c.word("meeting") + `"}}}}`,
		c.word("notjson"), `{"event":` + c.word("syntax"),
	} {
		require.Equal(t, http.StatusUnauthorized, s.Webhook(t, c.word("msg"), body, s.Clock.Now(), c.keep(foreign)).Status)
		require.Equal(t, http.StatusOK, s.Webhook(t, fmt.Sprint("msg_", i), body, s.Clock.Now(), sandboxtest.Secret).Status)
	}
	s.Do(t, http.MethodPost, "/api/webhooks/recall", "{}", "svix-id", c.word("svix"), "svix-timestamp", c.word("ts"), "svix-signature", c.word("sig"))
}
