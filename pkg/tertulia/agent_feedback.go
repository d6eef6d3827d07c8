package tertulia

import (
	"context"
	"iter"
	"net/http"
	"net/url"
)

// Vote notes what the caller thinks of an agent's answer or of an analysis, in place of the caller's pending vote on it.
// CodeAlreadyReviewed when that vote has been reviewed.
func (a Agents) Vote(ctx context.Context, meeting string, in VoteRequest, opts ...CallOption) (AgentFeedback, error) {
	return call[AgentFeedback](ctx, a.c, request{method: http.MethodPost, path: meetingPath(meeting, "/agent-feedback"), body: in}, opts)
}

// WithdrawVote takes the caller's pending vote back; without one it does nothing. CodeAlreadyReviewed when it was reviewed.
func (a Agents) WithdrawVote(ctx context.Context, meeting string, on VoteRef, opts ...CallOption) error {
	_, err := call[Done](ctx, a.c, request{
		method: http.MethodDelete, path: meetingPath(meeting, "/agent-feedback"),
		query: url.Values{"source": {on.Source}, "source_ref": {on.SourceRef}},
	}, opts)
	return err
}

// MyVotes returns the caller's pending votes in a meeting, newest first.
func (a Agents) MyVotes(ctx context.Context, meeting string, opts ...CallOption) (AgentFeedbackList, error) {
	return call[AgentFeedbackList](ctx, a.c, request{method: http.MethodGet, path: meetingPath(meeting, "/my-agent-feedback")}, opts)
}

// Corrections returns a stretch of the queue of corrections, newest first. Administrators only.
func (a Agents) Corrections(ctx context.Context, filter CorrectionFilter, opts ...CallOption) (AgentCorrectionPage, error) {
	return call[AgentCorrectionPage](ctx, a.c, request{
		method: http.MethodGet, path: "/api/admin/corrections", query: queryOf(filter),
	}, opts)
}

// AllCorrections walks over every correction that the filter chooses. It ends with the first error.
func (a Agents) AllCorrections(ctx context.Context, filter CorrectionFilter, opts ...CallOption) iter.Seq2[AgentCorrection, error] {
	return walk(func(cursor string) ([]AgentCorrection, *string, error) {
		if cursor != "" {
			filter.Cursor = cursor
		}
		page, err := a.Corrections(ctx, filter, opts...)
		return page.Data, page.NextCursor, err
	})
}

// ReviewCorrection approves a correction as a lesson, or rejects it. Administrators only.
func (a Agents) ReviewCorrection(ctx context.Context, id string, in ReviewCorrectionRequest, opts ...CallOption) (AgentCorrection, error) {
	return call[AgentCorrection](ctx, a.c, request{
		method: http.MethodPut, path: "/api/admin/corrections/" + url.PathEscape(id), body: in,
	}, opts)
}
