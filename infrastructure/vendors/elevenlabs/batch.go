package elevenlabs

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"strconv"

	"github.com/tertulia-dev/tertulia/infrastructure/outbound"
)

// Statuses of batches and recipients. A recipient never tells that a number was busy or did not answer: it has failed,
// and only the webhook knows why.
const (
	Pending    = "pending"
	Dispatched = "dispatched"
	Initiated  = "initiated"
	InProgress = "in_progress"
	Completed  = "completed"
	Failed     = "failed"
	Cancelled  = "cancelled"
	Voicemail  = "voicemail"
)

// BatchCall is a batch as ElevenLabs tells of it, without its recipients.
type BatchCall struct {
	// ID is "" when the answer to a call that went well was something else than a batch.
	ID            string `json:"id"`
	Name          string `json:"name"`
	AgentID       string `json:"agent_id"`
	AgentName     string `json:"agent_name"`
	PhoneNumberID string `json:"phone_number_id"`
	PhoneProvider string `json:"phone_provider"` // "twilio", "sip_trunk" or "exotel"; by the number
	Status        string `json:"status"`
	CreatedUnix   int64  `json:"created_at_unix"`
	ScheduledUnix int64  `json:"scheduled_time_unix"`
	UpdatedUnix   int64  `json:"last_updated_at_unix"`
	Dispatched    int    `json:"total_calls_dispatched"`
	Scheduled     int    `json:"total_calls_scheduled"`
	Finished      int    `json:"total_calls_finished"`
	RetryCount    int    `json:"retry_count"`
	// Raw is the answer with every key as it came. What was no JSON is a JSON string here.
	Raw json.RawMessage `json:"-"`
	// HTTPStatus is the answer's, from 200 to 299; 0 for a batch of a list.
	HTTPStatus int `json:"-"`
}

// IsOver reports whether the batch has reached an end.
func (b BatchCall) IsOver() bool {
	return b.Status == Completed || b.Status == Failed || b.Status == Cancelled
}

// UnmarshalJSON keeps the raw form beside the fields.
func (b *BatchCall) UnmarshalJSON(raw []byte) error {
	type fields BatchCall
	lenient(raw, (*fields)(b))
	b.Raw = bytes.Clone(raw)
	return nil
}

// readBatch reads whatever a successful call was answered.
func readBatch(answer []byte, status int) BatchCall {
	type fields BatchCall // without the decoder that would read it twice
	b := fields{HTTPStatus: status}
	switch {
	case lenient(answer, &b):
		b.Raw = answer
	case json.Valid(answer):
		return BatchCall{Raw: answer, HTTPStatus: status}
	default:
		b.Raw, _ = json.Marshal(string(answer)) // a string always encodes
	}
	return BatchCall(b)
}

// BatchCallDetail is a batch with its recipients. Its Raw is the whole answer.
type BatchCallDetail struct {
	BatchCall
	Recipients []Called
}

// Head is the answer without its longest part, the recipients.
func (b BatchCallDetail) Head() json.RawMessage {
	var all map[string]json.RawMessage
	if json.Unmarshal(b.Raw, &all) != nil {
		return nil
	}
	delete(all, "recipients")
	head, err := json.Marshal(all)
	if err != nil {
		return nil
	}
	return head
}

// Called is a recipient as ElevenLabs tells of it.
type Called struct {
	ID             string `json:"id"`
	PhoneNumber    string `json:"phone_number"`
	Status         string `json:"status"`
	CreatedUnix    int64  `json:"created_at_unix"`
	UpdatedUnix    int64  `json:"updated_at_unix"`
	ConversationID string `json:"conversation_id"` // "" before the call, and sometimes for a while after it
	// ClientData is "conversation_initiation_client_data" as it was submitted; null for none.
	ClientData json.RawMessage `json:"conversation_initiation_client_data"`
}

const batches = "batch-calling"

// Get returns a batch with all its recipients; there is no paging, and ten thousand are megabytes.
// Errors: IsNotFound, ErrMalformedID.
func (c *Client) Get(ctx context.Context, id string) (BatchCallDetail, error) {
	const operation = "get_batch_call"
	answer, status, err := c.call(ctx, operation, http.MethodGet, batches, id)
	if err != nil {
		return BatchCallDetail{}, err
	}
	return readDetail(operation, answer, status)
}

func readDetail(operation string, answer []byte, status int) (BatchCallDetail, error) {
	// The embedded batch's own decoder would take the whole, and copy every recipient.
	type fields BatchCall
	var in struct {
		fields
		Recipients []Called `json:"recipients"`
	}
	if err := decode(operation, answer, status, &in); err != nil {
		return BatchCallDetail{}, err
	}
	b := BatchCall(in.fields)
	b.Raw, b.HTTPStatus = answer, status
	return BatchCallDetail{BatchCall: b, Recipients: in.Recipients}, nil
}

// List returns a page of the workspace's batches, and the cursor of the next one, "" at the end. The first page has the
// cursor "".
func (c *Client) List(ctx context.Context, cursor string, limit int) ([]BatchCall, string, error) {
	const operation = "list_batch_calls"
	query := url.Values{"limit": {strconv.Itoa(limit)}}
	if cursor != "" {
		query.Set("last_doc", cursor)
	}
	answer, status, err := c.out.Whole(ctx, outbound.Call{Operation: operation, Path: outbound.Path("v1", "convai", batches, "workspace"), Query: query})
	if err != nil {
		return nil, "", err
	}
	var page struct {
		Batches []BatchCall `json:"batch_calls"`
		Next    string      `json:"next_doc"`
		More    bool        `json:"has_more"`
	}
	if err := decode(operation, answer, status, &page); err != nil {
		return nil, "", err
	}
	if !page.More {
		page.Next = ""
	}
	return page.Batches, page.Next, nil
}

// Cancel stops a batch: who has not been dialled will not be, calls under way go on to their end. Of a batch that is over
// it is refused with 400. Errors: IsNotFound, ErrMalformedID.
func (c *Client) Cancel(ctx context.Context, id string) (BatchCall, error) {
	answer, status, err := c.call(ctx, "cancel_batch_call", http.MethodPost, batches, id, "cancel")
	if err != nil {
		return BatchCall{}, err
	}
	return readBatch(answer, status), nil
}

// Retry dials the failed recipients of a batch once more, within the same batch. It is never repeated by itself.
func (c *Client) Retry(ctx context.Context, id string) (BatchCall, error) {
	answer, status, err := c.call(ctx, "retry_batch_call", http.MethodPost, batches, id, "retry")
	if err != nil {
		return BatchCall{}, err
	}
	return readBatch(answer, status), nil
}

// Delete erases a batch and its recipients for good; conversations stay.
func (c *Client) Delete(ctx context.Context, id string) error {
	_, _, err := c.call(ctx, "delete_batch_call", http.MethodDelete, batches, id)
	return err
}
