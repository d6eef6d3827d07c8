package meetingsuc_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tertulia-dev/tertulia/domain/fault"
	"github.com/tertulia-dev/tertulia/domain/kernel"
	"github.com/tertulia-dev/tertulia/domain/meetings"
	meetingsuc "github.com/tertulia-dev/tertulia/usecase/meetings"
)

// judges are the evaluators of a workspace, and the models that take each other's place.
type judges struct {
	successors []string // of the first model
	retired    []string
	stages     []meetings.Subtype
	detected   meetingsuc.Detection
	asked      []string // evaluators, with their models
}

func (o *outside) Panel(context.Context, kernel.WorkspaceID) (meetingsuc.Panel, error) {
	return o, o.reach("panel")
}

func (o *outside) For(t meetings.Type, s meetings.Subtype) meetingsuc.Evaluator {
	return locked(o, func() meetingsuc.Evaluator {
		e := meetingsuc.Evaluator{Key: fmt.Sprintf("evaluador_%s_%s", t, s), Version: 4, Model: o.model()}
		o.agents.asked = append(o.agents.asked, e.Key+" "+e.Model)
		return e
	})
}

func (o *outside) model() string {
	return append([]string{"first"}, o.agents.successors...)[len(o.agents.retired)]
}

func (o *outside) Detector() meetingsuc.Detector {
	return meetingsuc.Detector{Model: "light", Stages: o.agents.stages}
}

func (o *outside) Retire(_ context.Context, _ kernel.WorkspaceID, model string) (bool, error) {
	err := o.reach("retire")
	return locked(o, func() bool {
		if len(o.agents.retired) == len(o.agents.successors) {
			return false
		}
		o.agents.retired = append(o.agents.retired, model)
		return true
	}), err
}

func (o *outside) Detect(context.Context, meetingsuc.AnalysisRequest, meetingsuc.Detector) (meetingsuc.Detection, error) {
	return o.agents.detected, o.reach("detect")
}

// gone is what an analyzer says of a model that answers no more.
func gone() error {
	return fault.Wrap(fault.NotFound, meetings.AnalysisFailed, fmt.Errorf("%w: 404", meetingsuc.ErrModelGone))
}

func TestASaleIsJudgedByTheEvaluatorOfItsDetectedStage(t *testing.T) {
	t.Parallel()
	s := newSystem(t)
	s.out.agents.detected = meetingsuc.Detection{Subtype: meetings.Negotiation, Model: "gpt-4o-mini", Usage: meetings.Usage{InputTokens: 900}}

	m := s.completed(t)

	a := s.analysis(t, m.ID)
	require.Equal(t, meetings.Negotiation, a.Subtype)
	require.Equal(t, "evaluador_ventas_negociacion", a.Agent)
	require.Equal(t, 4, a.Revision)
	require.Equal(t, 1, s.count(t, "usage_entries where meeting_id = $1 and kind = 'model_input_tokens' and quantity = 900", m.ID.String()),
		"the detection is paid for too")
}

func TestAStageIsDetectedOnlyWhereThereIsAChoice(t *testing.T) {
	t.Parallel()
	t.Run("the stage is given", func(t *testing.T) {
		t.Parallel()
		s := newSystem(t)
		m := s.completed(t)
		before := s.out.called("detect")
		_, err := s.Reanalyze.Execute(t.Context(), meetingsuc.ReanalyzeMeetingInput{Actor: s.ana, Meeting: m.ID, Subtype: meetings.Negotiation})
		require.NoError(t, err)
		s.runJobs(t)
		require.Equal(t, before, s.out.called("detect"))
		require.Equal(t, meetings.Negotiation, s.analysis(t, m.ID).Subtype)
	})
	t.Run("one stage is in use", func(t *testing.T) {
		t.Parallel()
		s := newSystem(t)
		s.out.agents.stages = []meetings.Subtype{meetings.Demonstration}
		m := s.completed(t)
		require.Zero(t, s.out.called("detect"))
		require.Equal(t, meetings.Demonstration, s.analysis(t, m.ID).Subtype)
	})
	t.Run("it is no sale", func(t *testing.T) {
		t.Parallel()
		s := newSystem(t)
		m := s.completed(t, func(in *meetingsuc.ScheduleMeetingInput) { in.Type = meetings.Planning })
		require.Zero(t, s.out.called("detect"))
		require.Equal(t, "evaluador_planificacion_", s.analysis(t, m.ID).Agent)
	})
}

func TestADetectorThatWillNotAnswerDoesNotKeepTheMeetingFromBeingJudged(t *testing.T) {
	t.Parallel()
	for name, cause := range map[string]error{
		"no stage": nil, "refusal": fault.New(fault.Invalid, meetings.AnalysisFailed), "no such model": gone(),
		"paid for nothing": &meetingsuc.SpentError{Model: "gpt-4o-mini", Usage: meetings.Usage{OutputTokens: 5}, Cause: fault.New(fault.Upstream, meetings.AnalysisInvalid)},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newSystem(t)
			s.out.always("detect", cause)
			require.Equal(t, meetings.GuessSubtype(talk(), meetings.RepIdentity{Name: "ana"}), s.analysis(t, s.completed(t).ID).Subtype)
		})
	}
}

func TestADetectorThatIsAwayIsWaitedFor(t *testing.T) {
	t.Parallel()
	s := newSystem(t)
	s.out.once("detect", fault.Wrap(fault.Upstream, meetings.AnalysisFailed, errors.New("503")))
	m := s.scheduled(t)
	s.tell(t, m, meetingsuc.AboutTranscript, "done")
	s.live(t, time.Minute, 10*time.Second)
	require.Equal(t, meetings.Completed, s.get(t, m.ID).Status)
	require.Equal(t, 2, s.out.called("detect"))
}

func TestARetiredModelFallsToItsSuccessorWithinTheSameRun(t *testing.T) {
	t.Parallel()
	s := newSystem(t)
	s.out.agents.successors = []string{"second", "third"}
	s.out.on("analyze", func(n int) error {
		if n <= 2 {
			return gone()
		}
		return nil
	})
	s.completed(t)
	require.Equal(t, []string{"first", "second"}, s.out.agents.retired)
	require.Equal(t, 3, s.out.called("analyze"))
	require.Contains(t, s.out.agents.asked[2], " third")
}

func TestAModelThatIsGoneWithoutASuccessorFailsTheMeetingForPeopleToSee(t *testing.T) {
	t.Parallel()
	s := newSystem(t)
	s.out.always("analyze", gone())
	m := s.scheduled(t)
	s.tell(t, m, meetingsuc.AboutTranscript, "done")
	s.live(t, time.Minute, 10*time.Second)
	m = s.get(t, m.ID)
	require.Equal(t, meetings.Failed, m.Status)
	require.Equal(t, meetings.AnalysisFailed, m.Failure.Code)
	require.Equal(t, 1, s.out.called("analyze"), "asking again would not help")
	require.False(t, slices.Contains(s.out.agents.retired, "first"))
}
