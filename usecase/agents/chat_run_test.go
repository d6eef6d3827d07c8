package agentsuc_test

import (
	"context"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tertulia-dev/tertulia/domain/agents"
	"github.com/tertulia-dev/tertulia/domain/fault"
	"github.com/tertulia-dev/tertulia/domain/kernel"
	agentsuc "github.com/tertulia-dev/tertulia/usecase/agents"
)

func TestReadersOfOneAnswerAllSeeTheSameFrames(t *testing.T) {
	t.Parallel()
	s := newChatSystem(t)
	here, there := s.process(t, fast()), s.process(t, fast())
	run := here.ask(t, s)
	defer run.Close()
	var readers sync.WaitGroup
	got := make([][]agents.Frame, 6)
	for i := range got {
		p := []*process{here, there}[i%2]
		f, err := p.Follow.Execute(t.Context(), agentsuc.FollowRunInput{ChatOf: s.chat(), Answer: run.Answer})
		require.NoError(t, err)
		readers.Go(func() {
			defer f.Close()
			got[i] = read(t, f, 1000)
		})
	}
	for _, piece := range []string{"Hola ", "[00:0", "5], ", "adiós [77:77]", " y ñandú.", ""} {
		here.model.say <- piece
	}
	readers.Wait()
	want := read(t, run, 1000)
	require.True(t, want[len(want)-1].Done)
	for i := range got {
		require.Equal(t, want, got[i])
	}
	answer := s.answer(t, there)
	require.Equal(t, "Hola [00:05], adiós y ñandú.", answer.Text)
	require.Equal(t, []agents.Citation{{StartMS: 5_000}}, answer.Citations)
	require.Equal(t, int64(42), *answer.CostMicros)
	for n := range want {
		f, err := there.Follow.Execute(t.Context(), agentsuc.FollowRunInput{ChatOf: s.chat(), Answer: run.Answer, After: n})
		require.NoError(t, err)
		require.Equal(t, want[n:], read(t, f, 1000), "the same frames from the database, after any of them")
	}
	require.Equal(t, int64(1), here.model.asked.Load()+there.model.asked.Load())
}

func TestAReaderAtAnotherProcessKeepsTheAnswerGoing(t *testing.T) {
	t.Parallel()
	s := newChatSystem(t)
	here, there := s.process(t, fast()), s.process(t, fast())
	run := here.ask(t, s)
	here.model.say <- "uno"
	require.Equal(t, "uno", read(t, run, 1)[0].Delta)
	f, err := there.Follow.Execute(t.Context(), agentsuc.FollowRunInput{ChatOf: s.chat(), Answer: run.Answer, After: 1})
	require.NoError(t, err)
	_, err = f.Next(t.Context(), time.Millisecond) // looks, and so is seen
	require.NoError(t, err)
	run.Close()
	for range 8 {
		_, err = f.Next(t.Context(), 200*time.Millisecond) // far longer than the grace period
		require.NoError(t, err)
	}
	here.model.say <- "dos"
	here.model.say <- ""
	rest := read(t, f, 2)
	require.Equal(t, "dos", rest[0].Delta)
	require.True(t, rest[len(rest)-1].Done)
	require.Zero(t, here.model.left.Load())
}

func TestAnAnswerThatNobodyFollowsIsCancelledAndKeepsWhatWasSaid(t *testing.T) {
	t.Parallel()
	s := newChatSystem(t)
	p := s.process(t, fast())
	run := p.ask(t, s)
	p.model.say <- "uno"
	read(t, run, 1)
	left := time.Now()
	run.Close()
	cancelled := s.untilStatus(t, p, agents.MessageCancelled)
	require.Less(t, time.Since(left), 5*time.Second)
	require.Equal(t, int64(1), p.model.left.Load(), "the provider was told")
	require.Equal(t, "uno", cancelled.Text)
	require.Equal(t, agents.RunCancelled, cancelled.Code)
	require.True(t, cancelled.Usage.Estimated)
	require.Greater(t, cancelled.Usage.InputTokens, int64(len("[00:05] Ana: Hola")/3))
	require.Equal(t, int64(agents.Tokens("uno")), cancelled.Usage.OutputTokens)
	require.Equal(t, int64(42), *cancelled.CostMicros)

	again := p.ask(t, s)
	defer again.Close()
	<-p.model.prompts
	second := <-p.model.prompts
	require.NotEmpty(t, second.Context, "whatever the provider's conversation holds of it, it is left")
	require.Empty(t, second.History, "what did not come to its end is not shown to the model")
	p.model.say <- "tres"
	p.model.say <- ""
	require.Len(t, read(t, again, 2), 2)
}

func TestAnAnswerWhoseProcessDiesEndsByItselfAndItsZombieChangesNothing(t *testing.T) {
	t.Parallel()
	s := newChatSystem(t)
	dying := fast()
	dying.Lease, dying.Keep = time.Second, time.Hour // it says nothing any more, as the dead do
	dead, alive := s.process(t, dying), s.process(t, fast())
	dead.model.deaf = true
	run := dead.ask(t, s)
	dead.model.say <- "uno"
	read(t, run, 1)

	f, err := alive.Follow.Execute(t.Context(), agentsuc.FollowRunInput{ChatOf: s.chat(), Answer: run.Answer})
	require.NoError(t, err)
	frames := read(t, f, 1000)
	require.Equal(t, agents.RunInterrupted, frames[len(frames)-1].Code, "who follows it is told")
	require.Equal(t, agents.MessageFailed, s.answer(t, alive).Status)

	again := alive.ask(t, s)
	defer again.Close()
	<-alive.model.prompts // in a conversation of its own
	before, entered := s.conversation(t), s.books.entered.Load()
	dead.model.say <- "dos"
	dead.model.say <- ""
	last := read(t, run, 1000)
	require.Equal(t, agents.RunInterrupted, last[len(last)-1].Code, "the zombie's own reader is told")
	run.Close()
	require.NoError(t, dead.Runner.Stop(t.Context()))
	require.Equal(t, agents.RunInterrupted, s.stored(t, alive)[1].Code, "the zombie's end came too late")
	require.Equal(t, before, s.conversation(t), "and so it does not take the chat's conversation away")
	require.Greater(t, s.books.entered.Load(), entered, "but what the provider was asked for is owed")
	alive.model.say <- "ahora sí"
	alive.model.say <- ""
	read(t, again, 2)
	require.Equal(t, agents.MessageCompleted, s.answer(t, alive).Status)
}

func TestNobodyNeedsToLookForADeadProcessAnswerToEnd(t *testing.T) {
	t.Parallel()
	s := newChatSystem(t)
	dying := fast()
	dying.Lease, dying.Keep, dying.Grace = time.Second, time.Hour, time.Hour
	dead := s.process(t, dying)
	dead.model.deaf = true
	run := dead.ask(t, s)
	defer func() {
		run.Close()
		dead.model.say <- ""
		require.NoError(t, dead.Runner.Stop(context.Background()))
	}()
	require.Eventually(t, func() bool {
		_, failed, err := s.ledger.RunDue(t.Context(), 20*time.Second)
		require.NoError(t, err)
		require.Zero(t, failed)
		s.clock.ahead.Add(int64(5 * time.Second)) // the next look comes due
		return s.answer(t, dead).Status == agents.MessageFailed
	}, 20*time.Second, 50*time.Millisecond)
	require.Equal(t, agents.RunInterrupted, s.answer(t, dead).Code)
}

func TestALivingProcessKeepsItsAnswerHoweverLongItTakes(t *testing.T) {
	t.Parallel()
	s := newChatSystem(t)
	short := fast()
	short.Lease = 2 * time.Second
	p := s.process(t, short)
	run := p.ask(t, s)
	defer run.Close()
	for end := time.Now().Add(5 * time.Second); time.Now().Before(end); {
		frames, err := run.Next(t.Context(), 500*time.Millisecond) // the model thinks
		require.NoError(t, err)
		require.Empty(t, frames)
		require.NoError(t, p.EndInterrupted.Execute(t.Context(), s.ana.Workspace, agentsuc.EndInterruptedRun{Chat: s.answer(t, p).Chat, Answer: run.Answer}))
	}
	p.model.say <- "por fin"
	p.model.say <- ""
	require.True(t, read(t, run, 2)[1].Done)
}

func TestAStoppedProcessSaysThatItWasInterrupted(t *testing.T) {
	t.Parallel()
	s := newChatSystem(t)
	p := s.process(t, fast())
	run := p.ask(t, s)
	defer run.Close()
	p.model.say <- "uno"
	require.NoError(t, p.Runner.Stop(t.Context()))
	frames := read(t, run, 2)
	require.Equal(t, agents.RunInterrupted, frames[1].Code)
	require.Equal(t, "uno", s.answer(t, p).Text)
	require.Equal(t, agents.MessageFailed, s.answer(t, p).Status)
}

func TestTheEndOfAnAnswerIsToldWhenItIsStored(t *testing.T) {
	t.Parallel()
	s := newChatSystem(t)
	s.books.broken.Store(2)
	p := s.process(t, fast())
	run := p.ask(t, s)
	defer run.Close()
	p.model.say <- "uno"
	p.model.say <- ""
	require.True(t, read(t, run, 2)[1].Done)
	require.Equal(t, agents.MessageCompleted, s.answer(t, p).Status, "it is stored before it is told, after two failures")
	require.Equal(t, int64(42), *s.answer(t, p).CostMicros)
}

func TestOnlyOneAnswerAChatIsMadeAtATime(t *testing.T) {
	t.Parallel()
	s := newChatSystem(t)
	processes := []*process{s.process(t, fast()), s.process(t, fast())}
	outcomes := make(chan error, 8)
	runs := make(chan agentsuc.Run, 8)
	for i := range cap(outcomes) {
		go func() {
			run, err := processes[i%2].Ask.Execute(t.Context(), agentsuc.AskAgentInput{
				Actor: s.ana, Meeting: s.meeting.id, Agent: follower, Question: "¿Qué sigue?",
			})
			if err == nil {
				runs <- run
			}
			outcomes <- err
		}()
	}
	refused := 0
	for range cap(outcomes) {
		if err := <-outcomes; err != nil {
			require.Equal(t, agents.RunInProgress, fault.CodeOf(err))
			refused++
		}
	}
	require.Equal(t, cap(outcomes)-1, refused)
	(<-runs).Close()
	s.untilStatus(t, processes[0], agents.MessageCancelled)
	require.Len(t, s.stored(t, processes[0]), 2, "what was refused left nothing behind")
}

func TestAChatIsReadFromItsEndBackwards(t *testing.T) {
	t.Parallel()
	s := newChatSystem(t)
	p := s.process(t, fast())
	for range 3 {
		run := p.ask(t, s)
		p.model.say <- "sí"
		p.model.say <- ""
		read(t, run, 2)
		run.Close()
	}
	var seen []agents.MessageID
	page := kernel.Page{Limit: 4}
	list, before, err := p.Queries.Messages(t.Context(), s.chat(), page)
	require.NoError(t, err)
	require.Len(t, list, 4)
	require.Equal(t, agents.RoleAssistant, list[3].Role)
	page.Cursor = before
	older, none, err := p.Queries.Messages(t.Context(), s.chat(), page)
	require.NoError(t, err)
	require.Empty(t, none)
	require.Len(t, older, 2)
	for _, m := range append(older, list...) {
		seen = append(seen, m.ID)
	}
	require.IsIncreasing(t, seen)
	page.Cursor = "x"
	_, _, err = p.Queries.Messages(t.Context(), s.chat(), page)
	require.Equal(t, fault.Validation, fault.CodeOf(err))
}
