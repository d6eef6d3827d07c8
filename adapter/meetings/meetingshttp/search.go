package meetingshttp

import (
	"context"

	"github.com/tertulia-dev/tertulia/domain/fault"
	"github.com/tertulia-dev/tertulia/domain/kernel"
	"github.com/tertulia-dev/tertulia/domain/meetings"
	"github.com/tertulia-dev/tertulia/infrastructure/httpserver"
	"github.com/tertulia-dev/tertulia/pkg/tertulia"
	meetingsuc "github.com/tertulia-dev/tertulia/usecase/meetings"
)

type searchInput struct {
	httpserver.Caller
	tertulia.SearchFilter
}

type searchOutput struct {
	Body tertulia.SearchPage
}

// registerSearch: GET /api/meetings/search.
func registerSearch(api *httpserver.API, q *meetingsuc.MomentQueries, v view) {
	httpserver.Get(api, "/api/meetings/search", httpserver.Spec{
		ID: "searchMeetings", Tag: tag, Summary: "Search in what was said",
		Description: "Finds utterances that hold every word of `q`, in the meetings that the caller may see, newest meeting first. " +
			"`\"plan básico\"` finds words in a row, `-premium` leaves out utterances with a word, `cotiz*` finds words that begin so. " +
			"Accents, case and plural do not matter.",
		Role: kernel.Rep, ActAs: httpserver.ServiceAllowed,
	}, func(ctx context.Context, in *searchInput) (*searchOutput, error) {
		search, err := fromAPISearch(in.SearchFilter)
		if err != nil {
			return nil, err
		}
		found, err := q.Search(ctx, in.Principal, search)
		if err != nil {
			return nil, err
		}
		out := searchOutput{Body: tertulia.SearchPage{Data: []tertulia.FoundMeeting{}, Total: found.Total, Page: found.Page, Limit: found.Limit}}
		for _, hit := range found.Meetings {
			out.Body.Data = append(out.Body.Data, tertulia.FoundMeeting{
				Meeting: v.toAPIRow(hit.MeetingRow, httpserver.Language(ctx)), MomentCount: hit.Count, Moments: toAPIMoments(hit.Moments),
			})
		}
		return &out, nil
	})
}

func fromAPISearch(f tertulia.SearchFilter) (meetingsuc.SearchInput, error) {
	var wrong fault.Fields
	in := meetingsuc.SearchInput{Text: f.Q, SearchFilter: meetingsuc.SearchFilter{
		Type: meetings.Type(f.MeetingType), Page: f.Page, Limit: f.Limit, Moments: f.Moments,
	}}
	wrong.Require(in.Type == "" || in.Type.IsValid(), "meetingType", fault.OneOf, "allowed", join(meetings.Types()))
	if f.SalesRepID != "" {
		rep, ok := repID(f.SalesRepID)
		wrong.Require(ok, "salesRepId", fault.BadUUID)
		in.SalesRep = rep
	}
	in.From, in.To = moment(&wrong, "dateFrom", f.DateFrom), moment(&wrong, "dateTo", f.DateTo)
	return in, wrong.Err()
}

func toAPIMoments(moments []meetingsuc.FoundMoment) []tertulia.Moment {
	list := make([]tertulia.Moment, len(moments))
	for i, m := range moments {
		list[i] = tertulia.Moment{
			StartMS: int64(m.Start), EndMS: int64(m.End), Speaker: m.Speaker, Text: m.Text, Highlighted: m.Highlighted,
		}
	}
	return list
}
