package batchcallshttp

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
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

// How a campaign is followed: how often it is looked at, how often a silent line is kept open, and how soon a reader that was
// cut off comes back.
const (
	followEvery = time.Second
	pingEvery   = 15 * time.Second
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

// follow streams a campaign's progress. That there is one the caller may see is found out before the answer begins.
func follow(c echo.Context, q *batchcallsuc.CampaignQueries) error {
	ref, err := OneBatch{Caller: httpserver.CallerOf(c), ID: c.Param("id")}.campaign()
	if err != nil {
		return err
	}
	seen, err := lastSeen(c.Request())
	if err != nil {
		return err
	}
	if _, err := q.Get(c.Request().Context(), ref); err != nil {
		return err
	}
	httpserver.Stream(c, "text/event-stream; charset=utf-8", func(ctx context.Context, w io.Writer) error {
		s := progressStream{out: w, seen: seen, news: make(chan batchcallsuc.CampaignProgress), over: make(chan error, 1)}
		return s.run(ctx, func(ctx context.Context, tell func(batchcallsuc.CampaignProgress) error) error {
			return q.Follow(ctx, ref, followEvery, tell)
		})
	})
	return nil
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
	out  io.Writer
	seen int64
	news chan batchcallsuc.CampaignProgress
	over chan error // what following ended with
}

// run writes what is new, and now and then that nothing is, until the campaign is over or the reader has gone.
func (s progressStream) run(ctx context.Context, follow func(context.Context, func(batchcallsuc.CampaignProgress) error) error) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	go func() {
		s.over <- follow(ctx, func(p batchcallsuc.CampaignProgress) error {
			select {
			case s.news <- p:
				return nil
			case <-ctx.Done():
				return ctx.Err()
			}
		})
	}()
	pings := time.NewTicker(pingEvery)
	defer pings.Stop()
	for piece := []byte(comeBack); ; {
		if _, err := s.out.Write(piece); err != nil {
			return nil // the reader has gone: nobody is left to be told
		}
		select {
		case p := <-s.news:
			var err error
			if piece, err = s.event(p); err != nil {
				return err
			}
		case <-pings.C:
			piece = []byte(": ping\n\n")
		case err := <-s.over:
			return err // logged; the reader resumes
		case <-ctx.Done():
			return nil
		}
	}
}

// event writes progress as an event; nothing of what the reader has seen, unless it is the last.
func (s progressStream) event(p batchcallsuc.CampaignProgress) ([]byte, error) {
	progress := toAPIProgress(p)
	if progress.Campaign.Version == s.seen && !progress.Done {
		return nil, nil
	}
	raw, err := json.Marshal(progress)
	return fmt.Appendf(nil, "id: %d\ndata: %s\n\n", progress.Campaign.Version, raw), err
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
