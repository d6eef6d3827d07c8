package meetingsuc

import (
	"context"
	"errors"
	"fmt"

	"github.com/tertulia-dev/tertulia/domain/fault"
	"github.com/tertulia-dev/tertulia/domain/kernel"
	"github.com/tertulia-dev/tertulia/domain/meetings"
)

// judge has the meeting judged by the evaluator of its type and, of a sale, of its stage, which is detected when nobody has
// given it. It returns what that cost beside the analysis, whether there is one or not.
func (uc *RunAnalysis) judge(ctx context.Context, in AnalyzeInput, r AnalysisRequest, panel Panel) (a meetings.Analysis, paid []Use, err error) {
	if r.Subtype, paid, err = uc.stage(ctx, in, r, &panel); err != nil {
		return meetings.Analysis{}, paid, err
	}
	err = uc.withSuccessors(ctx, in.Workspace, &panel, func() (string, error) {
		r.Evaluator = panel.For(r.Meeting.Type, r.Subtype)
		a, err = uc.analyze(ctx, r)
		return r.Evaluator.Model, err
	})
	return a, paid, err
}

// stage returns the stage of a sale: the given one, the only one, or what the detector says. A detector that cannot say
// does not keep the meeting from being judged: the stage is guessed from cues then.
func (uc *RunAnalysis) stage(ctx context.Context, in AnalyzeInput, r AnalysisRequest, panel *Panel) (s meetings.Subtype, paid []Use, err error) {
	if r.Subtype != "" || !r.Meeting.Type.IsSales() {
		return r.Subtype, nil, nil
	}
	var found Detection
	err = uc.withSuccessors(ctx, in.Workspace, panel, func() (string, error) {
		d := (*panel).Detector()
		if len(d.Stages) == 1 {
			found = Detection{Subtype: d.Stages[0]}
			return "", nil
		}
		found, err = uc.analyzer.Detect(ctx, r, d)
		return d.Model, err
	})
	spent, wasPaid := errors.AsType[*SpentError](err)
	if wasPaid {
		found.Model, found.Usage = spent.Model, spent.Usage
	}
	if found.Usage != (meetings.Usage{}) {
		paid = append(paid, uc.tokens(in, found.Model, found.Usage))
	}
	switch kind := fault.KindOf(err); {
	case err == nil && found.Subtype != "":
		return found.Subtype, paid, nil
	case err == nil, wasPaid, kind == fault.Invalid, kind == fault.NotFound:
		return meetings.GuessSubtype(r.Transcript, r.Rep), paid, nil
	default:
		return "", paid, fmt.Errorf("detect the stage: %w", err)
	}
}

// withSuccessors asks, and asks again while a model is found to be gone and another one takes its place.
func (uc *RunAnalysis) withSuccessors(ctx context.Context, ws kernel.WorkspaceID, panel *Panel, ask func() (model string, err error)) error {
	for attempt := 1; ; attempt++ {
		model, err := ask()
		if !errors.Is(err, ErrModelGone) || attempt == successions {
			return err
		}
		if replaced, noted := uc.evaluators.Retire(ctx, ws, model); noted != nil || !replaced {
			return errors.Join(err, noted)
		}
		if *panel, err = uc.evaluators.Panel(ctx, ws); err != nil {
			return err
		}
	}
}
