package openai_test

import (
	"fmt"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tertulia-dev/tertulia/infrastructure/sandbox/core"
	"github.com/tertulia-dev/tertulia/infrastructure/sandbox/openai"
)

// BenchmarkAnalysisOfAnHour is the time from a request with an hour's transcript to its structured answer.
func BenchmarkAnalysisOfAnHour(b *testing.B) {
	env := core.NewEnv(core.Env{})
	server := httptest.NewServer(core.NewServer(env, openai.New(env)))
	b.Cleanup(server.Close)
	var talk strings.Builder
	for second := 0; second < 3600; second += 4 {
		fmt.Fprintf(&talk, "[%02d:%02d] %s: Entonces, frase número %d de la reunión sobre el precio y la propuesta de valor.\n",
			second/60, second%60, []string{"Ana", "Luis", "Eva"}[second/4%3], second)
	}
	s := running{url: server.URL}
	client := s.client("sandbox")
	params := structured(b, analysis, talk.String())
	for b.Loop() {
		_, err := client.Responses.New(b.Context(), params)
		require.NoError(b, err)
	}
}
