package agentsuc_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tertulia-dev/tertulia/domain/agents"
)

func TestNoOtherModelGoesOnWithWhatOneHasBegunToSay(t *testing.T) {
	t.Parallel()
	s := newChatSystem(t)
	p := s.process(t, fast())
	run := p.ask(t, s)
	defer run.Close()
	p.model.say <- "La mitad de "
	p.model.end <- struct{}{}
	frames := read(t, run, 1000)
	require.Equal(t, agents.AnswerFailed, frames[len(frames)-1].Code)
	require.Equal(t, "La mitad de ", s.answer(t, p).Text)
	require.EqualValues(t, 1, p.model.asked.Load())
}
