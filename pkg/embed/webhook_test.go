package embed_test

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tertulia-dev/tertulia/infrastructure/sandbox/sandboxtest"
	"github.com/tertulia-dev/tertulia/pkg/embed"
	"github.com/tertulia-dev/tertulia/pkg/embed/embedtest"
	"github.com/tertulia-dev/tertulia/pkg/tertulia"
)

// fatalFor is an event that would fail a meeting.
func fatalFor(meeting, bot string) string {
	return fmt.Sprintf(`{"event":"bot.fatal","data":{"data":{"code":"fatal","sub_code":"bot_errored","updated_at":%q},"bot":{"id":%q,"metadata":{"meeting_id":%q}}}}`,
		time.Now().UTC().Format(time.RFC3339Nano), bot, meeting)
}

func TestAWebhookThatTheVendorDidNotSignNowIsRefusedAndStoredNowhere(t *testing.T) {
	t.Parallel()
	s := embedtest.New(t, embedtest.WithoutWorker())
	id := s.Scheduled(t, embedtest.Talk(), later(s, time.Hour))
	body := fatalFor(id, s.Notetakers(t, id)[0].ID)
	now := s.Clock.Now()
	const foreign = "whsec_Zm9yZWlnbi1zZWNyZXQtb2YtdGhpcnR5LXR3by1ieXRlcyEh"
	for name, answer := range map[string]embedtest.Answer{
		"unsigned":      s.Do(t, http.MethodPost, "/api/webhooks/recall", body),
		"forged":        s.Webhook(t, "msg_1", body, now, foreign),
		"stale":         s.Webhook(t, "msg_2", body, now.Add(-6*time.Minute), sandboxtest.Secret),
		"of the future": s.Webhook(t, "msg_3", body, now.Add(6*time.Minute), sandboxtest.Secret),
		"empty headers": s.Do(t, http.MethodPost, "/api/webhooks/recall", body, "svix-id", "", "svix-timestamp", "", "svix-signature", ""),
		"a signature of something else": s.Do(t, http.MethodPost, "/api/webhooks/recall", body,
			"webhook-id", "msg_4", "webhook-timestamp", fmt.Sprint(now.Unix()), "webhook-signature", "v1,AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="),
	} {
		require.Equal(t, http.StatusUnauthorized, answer.Status, "%s: %s", name, answer.Body)
		require.Contains(t, answer.Body, "INVALID_SIGNATURE", name)
	}
	require.Zero(t, s.Count(t, "select count(*) from inbound_events"))
	require.Equal(t, tertulia.Scheduled, s.Get(t, id).Meeting.Status)
}

func TestAReplayedWebhookHasNoSecondEffect(t *testing.T) {
	t.Parallel()
	s := embedtest.New(t)
	id := s.Scheduled(t, embedtest.Talk(), later(s, time.Hour))
	body := fatalFor(id, s.Notetakers(t, id)[0].ID)
	for range 5 {
		answer := s.Webhook(t, "msg_1", body, s.Clock.Now(), sandboxtest.Secret)
		require.Equal(t, http.StatusOK, answer.Status, answer.Body)
	}
	requireFailed(t, s.Until(t, id, tertulia.Failed), "NOTETAKER_FAILED")
	s.Idle(t)
	require.Equal(t, 1, s.Count(t, "select count(*) from inbound_events"))
	require.Len(t, s.Jobs(t, "recall_event"), 1)
	require.Equal(t, 1, s.Count(t, "select count(*) from events where type = 'meeting.failed'"))
}

func TestAWebhookOfSomebodyElsesNotetakerChangesNothing(t *testing.T) {
	t.Parallel()
	s := embedtest.New(t)
	id := s.Scheduled(t, embedtest.Talk(), later(s, time.Hour))
	for i, body := range []string{
		fatalFor(id, "00000000-0000-4000-8000-000000000000"), // names our meeting, but not its notetaker
		fatalFor("00000000-0000-4000-8000-000000000001", "00000000-0000-4000-8000-000000000000"),
		fatalFor("not an ID", ""), `{"event":"bot.fatal","data":{"bot":null}}`, `{"event":"something.new"}`, `{}`,
	} {
		require.Equal(t, http.StatusOK, s.Webhook(t, fmt.Sprint("msg_", i), body, s.Clock.Now(), sandboxtest.Secret).Status)
	}
	s.Idle(t)
	require.Equal(t, tertulia.Scheduled, s.Get(t, id).Meeting.Status)
	require.Zero(t, s.Count(t, "select count(*) from jobs where state = 'dead'"))
}

func TestAWebhookThatIsNoJSONIsKeptForPeopleToSee(t *testing.T) {
	t.Parallel()
	s := embedtest.New(t)
	require.Equal(t, http.StatusOK, s.Webhook(t, "msg_1", "not json", s.Clock.Now(), sandboxtest.Secret).Status)
	s.WaitFor(t, "the job is dead", func() bool { return s.Count(t, "select count(*) from jobs where state = 'dead'") == 1 })
}

func TestABodyThatIsTooLargeIsRefused(t *testing.T) {
	t.Parallel()
	s := embedtest.New(t, embedtest.WithoutWorker())
	answer := s.Webhook(t, "msg_1", strings.Repeat("x", 300<<10), s.Clock.Now(), sandboxtest.Secret)
	require.Equal(t, http.StatusRequestEntityTooLarge, answer.Status, answer.Body)
	answer = s.Do(t, http.MethodPost, "/api/meetings/schedule", `{"title":"`+strings.Repeat("x", 2<<20)+`"}`, "X-API-Key", embedtest.ServiceKey)
	require.Equal(t, http.StatusRequestEntityTooLarge, answer.Status, answer.Body)
	require.Contains(t, answer.Body, tertulia.CodePayloadTooLarge)
}

func TestAServerWithoutAWebhookSecretRefusesToStart(t *testing.T) {
	t.Parallel()
	s := embedtest.New(t, embedtest.WithoutWorker())
	cfg := s.Config
	cfg.Recall.WebhookSecret = ""
	app, cleanup, err := embed.New(t.Context(), cfg, embed.Options{})
	require.NoError(t, err)
	defer cleanup()
	var lc net.ListenConfig
	ln, err := lc.Listen(t.Context(), "tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer ln.Close()
	ctx, stop := context.WithTimeout(t.Context(), 5*time.Second)
	defer stop()
	require.ErrorIs(t, app.Serve(ctx, ln), embed.ErrNoWebhookSecret)

	cfg.Recall.WebhookSecret = "whsec_" // decodes to nothing
	_, _, err = embed.New(t.Context(), cfg, embed.Options{})
	require.Error(t, err)
}
