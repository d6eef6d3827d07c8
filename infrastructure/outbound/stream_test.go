package outbound_test

import (
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tertulia-dev/tertulia/infrastructure/outbound"
)

func TestAStreamOutlivesTheTimeoutWhileItMoves(t *testing.T) {
	t.Parallel()
	c := client(t, func(w http.ResponseWriter, r *http.Request) {
		got, _ := io.ReadAll(r.Body)
		tick := time.NewTicker(60 * time.Millisecond)
		defer tick.Stop()
		for range 6 {
			<-tick.C
			_, _ = w.Write(got)
			_ = http.NewResponseController(w).Flush()
		}
	}, func(o *outbound.Options) { o.Timeout = 250 * time.Millisecond })
	resp, err := c.Stream(t.Context(), outbound.Call{Operation: "op", Method: http.MethodPost, Path: "/x", Body: strings.NewReader("ab"), Length: 2})
	require.NoError(t, err)
	got, err := io.ReadAll(resp.Body)
	require.NoError(t, err)
	require.NoError(t, resp.Body.Close())
	require.Equal(t, strings.Repeat("ab", 6), string(got))
}

func TestASilentStreamIsGivenUp(t *testing.T) {
	t.Parallel()
	c := client(t, func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.WriteString(w, "ab")
		_ = http.NewResponseController(w).Flush()
		<-r.Context().Done()
	}, func(o *outbound.Options) { o.Timeout = 100 * time.Millisecond })
	resp, err := c.Stream(t.Context(), outbound.Call{Operation: "op", Path: "/x"})
	require.NoError(t, err)
	got, err := io.ReadAll(resp.Body)
	require.ErrorContains(t, err, "nothing moved")
	require.Equal(t, "ab", string(got))
	require.NoError(t, resp.Body.Close())
}

func TestASourceThatFailsEndsTheUpload(t *testing.T) {
	t.Parallel()
	broken := errors.New("the disk is gone")
	c := client(t, func(_ http.ResponseWriter, r *http.Request) { _, _ = io.Copy(io.Discard, r.Body) })
	_, err := c.Stream(t.Context(), outbound.Call{
		Operation: "op", Method: http.MethodPut, Path: "/x", Length: -1,
		Body: io.MultiReader(strings.NewReader("half"), failing{broken}),
	})
	require.ErrorIs(t, err, broken)
	require.Equal(t, outbound.Unknown, outbound.OutcomeOf(err))
}

type failing struct{ err error }

func (f failing) Read([]byte) (int, error) { return 0, f.err }
