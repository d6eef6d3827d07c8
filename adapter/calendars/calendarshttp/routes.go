// Package calendarshttp serves a rep's calendars.
package calendarshttp

import (
	"context"

	"github.com/tertulia-dev/tertulia/domain/calendars"
	"github.com/tertulia-dev/tertulia/domain/fault"
	"github.com/tertulia-dev/tertulia/domain/kernel"
	"github.com/tertulia-dev/tertulia/infrastructure/catalog"
	"github.com/tertulia-dev/tertulia/infrastructure/httpserver"
	"github.com/tertulia-dev/tertulia/pkg/tertulia"
	calendarsuc "github.com/tertulia-dev/tertulia/usecase/calendars"
)

const tag = "calendars"

// Register registers the routes of calendars.
func Register(api *httpserver.API, uc *calendarsuc.UseCases, texts *catalog.Catalog) {
	registerList(api, uc.Queries, texts)
	registerAdd(api, uc.Add, texts)
	registerRemove(api, uc.Remove)
}

type listInput struct{ httpserver.Caller }

type listOutput struct {
	Body tertulia.CalendarFeedList
}

// registerList: GET /api/me/calendar-feeds.
func registerList(api *httpserver.API, q *calendarsuc.Queries, texts *catalog.Catalog) {
	httpserver.Get(api, "/api/me/calendar-feeds", httpserver.Spec{
		ID: "listCalendarFeeds", Tag: tag, Summary: "The caller's calendars and how they fare", Role: kernel.Rep,
	}, func(ctx context.Context, in *listInput) (*listOutput, error) {
		rows, err := q.Mine(ctx, in.Principal)
		if err != nil {
			return nil, err
		}
		out := listOutput{Body: tertulia.CalendarFeedList{Data: make([]tertulia.CalendarFeed, len(rows))}}
		for i, row := range rows {
			out.Body.Data[i] = toAPIFeed(row, texts, httpserver.Language(ctx))
		}
		return &out, nil
	})
}

type addInput struct {
	httpserver.Caller

	Body tertulia.AddCalendarFeedRequest
}

type addOutput struct {
	Body tertulia.CalendarFeed
}

// registerAdd: POST /api/me/calendar-feeds.
func registerAdd(api *httpserver.API, uc *calendarsuc.AddFeed, texts *catalog.Catalog) {
	httpserver.Post(api, "/api/me/calendar-feeds", httpserver.Spec{
		ID: "addCalendarFeed", Tag: tag, Summary: "Register a calendar, whose calls then book their notetakers themselves",
		Description: "The calendar is read at once and every 15 minutes from then on. Calls of the next 48 hours on Google Meet, Zoom or Teams get a " +
			"notetaker when they are with somebody from outside; one that says `[no bot]`, is private, shown as free, declined or cancelled gets none.",
		Role: kernel.Rep, Status: 201, Errors: []fault.Code{fault.Validation, calendars.FeedExists, calendars.TooManyFeeds},
	}, func(ctx context.Context, in *addInput) (*addOutput, error) {
		f, err := uc.Execute(ctx, calendarsuc.AddFeedInput{
			Actor: in.Principal, URL: in.Body.URL, Name: in.Body.Name, Internal: in.Body.IncludeInternal,
		})
		if err != nil {
			return nil, err
		}
		return &addOutput{Body: toAPIFeed(calendarsuc.FeedRow{Feed: f}, texts, httpserver.Language(ctx))}, nil
	})
}

type removeInput struct {
	httpserver.Caller

	ID string `path:"id" doc:"The feed's ID."`
}

type removeOutput struct {
	Body tertulia.CalendarFeedRemoval
}

// registerRemove: DELETE /api/me/calendar-feeds/{id}.
func registerRemove(api *httpserver.API, uc *calendarsuc.RemoveFeed) {
	httpserver.Delete(api, "/api/me/calendar-feeds/{id}", httpserver.Spec{
		ID: "removeCalendarFeed", Tag: tag, Summary: "Forget a calendar and call off the notetakers that it has booked",
		Role: kernel.Rep, Errors: []fault.Code{calendars.FeedNotFound},
	}, func(ctx context.Context, in *removeInput) (*removeOutput, error) {
		id, err := kernel.ParseID[calendars.FeedID](in.ID)
		if err != nil {
			return nil, fault.New(fault.NotFound, calendars.FeedNotFound)
		}
		cancelled, err := uc.Execute(ctx, in.Principal, id)
		if err != nil {
			return nil, err
		}
		return &removeOutput{Body: tertulia.CalendarFeedRemoval{OK: true, MeetingsCancelled: cancelled}}, nil
	})
}

// toAPIFeed shows a feed without what is secret in its URL.
func toAPIFeed(row calendarsuc.FeedRow, texts *catalog.Catalog, lang string) tertulia.CalendarFeed {
	f := tertulia.CalendarFeed{
		ID: row.ID.String(), Name: row.Name, URL: row.Masked(), IncludeInternal: row.Internal, Status: tertulia.CalendarFeedOK,
		LastReadAt: row.ReadAt, LastPolledAt: row.PolledAt, NextPollAt: row.NextPoll, UpcomingCalls: row.Upcoming, CreatedAt: row.CreatedAt,
	}
	switch {
	case row.Failure.Code != "":
		f.Status = tertulia.CalendarFeedFailing
		code := string(row.Failure.Code)
		f.ErrorCode, f.ErrorMessage = &code, httpserver.OrNull(texts.Text(lang, code, row.Failure.Params))
	case row.PolledAt == nil:
		f.Status = tertulia.CalendarFeedPending
	}
	return f
}
