package embed_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"runtime"
	"runtime/pprof"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tertulia-dev/tertulia/pkg/embed/embedtest"
	"github.com/tertulia-dev/tertulia/pkg/tertulia"
)

// ofAnswers is in the stacks of those who make answers or hand them out.
const ofAnswers = "usecase/agents."

// It counts the goroutines of the whole process, so that no other test may run beside it.
//
//nolint:paralleltest // as it says
func TestOfTwoHundredWhoLeaveEachAnswerIsCancelledAtTheProviderWithinASecond(t *testing.T) {
	const people, rounds, attempts = 20, 10, 3
	c := newChatting(t)
	c.meeting = c.Scheduled(t, embedtest.Talk(), func(r *tertulia.ScheduleRequest) { r.MeetingType = tertulia.TypeGeneral })
	c.Settled(t, c.meeting)
	c.Idle(t)
	emails := make([]string, people)
	for i := range emails {
		emails[i] = fmt.Sprintf("lector%d@andamio.example", i)
		_, err := c.Person(t, emails[i]).Me.Get(t.Context())
		require.NoError(t, err)
	}
	c.leaveTogether(t, emails) // what is made once is made
	before, told := c.goroutines(), c.streams().Left
	require.Equal(t, people, told)
	done := 1
	for took := []time.Duration{time.Hour}; slices.Max(took) >= time.Second; { // a machine that stalls for a moment may try again
		require.Less(t, done, attempts*rounds)
		took = took[:0]
		for range rounds {
			took = append(took, c.leaveTogether(t, emails)...)
		}
		done += rounds
		t.Logf("%d left: cancelled after %v to %v", len(took), slices.Min(took), slices.Max(took))
		require.Len(t, took, people*rounds)
	}
	require.Equal(t, people*done, c.streams().Left)
	require.Zero(t, c.streams().Open)
	require.Equal(t, people*done, c.Count(t, "select count(*) from agent_messages where status = 'cancelled'"))
	c.WaitFor(t, "nobody is left of any answer", func() bool { return !strings.Contains(stacks(t), ofAnswers) })
	c.WaitFor(t, "as many goroutines as before", func() bool { return c.goroutines() < before+people*rounds/2 })
}

// goroutines are those of the process; connections that are kept for later make it vary by some dozens.
func (c *chatting) goroutines() int {
	http.DefaultTransport.(*http.Transport).CloseIdleConnections()
	return runtime.NumGoroutine()
}

// stacks are what every goroutine of the process is at.
func stacks(t *testing.T) string {
	t.Helper()
	var text strings.Builder
	require.NoError(t, pprof.Lookup("goroutine").WriteTo(&text, 1))
	return text.String()
}

// leaveTogether has everybody ask, read the beginning of a long answer and then go away at once. It returns after how
// long the provider lost each of them.
func (c *chatting) leaveTogether(t *testing.T, emails []string) []time.Duration {
	t.Helper()
	answers := make([]map[string]any, len(emails))
	for i := range answers {
		answers[i] = map[string]any{"text": longText, "deltaMs": 100}
	}
	c.Model(answers...)
	already := c.streams().Left
	ctx, hangUp := context.WithCancel(t.Context())
	defer hangUp()
	var reading sync.WaitGroup
	for _, email := range emails {
		reading.Go(func() {
			answer := c.post(ctx, t, email, chatAgent, question, "")
			_, err := io.ReadFull(answer.Body, make([]byte, 150))
			if answer.StatusCode != http.StatusOK || err != nil {
				t.Errorf("%d: %v", answer.StatusCode, err)
			}
		})
	}
	reading.Wait()
	require.Equal(t, len(emails), c.streams().Open)
	require.Contains(t, stacks(t), ofAnswers)
	left := time.Now()
	hangUp()
	c.WaitFor(t, "the provider has lost everybody", func() bool { return c.streams().Left == already+len(emails) })
	var took []time.Duration
	for _, at := range c.streams().LeftAt[already:] {
		took = append(took, at.Sub(left))
	}
	c.WaitFor(t, "every answer has ended", func() bool {
		return c.Count(t, "select count(*) from agent_messages where status = 'running'") == 0
	})
	return took
}
