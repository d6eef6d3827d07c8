package meetingshttp

import (
	"context"
	"strings"
	"time"

	"github.com/tertulia-dev/tertulia/domain/fault"
	"github.com/tertulia-dev/tertulia/domain/kernel"
	"github.com/tertulia-dev/tertulia/domain/meetings"
	"github.com/tertulia-dev/tertulia/infrastructure/httpserver"
	"github.com/tertulia-dev/tertulia/pkg/tertulia"
	meetingsuc "github.com/tertulia-dev/tertulia/usecase/meetings"
)

type listInput struct {
	httpserver.Caller
	tertulia.MeetingFilter
}

type listOutput struct {
	Body tertulia.MeetingPage
}

// registerList: GET /api/meetings.
func registerList(api *httpserver.API, q *meetingsuc.Queries, v view) {
	httpserver.Get(api, "/api/meetings", httpserver.Spec{
		ID: "listMeetings", Tag: tag, Summary: "List meetings, newest first",
		Description: "A rep sees its own meetings and everybody's that are not about sales; an administrator sees all.",
		Role:        kernel.Rep, ActAs: httpserver.ServiceAllowed,
	}, func(ctx context.Context, in *listInput) (*listOutput, error) {
		filter, err := fromAPIFilter(in.MeetingFilter)
		if err != nil {
			return nil, err
		}
		rows, total, err := q.List(ctx, in.Principal, filter)
		if err != nil {
			return nil, err
		}
		out := listOutput{Body: tertulia.MeetingPage{Data: []tertulia.MeetingRow{}, Total: total, Page: filter.Page, Limit: filter.Limit}}
		for _, row := range rows {
			out.Body.Data = append(out.Body.Data, v.toAPIRow(row, httpserver.Language(ctx)))
		}
		return &out, nil
	})
}

func fromAPIFilter(f tertulia.MeetingFilter) (meetingsuc.ListFilter, error) {
	var wrong fault.Fields
	filter := meetingsuc.ListFilter{
		Type: meetings.Type(f.MeetingType), Search: strings.TrimSpace(f.Search), Page: max(f.Page, 1),
		Limit: kernel.Page{Limit: f.Limit}.Size(),
	}
	wrong.Require(filter.Type == "" || filter.Type.IsValid(), "meetingType", fault.OneOf, "allowed", join(meetings.Types()))
	for _, s := range f.Status {
		status := meetings.Status(strings.ToUpper(strings.TrimSpace(s)))
		wrong.Require(status.IsValid(), "status", fault.OneOf, "allowed", join(meetings.Statuses()))
		filter.Statuses = append(filter.Statuses, status)
	}
	filter.From = moment(&wrong, "dateFrom", f.DateFrom)
	filter.To = moment(&wrong, "dateTo", f.DateTo)
	return filter, wrong.Err()
}

// moment reads an RFC 3339 time, or a day.
func moment(wrong *fault.Fields, field, raw string) meetingsuc.Moment {
	if raw == "" {
		return meetingsuc.Moment{}
	}
	if t, err := time.Parse(time.RFC3339, raw); err == nil && t.Year() > 0 {
		return meetingsuc.Moment{At: t}
	}
	day, err := time.Parse(time.DateOnly, raw)
	wrong.Require(err == nil && day.Year() > 0, field, fault.BadFormat, "expected", "2026-05-15")
	return meetingsuc.Moment{Day: raw}
}

func join[T ~string](values []T) string {
	names := make([]string, len(values))
	for i, v := range values {
		names[i] = string(v)
	}
	return strings.Join(names, ", ")
}
