package meetingsbridge

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"github.com/tertulia-dev/tertulia/domain/agents"
	"github.com/tertulia-dev/tertulia/domain/kernel"
	"github.com/tertulia-dev/tertulia/domain/meetings"
	agentsuc "github.com/tertulia-dev/tertulia/usecase/agents"
	meetingsuc "github.com/tertulia-dev/tertulia/usecase/meetings"
)

var _ agentsuc.Judgements = Judgements{}

// Judgements implements agentsuc.Judgements over the meetings' queries.
type Judgements struct{ queries *meetingsuc.Queries }

// NewJudgements makes the bridge.
func NewJudgements(uc *meetingsuc.UseCases) Judgements { return Judgements{queries: uc.Queries} }

// Find implements agentsuc.Judgements. An analysis that names no evaluator is the one's of its type and stage.
func (b Judgements) Find(ctx context.Context, ws kernel.WorkspaceID, meeting agentsuc.MeetingID, ref string) (agentsuc.VotedAnswer, bool, error) {
	d, err := b.queries.Detail(ctx, kernel.System(ws), meetings.ID(meeting))
	if err != nil || d.Analysis == nil || ref != d.Analysis.ID.String() && ref != meeting.String() {
		return agentsuc.VotedAnswer{}, false, err
	}
	a := *d.Analysis
	evaluator := agents.EvaluatorKey(agents.MeetingType(d.Row.Type), agents.Subtype(a.Subtype))
	if d.Row.Type.IsSales() && a.Subtype == "" {
		evaluator = agents.EvaluatorKey(agents.Sales, agents.Qualification)
	}
	text := []string{a.Summary, a.NextSteps}
	text = slices.DeleteFunc(text, func(s string) bool { return s == "" })
	return agentsuc.VotedAnswer{Agent: cmp.Or(agents.Key(a.Agent), evaluator), Answer: strings.Join(text, "\n\n")}, true, nil
}

// People implements agentsuc.Judgements.
func (b Judgements) People(ctx context.Context, ws kernel.WorkspaceID, meeting agentsuc.MeetingID) ([]string, error) {
	d, err := b.queries.Detail(ctx, kernel.System(ws), meetings.ID(meeting))
	if err != nil {
		return nil, err
	}
	names := []string{d.Row.Customer.ContactName}
	for _, rep := range []*meetingsuc.Rep{d.Row.SalesRep, d.Row.CreatedBy} {
		if rep != nil {
			names = append(names, rep.Name)
		}
	}
	if d.Transcript != nil {
		for _, u := range d.Transcript.Utterances {
			names = append(names, u.Speaker.Name)
		}
	}
	slices.Sort(names)
	return slices.DeleteFunc(slices.Compact(names), func(s string) bool { return s == "" }), nil
}
