package meetingshttp

import (
	"context"
	"net/http"
	"time"

	"github.com/tertulia-dev/tertulia/domain/fault"
	"github.com/tertulia-dev/tertulia/domain/kernel"
	"github.com/tertulia-dev/tertulia/domain/meetings"
	"github.com/tertulia-dev/tertulia/infrastructure/httpserver"
	"github.com/tertulia-dev/tertulia/pkg/tertulia"
	meetingsuc "github.com/tertulia-dev/tertulia/usecase/meetings"
)

const trackerTag = "trackers"

type listTrackersInput struct {
	httpserver.Caller
	tertulia.TrackerFilter
}

type trackersOutput struct {
	Body tertulia.TrackerPage
}

type addTrackerInput struct {
	httpserver.Caller

	Body tertulia.TrackerRequest
}

// OneTracker is the input of an operation on one tracker.
type OneTracker struct {
	httpserver.Caller

	ID string `path:"id" doc:"The tracker's ID."`
}

type editTrackerInput struct {
	OneTracker

	Body tertulia.TrackerPatch
}

type trackerOutput struct {
	Body tertulia.Tracker
}

func (in OneTracker) tracker() (meetings.TrackerID, error) {
	id, err := kernel.ParseID[meetings.TrackerID](in.ID)
	if err != nil {
		return "", fault.New(fault.NotFound, meetings.TrackerNotFound)
	}
	return id, nil
}

// registerTrackers: /api/trackers.
func registerTrackers(api *httpserver.API, uc *meetingsuc.Moments) {
	httpserver.Get(api, "/api/trackers", httpserver.Spec{
		ID: "listTrackers", Tag: trackerTag, Summary: "The topics that are counted in meetings",
		Role: kernel.Rep, ActAs: httpserver.ServiceAllowed,
	}, func(ctx context.Context, in *listTrackersInput) (*trackersOutput, error) {
		page, err := uc.Queries.Trackers(ctx, in.Principal, in.Limit)
		if err != nil {
			return nil, err
		}
		out := trackersOutput{Body: tertulia.TrackerPage{Data: []tertulia.Tracker{}, Total: page.Total, Limit: page.Limit}}
		for _, t := range page.Trackers {
			out.Body.Data = append(out.Body.Data, toAPITracker(t))
		}
		return &out, nil
	})
	httpserver.Post(api, "/api/trackers", httpserver.Spec{
		ID: "addTracker", Tag: trackerTag, Summary: "Count a topic",
		Description: "Whole words and phrases, whatever their accents and case. Meetings so far are counted in the background: `ready` tells when they are.",
		Role:        kernel.Admin, Status: http.StatusCreated, Idempotent: true,
		Errors: []fault.Code{fault.ForbiddenCode, meetings.TrackerExists, meetings.TooManyTrackers, meetings.TrackerNotFound},
	}, func(ctx context.Context, in *addTrackerInput) (*trackerOutput, error) {
		side := meetings.Side(in.Body.Side)
		return editTracker(ctx, uc, meetingsuc.TrackerInput{
			Actor: in.Principal, Name: meetings.Change[string]{Set: true, To: in.Body.Name},
			Terms: meetings.Change[[]string]{Set: true, To: in.Body.Terms}, Side: meetings.Change[meetings.Side]{Set: side != "", To: side},
			Key: keyOf(in.Caller, "addTracker"),
		})
	})
	httpserver.Patch(api, "/api/trackers/{id}", httpserver.Spec{
		ID: "updateTracker", Tag: trackerTag, Summary: "Change a tracker",
		Description: "An absent field stays as it is. Other terms or another side count every meeting again.",
		Role:        kernel.Admin, Errors: []fault.Code{fault.ForbiddenCode, meetings.TrackerNotFound, meetings.TrackerExists},
	}, func(ctx context.Context, in *editTrackerInput) (*trackerOutput, error) {
		id, err := in.tracker()
		if err != nil {
			return nil, err
		}
		side := fromAPIChange(in.Body.Side)
		return editTracker(ctx, uc, meetingsuc.TrackerInput{
			Actor: in.Principal, ID: id, Name: fromAPIChange(in.Body.Name), Terms: fromAPIChange(in.Body.Terms),
			Side: meetings.Change[meetings.Side]{Set: side.Set, To: meetings.Side(side.To)},
		})
	})
	httpserver.Delete(api, "/api/trackers/{id}", httpserver.Spec{
		ID: "removeTracker", Tag: trackerTag, Summary: "Stop counting a topic, and forget the counts",
		Role: kernel.Admin, Errors: []fault.Code{fault.ForbiddenCode, meetings.TrackerNotFound},
	}, func(ctx context.Context, in *OneTracker) (*removedOutput, error) {
		id, err := in.tracker()
		if err != nil {
			return nil, err
		}
		if err := uc.RemoveTracker.Execute(ctx, in.Principal, id); err != nil {
			return nil, err
		}
		return &removedOutput{Body: tertulia.Removed{OK: true}}, nil
	})
}

func editTracker(ctx context.Context, uc *meetingsuc.Moments, in meetingsuc.TrackerInput) (*trackerOutput, error) {
	t, err := uc.EditTracker.Execute(ctx, in)
	if err != nil {
		return nil, err
	}
	return &trackerOutput{Body: toAPITracker(t)}, nil
}

type trendInput struct {
	OneTracker
	tertulia.TrendFilter
}

type trendOutput struct {
	Body tertulia.TrackerTrend
}

type mentionsInput struct {
	OneMeeting
	tertulia.TrackerFilter
}

type mentionsOutput struct {
	Body tertulia.MentionPage
}

// registerTrackerReports: GET /api/trackers/{id}/trend and GET /api/meetings/{id}/trackers.
func registerTrackerReports(api *httpserver.API, q *meetingsuc.MomentQueries) {
	httpserver.Get(api, "/api/trackers/{id}/trend", httpserver.Spec{
		ID: "getTrackerTrend", Tag: trackerTag, Summary: "How often a topic comes up, week by week",
		Description: "Over the completed meetings that the caller may see. Weeks begin on Monday where the workspace is; those without meetings are there too.",
		Role:        kernel.Rep, ActAs: httpserver.ServiceAllowed, Errors: []fault.Code{fault.ForbiddenCode, meetings.TrackerNotFound},
	}, func(ctx context.Context, in *trendInput) (*trendOutput, error) {
		id, err := in.tracker()
		if err != nil {
			return nil, err
		}
		var rep kernel.RepID
		if in.SalesRepID != "" {
			var ok bool
			if rep, ok = repID(in.SalesRepID); !ok {
				var wrong fault.Fields
				wrong.Add("salesRepId", fault.BadUUID)
				return nil, wrong.Err()
			}
		}
		trend, err := q.Trend(ctx, in.Principal, id, rep, in.Weeks)
		if err != nil {
			return nil, err
		}
		out := trendOutput{Body: tertulia.TrackerTrend{Tracker: toAPITracker(trend.Tracker), Weeks: []tertulia.TrackerWeek{}}}
		for _, w := range trend.Weeks {
			out.Body.Weeks = append(out.Body.Weeks, tertulia.TrackerWeek{
				Week: meetings.WeekName(w.Monday), WeekStart: w.Monday.Format(time.DateOnly), Meetings: w.Meetings, MeetingsWith: w.With, Mentions: w.Mentions,
			})
		}
		return &out, nil
	})
	httpserver.Get(api, "/api/meetings/{id}/trackers", httpserver.Spec{
		ID: "getMeetingTrackers", Tag: tag, Summary: "Which topics come up in a meeting, and where",
		Description: "By the trackers of now, by name. Each shows its first fifty moments.",
		Role:        kernel.Rep, ActAs: httpserver.ServiceAllowed, Errors: errorsOfOne(meetings.TranscriptNotReady),
	}, func(ctx context.Context, in *mentionsInput) (*mentionsOutput, error) {
		id, err := in.meeting()
		if err != nil {
			return nil, err
		}
		page, err := q.Mentioned(ctx, in.Principal, id, in.Limit)
		if err != nil {
			return nil, err
		}
		out := mentionsOutput{Body: tertulia.MentionPage{Data: []tertulia.TrackerMentions{}, Total: page.Total, Limit: page.Limit}}
		for _, m := range page.Trackers {
			out.Body.Data = append(out.Body.Data, toAPIMentions(m))
		}
		return &out, nil
	})
}

func toAPITracker(t meetings.Tracker) tertulia.Tracker {
	return tertulia.Tracker{
		ID: t.ID.String(), Name: t.Name, Terms: t.Terms, Side: string(t.Side), Ready: t.IsReady(), CreatedAt: t.CreatedAt, UpdatedAt: t.UpdatedAt,
	}
}

// maxMentions is how many moments of a tracker one answer holds.
const maxMentions = 50

func toAPIMentions(m meetingsuc.MentionedTracker) tertulia.TrackerMentions {
	out := tertulia.TrackerMentions{
		Tracker: toAPITracker(m.Tracker), Count: len(m.Mentions), Terms: []tertulia.TermCount{}, Moments: []tertulia.Moment{},
	}
	counts := map[string]int{}
	for i, mention := range m.Mentions {
		counts[mention.Term]++
		if i < maxMentions {
			out.Moments = append(out.Moments, tertulia.Moment{
				StartMS: int64(mention.Start), EndMS: int64(mention.End), Speaker: mention.Speaker, Text: mention.Text, Highlighted: mention.Highlighted,
			})
		}
	}
	for _, term := range m.Tracker.Terms {
		if n := counts[term]; n > 0 {
			out.Terms = append(out.Terms, tertulia.TermCount{Term: term, Count: n})
		}
	}
	return out
}
