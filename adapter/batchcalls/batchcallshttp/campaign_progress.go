package batchcallshttp

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/labstack/echo/v4"

	"github.com/tertulia-dev/tertulia/domain/fault"
	"github.com/tertulia-dev/tertulia/infrastructure/httpserver"
	"github.com/tertulia-dev/tertulia/pkg/tertulia"
	batchcallsuc "github.com/tertulia-dev/tertulia/usecase/batchcalls"
)

// How a campaign is followed: how often it is looked at, how often a silent line is kept open, how long a reader may take for
// an event, and how soon one that was cut off comes back.
const (
	followEvery = time.Second
	pingEvery   = 15 * time.Second
	writeWithin = 8 * time.Second
	comeBack    = "retry: 1000\n\n"
)

type progressOutput struct {
	Body tertulia.CampaignProgress
}

// registerProgress: GET /v1/calls/campaigns/{id}/progress and …/progress/stream.
func registerProgress(api *httpserver.API, q *batchcallsuc.CampaignQueries) {
	httpserver.Get(api, "/v1/calls/campaigns/{id}/progress", campaignSpec(httpserver.Spec{
		ID: "getCallCampaignProgress", Summary: "How far a campaign is",
	}), func(ctx context.Context, in *OneBatch) (*progressOutput, error) {
		ref, err := in.campaign()
		if err != nil {
			return nil, err
		}
		p, err := q.Get(ctx, ref)
		if err != nil {
			return nil, err
		}
		return &progressOutput{Body: toAPIProgress(p)}, nil
	})
	httpserver.Raw(api, http.MethodGet, "/v1/calls/campaigns/{id}/progress/stream", campaignSpec(httpserver.Spec{
		ID: "followCallCampaign", Summary: "Follow a campaign as it goes",
		Description: "Server-sent events, each the campaign's progress as of its `/progress`: at once, and after each change, at most one a " +
			"second. An event's `id` is the campaign's version; sent back as `Last-Event-ID`, the same is not told again. The last event " +
			"has `done`. A comment every 15 seconds keeps the line open.",
		Stream: true,
	}, fault.Validation), streamOperation(), func(c echo.Context) error { return follow(c, q) })
}

// follow streams a campaign's progress. Until it is known that there is one, failures are answered as always.
func follow(c echo.Context, q *batchcallsuc.CampaignQueries) error {
	ref, err := OneBatch{Caller: httpserver.CallerOf(c), ID: c.Param("id")}.campaign()
	if err != nil {
		return err
	}
	seen, err := lastSeen(c.Request())
	if err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(c.Request().Context())
	defer cancel()
	news, failure := make(chan batchcallsuc.CampaignProgress), make(chan error, 1)
	go func() {
		defer close(news)
		failure <- q.Follow(ctx, ref, followEvery, func(p batchcallsuc.CampaignProgress) error {
			select {
			case news <- p:
				return nil
			case <-ctx.Done():
				return ctx.Err()
			}
		})
	}()
	first, ok := <-news
	if !ok {
		return <-failure
	}
	progressStream{httpserver.NewEventWriter(c, writeWithin), seen}.run(ctx, first, news)
	cancel()
	for range news { // until Follow has ended
	}
	return <-failure // logged; the reader resumes
}

// lastSeen is the version after which a reader comes back; -1 for one that begins.
func lastSeen(r *http.Request) (int64, error) {
	last := r.Header.Get("Last-Event-ID")
	if last == "" {
		return -1, nil
	}
	version, err := strconv.ParseInt(last, 10, 64)
	if err != nil {
		var wrong fault.Fields
		wrong.Add("Last-Event-ID", fault.BadFormat, "expected", "42")
		return 0, wrong.Err()
	}
	return version, nil
}

// progressStream is one reader of a campaign's progress.
type progressStream struct {
	out  httpserver.EventWriter
	seen int64
}

// run writes what is new until that is over, or the reader has gone, or does not read.
func (s progressStream) run(ctx context.Context, p batchcallsuc.CampaignProgress, news <-chan batchcallsuc.CampaignProgress) {
	if s.out.Write([]byte(comeBack)) != nil {
		return
	}
	pings := time.NewTicker(pingEvery)
	defer pings.Stop()
	for ok := true; ok; {
		if s.tell(p) != nil {
			return
		}
		for waiting := true; waiting; {
			select {
			case p, ok = <-news:
				waiting = false
			case <-pings.C:
				if s.out.Write([]byte(": ping\n\n")) != nil {
					return
				}
			case <-ctx.Done():
				return
			}
		}
	}
}

// tell writes an event, unless the reader has seen it and more will come.
func (s progressStream) tell(p batchcallsuc.CampaignProgress) error {
	progress := toAPIProgress(p)
	if progress.Campaign.Version == s.seen && !progress.Done {
		return nil
	}
	raw, err := json.Marshal(progress)
	if err != nil {
		return err
	}
	return s.out.Write(fmt.Appendf(nil, "id: %d\ndata: %s\n\n", progress.Campaign.Version, raw))
}

func streamOperation() *huma.Operation {
	return &huma.Operation{
		Parameters: []*huma.Param{{
			Name: "Last-Event-ID", In: "header", Description: "The version that was told last.", Schema: &huma.Schema{Type: huma.TypeString}, Example: "42",
		}},
		Responses: map[string]*huma.Response{"200": {
			Description: "The campaign's progress, event by event.",
			Content: map[string]*huma.MediaType{"text/event-stream": {
				Schema: &huma.Schema{Type: huma.TypeString},
				Example: "id: 42\ndata: {\"campaign\":{\"status\":\"in_progress\",…},\"counts\":{\"waiting\":12,\"byStatus\":{\"completed\":38}}," +
					"\"callsPerMinute\":4.2,\"done\":false}\n\n",
			}},
		}},
	}
}
