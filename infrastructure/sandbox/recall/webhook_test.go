package recall_test

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"
	"github.com/stretchr/testify/require"

	"github.com/tertulia-dev/tertulia/infrastructure/sandbox/sandboxtest"
)

// verify checks a delivery as a receiver would, in either family of headers.
func verify(t *testing.T, h hook, prefix, secret string) error {
	t.Helper()
	key, err := standardwebhooks.NewWebhook(secret)
	require.NoError(t, err)
	headers := http.Header{}
	for _, part := range []string{"id", "timestamp", "signature"} {
		headers.Set("webhook-"+part, h.header.Get(prefix+"-"+part))
	}
	return key.Verify(h.raw, headers)
}

func TestWebhooksAreSignedInTheAskedFamily(t *testing.T) {
	t.Parallel()
	for _, style := range []string{"svix", "webhook"} {
		w := newWorld(t)
		w.Control("POST", "/recall/webhook", object{"url": w.hookURL, "secret": sandboxtest.Secret, "style": style}, nil)
		w.bot(nil)
		for _, h := range w.await(18) {
			require.NoError(t, verify(t, h, style, sandboxtest.Secret))
			require.Equal(t, "application/json", h.header.Get("Content-Type"))
		}
	}
}

func TestDuringARotationBothSecretsSign(t *testing.T) {
	t.Parallel()
	const other = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
	w := newWorld(t)
	w.Control("POST", "/recall/webhook", object{
		"url": w.hookURL, "secrets": []string{sandboxtest.Secret, other},
	}, nil)
	w.bot(nil)
	for _, h := range w.await(18) {
		require.Len(t, strings.Fields(h.header.Get("svix-signature")), 2)
		require.NoError(t, verify(t, h, "svix", sandboxtest.Secret))
		require.NoError(t, verify(t, h, "svix", other))
	}
}

func TestWebhooksCarryWhatTheyAreAbout(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	bot := w.bot(nil)
	for _, h := range w.await(18) {
		require.Equal(t, bot, h.data["bot"].(object)["id"])
		require.Equal(t, "m1", h.data["bot"].(object)["metadata"].(object)["meeting_id"])
		about, code, _ := strings.Cut(h.event, ".")
		require.Equal(t, code, h.data["data"].(object)["code"])
		require.True(t, strings.HasSuffix(h.data["data"].(object)["updated_at"].(string), "+00:00"))
		require.NotEmpty(t, h.data[about].(object)["id"])
		if about != "bot" {
			require.NotEmpty(t, h.data["recording"].(object)["id"])
		}
	}
}

func TestDuplicatesHaveTheSameIDAndShuffledOnesAnotherOrder(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.Script(sandboxtest.Script{Duplicates: 2, Shuffle: true})
	w.bot(nil)
	hooks := w.await(54)
	times := map[string]int{}
	for _, h := range hooks {
		times[h.header.Get("svix-id")]++
	}
	require.Len(t, times, 18)
	for _, n := range times {
		require.Equal(t, 3, n)
	}
	inOrder := slices.IsSortedFunc(hooks, func(a, b hook) int {
		return strings.Compare(
			a.data["data"].(object)["updated_at"].(string), b.data["data"].(object)["updated_at"].(string))
	})
	require.False(t, inOrder)
}

func TestAFailedWebhookIsTriedAgainOnScheduleWithItsID(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.receiver.refuse = func(int) int { return 500 }
	w.Script(sandboxtest.Script{Faults: sandboxtest.Faults{Fatal: "meeting_not_found"}})
	w.bot(nil)
	w.await(2)
	pauses := []time.Duration{
		5 * time.Second, 5 * time.Minute, 30 * time.Minute, 2 * time.Hour, 5 * time.Hour, 10 * time.Hour, 10 * time.Hour,
	}
	for i, pause := range pauses {
		require.Eventually(t, func() bool { return w.attempts() == 2*(i+1) }, patient, 5*time.Millisecond)
		w.AdvanceClock(pause - time.Second)
		require.Equal(t, 2*(i+1), w.attempts(), "not before its time")
		w.AdvanceClock(time.Second)
		w.await(2 * (i + 2))
	}
	ids := map[string]int{}
	for _, h := range w.receiver.hooks() {
		ids[h.header.Get("svix-id")]++
		require.NoError(t, verify(t, h, "svix", sandboxtest.Secret), "each attempt is signed for the receiver's present")
	}
	require.Len(t, ids, 2)
}

func TestARetryEndsWithTheFirstSuccess(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.receiver.refuse = func(n int) int {
		if n == 1 {
			return 503
		}
		return 0
	}
	w.Script(sandboxtest.Script{Faults: sandboxtest.Faults{Fatal: "meeting_not_found"}})
	w.bot(nil)
	w.await(2)
	require.Eventually(t, func() bool { return w.attempts() == 2 }, patient, 5*time.Millisecond)
	w.AdvanceClock(5 * time.Second)
	hooks := w.await(3)
	require.Equal(t, "bot.joining_call", hooks[2].event)
	require.Equal(t, hooks[0].header.Get("svix-id"), hooks[2].header.Get("svix-id"))
	w.AdvanceClock(time.Hour)
	require.Eventually(t, func() bool { return w.attempts() == 3 }, patient, 5*time.Millisecond)
}

func TestForgedStaleDroppedAndBotlessWebhooks(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	live := func(f sandboxtest.Faults) []hook {
		before := len(w.receiver.hooks())
		f.Fatal = "meeting_not_found"
		w.Script(sandboxtest.Script{Faults: f})
		w.bot(nil)
		return w.await(before + 2 - len(f.DropWebhooks))[before:]
	}
	for _, h := range live(sandboxtest.Faults{WrongSignature: true}) {
		require.ErrorIs(t, verify(t, h, "svix", sandboxtest.Secret), standardwebhooks.ErrNoMatchingSignature)
	}
	for _, h := range live(sandboxtest.Faults{OldTimestamp: true}) {
		require.ErrorIs(t, verify(t, h, "svix", sandboxtest.Secret), standardwebhooks.ErrMessageTooOld)
	}
	for _, h := range live(sandboxtest.Faults{NullBot: true}) {
		require.Nil(t, h.data["bot"])
	}
	dropped := live(sandboxtest.Faults{DropWebhooks: []string{"bot.joining_call"}})
	require.Len(t, dropped, 1)
	require.Equal(t, "bot.fatal", dropped[0].event)
}

func TestAMessageCanBeReplayed(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.Script(sandboxtest.Script{Faults: sandboxtest.Faults{Fatal: "meeting_not_found"}})
	w.bot(nil)
	first := w.await(2)[0]
	w.Control("POST", "/recall/replay", object{"id": first.header.Get("svix-id")}, nil)
	require.Equal(t, first.raw, w.await(3)[2].raw)
}

func TestWebhooksCanBeDelayedByTheClock(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.Script(sandboxtest.Script{Faults: sandboxtest.Faults{Fatal: "meeting_not_found", DelayWebhooks: 600}})
	w.until(w.bot(nil), "fatal")
	w.AdvanceClock(599 * time.Second)
	require.Empty(t, w.receiver.hooks())
	w.AdvanceClock(time.Second * 2)
	w.await(1)
}

func TestASignatureIsMadeForTheTimeOfTheReceiver(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.AdvanceClock(48 * time.Hour)
	w.bot(nil)
	seconds, err := strconv.ParseInt(w.await(1)[0].header.Get("svix-timestamp"), 10, 64)
	require.NoError(t, err)
	require.WithinDuration(t, time.Now(), time.Unix(seconds, 0), time.Minute)
}
