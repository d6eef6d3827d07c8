package tertulia_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/iotest"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tertulia-dev/tertulia/pkg/tertulia"
)

// script answers one request after the other: "" is a broken connection, "cut" one that breaks in the answer, else a status and perhaps a Retry-After.
type script struct {
	steps []string
	keys  []string
	at    []time.Duration
	began time.Time
}

func (s *script) RoundTrip(r *http.Request) (*http.Response, error) {
	if s.began.IsZero() {
		s.began = time.Now()
	}
	s.at = append(s.at, time.Since(s.began))
	s.keys = append(s.keys, r.Header.Get("Idempotency-Key"))
	step := s.steps[min(len(s.at), len(s.steps))-1]
	if step == "" {
		return nil, errors.New("connection reset by peer")
	}
	status, after, _ := strings.Cut(step, " ")
	res := &http.Response{StatusCode: http.StatusOK, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(`{}`)), Request: r}
	switch status {
	case "cut":
		res.Body = io.NopCloser(iotest.ErrReader(errors.New("unexpected end")))
	case "429":
		res.StatusCode = 429
	case "503":
		res.StatusCode = 503
	case "500":
		res.StatusCode = 500
	}
	if after != "" {
		res.Header.Set("Retry-After", after)
	}
	return res, nil
}

func scripted(steps ...string) (*tertulia.Client, *script) {
	s := &script{steps: steps}
	return tertulia.New("http://tertulia.example", tertulia.WithHTTPClient(&http.Client{Transport: s})), s
}

func TestAReadIsRepeatedUntilItSucceeds(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		client, s := scripted("", "cut", "200")

		_, err := client.Me.Get(t.Context())

		require.NoError(t, err)
		require.Len(t, s.at, 3)
		require.GreaterOrEqual(t, s.at[1], 125*time.Millisecond)
		require.LessOrEqual(t, s.at[1], 250*time.Millisecond)
		require.GreaterOrEqual(t, s.at[2]-s.at[1], 250*time.Millisecond)
		require.LessOrEqual(t, s.at[2]-s.at[1], 500*time.Millisecond)
	})
}

func TestAServerThatNamesADelayIsWaitedFor(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		client, s := scripted("429 7", "503 "+time.Now().Add(10*time.Second).UTC().Format(http.TimeFormat), "200")

		_, err := client.Me.Get(t.Context())

		require.NoError(t, err)
		require.Equal(t, []time.Duration{0, 7 * time.Second, 10 * time.Second}, s.at)
	})
}

func TestARepeatedScheduleCarriesTheSameKey(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		client, s := scripted("", "200", "200")

		_, err := client.Meetings.Schedule(t.Context(), tertulia.ScheduleRequest{})
		require.NoError(t, err)
		_, err = client.Meetings.Schedule(t.Context(), tertulia.ScheduleRequest{})
		require.NoError(t, err)

		require.Len(t, s.keys, 3)
		require.NotEmpty(t, s.keys[0])
		require.Equal(t, s.keys[0], s.keys[1])
		require.NotEqual(t, s.keys[1], s.keys[2])
	})
}

func TestWhatIsNotSafeToRepeatIsNotRepeated(t *testing.T) {
	t.Parallel()
	client, s := scripted("503")

	_, err := client.Meetings.Update(t.Context(), "m", tertulia.UpdateMeetingRequest{})
	require.Error(t, err)
	_, err = client.Jobs.Replay(t.Context(), "j")
	require.Error(t, err)

	require.Len(t, s.at, 2)
}

func TestWhatWillFailAgainIsNotRepeated(t *testing.T) {
	t.Parallel()
	for _, step := range []string{"500", "429 3600"} {
		client, s := scripted(step)
		_, err := client.Me.Get(t.Context())
		require.Error(t, err)
		require.Len(t, s.at, 1, step)
	}
}

func TestTheLastErrorIsReturnedWhenAttemptsRunOut(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		client, s := scripted("503")

		_, err := client.Me.Get(t.Context())

		var refused *tertulia.APIError
		require.ErrorAs(t, err, &refused)
		require.Equal(t, 503, refused.Status)
		require.Len(t, s.at, 3)
	})
}

func TestACancelledContextEndsTheWaiting(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		client, s := scripted("429 30")
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(time.Second, cancel)

		_, err := client.Me.Get(ctx)

		require.ErrorIs(t, err, context.Canceled)
		require.Len(t, s.at, 1)
		require.Equal(t, time.Second, time.Since(s.began))
	})
}

func TestADeadlineThatEndsBeforeTheDelayFailsAtOnce(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		client, s := scripted("429 30")
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
		defer cancel()

		_, err := client.Me.Get(ctx)

		require.ErrorIs(t, err, context.DeadlineExceeded)
		require.Zero(t, time.Since(s.began))
	})
}
