package openai

import (
	"context"
	"net/http"

	"github.com/openai/openai-go/v3/conversations"

	"github.com/tertulia-dev/tertulia/infrastructure/outbound"
)

// CreateConversation makes an empty conversation and returns its ID.
func (c *Client) CreateConversation(ctx context.Context, metadata map[string]string) (string, error) {
	const operation = "create_conversation"
	made, err := c.conversations.New(outbound.WithOperation(ctx, operation), conversations.ConversationNewParams{Metadata: metadata})
	if err != nil {
		return "", explain(operation, err)
	}
	return made.ID, nil
}

// DeleteConversation deletes every item of a conversation, one by one, and then the conversation: deleting it alone would
// leave its items at the provider. What is gone already is no error, so that it may be repeated until it succeeds.
func (c *Client) DeleteConversation(ctx context.Context, id string) error {
	const operation = "delete_conversation"
	ctx = outbound.WithOperation(ctx, operation)
	for {
		page, err := c.conversations.Items.List(ctx, id, conversations.ItemListParams{})
		if err != nil {
			return unlessGone(explain(operation, err))
		}
		if len(page.Data) == 0 {
			break
		}
		for _, item := range page.Data {
			if _, err := c.conversations.Items.Delete(ctx, id, item.ID); err != nil {
				if err := unlessGone(explain(operation, err)); err != nil {
					return err
				}
			}
		}
	}
	if _, err := c.conversations.Delete(ctx, id); err != nil {
		return unlessGone(explain(operation, err))
	}
	return nil
}

// unlessGone takes a 404 of something that was to be deleted for success.
func unlessGone(err error) error {
	if outbound.StatusOf(err) == http.StatusNotFound {
		return nil
	}
	return err
}
