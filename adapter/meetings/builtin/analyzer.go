// Package builtin analyses meetings without a model, for installations that have no key for one.
package builtin

import (
	"context"

	"github.com/tertulia-dev/tertulia/domain/meetings"
	meetingsuc "github.com/tertulia-dev/tertulia/usecase/meetings"
)

// Analyzer implements meetingsuc.Analyzer by the domain's extractive analysis: it quotes and counts, and asks nobody.
type Analyzer struct{}

// Analyze never fails.
func (Analyzer) Analyze(_ context.Context, r meetingsuc.AnalysisRequest) (meetings.Analysis, error) {
	return meetings.Extractive(r.Transcript, r.Meeting, r.Rep, r.Subtype, r.Playbook), nil
}

// Detect leaves the stage to Analyze, which reads the whole conversation anyway.
func (Analyzer) Detect(context.Context, meetingsuc.AnalysisRequest, meetingsuc.Detector) (meetingsuc.Detection, error) {
	return meetingsuc.Detection{}, nil
}
