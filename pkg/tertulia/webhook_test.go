package tertulia_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tertulia-dev/tertulia/pkg/tertulia"
)

// The example of the Standard Webhooks reference libraries.
const (
	webhookSecret    = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
	webhookSignature = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
)

var (
	webhookBody = []byte(`{"test": 2432232314}`)
	webhookTime = time.Unix(1614265330, 0)
)

func webhookHeader(signature string) http.Header {
	h := http.Header{}
	h.Set("webhook-id", "msg_p5jXN8AQM9LWM0D4loKWxJek")
	h.Set("webhook-timestamp", "1614265330")
	h.Set("webhook-signature", signature)
	return h
}

func newWebhook(t *testing.T, secrets ...string) *tertulia.Webhook {
	t.Helper()
	w, err := tertulia.NewWebhook(secrets...)
	require.NoError(t, err)
	return w
}

func TestAWebhookOfTheStandardVerifies(t *testing.T) {
	t.Parallel()
	w := newWebhook(t, webhookSecret)

	require.NoError(t, w.VerifyAt(webhookHeader(webhookSignature), webhookBody, webhookTime))
	require.NoError(t, w.VerifyAt(webhookHeader("v2,AAAA v1,AAAA "+webhookSignature), webhookBody, webhookTime.Add(299*time.Second)))
}

func TestASecretMayBeRotated(t *testing.T) {
	t.Parallel()
	w := newWebhook(t, "whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", webhookSecret)

	require.NoError(t, w.VerifyAt(webhookHeader(webhookSignature), webhookBody, webhookTime))
}

func TestAForgedStaleOrUnsignedWebhookIsRefused(t *testing.T) {
	t.Parallel()
	w := newWebhook(t, webhookSecret)
	other := newWebhook(t, "whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")
	good := webhookHeader(webhookSignature)

	require.ErrorIs(t, w.VerifyAt(good, []byte(`{"test": 1}`), webhookTime), tertulia.ErrWebhookSignature)
	require.ErrorIs(t, other.VerifyAt(good, webhookBody, webhookTime), tertulia.ErrWebhookSignature)
	require.ErrorIs(t, w.VerifyAt(webhookHeader("v1,"), webhookBody, webhookTime), tertulia.ErrWebhookSignature)
	require.ErrorIs(t, w.VerifyAt(good, webhookBody, webhookTime.Add(301*time.Second)), tertulia.ErrWebhookTime)
	require.ErrorIs(t, w.VerifyAt(good, webhookBody, webhookTime.Add(-301*time.Second)), tertulia.ErrWebhookTime)
	require.ErrorIs(t, w.Verify(good, webhookBody), tertulia.ErrWebhookTime)
	require.ErrorIs(t, w.VerifyAt(webhookHeader(""), webhookBody, webhookTime), tertulia.ErrWebhookHeaders)
	require.ErrorIs(t, w.VerifyAt(http.Header{}, webhookBody, webhookTime), tertulia.ErrWebhookHeaders)
}

func TestAWeakSecretIsRefused(t *testing.T) {
	t.Parallel()
	for _, secrets := range [][]string{{}, {""}, {"whsec_"}, {"whsec_c2hvcnQ="}, {"whsec_***"}, {webhookSecret, ""}} {
		_, err := tertulia.NewWebhook(secrets...)
		require.Error(t, err)
	}
}
