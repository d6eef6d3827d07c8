package recall

import (
	"context"
	"errors"
	"iter"
	"net/http"
	"net/url"

	"github.com/tertulia-dev/tertulia/infrastructure/outbound"
)

// CreateBot sends a notetaker. Recall remembers the idempotency key for an hour: repeat an unknown outcome with the same
// key, and a 507 with a new one. Errors: IsPoolEmpty, IsInFlight.
func (c *Client) CreateBot(ctx context.Context, in CreateBot, idempotencyKey string) (Bot, error) {
	var bot Bot
	err := c.out.JSON(ctx, outbound.Call{
		Operation: "create_bot", Method: http.MethodPost, Path: outbound.Path("api", "v1", "bot", ""),
		Header: http.Header{"Idempotency-Key": {idempotencyKey}}, JSON: in.body(),
	}, &bot)
	if err == nil && bot.ID == "" {
		err = outbound.Failed("recall", "create_bot", outbound.Unknown, errors.New("the answer names no bot"))
	}
	return bot, err
}

// GetBot returns one bot with fresh media URLs. Errors: IsNotFound.
func (c *Client) GetBot(ctx context.Context, id string) (Bot, error) {
	var bot Bot
	err := c.out.JSON(ctx, outbound.Call{Operation: "get_bot", Path: botPath(id, "")}, &bot)
	return bot, err
}

// ListBots yields every bot whose metadata has all the given values, reading page after page. It ends at the first error.
func (c *Client) ListBots(ctx context.Context, metadata map[string]string) iter.Seq2[Bot, error] {
	query := url.Values{}
	for k, v := range metadata {
		query.Set("metadata__"+k, v)
	}
	return func(yield func(Bot, error) bool) {
		for {
			var page struct {
				Next    string `json:"next"`
				Results []Bot  `json:"results"`
			}
			err := c.out.JSON(ctx, outbound.Call{Operation: "list_bots", Path: outbound.Path("api", "v1", "bot", ""), Query: query}, &page)
			if err != nil {
				yield(Bot{}, err)
				return
			}
			for _, bot := range page.Results {
				if !yield(bot, nil) {
					return
				}
			}
			next, err := url.Parse(page.Next)
			if err != nil || page.Next == "" {
				return
			}
			query = next.Query() // and not its host: the key goes to the configured one only
		}
	}
}

// DeleteBot cancels a scheduled bot. Errors: IsDispatched when it is too late, IsNotFound.
func (c *Client) DeleteBot(ctx context.Context, id string) error {
	return c.out.JSON(ctx, outbound.Call{Operation: "delete_bot", Method: http.MethodDelete, Path: botPath(id, "")}, nil)
}

// LeaveCall tells a bot to leave. It leaves some time after this returns.
func (c *Client) LeaveCall(ctx context.Context, id string) error {
	return c.out.JSON(ctx, outbound.Call{Operation: "leave_call", Method: http.MethodPost, Path: botPath(id, "leave_call", "")}, nil)
}

// DeleteMedia erases everything that Recall holds of the bot's recordings.
func (c *Client) DeleteMedia(ctx context.Context, id string) error {
	return c.out.JSON(ctx, outbound.Call{Operation: "delete_media", Method: http.MethodPost, Path: botPath(id, "delete_media", "")}, nil)
}

func botPath(id string, rest ...string) string {
	return outbound.Path(append([]string{"api", "v1", "bot", id}, rest...)...)
}
