package recall

import (
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestTheSignatureIsThatOfTheKnownVector(t *testing.T) {
	t.Parallel()
	const body = `{"event":"bot.done","data":{"data":{"code":"done","sub_code":null,` +
		`"updated_at":"2025-08-04T02:34:49.684054+00:00"},"bot":{"id":"38f98d39-d97c-484d-9782-bbc6b55ad1dd","metadata":{}}}}`
	require.Len(t, body, 182)
	to := destination{Secrets: []string{"whsec_yhVJ7lfTGMQDJY8YSq9aGcsw4I7/XJIz"}, Style: StyleSvix}
	h := http.Header{}
	require.NoError(t, sign(h, to, &message{ID: "msg_test_0001", Body: []byte(body)}, time.Unix(1754274895, 0)))
	require.Equal(t, "v1,Hz4m0k8kBPgPG3Zv2R90hw5ml4vN7+v9FRGk0Mu1Nqg=", h.Get("svix-signature"))
	require.Equal(t, "1754274895", h.Get("svix-timestamp"))
	require.Equal(t, "msg_test_0001", h.Get("svix-id"))
}

func TestWithoutASecretNothingIsSigned(t *testing.T) {
	t.Parallel()
	h := http.Header{}
	require.NoError(t, sign(h, destination{}, &message{ID: "m"}, time.Unix(0, 0)))
	require.Empty(t, h)
}
