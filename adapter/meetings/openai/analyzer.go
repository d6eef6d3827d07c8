// Package openai has a model judge a meeting, through OpenAI's Responses API or any base URL that speaks it.
package openai

import (
	"context"
	"errors"
	"fmt"

	"github.com/tertulia-dev/tertulia/domain/fault"
	"github.com/tertulia-dev/tertulia/domain/meetings"
	"github.com/tertulia-dev/tertulia/infrastructure/outbound"
	"github.com/tertulia-dev/tertulia/infrastructure/vendors/openai"
	meetingsuc "github.com/tertulia-dev/tertulia/usecase/meetings"
)

// attempts is how often a model is asked for one analysis: a broken answer is sent back once, with what is wrong in it.
const attempts = 2

// Analyzer implements meetingsuc.Analyzer.
type Analyzer struct{ client *openai.Client }

// NewAnalyzer makes an analyzer that asks each evaluator's model.
func NewAnalyzer(client *openai.Client) *Analyzer { return &Analyzer{client: client} }

// Analyze asks the model, and once more when its answer breaks the schema or its rules.
func (a *Analyzer) Analyze(ctx context.Context, r meetingsuc.AnalysisRequest) (meetings.Analysis, error) {
	request := openai.StructuredRequest{
		Model:        r.Evaluator.Model,
		Instructions: meetings.Instructions(r.Meeting.Type, r.Subtype, r.Playbook, r.Evaluator.Instructions),
		Input:        meetings.PromptInput(r.Meeting, r.Rep, r.Transcript),
		SchemaName:   meetings.SchemaName(r.Meeting.Type), Schema: meetings.SchemaFor(r.Meeting.Type, r.Playbook),
		Temperature: r.Evaluator.Temperature, TopP: r.Evaluator.TopP, Stores: r.Evaluator.Stores,
		Metadata: map[string]string{"meeting_id": r.Meeting.ID.String()},
	}
	spent := &meetingsuc.SpentError{}
	for range attempts {
		answer, err := a.client.Structured(ctx, request)
		if err != nil {
			if a.client.LacksStore(ctx, err, request.Stores) {
				err = fmt.Errorf("%w: %w", meetingsuc.ErrStoreGone, err)
			}
			return meetings.Analysis{}, failed(spent, explained(err))
		}
		spent.Model, spent.Usage = answer.Model, add(spent.Usage, answer.Usage)
		analysis, err := a.read(answer, r)
		if err == nil {
			analysis.Model, analysis.Usage = spent.Model, spent.Usage
			analysis.Agent, analysis.Revision = r.Evaluator.Key, r.Evaluator.Version
			return analysis, nil
		}
		spent.Cause = err
		violations, ok := errors.AsType[meetings.Violations](err)
		if !ok {
			break
		}
		request.Input += "\n\n" + meetings.RepairRequest(violations)
	}
	return meetings.Analysis{}, spent
}

// Detect asks the detector's model for the stage of a sale. What it answers in any other form is no stage.
func (a *Analyzer) Detect(ctx context.Context, r meetingsuc.AnalysisRequest, d meetingsuc.Detector) (meetingsuc.Detection, error) {
	stages := d.Stages
	if len(stages) == 0 {
		stages = meetings.Subtypes()
	}
	answer, err := a.client.Structured(ctx, openai.StructuredRequest{
		Model:        d.Model,
		Instructions: meetings.DetectionInstructions(),
		Input:        meetings.DetectionInput(r.Transcript),
		SchemaName:   meetings.DetectionSchemaName, Schema: meetings.DetectionSchema(stages),
		Metadata: map[string]string{"meeting_id": r.Meeting.ID.String()},
	})
	if err != nil {
		return meetingsuc.Detection{}, explained(err)
	}
	found := meetingsuc.Detection{Model: answer.Model, Usage: add(meetings.Usage{}, answer.Usage)}
	if answer.IsComplete() {
		found.Subtype = meetings.ParseDetection([]byte(answer.Text), stages)
	}
	return found, nil
}

// explained is the fault of a request that the provider did not answer.
func explained(err error) error {
	if openai.IsModelGone(err) {
		err = fmt.Errorf("%w: %w", meetingsuc.ErrModelGone, err)
	}
	return outbound.Fault(err, meetings.AnalysisFailed)
}

// failed is the failure of a request, with what earlier ones of the same analysis have cost.
func failed(spent *meetingsuc.SpentError, err error) error {
	if spent.Usage == (meetings.Usage{}) {
		return err
	}
	spent.Cause = err
	return spent
}

// read takes the answer for an analysis. A refusal is final, an answer that stops early may be whole the next time.
func (a *Analyzer) read(answer openai.Answer, r meetingsuc.AnalysisRequest) (meetings.Analysis, error) {
	switch {
	case answer.Refusal != "":
		return meetings.Analysis{}, fault.Wrap(fault.Invalid, meetings.AnalysisFailed, errors.New("the model refused"))
	case !answer.IsComplete():
		return meetings.Analysis{}, fault.Wrap(fault.Upstream, meetings.AnalysisFailed, fmt.Errorf("the answer stops early: %s", answer.Incomplete))
	}
	analysis, err := meetings.ParseAnalysis([]byte(answer.Text), r.Transcript, r.Meeting.Type, r.Playbook)
	if err == nil && r.Subtype != "" {
		analysis.Subtype = r.Subtype
	}
	return analysis, err
}

func add(u meetings.Usage, more openai.Usage) meetings.Usage {
	return meetings.Usage{
		InputTokens: u.InputTokens + more.Input, CachedTokens: u.CachedTokens + more.Cached, OutputTokens: u.OutputTokens + more.Output,
	}
}
